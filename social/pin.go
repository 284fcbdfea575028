package social

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orrery/social/richtext"
)

// How much a person of this instance can put on their profile.
const (
	MaxPins         = 5
	MaxFeaturedTags = 10
)

// FeaturedTag is a hashtag on a profile, with what its owner posted under it for everybody.
type FeaturedTag struct {
	ID           ID
	AccountID    ID
	Tag, Name    string // normalised; as its owner wrote it
	Statuses     int64
	LastStatusAt time.Time // zero for never
}

// PinStore keeps what is on profiles.
type PinStore interface {
	// InsertPin does nothing when it is there; DeletePin reports whether it was.
	InsertPin(ctx context.Context, account, status ID, at time.Time) error
	DeletePin(ctx context.Context, account, status ID) (bool, error)
	// Pins are an account's pinned statuses, newest pin first, deleted ones left out.
	Pins(ctx context.Context, account ID) ([]ID, error)
	// InsertFeaturedTag returns ErrConflict when the account has it.
	InsertFeaturedTag(ctx context.Context, t FeaturedTag) error
	DeleteFeaturedTag(ctx context.Context, account ID, tag string) (bool, error)
	FeaturedTags(ctx context.Context, account ID) ([]FeaturedTag, error)
	// UsedTags are the hashtags that account used most, at most limit.
	UsedTags(ctx context.Context, account ID, limit int) ([]string, error)
}

// Kinds of events about profiles.
const (
	StatusPinned   EventKind = "status.pinned"   // Subject is the status
	StatusUnpinned EventKind = "status.unpinned" //
	TagFeatured    EventKind = "tag.featured"    // URI is the hashtag as written
	TagUnfeatured  EventKind = "tag.unfeatured"  //
)

// Features are the rules for what people put on their profiles.
type Features struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
}

// Pin puts actor's own status on their profile. Errors: ErrNotFound (out of sight), ErrInvalid (of somebody else, a boost,
// a direct one, one too many). Doing it again changes nothing.
func (f *Features) Pin(ctx context.Context, actor, id ID) error {
	v, err := (&Reader{Store: f.Store}).Status(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := pinnable(v, actor); err != nil {
		return err
	}
	return f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		pins, err := tx.Pins(ctx, actor)
		if err != nil {
			return err
		}
		for _, p := range pins {
			if p == id {
				return nil
			}
		}
		if len(pins) >= MaxPins {
			return &Error{Kind: ErrInvalid, Field: "id", Message: fmt.Sprintf("You have pinned %d posts already: unpin one first.", MaxPins)}
		}
		if err := tx.InsertPin(ctx, actor, id, f.Now()); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: StatusPinned, Actor: actor, Subject: id, At: f.Now()})
	})
}

func pinnable(v StatusView, actor ID) error {
	refuse := func(why string) error { return &Error{Kind: ErrInvalid, Field: "id", Message: why} }
	switch {
	case v.Author.ID != actor:
		return refuse("Only posts of one's own can be pinned: boost this one instead.")
	case v.Boost != nil:
		return refuse("A boost cannot be pinned: pin a post of your own.")
	case v.Status.Visibility == Direct || v.Status.Visibility == Limited:
		return refuse("A direct post cannot be pinned: everybody who sees your profile would look for it.")
	}
	return nil
}

// Unpin takes a status off actor's profile. Nothing happens when it is not there.
func (f *Features) Unpin(ctx context.Context, actor, id ID) error {
	return f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.DeletePin(ctx, actor, id)
		if err != nil || !was {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: StatusUnpinned, Actor: actor, Subject: id, At: f.Now()})
	})
}

// FeatureTag puts a hashtag on actor's profile. Errors: ErrInvalid (no hashtag, there already, one too many).
func (f *Features) FeatureTag(ctx context.Context, actor ID, name string) (FeaturedTag, error) {
	name = strings.TrimPrefix(strings.TrimSpace(name), "#")
	t := FeaturedTag{ID: f.NewID(), AccountID: actor, Tag: richtext.NormalizeTag(name), Name: name}
	refuse := func(why string) error { return &Error{Kind: ErrInvalid, Field: "name", Message: why} }
	if !richtext.ValidTag(t.Tag) {
		return t, refuse("That is no hashtag: use letters, digits and underscores.")
	}
	err := f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		tags, err := tx.FeaturedTags(ctx, actor)
		if err != nil {
			return err
		}
		if len(tags) >= MaxFeaturedTags {
			return refuse(fmt.Sprintf("Your profile shows %d hashtags already: remove one first.", MaxFeaturedTags))
		}
		switch err := tx.InsertFeaturedTag(ctx, t); {
		case errors.Is(err, ErrConflict):
			return refuse("Your profile shows this hashtag already.")
		case err != nil:
			return err
		}
		if tags, err = tx.FeaturedTags(ctx, actor); err != nil {
			return err
		}
		for _, known := range tags {
			if known.ID == t.ID {
				t = known
			}
		}
		return tx.AppendEvent(ctx, Event{Kind: TagFeatured, Actor: actor, Subject: actor, URI: name, At: f.Now()})
	})
	return t, err
}

// UnfeatureTag takes the hashtag with that id off actor's profile. ErrNotFound when it is not there.
func (f *Features) UnfeatureTag(ctx context.Context, actor, id ID) error {
	return f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		tags, err := tx.FeaturedTags(ctx, actor)
		if err != nil {
			return err
		}
		for _, t := range tags {
			if t.ID != id {
				continue
			}
			if _, err := tx.DeleteFeaturedTag(ctx, actor, t.Tag); err != nil {
				return err
			}
			return tx.AppendEvent(ctx, Event{Kind: TagUnfeatured, Actor: actor, Subject: actor, URI: t.Name, At: f.Now()})
		}
		return fmt.Errorf("featured hashtag %d: %w", id, ErrNotFound)
	})
}
