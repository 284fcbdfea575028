package storage

import (
	"context"

	"orrery/social"
)

// TagDecisions implements social.TaxonomyStore.
func (s *Store) TagDecisions(ctx context.Context, tags []string) (map[string]social.TagDecision, error) {
	out := map[string]social.TagDecision{}
	if len(tags) == 0 {
		return out, nil
	}
	var args []any
	_, err := list(ctx, s, func(r scanner) (d social.TagDecision, err error) {
		err = r.Scan(&d.Tag, &d.Display, &d.Barred, &d.Unlisted)
		out[d.Tag] = d
		return d, err
	}, `
		SELECT tag, display, barred, unlisted
		FROM tag_decisions
		WHERE tag IN (`+inWords(&args, tags)+`)`, args...)
	return out, wrap(err, "decisions about %d hashtags", len(tags))
}

// PutTagDecision implements social.TaxonomyStore.
func (s *Store) PutTagDecision(ctx context.Context, d social.TagDecision) error {
	const q = `
		INSERT INTO tag_decisions (tag, display, barred, unlisted)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (tag) DO UPDATE
		SET display = excluded.display, barred = excluded.barred, unlisted = excluded.unlisted`
	_, err := s.exec(ctx, q, d.Tag, d.Display, d.Barred, d.Unlisted)
	return wrap(err, "decide about #%s", d.Tag)
}

// KnownTags implements social.TaxonomyStore.
func (s *Store) KnownTags(ctx context.Context) ([]string, error) {
	const q = `
		SELECT tag FROM status_tags
		UNION
		SELECT tag FROM tag_decisions`
	out, err := list(ctx, s, scanWord, q)
	return out, wrap(err, "known hashtags")
}

// KnownHosts implements social.TaxonomyStore.
func (s *Store) KnownHosts(ctx context.Context) ([]string, error) {
	const q = `
		SELECT DISTINCT host
		FROM cards
		WHERE host <> ''`
	out, err := list(ctx, s, scanWord, q)
	return out, wrap(err, "hosts of pages")
}
