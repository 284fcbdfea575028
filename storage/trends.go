package storage

import (
	"context"
	"time"

	"orrery/social"
)

// Uses are counted over ids: they tell when a post was written, and their index is walked for no more than the days asked for.

const (
	hourMillis = 3_600_000
	dayMillis  = 24 * hourMillis
)

// firstID is the smallest id of what was made at or after t.
func firstID(t time.Time) int64 { return t.UnixMilli() << 16 }

// trending are posts that count as uses.
const trending = `s.visibility = 'public' AND s.boost_of_id = 0 AND s.deleted_at = 0` + shown

// TagDays implements social.TrendStore.
func (s *Store) TagDays(ctx context.Context, tags []string, since time.Time) (map[string][]social.DayUse, error) {
	out := map[string][]social.DayUse{}
	if len(tags) == 0 {
		return out, nil
	}
	args := []any{firstID(since)}
	_, err := list(ctx, s, func(r scanner) (struct{}, error) {
		var tag string
		u, err := scanDay(r, &tag)
		out[tag] = append(out[tag], u)
		return struct{}{}, err
	}, `
		SELECT t.tag, s.created_at / 86400000, COUNT(*), COUNT(DISTINCT s.account_id)
		FROM status_tags t
		JOIN statuses s ON s.id = t.status_id
		WHERE t.tag IN (`+inWords(&args, tags)+`) AND t.status_id >= $1 AND `+trending+`
		GROUP BY 1, 2`, args...)
	return out, wrap(err, "uses of %d hashtags", len(tags))
}

func scanDay(r scanner, subject any) (social.DayUse, error) {
	var u social.DayUse
	var day int64
	err := r.Scan(subject, &day, &u.Uses, &u.Accounts)
	u.Day = time.UnixMilli(day * dayMillis).UTC()
	return u, err
}

func scanHour(r scanner) (social.HourUse, error) {
	var u social.HourUse
	var hour int64
	err := r.Scan(&u.Subject, &hour, &u.Accounts)
	u.Hour = time.UnixMilli(hour * hourMillis).UTC()
	return u, err
}

// TagHours implements social.TrendStore.
func (s *Store) TagHours(ctx context.Context, since time.Time) ([]social.HourUse, error) {
	const q = `
		SELECT t.tag, s.created_at / 3600000, COUNT(DISTINCT s.account_id)
		FROM statuses s
		JOIN status_tags t ON t.status_id = s.id
		WHERE s.id >= $1 AND ` + trending + `
		GROUP BY 1, 2`
	out, err := list(ctx, s, scanHour, q, firstID(since))
	return out, wrap(err, "uses of hashtags by the hour")
}

// PopularStatuses implements social.TrendStore.
func (s *Store) PopularStatuses(ctx context.Context, since time.Time, least int64, limit int) ([]social.PopularStatus, error) {
	const q = `
		SELECT s.id, s.created_at, s.boosts_count + s.favourites_count
		FROM statuses s
		JOIN accounts a ON a.id = s.account_id
		WHERE s.id >= $1 AND ` + trending + ` AND s.spoiler_text = '' AND NOT s.sensitive AND a.discoverable
			AND s.reply_to_id = 0 AND s.reply_to_uri = '' AND s.boosts_count + s.favourites_count >= $2
		ORDER BY 3 DESC, s.id DESC
		LIMIT $3`
	out, err := list(ctx, s, func(r scanner) (social.PopularStatus, error) {
		var p social.PopularStatus
		var id, at int64
		err := r.Scan(&id, &at, &p.Reactions)
		p.ID, p.CreatedAt = social.ID(id), fromMillis(at)
		return p, err
	}, q, firstID(since), least, int64(limit))
	return out, wrap(err, "popular posts")
}

// Reviews implements social.TrendStore.
func (s *Store) Reviews(ctx context.Context, kind social.TrendKind) (map[string]social.Review, error) {
	const q = `
		SELECT subject, allowed, reviewed_at
		FROM trend_reviews
		WHERE kind = $1`
	out := map[string]social.Review{}
	_, err := list(ctx, s, func(r scanner) (struct{}, error) {
		var subject string
		var x social.Review
		var at int64
		err := r.Scan(&subject, &x.Allowed, &at)
		x.At = fromMillis(at)
		out[subject] = x
		return struct{}{}, err
	}, q, string(kind))
	return out, wrap(err, "reviews of trends: %s", kind)
}

// PutReview implements social.TrendStore.
func (s *Store) PutReview(ctx context.Context, kind social.TrendKind, subject string, r social.Review) error {
	const q = `
		INSERT INTO trend_reviews (kind, subject, allowed, reviewed_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, subject) DO UPDATE
		SET allowed = excluded.allowed, reviewed_at = excluded.reviewed_at`
	_, err := s.exec(ctx, q, string(kind), subject, r.Allowed, millis(r.At))
	return wrap(err, "review %s %s", kind, subject)
}
