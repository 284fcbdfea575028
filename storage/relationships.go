package storage

import (
	"context"

	"orrery/social"
)

// relationshipQuery reads how v stands to o, where $1 is one of the two and asked, "v" or "o", the other. Every join is the
// look-up of one row by its key.
func relationshipQuery(asked string) string {
	fixed := "v"
	if asked == "v" {
		fixed = "o"
	}
	return `
		SELECT ` + asked + `.id, f.pending, f.hide_boosts, f.notify, f.languages, r.pending, b.id, t.id,
			m.hide_notifications, m.expires_at, d.id, w.id, e.id, n.comment
		FROM accounts ` + asked + `
		JOIN accounts ` + fixed + ` ON ` + fixed + `.id = $1
		LEFT JOIN follows f ON f.account_id = v.id AND f.target_id = o.id
		LEFT JOIN follows r ON r.account_id = o.id AND r.target_id = v.id
		LEFT JOIN blocks b ON b.account_id = v.id AND b.target_id = o.id
		LEFT JOIN blocks t ON t.account_id = o.id AND t.target_id = v.id
		LEFT JOIN mutes m ON m.account_id = v.id AND m.target_id = o.id
		LEFT JOIN user_domain_blocks d ON d.account_id = v.id AND d.domain = o.domain AND o.domain <> ''
		LEFT JOIN user_domain_blocks w ON w.account_id = o.id AND w.domain = v.domain AND v.domain <> ''
		LEFT JOIN endorsements e ON e.account_id = v.id AND e.target_id = o.id
		LEFT JOIN account_notes n ON n.account_id = v.id AND n.target_id = o.id
		WHERE ` + asked + `.id IN (`
}

func scanRelationship(r scanner) (social.Relationship, error) {
	var x social.Relationship
	var id int64
	var asked, hideBoosts, notify, asks, hideNews *bool
	var languages, note *string
	var blocking, blockedBy, expires, domain, domainBy, endorsed *int64
	err := r.Scan(&id, &asked, &hideBoosts, &notify, &languages, &asks, &blocking, &blockedBy, &hideNews, &expires,
		&domain, &domainBy, &endorsed, &note)
	if err != nil {
		return x, err
	}
	x.ID = social.ID(id)
	if asked != nil {
		x.Following, x.Requested = !*asked, *asked
		x.ShowingBoosts, x.Notifying, x.Languages = !*hideBoosts, *notify, words(*languages)
	}
	if asks != nil {
		x.FollowedBy, x.RequestedBy = !*asks, *asks
	}
	if hideNews != nil {
		x.Muting, x.MutingNotifications, x.MutingExpiresAt = true, *hideNews, fromMillis(*expires)
	}
	if note != nil {
		x.Note = *note
	}
	x.Blocking, x.BlockedBy = blocking != nil, blockedBy != nil
	x.DomainBlocking, x.DomainBlockedBy, x.Endorsed = domain != nil, domainBy != nil, endorsed != nil
	return x, nil
}

// Relationships implements social.RelationStore.
func (s *Store) Relationships(ctx context.Context, account social.ID, others []social.ID) (map[social.ID]social.Relationship, error) {
	out, err := s.relationships(ctx, relationshipQuery("o"), account, others)
	return out, wrap(err, "how %d stands to %d accounts", account, len(others))
}

// RelationshipsWith implements social.RelationStore.
func (s *Store) RelationshipsWith(ctx context.Context, others []social.ID, account social.ID) (map[social.ID]social.Relationship, error) {
	out, err := s.relationships(ctx, relationshipQuery("v"), account, others)
	return out, wrap(err, "how %d accounts stand to %d", len(others), account)
}

func (s *Store) relationships(ctx context.Context, q string, account social.ID, others []social.ID) (map[social.ID]social.Relationship, error) {
	out := make(map[social.ID]social.Relationship, len(others))
	if len(others) == 0 {
		return out, nil
	}
	args := []any{int64(account)}
	found, err := list(ctx, s, scanRelationship, q+inIDs(&args, others)+`)`, args...)
	for _, x := range found {
		out[x.ID] = x
	}
	return out, err
}
