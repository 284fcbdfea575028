package storage

import (
	"context"

	"orrery/social"
)

// SetPreferences implements social.PreferenceStore.
func (s *Store) SetPreferences(ctx context.Context, u social.User) error {
	const q = `
		UPDATE users
		SET default_visibility = $2, default_language = $3, default_sensitive = $4, expand_media = $5, expand_spoilers = $6,
			autoplay_gifs = $7, default_quote_policy = $8
		WHERE account_id = $1`
	n, err := s.exec(ctx, q, int64(u.AccountID), string(u.DefaultVisibility), u.DefaultLanguage, u.DefaultSensitive,
		u.ExpandMedia, u.ExpandSpoilers, u.AutoplayGIFs, string(u.DefaultQuotes))
	if err == nil && n == 0 {
		err = social.ErrNotFound
	}
	return wrap(err, "set preferences of %d", u.AccountID)
}
