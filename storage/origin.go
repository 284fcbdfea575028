package storage

import (
	"context"

	"orrery/social"
)

// unstated stands in the columns of counts that the post's own server has not stated.
const unstated = -1

func claim(n int64) social.Claim {
	if n < 0 {
		return social.Claim{}
	}
	return social.Claimed(n)
}

func stated(c social.Claim) int64 {
	if !c.Known {
		return unstated
	}
	return c.N
}

// SetOriginCounts implements social.OriginStore.
func (s *Store) SetOriginCounts(ctx context.Context, status social.ID, c social.OriginCounts) error {
	const q = `
		UPDATE statuses
		SET origin_boosts = CASE WHEN CAST($2 AS BIGINT) < 0 THEN origin_boosts ELSE CAST($2 AS BIGINT) END,
			origin_favourites = CASE WHEN CAST($3 AS BIGINT) < 0 THEN origin_favourites ELSE CAST($3 AS BIGINT) END
		WHERE id = $1 AND NOT local`
	_, err := s.exec(ctx, q, int64(status), stated(c.Boosts), stated(c.Favourites))
	return wrap(err, "set what the origin of %d counts", status)
}
