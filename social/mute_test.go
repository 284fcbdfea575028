package social_test

import (
	"context"
	"testing"
	"time"

	"orrery/social"
)

func TestMute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.follows(t, alice, bob)
		w.post(t, bob, "one")
		w.events(t)
		got := must(w.Mutes.Mute(ctx, alice.ID, bob.ID, false, time.Hour))(t)
		same(t, "relationship", got, social.Relationship{
			ID: bob.ID, Following: true, ShowingBoosts: true, Muting: true, MutingExpiresAt: w.Now().Add(time.Hour),
		})
		same(t, "home", w.home(t, alice), []string{})
		got = must(w.Mutes.Mute(ctx, alice.ID, bob.ID, true, 0))(t)
		equal(t, "on other terms", got.MutingNotifications && got.MutingExpiresAt.IsZero(), true)
		w.post(t, bob, "two @alice")
		same(t, "news", w.news(t, alice), []string{})
		got = must(w.Mutes.Unmute(ctx, alice.ID, bob.ID))(t)
		equal(t, "unmuted", got.Muting, false)
		must(w.Mutes.Unmute(ctx, alice.ID, bob.ID))(t)
		same(t, "what was hidden is back", w.home(t, alice), []string{"one (follow)", "two @alice (follow)"})
	})
}

func TestMute_ends_in_time(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		must(w.Mutes.Mute(ctx, alice.ID, bob.ID, true, time.Hour))(t)
		equal(t, "nothing is due yet", w.kinds(t), "")
		expire := func() bool {
			w.atomically(t, func(ctx context.Context, tx social.Tx) error {
				return social.Expire(ctx, tx, social.Event{Kind: social.MuteExpired, Actor: alice.ID, Subject: bob.ID}, w.Now())
			})
			return must(w.Reader.Relationships(ctx, alice.ID, []social.ID{bob.ID}))(t)[0].Muting
		}
		equal(t, "too early", expire(), true)
		w.clock.Advance(time.Hour)
		equal(t, "due", w.kinds(t), "mute.expired")
		equal(t, "in time", expire(), false)
		must(w.Mutes.Mute(ctx, alice.ID, bob.ID, true, 0))(t)
		equal(t, "one without an end", expire(), true)
	})
}

func TestMute_conversation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		root := w.post(t, alice, "root")
		must(w.Mutes.Conversation(ctx, alice.ID, root.ID, true))(t)
		equal(t, "the post says so", must(w.Reader.Status(ctx, alice.ID, root.ID))(t).Viewer.Muted, true)
		equal(t, "to nobody else", must(w.Reader.Status(ctx, bob.ID, root.ID))(t).Viewer.Muted, false)
		w.post(t, bob, "answer @alice", answering(root))
		must(w.Reactions.Favourite(ctx, bob.ID, root.ID))(t)
		same(t, "no news", w.news(t, alice), []string{})
		must(w.Mutes.Conversation(ctx, alice.ID, root.ID, false))(t)
		w.post(t, bob, "again @alice", answering(root))
		same(t, "news", w.news(t, alice), []string{"mention by bob: again @alice"})
		_, err := w.Mutes.Conversation(ctx, alice.ID, 42, true)
		fails(t, "of nothing", err, social.ErrNotFound)
	})
}

func TestRegards(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		equal(t, "note", must(w.Regards.Note(ctx, alice.ID, bob.ID, "tall"))(t).Note, "tall")
		equal(t, "another", must(w.Regards.Note(ctx, alice.ID, bob.ID, "very tall"))(t).Note, "very tall")
		equal(t, "none", must(w.Regards.Note(ctx, alice.ID, bob.ID, ""))(t).Note, "")
		_, err := w.Regards.Note(ctx, alice.ID, bob.ID, string(make([]byte, 2001)))
		fails(t, "a long note", err, social.ErrInvalid)
		_, err = w.Regards.Endorse(ctx, alice.ID, bob.ID)
		fails(t, "endorse a stranger", err, social.ErrInvalid)
		w.follows(t, alice, bob)
		equal(t, "endorsed", must(w.Regards.Endorse(ctx, alice.ID, bob.ID))(t).Endorsed, true)
		equal(t, "not any more", must(w.Regards.Unendorse(ctx, alice.ID, bob.ID))(t).Endorsed, false)
		must(w.Regards.Endorse(ctx, alice.ID, bob.ID))(t)
		equal(t, "shown", len(must(w.Store.Endorsements(ctx, alice.ID, social.Page{Limit: 9}))(t)), 1)
		must(w.Follows.Unfollow(ctx, alice.ID, bob.ID))(t)
		equal(t, "an endorsement ends with the follow", len(must(w.Store.Endorsements(ctx, alice.ID, social.Page{Limit: 9}))(t)), 0)
	})
}

func TestFollow_on_terms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		yes, no, languages := true, false, []string{"de", "fr"}
		got := must(w.Follows.FollowAs(ctx, alice.ID, bob.ID, social.FollowTerms{Notify: &yes}))(t)
		same(t, "new", got, social.Relationship{ID: bob.ID, Following: true, ShowingBoosts: true, Notifying: true})
		got = must(w.Follows.FollowAs(ctx, alice.ID, bob.ID, social.FollowTerms{Boosts: &no, Languages: &languages}))(t)
		same(t, "changed", got, social.Relationship{ID: bob.ID, Following: true, Notifying: true, Languages: languages})
	})
}
