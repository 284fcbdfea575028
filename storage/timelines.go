package storage

import (
	"context"
	"strings"

	"orrery/social"
)

// notToOthers leaves out replies to other people; an author going on in their own thread stays (federation.md §10.3).
const notToOthers = `(s.reply_to_id = 0 AND s.reply_to_uri = '' OR s.reply_to_account_id = s.account_id)`

// shown leaves out authors who are suspended or silenced: strangers are not to meet them (federation.md §10.3, §11).
const shown = `
			AND NOT EXISTS (
				SELECT 1
				FROM accounts z
				WHERE z.id = s.account_id AND (z.silenced_at <> 0 OR z.suspended_at <> 0 OR z.deleted_at <> 0))`

// wanted leaves out posts of people whom viewer blocks or mutes, who block viewer, or whose domain viewer blocks
// (federation.md §10.3); for anybody it is "".
func wanted(args *[]any, viewer social.ID) string {
	if viewer == 0 {
		return ""
	}
	v := param(args, int64(viewer))
	return `
			AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = ` + v + ` AND b.target_id = s.account_id)
			AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = s.account_id AND b.target_id = ` + v + `)
			AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = ` + v + ` AND m.target_id = s.account_id)
			AND NOT EXISTS (
				SELECT 1
				FROM user_domain_blocks d
				JOIN accounts a ON a.domain = d.domain
				WHERE d.account_id = ` + v + ` AND a.id = s.account_id)`
}

// PublicTimeline implements social.TimelineStore.
func (s *Store) PublicTimeline(ctx context.Context, viewer social.ID, f social.PublicFilter, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	args := []any{k.below, k.above, k.limit}
	out, err := list(ctx, s, scanID, publicQuery(&args, viewer, f, k), args...)
	return turn(k, out, wrap(err, "public timeline"))
}

// withMedia: the post s has attachments that no edit has taken out.
const withMedia = " AND EXISTS (SELECT 1 FROM attachments x WHERE x.status_id = s.id AND x.place >= 0)"

func publicQuery(args *[]any, viewer social.ID, f social.PublicFilter, k keyset) string {
	where := wanted(args, viewer)
	if viewer != 0 {
		where += `
			AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = ` + param(args, int64(viewer)) + ` AND ` + unread("s.language") + `)`
	}
	if f.OnlyLocal {
		where += " AND s.local"
	}
	if f.OnlyRemote {
		where += " AND NOT s.local"
	}
	if f.OnlyMedia {
		where += withMedia
	}
	return `
		SELECT s.id
		FROM statuses s
		WHERE s.id < $1 AND s.id > $2 AND s.visibility = 'public' AND s.boost_of_id = 0 AND s.deleted_at = 0` + where + `
			AND ` + notToOthers + shown + `
		ORDER BY s.id ` + k.order + `
		LIMIT $3`
}

// TagTimeline implements social.TimelineStore: public posts, replies included.
func (s *Store) TagTimeline(ctx context.Context, viewer social.ID, f social.TagFilter, p social.Page) ([]social.ID, error) {
	if len(f.Any) == 0 {
		return nil, nil
	}
	k := newKeyset(p)
	args := []any{k.below, k.above, k.limit}
	where := wanted(&args, viewer)
	if f.OnlyLocal {
		where += " AND s.local"
	}
	if f.OnlyRemote {
		where += " AND NOT s.local"
	}
	tagged := func(tag string) string {
		return "EXISTS (SELECT 1 FROM status_tags x WHERE x.tag = " + param(&args, tag) + " AND x.status_id = s.id)"
	}
	if f.OnlyMedia {
		where += withMedia
	}
	for _, tag := range f.All {
		where += " AND " + tagged(tag)
	}
	for _, tag := range f.None {
		where += " AND NOT " + tagged(tag)
	}
	// One tag walks its index; several are gathered, each post once.
	from := "status_tags t JOIN statuses s ON s.id = t.status_id"
	if len(f.Any) > 1 {
		from = "statuses s"
		where += " AND s.id IN (SELECT t.status_id FROM status_tags t WHERE t.tag IN (" + inWords(&args, f.Any) + "))"
	} else {
		where += " AND t.tag = " + param(&args, f.Any[0]) + " AND t.status_id < $1 AND t.status_id > $2"
	}
	out, err := list(ctx, s, scanID, `
		SELECT s.id
		FROM `+from+`
		WHERE s.id < $1 AND s.id > $2 AND s.visibility = 'public' AND s.boost_of_id = 0 AND s.deleted_at = 0`+where+shown+`
		ORDER BY s.id `+k.order+`
		LIMIT $3`, args...)
	return turn(k, out, wrap(err, "timeline of #%s", strings.Join(f.Any, " #")))
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
	if f.OnlyMedia {
		where += withMedia
	}
	if f.Tag != "" {
		where += ` AND EXISTS (SELECT 1 FROM status_tags t WHERE t.status_id = s.id AND t.tag = ` + param(&args, f.Tag) + `)`
	}
	seen := `s.visibility IN (` + inWords(&args, f.Visibilities) + `)`
	if f.Viewer != 0 && f.Viewer != author {
		// Boosts of those whom the viewer does not want to meet.
		where += ` AND (s.boost_of_id = 0 OR EXISTS (
				SELECT 1
				FROM statuses o
				WHERE o.id = s.boost_of_id` + strings.ReplaceAll(wanted(&args, f.Viewer), "s.account_id", "o.account_id") + `))`
	}
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
			AND NOT EXISTS (SELECT 1 FROM tag_decisions d WHERE d.tag = t.tag AND d.unlisted)
		GROUP BY t.tag
		ORDER BY COUNT(*) DESC, MAX(t.status_id) DESC
		LIMIT $2`
	out, err := list(ctx, s, scanWord, q, likeText(strings.ToLower(prefix))+"%", int64(max(limit, 0)))
	return out, wrap(err, "search tags %q", prefix)
}
