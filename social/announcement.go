package social

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orrery/social/richtext"
)

// Announcement is something that those who run a server tell everybody who is signed in here.
type Announcement struct {
	ID   ID
	Text string // as it was typed
	// StartsAt and EndsAt are when what it speaks of begins and ends; zero when it does not say. Once it has ended it is not shown.
	StartsAt, EndsAt       time.Time
	AllDay                 bool // StartsAt and EndsAt are whole days
	PublishedAt, UpdatedAt time.Time
}

// AnnouncementReaction is how many people answer an announcement with an emoji.
type AnnouncementReaction struct {
	Name  string // the emoji itself, or the shortcode of one of this server's
	Count int64
	Me    bool   // the viewer is one of them
	Emoji *Emoji // of this server's; nil for one in Unicode
}

// AnnouncementView is an announcement as one person sees it.
type AnnouncementView struct {
	Announcement
	Read      bool
	Reactions []AnnouncementReaction // the first given stands first
	Mentions  []Account
	Statuses  []Status // public ones whose addresses it names
	Tags      []string
	Emojis    []Emoji
}

// AnnouncementStore keeps them. Lookups return ErrNotFound.
type AnnouncementStore interface {
	InsertAnnouncement(ctx context.Context, a Announcement) error
	DeleteAnnouncement(ctx context.Context, id ID) error
	AnnouncementByID(ctx context.Context, id ID) (Announcement, error)
	// Announcements are those that have not ended at now, the oldest first, at most limit.
	Announcements(ctx context.Context, now time.Time, limit int) ([]Announcement, error)
	// ReadAnnouncement remembers that account has read id; ReadAnnouncements says which of ids they have.
	ReadAnnouncement(ctx context.Context, account, id ID) error
	ReadAnnouncements(ctx context.Context, account ID, ids []ID) (map[ID]bool, error)
	// InsertAnnouncementReaction does nothing when it is there; DeleteAnnouncementReaction reports whether it was.
	InsertAnnouncementReaction(ctx context.Context, id ID, name string, account ID, at time.Time) error
	DeleteAnnouncementReaction(ctx context.Context, id ID, name string, account ID) (bool, error)
	// AnnouncementReactions are those to ids, with what account did; without their pictures.
	AnnouncementReactions(ctx context.Context, account ID, ids []ID) (map[ID][]AnnouncementReaction, error)
}

// Bounds.
const (
	maxAnnouncements         = 50 // shown at once
	maxAnnouncement          = 5000
	maxAnnouncementReactions = 8 // different ones to one announcement
)

// Announcements are the rules.
type Announcements struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
}

// Publish tells everybody here. Text is plain, with links, mentions and hashtags. ErrInvalid.
func (s *Announcements) Publish(ctx context.Context, a Announcement) (Announcement, error) {
	refuse := func(field, why string) (Announcement, error) {
		return Announcement{}, &Error{Kind: ErrInvalid, Field: field, Message: why}
	}
	a.Text = strings.TrimSpace(a.Text)
	switch {
	case a.Text == "":
		return refuse("text", "Say something first: the announcement is empty.")
	case richtext.Length("", a.Text) > maxAnnouncement:
		return refuse("text", fmt.Sprintf("The announcement is too long: at most %d characters are possible.", maxAnnouncement))
	case !a.EndsAt.IsZero() && a.EndsAt.Before(a.StartsAt):
		return refuse("ends_at", "It ends before it begins: exchange the two times.")
	case !a.EndsAt.IsZero() && !a.EndsAt.After(s.Now()):
		return refuse("ends_at", "It has ended already, so nobody would see it: choose a later end.")
	}
	a.ID, a.PublishedAt, a.UpdatedAt = s.NewID(), s.Now(), s.Now()
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertAnnouncement(ctx, a); err != nil {
			return err
		}
		return tx.Tell(ctx, News{Kind: NewsAnnounced, Subject: a.ID, Public: true})
	})
	return a, err
}

// Withdraw takes an announcement back. ErrNotFound.
func (s *Announcements) Withdraw(ctx context.Context, id ID) error {
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.DeleteAnnouncement(ctx, id); err != nil {
			return err
		}
		return tx.Tell(ctx, News{Kind: NewsWithdrawn, Subject: id, Public: true})
	})
}

// Current are the announcements that viewer sees, with those they have read if readToo.
func (s *Announcements) Current(ctx context.Context, viewer ID, readToo bool) ([]AnnouncementView, error) {
	as, err := s.Store.Announcements(ctx, s.Now(), maxAnnouncements)
	if err != nil {
		return nil, err
	}
	views, err := s.views(ctx, viewer, as)
	if err != nil || readToo {
		return views, err
	}
	var unread []AnnouncementView
	for _, v := range views {
		if !v.Read {
			unread = append(unread, v)
		}
	}
	return unread, nil
}

