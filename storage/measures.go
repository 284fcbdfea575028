package storage

import (
	"context"
	"strings"
	"time"

	"orrery/social"
)

// measure is a number of staff's: events are rows with a moment "at" between $1 and $2 and, perhaps, "who" or a number "n";
// $3 is the hashtag or the domain that they are of. Of what lies in statuses the id says when.
type measure struct {
	events  string
	count   string // of the events
	forever bool   // the total is over all time
}

const (
	countAll    = "COUNT(*)"
	countPeople = "COUNT(DISTINCT x.who)"

	whenPosted = "s.id >= CAST($1 AS BIGINT) * 65536 AND s.id < CAST($2 AS BIGINT) * 65536"
	ofTag      = `
		SELECT s.id / 65536 AS at, s.account_id AS who, a.domain AS domain, s.language AS language
		FROM status_tags t
		JOIN statuses s ON s.id = t.status_id
		JOIN accounts a ON a.id = s.account_id
		WHERE t.tag = $3 AND ` + whenPosted + ` AND s.visibility = 'public' AND s.boost_of_id = 0 AND s.deleted_at = 0`
)

func measures() map[string]measure {
	return map[string]measure{
		"active_users": {events: `
			SELECT s.id / 65536 AS at, s.account_id AS who FROM statuses s WHERE s.local AND ` + whenPosted + `
			UNION ALL SELECT n.created_at, n.account_id FROM sessions n WHERE n.created_at >= $1 AND n.created_at < $2
			UNION ALL SELECT k.created_at, k.account_id FROM tokens k WHERE k.account_id <> 0 AND k.created_at >= $1 AND k.created_at < $2`, count: countPeople},
		"new_users": {events: `SELECT u.created_at AS at FROM users u WHERE u.created_at >= $1 AND u.created_at < $2`, count: countAll},
		"interactions": {events: `
			SELECT f.created_at AS at FROM favourites f JOIN accounts a ON a.id = f.account_id WHERE a.domain = '' AND f.created_at >= $1 AND f.created_at < $2
			UNION ALL SELECT s.id / 65536 FROM statuses s
				WHERE s.local AND (s.boost_of_id <> 0 OR s.reply_to_uri <> '') AND s.deleted_at = 0 AND ` + whenPosted, count: countAll},
		"opened_reports":   {events: `SELECT p.created_at AS at FROM reports p WHERE p.created_at >= $1 AND p.created_at < $2`, count: countAll},
		"resolved_reports": {events: `SELECT p.closed_at AS at FROM reports p WHERE p.closed_at >= $1 AND p.closed_at < $2`, count: countAll},

		"tag_uses":     {events: ofTag, count: countAll},
		"tag_accounts": {events: ofTag, count: countPeople},
		"tag_servers":  {events: ofTag, count: "COUNT(DISTINCT x.domain)"},

		"instance_accounts": {events: `
			SELECT a.created_at AS at FROM accounts a WHERE a.domain = $3 AND a.created_at >= $1 AND a.created_at < $2`, count: countAll, forever: true},
		"instance_statuses": {events: `
			SELECT s.id / 65536 AS at FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE a.domain = $3 AND s.deleted_at = 0 AND ` + whenPosted, count: countAll, forever: true},
		"instance_media_attachments": {events: `
			SELECT m.created_at AS at, m.file_size AS n FROM attachments m JOIN accounts a ON a.id = m.account_id
			WHERE a.domain = $3 AND m.created_at >= $1 AND m.created_at < $2`, count: "CAST(COALESCE(SUM(x.n), 0) AS BIGINT)", forever: true},
		"instance_reports": {events: `
			SELECT p.created_at AS at FROM reports p JOIN accounts a ON a.id = p.target_id
			WHERE a.domain = $3 AND p.created_at >= $1 AND p.created_at < $2`, count: countAll, forever: true},
		"instance_follows": {events: `
			SELECT f.created_at AS at FROM follows f JOIN accounts a ON a.id = f.target_id
			WHERE a.domain = $3 AND NOT f.pending AND f.created_at >= $1 AND f.created_at < $2`, count: countAll, forever: true},
		"instance_followers": {events: `
			SELECT f.created_at AS at FROM follows f JOIN accounts a ON a.id = f.account_id
			WHERE a.domain = $3 AND NOT f.pending AND f.created_at >= $1 AND f.created_at < $2`, count: countAll, forever: true},
	}
}

// within is the moments of the days from from to to, and what they are of, as far as events ask.
func within(events, subject string, from, to time.Time) []any {
	if !strings.Contains(events, "$1") {
		return nil
	}
	args := []any{from.Truncate(24 * time.Hour).UnixMilli(), to.Truncate(24 * time.Hour).Add(24 * time.Hour).UnixMilli()}
	if strings.Contains(events, "$3") {
		args = append(args, subject)
	}
	return args
}

