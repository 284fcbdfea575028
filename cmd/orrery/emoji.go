package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"orrery/server"
	"orrery/social"
)

type emojiCmd struct {
	Add    emojiAddCmd    `cmd:"" help:"Keep a picture as an emoji of this server, or as the new picture of one."`
	Remove emojiRemoveCmd `cmd:"" help:"Forget an emoji of this server."`
	List   emojiListCmd   `cmd:"" help:"List the emojis of this server."`
}

type emojiAddCmd struct {
	kept
	Shortcode string `arg:"" help:"How it is written, without colons: blobcat."`
	Picture   string `arg:"" help:"PNG, GIF, JPEG or WebP file." type:"existingfile"`
	Category  string `help:"Heading under which people find it." placeholder:"TEXT"`
}

// Run makes the emoji. Where a GIF moves, the emoji does not.
func (c emojiAddCmd) Run(ctx context.Context, log *slog.Logger) error {
	picture, err := os.ReadFile(c.Picture)
	if err != nil {
		return fmt.Errorf("%s cannot be read (%w). Choose another file", c.Picture, err)
	}
	return c.media(ctx, log, func(m *social.Media) error {
		_, err := m.AddEmoji(ctx, c.Shortcode, c.Category, picture)
		return err
	})
}

type emojiRemoveCmd struct {
	kept
	Shortcode string `arg:"" help:"Its name, without colons."`
}

func (c emojiRemoveCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.media(ctx, log, func(m *social.Media) error {
		err := m.RemoveEmoji(ctx, c.Shortcode)
		if errors.Is(err, social.ErrNotFound) {
			return fmt.Errorf("there is no emoji :%s: here. `orrery emoji list` names them", c.Shortcode)
		}
		return err
	})
}

type emojiListCmd struct{ kept }

func (c emojiListCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.media(ctx, log, func(m *social.Media) error {
		all, err := m.Store.LocalEmojis(ctx)
		for _, e := range all {
			fmt.Printf(":%s:\t%s\n", e.Shortcode, e.Category)
		}
		return err
	})
}

// kept is a place with its files.
type kept struct {
	place
	mediaPlace
}

// media does something with the media of a server.
func (c kept) media(ctx context.Context, log *slog.Logger, do func(*social.Media) error) error {
	place, err := c.mediaPlace.files(ctx, c.Database)
	if err != nil {
		return err
	}
	i, release, err := c.open(ctx, log, func(_ *server.Config, w *server.World) {
		w.Files = place
	}, false)
	if err != nil {
		return err
	}
	defer release()
	err = do(i.Services.Media)
	if e, ok := errors.AsType[*social.Error](err); ok {
		return errors.New(e.Message)
	}
	return err
}
