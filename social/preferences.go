package social

import (
	"context"
	"fmt"
)

// What of media is shown at once: all that is not sensitive, all, or nothing.
const (
	MediaDefault = "default"
	MediaShowAll = "show_all"
	MediaHideAll = "hide_all"
)

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
	if u.DefaultQuotes != "" {
		return u.DefaultQuotes.check()
	}
	return nil
}

// PreferenceStore keeps how people like to post and to read.
type PreferenceStore interface {
	// SetPreferences sets what User says of it, and nothing else; ErrNotFound when the account is no user.
	SetPreferences(ctx context.Context, u User) error
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