// farAhead is a moment after all others; 65536 times it still fits into 64 bits.
const farAhead = 1 << 46

// Measured implements social.MeasureStore.
func (s *Store) Measured(ctx context.Context, name, subject string, from, to time.Time) ([]social.DayCount, int64, bool, error) {
	m, known := measures()[name]
	if !known {
		return nil, 0, false, nil
	}
	args := within(m.events, subject, from, to)
	days, err := list(ctx, s, func(r scanner) (d social.DayCount, err error) {
		var day int64
		err = r.Scan(&day, &d.Count)
		d.Day = time.UnixMilli(day * dayMillis).UTC()
		return d, err
	}, `
		SELECT x.at / 86400000, `+m.count+`
		FROM (`+m.events+`) x
		GROUP BY 1
		ORDER BY 1`, args...)
	if err != nil {
		return nil, 0, true, wrap(err, "%s by the day", name)
	}
	if m.forever {
		args[0], args[1] = int64(0), int64(farAhead)
	}
	var total int64
	err = s.row(ctx, `
		SELECT `+m.count+`
		FROM (`+m.events+`) x`, args...).Scan(&total)
	return days, total, true, wrap(err, "%s in all", name)
}

// shares are the dimensions: keys with a number each.
func shares() map[string]string {
	return map[string]string{
		"languages": `SELECT u.default_language AS name, 1 AS n FROM users u WHERE u.active_at >= $1 AND u.active_at < $2`,
		"sources": `
			SELECT COALESCE(p.name, '') AS name, 1 AS n FROM users u LEFT JOIN apps p ON p.id = u.app_id
			WHERE u.created_at >= $1 AND u.created_at < $2`,
		"servers": `
			SELECT a.domain AS name, 1 AS n FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE s.deleted_at = 0 AND ` + whenPosted,
		"space_usage": `
			SELECT 'media' AS name, m.file_size AS n FROM attachments m
			UNION ALL SELECT 'copies', c.file_size FROM remote_files c`,
		"tag_servers":   `SELECT y.domain AS name, 1 AS n FROM (` + ofTag + `) y`,
		"tag_languages": `SELECT y.language AS name, 1 AS n FROM (` + ofTag + `) y`,
		"instance_accounts": `
			SELECT a.username AS name, 1 AS n FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE a.domain = $3 AND s.deleted_at = 0 AND ` + whenPosted,
		"instance_languages": `
			SELECT s.language AS name, 1 AS n FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE a.domain = $3 AND s.deleted_at = 0 AND ` + whenPosted,
	}
}

// Shares implements social.MeasureStore.
func (s *Store) Shares(ctx context.Context, name, subject string, from, to time.Time, limit int) ([]social.Share, bool, error) {
	what, known := shares()[name]
	if !known {
		return nil, false, nil
	}
	args := within(what, subject, from, to)
	most := param(&args, int64(max(limit, 0)))
	out, err := list(ctx, s, func(r scanner) (x social.Share, err error) {
		err = r.Scan(&x.Key, &x.Count)
		return x, err
	}, `
		SELECT x.name, CAST(SUM(x.n) AS BIGINT)
		FROM (`+what+`) x
		GROUP BY 1
		ORDER BY 2 DESC, 1
		LIMIT `+most, args...)
	return out, true, wrap(err, "shares of %s", name)
}

// Cohorts implements social.MeasureStore. Who was not noted since counts as seen when they joined.
func (s *Store) Cohorts(ctx context.Context, from, to time.Time) ([]social.Cohort, error) {
	const q = `
		SELECT u.created_at / 86400000, CASE WHEN u.active_at > u.created_at THEN u.active_at ELSE u.created_at END / 86400000, COUNT(*)
		FROM users u
		WHERE u.created_at >= $1 AND u.created_at < $2
		GROUP BY 1, 2`
	out, err := list(ctx, s, func(r scanner) (c social.Cohort, err error) {
		var joined, seen int64
		err = r.Scan(&joined, &seen, &c.People)
		c.Joined, c.Seen = time.UnixMilli(joined*dayMillis).UTC(), time.UnixMilli(seen*dayMillis).UTC()
		return c, err
	}, q, within(q, "", from, to)...)
	return out, wrap(err, "who stayed")
}

// CountFollows implements social.MeasureStore.
func (s *Store) CountFollows(ctx context.Context, account social.ID, domain string) (following, followers int64, err error) {
	const q = `
		SELECT
			(SELECT COUNT(*) FROM follows f JOIN accounts a ON a.id = f.target_id WHERE f.account_id = $1 AND NOT f.pending AND a.domain = $2),
			(SELECT COUNT(*) FROM follows f JOIN accounts a ON a.id = f.account_id WHERE f.target_id = $1 AND NOT f.pending AND a.domain = $2)`
	err = s.row(ctx, q, int64(account), domain).Scan(&following, &followers)
	return following, followers, wrap(err, "follows between %d and %s", account, domain)
}
