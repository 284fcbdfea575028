package storage

import (
	"context"
	"strings"

	"orrery/social"
)

// notToOthers leaves out replies to other people; an author going on in their own thread stays (federation.md §10.3).
const notToOthers = `(s.reply_to_id = 0 AND s.reply_to_uri = '' OR s.reply_to_account_id = s.account_id)`

// PublicTimeline implements social.TimelineStore.
func (s *Store) PublicTimeline(ctx context.Context, onlyLocal, onlyRemote bool, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanID, publicQuery(onlyLocal, onlyRemote, k), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "public timeline"))
}

func publicQuery(onlyLocal, onlyRemote bool, k keyset) string {
	where := ""
	if onlyLocal {
		where += " AND s.local"
	}
	if onlyRemote {
		where += " AND NOT s.local"
	}
	return `
		SELECT s.id
		FROM statuses s
		WHERE s.id < $1 AND s.id > $2 AND s.visibility = 'public' AND s.boost_of_id = 0 AND s.deleted_at = 0` + where + `
			AND ` + notToOthers + `
		ORDER BY s.id ` + k.order + `
		LIMIT $3`
}

// TagTimeline implements social.TimelineStore: public posts with the tag, replies included.
func (s *Store) TagTimeline(ctx context.Context, tag string, onlyLocal bool, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	where := ""
	if onlyLocal {
		where = " AND s.local"
	}
	out, err := list(ctx, s, scanID, `
		SELECT t.status_id
		FROM status_tags t
		JOIN statuses s ON s.id = t.status_id
		WHERE t.tag = $1 AND t.status_id < $2 AND t.status_id > $3
			AND s.visibility = 'public' AND s.boost_of_id = 0 AND s.deleted_at = 0`+where+`
		ORDER BY t.status_id `+k.order+`
		LIMIT $4`, tag, k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "timeline of #%s", tag))
}

// AccountTimeline implements social.TimelineStore.
func (s *Store) AccountTimeline(ctx context.Context, author social.ID, f social.AccountFilter, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	args := []any{int64(author), k.below, k.above}
	where := ""
	if f.ExcludeReplies {
		where += " AND " + notToOthers
	}
	if f.ExcludeBoosts {
		where += " AND s.boost_of_id = 0"
	}
	if f.Tag != "" {
		where += ` AND EXISTS (SELECT 1 FROM status_tags t WHERE t.status_id = s.id AND t.tag = ` + param(&args, f.Tag) + `)`
	}
	seen := `s.visibility IN (` + inWords(&args, f.Visibilities) + `)`
	if f.Viewer != 0 {
		seen = `(` + seen + ` OR EXISTS (
				SELECT 1
				FROM status_mentions m
				WHERE m.status_id = s.id AND m.account_id = ` + param(&args, int64(f.Viewer)) + `))`
	}
	out, err := list(ctx, s, scanID, `
		SELECT s.id
		FROM statuses s
		WHERE s.account_id = $1 AND s.id < $2 AND s.id > $3 AND s.deleted_at = 0
			AND `+seen+where+`
		ORDER BY s.id `+k.order+`
		LIMIT `+param(&args, k.limit), args...)
	return turn(k, out, wrap(err, "posts of %d", author))
}

// SearchTags implements social.TimelineStore: tags of public posts, the most used first.
func (s *Store) SearchTags(ctx context.Context, prefix string, limit int) ([]string, error) {
	const q = `
		SELECT t.tag
		FROM status_tags t
		JOIN statuses s ON s.id = t.status_id
		WHERE t.tag LIKE $1 ESCAPE '\' AND s.visibility = 'public' AND s.deleted_at = 0
		GROUP BY t.tag
		ORDER BY COUNT(*) DESC, MAX(t.status_id) DESC
		LIMIT $2`
	out, err := list(ctx, s, func(r scanner) (tag string, err error) {
		err = r.Scan(&tag)
		return tag, err
	}, q, likeText(strings.ToLower(prefix))+"%", int64(max(limit, 0)))
	return out, wrap(err, "search tags %q", prefix)
}
