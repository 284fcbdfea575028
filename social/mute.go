package social

import (
	"context"
	"errors"
	"time"
)

// Mute hides a person from one reader. Nobody else hears of it.
type Mute struct {
	ID                  ID
	AccountID, TargetID ID
	HideNotifications   bool
	ExpiresAt           time.Time // zero: it does not end
	CreatedAt           time.Time
}

// MuteExpired says that a mute with an end may have reached it. It tells nobody; it only rests until then.
const MuteExpired EventKind = "mute.expired"

// MuteStore keeps mutes, of people and of conversations.
type MuteStore interface {
	// PutMute adds a mute, or changes one that exists.
	PutMute(ctx context.Context, m Mute) error
	MuteBetween(ctx context.Context, account, target ID) (Mute, error)
	DeleteMute(ctx context.Context, account, target ID) error
	// Mutes are paged by id, newest first.
	Mutes(ctx context.Context, account ID, p Page) ([]Mute, error)
	// MuteConversation and UnmuteConversation do nothing when it is so already.
	MuteConversation(ctx context.Context, account ID, conversation string, at time.Time) error
	UnmuteConversation(ctx context.Context, account ID, conversation string) error
	// MutedConversations says which of conversations account muted.
	MutedConversations(ctx context.Context, account ID, conversations []string) (map[string]bool, error)
	// ConversationMutedBy says which of accounts muted conversation.
	ConversationMutedBy(ctx context.Context, conversation string, accounts []ID) (map[ID]bool, error)
}

// Mutes are the rules of muting. Safe for concurrent use.
type Mutes struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
}

// Mute hides target from actor for as long as lasting; 0 is until it is taken back. Doing it again changes the terms.
// Muting oneself changes nothing.
func (m *Mutes) Mute(ctx context.Context, actor, target ID, hideNotifications bool, lasting time.Duration) (Relationship, error) {
	if actor == target {
		return relationship(ctx, m.Store, actor, target)
	}
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.AccountByID(ctx, target); err != nil {
			return err
		}
		mute := Mute{ID: m.NewID(), AccountID: actor, TargetID: target, HideNotifications: hideNotifications, CreatedAt: m.Now()}
		if lasting > 0 {
			mute.ExpiresAt = m.Now().Add(lasting)
		}
		if err := tx.PutMute(ctx, mute); err != nil {
			return err
		}
		if err := forget(ctx, tx, actor, target, hideNotifications); err != nil || lasting <= 0 {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: MuteExpired, Actor: actor, Subject: target, At: m.Now(), Rest: lasting})
	})
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, m.Store, actor, target)
}

// Unmute shows target again; whom actor follows comes back into the home. Nothing happens when there is no mute.
func (m *Mutes) Unmute(ctx context.Context, actor, target ID) (Relationship, error) {
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error { return Unmute(ctx, tx, actor, target) })
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, m.Store, actor, target)
}

// Unmute is Mutes.Unmute in a transaction of the caller's.
func Unmute(ctx context.Context, tx Tx, actor, target ID) error {
	if err := tx.DeleteMute(ctx, actor, target); err != nil {
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	follow, err := tx.FollowBetween(ctx, actor, target)
	switch {
	case errors.Is(err, ErrNotFound) || err == nil && follow.Pending:
		return nil
	case err != nil:
		return err
	}
	return tx.BackfillHome(ctx, actor, target, BackfillLength)
}

// Expire ends the mute that e tells of, unless its terms were changed since.
func Expire(ctx context.Context, tx Tx, e Event, now time.Time) error {
	mute, err := tx.MuteBetween(ctx, e.Actor, e.Subject)
	switch {
	case errors.Is(err, ErrNotFound) || err == nil && (mute.ExpiresAt.IsZero() || mute.ExpiresAt.After(now)):
		return nil
	case err != nil:
		return err
	}
	return Unmute(ctx, tx, e.Actor, e.Subject)
}

// Conversation makes actor hear no more of the conversation of a status, or hear of it again. ErrNotFound when actor may not
// see the status.
func (m *Mutes) Conversation(ctx context.Context, actor, id ID, mute bool) (ID, error) {
	v, err := (&Reader{Store: m.Store}).Status(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	s := v.Proper().Status
	if s.Conversation == "" {
		return s.ID, nil
	}
	if mute {
		return s.ID, m.Store.MuteConversation(ctx, actor, s.Conversation, m.Now())
	}
	return s.ID, m.Store.UnmuteConversation(ctx, actor, s.Conversation)
}
