package storage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"orrery/social"
)

// SetPreferences implements social.PreferenceStore.
func (s *Store) SetPreferences(ctx context.Context, u social.User) error {
	const q = `
		UPDATE users
		SET default_visibility = $2, default_language = $3, default_sensitive = $4, expand_media = $5, expand_spoilers = $6,
			autoplay_gifs = $7, default_quote_policy = $8, languages = $9
		WHERE account_id = $1`
	n, err := s.exec(ctx, q, int64(u.AccountID), string(u.DefaultVisibility), u.DefaultLanguage, u.DefaultSensitive,
		u.ExpandMedia, u.ExpandSpoilers, u.AutoplayGIFs, string(u.DefaultQuotes), spaced(u.Languages))
	return touched(n, err, "set preferences of %d", u.AccountID)
}

// spaced writes languages so that each stands between spaces, where unread finds it.
func spaced(languages []string) string {
	if len(languages) == 0 {
		return ""
	}
	return " " + strings.Join(languages, " ") + " "
}

// unread says in SQL that the user u does not want to meet posts in a language: they chose some, and neither it nor what it is
// a kind of ("en" of "en-GB") is among them. As in Mastodon, posts that do not say their language are left out then.
func unread(language string) string {
	without := func(language string) string {
		return `REPLACE(u.languages, ' ' || ` + language + ` || ' ', '') = u.languages`
	}
	return `u.languages <> '' AND ` + without(language) + `
			AND (SUBSTR(` + language + `, 3, 1) <> '-' OR ` + without(`SUBSTR(`+language+`, 1, 2)`) + `)`
}

// NotReading implements social.PreferenceStore.
func (s *Store) NotReading(ctx context.Context, readers []social.ID, language string) (map[social.ID]bool, error) {
	out := map[social.ID]bool{}
	for part := range slices.Chunk(readers, 500) {
		var args []any
		said := "CAST(" + param(&args, language) + " AS TEXT)"
		found, err := setOf(ctx, s, scanID, `
			SELECT u.account_id
			FROM users u
			WHERE `+unread(said)+` AND u.account_id IN (`+inIDs(&args, part)+`)`, args...)
		if err != nil {
			return nil, wrap(err, "which of %d readers do not read %q", len(readers), language)
		}
		maps.Copy(out, found)
	}
	return out, nil
}
