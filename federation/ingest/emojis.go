package ingest

import (
	"context"
	"errors"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// KeepEmojis keeps those that the post n of author brings along.
func (g *Ingest) KeepEmojis(ctx context.Context, tx Tx, n vocab.Note, author social.Account) error {
	return g.keepEmojis(ctx, tx, n.Emojis, author.Domain)
}

// keepEmojis keeps those of a document that are new for the server of domain, or have another picture than was known
// (federation.md §2.5). Nothing is downloaded.
func (g *Ingest) keepEmojis(ctx context.Context, tx Tx, found []vocab.Emoji, domain string) error {
	if refused, err := g.Domains.RejectsMedia(ctx, domain); domain == "" || refused || err != nil {
		return err
	}
	for _, e := range translate.Emojis(found, domain) {
		known, err := tx.EmojiNamed(ctx, e.Name())
		switch {
		case errors.Is(err, social.ErrNotFound):
			e.VisibleInPicker = true
		case err != nil:
			return err
		case known.ImageURL == e.ImageURL || !e.UpdatedAt.After(known.UpdatedAt) && !known.UpdatedAt.IsZero():
			continue
		default:
			e.Category, e.VisibleInPicker = known.Category, known.VisibleInPicker
		}
		e.ID = g.NewID()
		if err := tx.PutEmoji(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
