package storage

import (
	"context"
	"errors"
	"strings"
	"time"

	"orrery/social"
)

// SiteText implements social.SiteStore.
func (s *Store) SiteText(ctx context.Context, name string) (social.SiteText, error) {
	const q = `
		SELECT content, updated_at
		FROM site_texts
		WHERE name = $1`
	t := social.SiteText{Name: name}
	var at int64
	err := missing(s.row(ctx, q, name).Scan(&t.Content, &at), "text %s", name)
	t.UpdatedAt = fromMillis(at)
	if errors.Is(err, social.ErrNotFound) {
		err = nil
	}
	return t, err
}

// PutSiteText implements social.SiteStore.
func (s *Store) PutSiteText(ctx context.Context, t social.SiteText) error {
	const q = `
		INSERT INTO site_texts (name, content, updated_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE
		SET content = excluded.content, updated_at = excluded.updated_at`
	_, err := s.exec(ctx, q, t.Name, t.Content, millis(t.UpdatedAt))
	return wrap(err, "write text %s", t.Name)
}

// Peers implements social.SiteStore.
func (s *Store) Peers(ctx context.Context, prefix, after string, limit int) ([]string, error) {
	const q = `
		SELECT DISTINCT a.domain
		FROM accounts a
		WHERE a.domain <> '' AND a.domain <> 'handle.invalid' AND a.domain > $2 AND a.domain LIKE $1 ESCAPE '\'
		ORDER BY a.domain
		LIMIT $3`
	out, err := list(ctx, s, scanWord, q, likeText(strings.ToLower(prefix))+"%", after, int64(max(limit, 0)))
	return out, wrap(err, "known servers")
}

// CountPeers implements social.SiteStore.
func (s *Store) CountPeers(ctx context.Context) (int64, error) {
	const q = `
		SELECT COUNT(DISTINCT a.domain)
		FROM accounts a
		WHERE a.domain <> '' AND a.domain <> 'handle.invalid'`
	var n int64
	err := s.row(ctx, q).Scan(&n)
	return n, wrap(err, "count known servers")
}

// Weeks implements social.SiteStore.
func (s *Store) Weeks(ctx context.Context, starts []time.Time) ([]social.Week, error) {
	out := make([]social.Week, len(starts))
	for i, start := range starts {
		out[i].Start = start
		from, to := millis(start), millis(start.AddDate(0, 0, 7))
		const q = `
			SELECT
				(SELECT COUNT(*)
				FROM statuses p
				WHERE p.local AND p.deleted_at = 0 AND p.boost_of_id = 0 AND p.id >= $1 AND p.id < $2),
				(SELECT COUNT(DISTINCT x.account_id)
				FROM (
					SELECT p.account_id FROM statuses p WHERE p.local AND p.id >= $1 AND p.id < $2
					UNION SELECT n.account_id FROM sessions n WHERE n.created_at >= $3 AND n.created_at < $4
					UNION SELECT t.account_id FROM tokens t WHERE t.account_id <> 0 AND t.created_at >= $3 AND t.created_at < $4) x),
				(SELECT COUNT(*) FROM users u WHERE u.created_at >= $3 AND u.created_at < $4)`
		if err := s.row(ctx, q, from<<16, to<<16, from, to).Scan(&out[i].Statuses, &out[i].Logins, &out[i].Registrations); err != nil {
			return nil, wrap(err, "the week from %s", start)
		}
	}
	return out, nil
}

// Directory implements social.SiteStore.
func (s *Store) Directory(ctx context.Context, viewer social.ID, local, newest bool, offset, limit int) ([]social.ID, error) {
	args := []any{int64(social.InstanceActorID), int64(max(limit, 0)), int64(max(offset, 0))}
	where := strings.ReplaceAll(wanted(&args, viewer), "s.account_id", "p.id")
	if local {
		where += " AND p.domain = ''"
	}
	order := "p.last_status_at DESC, p.id DESC"
	if newest {
		order = "p.id DESC"
	}
	out, err := list(ctx, s, scanID, `
		SELECT p.id
		FROM accounts p
		WHERE p.id <> $1 AND `+strings.ReplaceAll(presentable, "a.", "p.")+where+`
		ORDER BY `+order+`
		LIMIT $2 OFFSET $3`, args...)
	return out, wrap(err, "directory")
}
