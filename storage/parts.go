package storage

import (
	"context"

	"orrery/social"
)

// partColumns say what a status s has, each kind by one look into an index, and how often it is quoted.
const partColumns = `
		EXISTS (SELECT 1 FROM status_mentions x WHERE x.status_id = s.id),
		EXISTS (SELECT 1 FROM status_tags x WHERE x.status_id = s.id),
		EXISTS (SELECT 1 FROM attachments x WHERE x.status_id = s.id AND x.status_id IS NOT NULL AND x.place >= 0),
		EXISTS (SELECT 1 FROM quotes x WHERE x.status_id = s.id),
		EXISTS (SELECT 1 FROM polls x WHERE x.status_id = s.id),
		EXISTS (SELECT 1 FROM status_cards x WHERE x.status_id = s.id),
		(
			SELECT COUNT(*)
			FROM quotes x
			JOIN statuses t ON t.id = x.status_id
			WHERE x.quoted_id = s.id AND x.quoted_id <> 0 AND x.state = 'accepted' AND t.deleted_at = 0
		)`

// StatusesWithParts implements social.PartStore.
func (s *Store) StatusesWithParts(ctx context.Context, ids []social.ID) (map[social.ID]social.Status, map[social.ID]social.Parts, error) {
	statuses, parts := make(map[social.ID]social.Status, len(ids)), make(map[social.ID]social.Parts, len(ids))
	if len(ids) == 0 {
		return statuses, parts, nil
	}
	var args []any
	_, err := list(ctx, s, func(r scanner) (none struct{}, err error) {
		var p social.Parts
		x, err := scanStatusAnd(r, &p.Mentions, &p.Tags, &p.Attachments, &p.Quote, &p.Poll, &p.Card, &p.Quotes)
		statuses[x.ID], parts[x.ID] = x, p
		return none, err
	}, `
		SELECT `+statusColumns+`,`+partColumns+`
		FROM statuses s
		WHERE s.id IN (`+inIDs(&args, ids)+`) AND s.deleted_at = 0`, args...)
	return statuses, parts, wrap(err, "load %d statuses with their parts", len(ids))
}
