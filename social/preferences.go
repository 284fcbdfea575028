package social

import (
	"context"
	"fmt"
	"strings"
)

// What of media is shown at once: all that is not sensitive, all, or nothing.
const (
	MediaDefault = "default"
	MediaShowAll = "show_all"
	MediaHideAll = "hide_all"
)

// maxLanguages is how many languages somebody can choose to meet.
const maxLanguages = 50

// ValidLanguage reports whether code looks like one of a language: two or three letters, and perhaps a region or script.
func ValidLanguage(code string) bool {
	base, rest, more := strings.Cut(code, "-")
	letters := func(s string) bool {
		return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
	}
	return len(base) >= 2 && len(base) <= 3 && letters(base) && letters(rest) && (!more || rest != "") && len(code) <= 35
}

// checkPreferences refuses what cannot be chosen.
func (u User) checkPreferences() error {
	switch u.DefaultVisibility {
	case Public, Unlisted, Private, Direct:
	default:
		return &Error{Kind: ErrInvalid, Field: "source[privacy]",
			Message: fmt.Sprintf("%q is no visibility: choose public, unlisted, private or direct.", u.DefaultVisibility)}
	}
	if u.ExpandMedia != MediaDefault && u.ExpandMedia != MediaShowAll && u.ExpandMedia != MediaHideAll {
		return &Error{Kind: ErrInvalid, Field: "expand_media", Message: fmt.Sprintf("%q is no choice: default, show_all and hide_all are.", u.ExpandMedia)}
	}
	if len(u.Languages) > maxLanguages {
		return &Error{Kind: ErrInvalid, Field: "languages", Message: fmt.Sprintf("Choose at most %d languages.", maxLanguages)}
	}
	for _, code := range u.Languages {
		if !ValidLanguage(code) {
			return &Error{Kind: ErrInvalid, Field: "languages", Message: fmt.Sprintf("%q is no code of a language: write them as en, de or pt-BR, with spaces between.", code)}
		}
	}
	if u.DefaultQuotes != "" {
		return u.DefaultQuotes.check()
	}
	return nil
}

// PreferenceStore keeps how people like to post and to read.
type PreferenceStore interface {
	// SetPreferences sets what User says of it, and nothing else; ErrNotFound when the account is no user.
	SetPreferences(ctx context.Context, u User) error
	// NotReading are those of readers who chose languages of public timelines, and not this one.
	NotReading(ctx context.Context, readers []ID, language string) (map[ID]bool, error)
}

// Prefer lets change alter how account likes to post and to read. Errors: ErrInvalid, ErrNotFound (no user).
func (s *Accounts) Prefer(ctx context.Context, account ID, change func(*User)) (User, error) {
	var u User
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		var err error
		if u, err = tx.UserByAccount(ctx, account); err != nil {
			return err
		}
		change(&u)
		if err := u.checkPreferences(); err != nil {
			return err
		}
		return tx.SetPreferences(ctx, u)
	})
	return u, err
}
