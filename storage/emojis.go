package storage

import (
	"context"
	"slices"
	"strings"

	"orrery/social"
)

// emojiColumns are those of scanEmoji, of a table called e.
const emojiColumns = `e.id, e.shortcode, e.domain, e.uri, e.image_url, e.static_url, e.file_key, e.static_key, e.media_type,
	e.category, e.visible_in_picker, e.featured, e.disabled, e.updated_at`

func scanEmoji(r scanner) (social.Emoji, error) {
	var e social.Emoji
	var id, updated int64
	err := r.Scan(&id, &e.Shortcode, &e.Domain, &e.URI, &e.ImageURL, &e.StaticURL, &e.FileKey, &e.StaticKey, &e.MediaType,
		&e.Category, &e.VisibleInPicker, &e.Featured, &e.Disabled, &updated)
	e.ID, e.UpdatedAt = social.ID(id), fromMillis(updated)
	return e, err
}

// Emojis implements social.EmojiStore.
func (s *Store) Emojis(ctx context.Context, names []social.EmojiName) (map[social.EmojiName]social.Emoji, error) {
	out := map[social.EmojiName]social.Emoji{}
	for part := range slices.Chunk(names, chunk) { // strangers decide how many there are
		wanted := make(map[social.EmojiName]bool, len(part))
		var domains, codes []string
		for _, n := range part {
			wanted[n] = true
			domains, codes = append(domains, n.Domain), append(codes, n.Shortcode)
		}
		var args []any
		found, err := list(ctx, s, scanEmoji, `
			SELECT `+emojiColumns+`
			FROM emojis e
			WHERE e.domain IN (`+inWords(&args, domains)+`) AND e.shortcode IN (`+inWords(&args, codes)+`)`, args...)
		if err != nil {
			return nil, wrap(err, "load %d emojis", len(names))
		}
		for _, e := range found {
			if wanted[e.Name()] && !e.Disabled {
				out[e.Name()] = e
			}
		}
	}
	return out, nil
}

// EmojiByID implements social.EmojiStore.
func (s *Store) EmojiByID(ctx context.Context, id social.ID) (social.Emoji, error) {
	const q = `
		SELECT ` + emojiColumns + `
		FROM emojis e
		WHERE e.id = $1`
	e, err := scanEmoji(s.row(ctx, q, int64(id)))
	return e, missing(err, "emoji %d", id)
}

// EmojiNamed implements social.EmojiStore.
func (s *Store) EmojiNamed(ctx context.Context, name social.EmojiName) (social.Emoji, error) {
	const q = `
		SELECT ` + emojiColumns + `
		FROM emojis e
		WHERE e.domain = $1 AND e.shortcode = $2`
	e, err := scanEmoji(s.row(ctx, q, name.Domain, name.Shortcode))
	return e, missing(err, "emoji :%s: of %q", name.Shortcode, name.Domain)
}

// LocalEmojis implements social.EmojiStore.
func (s *Store) LocalEmojis(ctx context.Context) ([]social.Emoji, error) {
	out, err := list(ctx, s, scanEmoji, `
		SELECT `+emojiColumns+`
		FROM emojis e
		WHERE e.domain = ''`)
	// In Go: collations differ between the engines.
	slices.SortFunc(out, func(a, b social.Emoji) int { return strings.Compare(a.Shortcode, b.Shortcode) })
	return out, wrap(err, "list local emojis")
}

// PutEmoji implements social.EmojiStore.
func (s *Store) PutEmoji(ctx context.Context, e social.Emoji) error {
	const q = `
		INSERT INTO emojis (id, shortcode, domain, uri, image_url, static_url, file_key, static_key, media_type, category,
			visible_in_picker, featured, disabled, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (domain, shortcode) DO UPDATE
		SET uri = excluded.uri, image_url = excluded.image_url, static_url = excluded.static_url,
			file_key = excluded.file_key, static_key = excluded.static_key, media_type = excluded.media_type,
			category = excluded.category, visible_in_picker = excluded.visible_in_picker, featured = excluded.featured,
			updated_at = excluded.updated_at`
	_, err := s.exec(ctx, q, int64(e.ID), e.Shortcode, e.Domain, e.URI, e.ImageURL, e.StaticURL, e.FileKey, e.StaticKey,
		e.MediaType, e.Category, e.VisibleInPicker, e.Featured, e.Disabled, millis(e.UpdatedAt))
	return wrap(err, "keep emoji :%s: of %q", e.Shortcode, e.Domain)
}

// SetEmoji implements social.EmojiStore.
func (s *Store) SetEmoji(ctx context.Context, e social.Emoji) error {
	const q = `
		UPDATE emojis
		SET category = $3, visible_in_picker = $4, featured = $5, disabled = $6
		WHERE domain = $1 AND shortcode = $2`
	n, err := s.exec(ctx, q, e.Domain, e.Shortcode, e.Category, e.VisibleInPicker, e.Featured, e.Disabled)
	return touched(n, err, "set emoji :%s: of %q", e.Shortcode, e.Domain)
}

// DeleteEmoji implements social.EmojiStore. Deleting what is gone already is no error.
func (s *Store) DeleteEmoji(ctx context.Context, name social.EmojiName) error {
	const q = `
		DELETE FROM emojis
		WHERE domain = $1 AND shortcode = $2`
	_, err := s.exec(ctx, q, name.Domain, name.Shortcode)
	return wrap(err, "delete emoji :%s: of %q", name.Shortcode, name.Domain)
}
