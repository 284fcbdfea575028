package social

import (
	"context"
	"fmt"
	"unicode/utf8"

	"orrery/social/media"
)

// MaxPortraitDescription is how long the text instead of a profile's picture may be, in characters.
const MaxPortraitDescription = 150

// Portrait is what somebody changes about the pictures of their profile; nil leaves as it is.
type Portrait struct {
	Avatar, Header                       []byte
	AvatarDescription, HeaderDescription *string
	NoAvatar, NoHeader                   bool // take it away
}

// Empty reports whether p changes nothing.
func (p Portrait) Empty() bool {
	return len(p.Avatar) == 0 && len(p.Header) == 0 && p.AvatarDescription == nil && p.HeaderDescription == nil && !p.NoAvatar && !p.NoHeader
}

// Portray changes the pictures of a local account's profile and records AccountUpdated. Errors: ErrInvalid.
func (m *Media) Portray(ctx context.Context, id ID, p Portrait) (Account, error) {
	for field, text := range map[string]*string{"avatar_description": p.AvatarDescription, "header_description": p.HeaderDescription} {
		if text != nil && utf8.RuneCountInString(*text) > MaxPortraitDescription {
			return Account{}, &Error{Kind: ErrInvalid, Field: field,
				Message: fmt.Sprintf("The description of a picture is too long: at most %d characters are possible.", MaxPortraitDescription)}
		}
	}
	avatar, err := m.portrait(ctx, "avatar", p.Avatar, media.Avatar)
	if err != nil {
		return Account{}, err
	}
	header, err := m.portrait(ctx, "header", p.Header, media.Header)
	if err != nil {
		m.forget(ctx, avatar)
		return Account{}, err
	}
	var a Account
	var replaced []string
	err = m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if a, err = tx.AccountByID(ctx, id); err != nil {
			return err
		}
		replaced = nil
		set := func(key, description *string, made string, words *string, none bool) {
			if made != "" || none {
				replaced = append(replaced, *key)
				*key = made
			}
			if words != nil {
				*description = *words
			}
			if none {
				*description = ""
			}
		}
		set(&a.AvatarKey, &a.AvatarDescription, avatar, p.AvatarDescription, p.NoAvatar)
		set(&a.HeaderKey, &a.HeaderDescription, header, p.HeaderDescription, p.NoHeader)
		a.Revision = m.NewID()
		if err := tx.UpdateAccount(ctx, a); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: AccountUpdated, Actor: a.ID, Subject: a.ID, Object: a.Revision, At: m.Now(), Rest: ProfileRest})
	})
	if err != nil {
		m.forget(ctx, avatar, header)
		return Account{}, err
	}
	m.forget(ctx, replaced...)
	return a, nil
}

// portrait makes one picture and returns its key, "" for no picture.
func (m *Media) portrait(ctx context.Context, field string, content []byte, shape media.Shape) (string, error) {
	if len(content) == 0 {
		return "", nil
	}
	if !m.Takes() {
		return "", &Error{Kind: ErrInvalid, Field: field, Message: "This server keeps no pictures: leave the picture out."}
	}
	made, err := m.Maker.Make(ctx, content, shape)
	if err != nil {
		return "", refusal(field, err)
	}
	return m.keep(ctx, "accounts", made.Original)
}

// AddEmoji keeps picture as an emoji of this instance, or as the new picture of one that there is. Errors: ErrInvalid.
func (m *Media) AddEmoji(ctx context.Context, shortcode, category string, picture []byte) (Emoji, error) {
	if !ValidShortcode(shortcode) {
		return Emoji{}, &Error{Kind: ErrInvalid, Field: "shortcode",
			Message: fmt.Sprintf("%q cannot name an emoji: use 2 to 128 letters, digits and underscores.", shortcode)}
	}
	if !m.Takes() {
		return Emoji{}, &Error{Kind: ErrInvalid, Field: "image", Message: "This server keeps no pictures."}
	}
	made, err := m.Maker.Make(ctx, picture, media.Emoji)
	if err != nil {
		return Emoji{}, refusal("image", err)
	}
	e := Emoji{ID: m.NewID(), Shortcode: shortcode, MediaType: made.Original.Type, Category: category, VisibleInPicker: true, UpdatedAt: m.Now()}
	if e.FileKey, err = m.keep(ctx, "emojis", made.Original); err != nil {
		return Emoji{}, err
	}
	var replaced Emoji
	err = m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		local, err := tx.LocalEmojis(ctx)
		if err != nil {
			return err
		}
		replaced = Emoji{}
		for _, known := range local {
			if known.Shortcode == shortcode {
				replaced = known
			}
		}
		return tx.PutEmoji(ctx, e)
	})
	if err != nil {
		m.forget(ctx, e.FileKey)
		return Emoji{}, err
	}
	m.forget(ctx, replaced.FileKey, replaced.StaticKey)
	return m.Store.EmojiNamed(ctx, e.Name())
}

// RemoveEmoji forgets an emoji of this instance. Texts that name it show its name from then on. ErrNotFound.
func (m *Media) RemoveEmoji(ctx context.Context, shortcode string) error {
	e, err := m.Store.EmojiNamed(ctx, EmojiName{Shortcode: shortcode})
	if err != nil {
		return err
	}
	if err := m.Store.DeleteEmoji(ctx, e.Name()); err != nil {
		return err
	}
	if m.Files != nil {
		m.forget(ctx, e.FileKey, e.StaticKey)
	}
	return nil
}