// View is one announcement as viewer (0: anybody) sees it. ErrNotFound, also when it has ended.
func (s *Announcements) View(ctx context.Context, viewer, id ID) (AnnouncementView, error) {
	a, err := s.current(ctx, s.Store, id)
	if err != nil {
		return AnnouncementView{}, err
	}
	views, err := s.views(ctx, viewer, []Announcement{a})
	if err != nil {
		return AnnouncementView{}, err
	}
	return views[0], nil
}

func (s *Announcements) current(ctx context.Context, tx Tx, id ID) (Announcement, error) {
	a, err := tx.AnnouncementByID(ctx, id)
	if err == nil && !a.EndsAt.IsZero() && !a.EndsAt.After(s.Now()) {
		err = fmt.Errorf("announcement %d, which has ended: %w", id, ErrNotFound)
	}
	return a, err
}

// Dismiss remembers that actor has read it. ErrNotFound.
func (s *Announcements) Dismiss(ctx context.Context, actor, id ID) error {
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := s.current(ctx, tx, id); err != nil {
			return err
		}
		return tx.ReadAnnouncement(ctx, actor, id)
	})
}

// React answers with an emoji: one in Unicode, or the shortcode of one of this server's. ErrNotFound, ErrInvalid.
func (s *Announcements) React(ctx context.Context, actor, id ID, name string) error {
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := s.current(ctx, tx, id); err != nil {
			return err
		}
		if !richtext.IsEmoji(name) {
			if _, err := tx.EmojiNamed(ctx, EmojiName{Shortcode: name}); errors.Is(err, ErrNotFound) {
				return &Error{Kind: ErrInvalid, Field: "name", Message: "That is no emoji that is known here: choose another."}
			} else if err != nil {
				return err
			}
		}
		given, err := tx.AnnouncementReactions(ctx, actor, []ID{id})
		if err != nil {
			return err
		}
		known := false
		for _, r := range given[id] {
			known = known || r.Name == name
		}
		if !known && len(given[id]) >= maxAnnouncementReactions {
			return &Error{Kind: ErrInvalid, Field: "name",
				Message: fmt.Sprintf("There are %d different reactions already: choose one of them.", maxAnnouncementReactions)}
		}
		if err := tx.InsertAnnouncementReaction(ctx, id, name, actor, s.Now()); err != nil {
			return err
		}
		return tx.Tell(ctx, News{Kind: NewsReacted, Subject: id, Public: true, Word: name})
	})
}

// Unreact takes it back; nothing happens when there was none. ErrNotFound.
func (s *Announcements) Unreact(ctx context.Context, actor, id ID, name string) error {
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := s.current(ctx, tx, id); err != nil {
			return err
		}
		was, err := tx.DeleteAnnouncementReaction(ctx, id, name, actor)
		if err != nil || !was {
			return err
		}
		return tx.Tell(ctx, News{Kind: NewsReacted, Subject: id, Public: true, Word: name})
	})
}

// views load what belongs to as.
func (s *Announcements) views(ctx context.Context, viewer ID, as []Announcement) ([]AnnouncementView, error) {
	ids := make([]ID, len(as))
	for i, a := range as {
		ids[i] = a.ID
	}
	read, err := s.Store.ReadAnnouncements(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	reactions, err := s.Store.AnnouncementReactions(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	emojis, err := (&Reader{Store: s.Store}).emojisOf(ctx, func(name func(domain string, codes []string)) {
		for _, a := range as {
			name("", Shortcodes(a.Text))
			for _, r := range reactions[a.ID] {
				name("", Shortcodes(":"+r.Name+":"))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]AnnouncementView, len(as))
	for i, a := range as {
		v := AnnouncementView{Announcement: a, Read: read[a.ID], Reactions: reactions[a.ID], Emojis: pick(emojis, "", Shortcodes(a.Text))}
		for j, r := range v.Reactions {
			if e, ok := emojis[EmojiName{Shortcode: r.Name}]; ok {
				v.Reactions[j].Emoji = &e
			}
		}
		if err := s.named(ctx, &v); err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// named finds whom and what the text names. Nobody is looked up elsewhere.
func (s *Announcements) named(ctx context.Context, v *AnnouncementView) error {
	for _, e := range richtext.Scan(v.Text) {
		switch e.Kind {
		case richtext.Hashtag:
			v.Tags = append(v.Tags, e.Normalized)
		case richtext.Mention:
			a, err := s.Store.AccountByHandle(ctx, e.User, e.Domain)
			if err == nil {
				v.Mentions = append(v.Mentions, a)
			} else if !errors.Is(err, ErrNotFound) {
				return err
			}
		case richtext.URL:
			st, err := s.Store.StatusByURI(ctx, e.URL)
			if err == nil && st.Visibility.Distributable() {
				v.Statuses = append(v.Statuses, st)
			} else if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
	}
	return nil
}
