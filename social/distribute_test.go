package social_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

// federation.md §10.2, the home filter. reader follows author; bob and carol are two others.
func TestDistribute_home(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		reader, author, bob, carol := w.person(t, "reader"), w.person(t, "author"), w.person(t, "bob"), w.person(t, "carol")
		w.follows(t, reader, author)
		w.follows(t, reader, bob)
		w.follows(t, carol, bob)

		bobs := w.post(t, bob, "bob's post")
		carols := w.post(t, carol, "carol's post")
		mine := w.post(t, reader, "reader's post")
		w.post(t, author, "public")
		w.post(t, author, "unlisted", as(social.Unlisted))
		w.post(t, author, "private", as(social.Private))
		w.post(t, author, "direct to bob @bob", as(social.Direct))
		w.post(t, author, "direct to me @reader", as(social.Direct))
		w.post(t, author, "reply to bob, whom reader follows", answering(bobs))
		toCarol := w.post(t, author, "reply to carol, whom reader does not follow", answering(carols))
		w.post(t, author, "reply to reader", answering(mine))
		w.post(t, author, "more to carol below it", answering(toCarol))
		thread := w.post(t, author, "thread 1")
		w.post(t, author, "thread 2", answering(thread))
		w.post(t, carol, "@reader from somebody not followed")

		want := []string{
			"bob's post (follow)", "reader's post (self)", "public (follow)", "unlisted (follow)", "private (follow)", "direct to me @reader (follow)",
			"reply to bob, whom reader follows (follow)", "reply to reader (follow)", "thread 1 (follow)", "thread 2 (follow)",
		}
		if diff := cmp.Diff(want, w.home(t, reader)); diff != "" {
			t.Errorf("reader's home (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"bob's post (follow)", "carol's post (self)", "@reader from somebody not followed (self)"}, w.home(t, carol)); diff != "" {
			t.Errorf("carol's home (-want +got):\n%s", diff)
		}
	})
}

// Posts from elsewhere go the same way; a parent that nobody here knows hides the reply.
func TestDistribute_what_arrives(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		reader, other, berta := w.person(t, "reader"), w.person(t, "other"), w.stranger(t, "berta")
		w.follows(t, reader, berta)
		w.follows(t, other, berta)
		w.arrives(t, berta, social.Status{Content: "hello"})
		w.arrives(t, berta, social.Status{Content: "for followers", Visibility: social.Private})
		w.arrives(t, berta, social.Status{Content: "to an unknown post", ReplyToURI: "https://gamma.test/1"})
		w.arrives(t, berta, social.Status{Content: "direct", Visibility: social.Direct, Mentions: []social.Mention{{AccountID: reader.ID}}})
		w.arrives(t, berta, social.Status{Content: "silently", Visibility: social.Limited, Mentions: []social.Mention{{AccountID: reader.ID, Silent: true}}})
		if diff := cmp.Diff([]string{"hello (follow)", "for followers (follow)", "direct (follow)", "silently (follow)"}, w.home(t, reader)); diff != "" {
			t.Errorf("reader's home (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"hello (follow)", "for followers (follow)"}, w.home(t, other)); diff != "" {
			t.Errorf("the other's home (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"mention by berta@beta.test: direct"}, w.news(t, reader)); diff != "" {
			t.Errorf("notifications: those named, not those addressed in silence (-want +got):\n%s", diff)
		}
	})
}

func TestDistribute_of_a_post_nobody_here_follows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		w.arrives(t, berta, social.Status{Content: "hi @alice", Mentions: []social.Mention{{AccountID: alice.ID}}})
		equal(t, "home", len(w.home(t, alice)), 0)
		if diff := cmp.Diff([]string{"mention by berta@beta.test: hi @alice"}, w.news(t, alice)); diff != "" {
			t.Errorf("notifications (-want +got):\n%s", diff)
		}
	})
}

// federation.md §10.2: a boost is left out where the post is among the newest entries already.
func TestDistribute_boosts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Statuses.BoostFallOff = 3
		reader, alice, bob, berta := w.person(t, "reader"), w.person(t, "alice"), w.person(t, "bob"), w.stranger(t, "berta")
		for _, a := range []social.Account{alice, bob} {
			w.follows(t, reader, a)
		}
		boosts := func(by social.Account, s social.Status) {
			w.tick()
			must(w.Statuses.Boost(t.Context(), by.ID, s.ID, ""))(t)
		}
		elsewhere := w.arrives(t, berta, social.Status{Content: "elsewhere"})
		boosts(alice, elsewhere)
		boosts(bob, elsewhere) // reader has it
		own := w.post(t, bob, "bob's")
		boosts(alice, own) // reader has it as a post
		w.post(t, bob, "1")
		w.post(t, bob, "2")
		w.post(t, bob, "3")
		boosts(reader, elsewhere) // long ago now
		boosts(alice, own)        // twice: the boost exists, nothing new
		want := []string{"elsewhere (boost:alice)", "bob's (follow)", "1 (follow)", "2 (follow)", "3 (follow)", "elsewhere (self)"}
		if diff := cmp.Diff(want, w.home(t, reader)); diff != "" {
			t.Errorf("reader's home (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"elsewhere (self)", "bob's (self)"}, w.home(t, alice)); diff != "" {
			t.Errorf("alice's home (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"elsewhere (self)", "bob's (self)", "1 (self)", "2 (self)", "3 (self)"}, w.home(t, bob)); diff != "" {
			t.Errorf("bob's home (-want +got):\n%s", diff)
		}
	})
}

// A boost that was left out of the homes of others is left out of the booster's own too.
func TestDistribute_own_boost_of_what_is_at_home(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.follows(t, alice, bob)
		s := w.post(t, bob, "hello")
		must(w.Statuses.Boost(t.Context(), alice.ID, s.ID, ""))(t)
		if diff := cmp.Diff([]string{"hello (follow)"}, w.home(t, alice)); diff != "" {
			t.Errorf("alice's home (-want +got):\n%s", diff)
		}
	})
}

func TestReceiveBoost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, reader, berta := w.person(t, "alice"), w.person(t, "reader"), w.stranger(t, "berta")
		w.follows(t, reader, berta)
		s := w.post(t, alice, "hello")
		receive := func(uri string) (fresh bool) {
			w.tick()
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				b := social.Status{ID: w.Statuses.NewID(), URI: uri, AccountID: berta.ID, BoostOfID: s.ID, Visibility: social.Public, CreatedAt: w.Now()}
				fresh, err = w.Statuses.ReceiveBoost(ctx, tx, berta, b, s)
				return err
			})
			return fresh
		}
		w.events(t)
		equal(t, "the first time", receive("https://beta.test/a/1"), true)
		equal(t, "the same again", receive("https://beta.test/a/1"), false)
		equal(t, "row 107: another id", receive("https://beta.test/a/2"), false)
		if diff := cmp.Diff([]string{"reblog by berta@beta.test: hello"}, w.news(t, alice)); diff != "" {
			t.Errorf("notifications (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"hello (boost:berta@beta.test)"}, w.home(t, reader)); diff != "" {
			t.Errorf("reader's home (-want +got):\n%s", diff)
		}
		equal(t, "boosts counted", must(w.Store.StatusByID(t.Context(), s.ID))(t).BoostsCount, 1)
		equal(t, "what came is not told on", w.kinds(t), "")
	})
}
