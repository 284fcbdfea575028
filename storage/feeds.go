package storage

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"orrery/social"
)

// hereSince joins the user of the account in column, if they were here since $2.
func hereSince(column string) string {
	return `JOIN users u ON u.account_id = ` + column + ` AND (u.active_at = 0 OR u.active_at >= $2)`
}

// inExclusive says whether the owner in column has account $1 in a list that keeps posts out of the home.
func inExclusive(column string) string {
	return `EXISTS (
			SELECT 1
			FROM list_accounts x
			JOIN lists l ON l.id = x.list_id
			WHERE x.account_id = $1 AND l.account_id = ` + column + ` AND l.exclusive)`
}

// FeedReaders implements social.HomeStore, by account and by list. Who has themselves in a list needs no follow. A row of
// someone who follows has the list 0.
func (s *Store) FeedReaders(ctx context.Context, author, answered social.ID, since time.Time) (homes []social.HomeReader, lists []social.ListReader, err error) {
	found, err := list(ctx, s, func(r scanner) (x social.ListReader, err error) {
		var languages, replies string
		err = r.Scan(&x.List, &x.ID, &x.HideBoosts, &languages, &x.Notify, &x.Exclusive, &replies, &x.AnsweredMember)
		x.Languages, x.Replies = words(languages), social.RepliesPolicy(replies)
		return x, err
	}, `
		SELECT CAST(0 AS BIGINT) AS list, f.account_id AS account, f.hide_boosts, f.languages, f.notify, `+inExclusive("f.account_id")+`, '', FALSE
		FROM follows f
		`+hereSince("f.account_id")+`
		WHERE f.target_id = $1 AND NOT f.pending
		UNION ALL
		SELECT l.id, l.account_id, COALESCE(f.hide_boosts, FALSE), COALESCE(f.languages, ''), FALSE, FALSE, l.replies_policy,
			EXISTS (SELECT 1 FROM list_accounts y WHERE y.list_id = l.id AND y.account_id = $3)
		FROM list_accounts m
		JOIN lists l ON l.id = m.list_id
		`+hereSince("l.account_id")+`
		LEFT JOIN follows f ON f.account_id = l.account_id AND f.target_id = m.account_id AND NOT f.pending
		WHERE m.account_id = $1 AND (f.id IS NOT NULL OR l.account_id = m.account_id)
		ORDER BY list, account`, int64(author), millis(since), int64(answered))
	for _, x := range found {
		if x.List == 0 {
			homes = append(homes, x.HomeReader)
		} else {
			lists = append(lists, x)
		}
	}
	return homes, lists, wrap(err, "readers of %d", author)
}

// TagReaders implements social.HomeStore.
func (s *Store) TagReaders(ctx context.Context, tags []string, since time.Time) (map[social.ID]string, error) {
	out := map[social.ID]string{}
	if len(tags) == 0 {
		return out, nil
	}
	type row struct {
		id  social.ID
		tag string
	}
	args := []any{int64(0), millis(since)}
	rows, err := list(ctx, s, func(r scanner) (x row, err error) {
		err = r.Scan(&x.id, &x.tag)
		return x, err
	}, `
		SELECT t.account_id, t.tag
		FROM followed_tags t
		`+hereSince("t.account_id")+`
		WHERE t.account_id <> $1 AND t.tag IN (`+inWords(&args, tags)+`)`, args...)
	for _, x := range rows {
		if first, ok := out[x.id]; !ok || x.tag < first {
			out[x.id] = x.tag
		}
	}
	return out, wrap(err, "who follows one of %d tags", len(tags))
}

// Shunning implements social.HomeStore.
func (s *Store) Shunning(ctx context.Context, readers, people, authors, strangers []social.ID) (map[social.ID]bool, error) {
	out := map[social.ID]bool{}
	if len(readers) == 0 || len(people)+len(authors)+len(strangers) == 0 {
		return out, nil
	}
	people = slices.Clone(people)
	slices.Sort(people)
	people = slices.Compact(people)
	for part := range slices.Chunk(readers, 500) {
		var args []any
		in := inIDs(&args, part)
		var asked []string
		if len(people) > 0 {
			whom := inIDs(&args, people)
			asked = append(asked, `
			SELECT b.account_id FROM blocks b WHERE b.account_id IN (`+in+`) AND b.target_id IN (`+whom+`)`, `
			SELECT m.account_id FROM mutes m WHERE m.account_id IN (`+in+`) AND m.target_id IN (`+whom+`)`)
		}
		if len(authors) > 0 {
			asked = append(asked, `
			SELECT b.target_id FROM blocks b WHERE b.target_id IN (`+in+`) AND b.account_id IN (`+inIDs(&args, authors)+`)`)
		}
		if len(strangers) > 0 {
			asked = append(asked, `
			SELECT d.account_id
			FROM user_domain_blocks d
			JOIN accounts a ON a.domain = d.domain
			WHERE d.account_id IN (`+in+`) AND a.id IN (`+inIDs(&args, strangers)+`)`)
		}
		found, err := setOf(ctx, s, scanID, strings.Join(asked, "\n\t\t\tUNION ALL"), args...)
		if err != nil {
			return nil, wrap(err, "which of %d readers shun %d people", len(readers), len(people))
		}
		maps.Copy(out, found)
	}
	return out, nil
}

// Seen implements social.HomeStore.
func (s *Store) Seen(ctx context.Context, account social.ID, now time.Time) (time.Time, error) {
	var before int64
	const q = `
		SELECT u.active_at
		FROM users u
		WHERE u.account_id = $1`
	if err := s.row(ctx, q, int64(account)).Scan(&before); err != nil {
		return time.Time{}, missing(err, "when %d was here", account)
	}
	if now.Sub(fromMillis(before)) < social.SeenFor && before != 0 {
		return fromMillis(before), nil
	}
	const set = `
		UPDATE users
		SET active_at = $2
		WHERE account_id = $1`
	_, err := s.exec(ctx, set, int64(account), millis(now))
	return fromMillis(before), wrap(err, "note that %d is here", account)
}

// TrimFeed implements social.HomeStore.
func (s *Store) TrimFeed(ctx context.Context, feed social.ID, n int) error {
	const q = `
		DELETE FROM home_entries
		WHERE account_id = $1 AND status_id < COALESCE((
			SELECT h.status_id
			FROM home_entries h
			WHERE h.account_id = $1
			ORDER BY h.status_id DESC
			LIMIT 1 OFFSET $2), 0)`
	_, err := s.exec(ctx, q, int64(feed), int64(n-1))
	return wrap(err, "trim feed %d", feed)
}
