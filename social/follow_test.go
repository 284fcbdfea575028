package social_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

func TestFollow_a_neighbour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.post(t, bob, "before")
		w.post(t, bob, "before, for followers", as(social.Private))
		w.events(t)
		want := social.Relationship{ID: bob.ID, Following: true, ShowingBoosts: true}
		same(t, "relationship", must(w.Follows.Follow(ctx, alice.ID, bob.ID))(t), want)
		same(t, "again", must(w.Follows.Follow(ctx, alice.ID, bob.ID))(t), want)
		if diff := cmp.Diff([]string{"before (follow)"}, w.home(t, alice)); diff != "" {
			t.Errorf("home is filled with what anybody may see (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"follow by alice"}, w.news(t, bob)); diff != "" {
			t.Errorf("notifications (-want +got):\n%s", diff)
		}
		equal(t, "followers counted", must(w.Store.AccountByID(ctx, bob.ID))(t).FollowersCount, 1)
		equal(t, "events", w.kinds(t), "")

		same(t, "unfollow", must(w.Follows.Unfollow(ctx, alice.ID, bob.ID))(t), social.Relationship{ID: bob.ID})
		same(t, "unfollow again", must(w.Follows.Unfollow(ctx, alice.ID, bob.ID))(t), social.Relationship{ID: bob.ID})
		equal(t, "home afterwards", len(w.home(t, alice)), 0)
		equal(t, "followers counted", must(w.Store.AccountByID(ctx, bob.ID))(t).FollowersCount, 0)
		equal(t, "observed", strings.Join(w.told, ", "), "alice follows bob, alice leaves bob")
		equal(t, "events", w.kinds(t), "")
	})
}

func TestFollow_refuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice := w.person(t, "alice")
		must(w.Accounts.EnsureInstanceActor(t.Context(), "alpha.test"))(t)
		for name, tt := range map[string]struct {
			target social.ID
			want   error
		}{
			"oneself": {alice.ID, social.ErrForbidden}, "the instance": {social.InstanceActorID, social.ErrForbidden}, "nobody": {42, social.ErrNotFound},
		} {
			_, err := w.Follows.Follow(t.Context(), alice.ID, tt.target)
			fails(t, name, err, tt.want)
		}
		equal(t, "observed", len(w.told), 0)
	})
}

func TestFollow_a_locked_neighbour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, carol := w.person(t, "alice"), w.person(t, "carol")
		bob := must(w.Accounts.Create(ctx, social.NewAccount{Username: "bob", Locked: true}))(t)
		w.post(t, bob, "before")
		for _, a := range []social.Account{alice, carol} {
			same(t, "asked", must(w.Follows.Follow(ctx, a.ID, bob.ID))(t), social.Relationship{ID: bob.ID, Requested: true, ShowingBoosts: true})
		}
		equal(t, "home of one who waits", len(w.home(t, alice)), 0)
		if diff := cmp.Diff([]string{"follow_request by alice", "follow_request by carol"}, w.news(t, bob)); diff != "" {
			t.Errorf("notifications (-want +got):\n%s", diff)
		}
		equal(t, "observed", len(w.told), 0)

		ok(t, w.Follows.Authorize(ctx, bob.ID, alice.ID))
		ok(t, w.Follows.Authorize(ctx, bob.ID, alice.ID))
		ok(t, w.Follows.Refuse(ctx, bob.ID, carol.ID))
		ok(t, w.Follows.Refuse(ctx, bob.ID, carol.ID))
		fails(t, "authorize one who was turned away", w.Follows.Authorize(ctx, bob.ID, carol.ID), social.ErrNotFound)
		if diff := cmp.Diff([]string{"before (follow)"}, w.home(t, alice)); diff != "" {
			t.Errorf("home of one who was let in (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"follow by alice"}, w.news(t, bob)); diff != "" {
			t.Errorf("notifications (-want +got):\n%s", diff)
		}
		equal(t, "a present follower is turned away too", w.Follows.Refuse(ctx, bob.ID, alice.ID), nil)
		same(t, "relationship", must(w.Reader.Relationships(ctx, alice.ID, []social.ID{bob.ID}))(t)[0], social.Relationship{ID: bob.ID})
		equal(t, "home", len(w.home(t, alice)), 0)
		equal(t, "observed", strings.Join(w.told, ", "), "alice follows bob, alice leaves bob")
	})
}

func TestFollow_somebody_elsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		w.arrives(t, berta, social.Status{Content: "before"})
		same(t, "relationship", must(w.Follows.Follow(ctx, alice.ID, berta.ID))(t), social.Relationship{ID: berta.ID, Requested: true, ShowingBoosts: true})
		must(w.Follows.Follow(ctx, alice.ID, berta.ID))(t)
		follow := must(w.Store.FollowBetween(ctx, alice.ID, berta.ID))(t)
		want := []social.Event{{Kind: social.FollowRequested, Actor: alice.ID, Subject: berta.ID, Object: follow.ID, URI: "https://alpha.test/follow-1", At: w.Now()}}
		if diff := cmp.Diff(want, w.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}

		accept := func() (r social.Received, first bool) {
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				f, err := tx.FollowByURI(ctx, follow.URI)
				if err != nil {
					return err
				}
				r, first, err = w.Follows.ReceiveAccept(ctx, tx, f)
				return err
			})
			return r, first
		}
		r, first := accept()
		equal(t, "accepted", r, social.Established)
		equal(t, "first of this instance", first, true)
		r, _ = accept()
		equal(t, "accepted again", r, social.Ignored)
		if diff := cmp.Diff([]string{"before (follow)"}, w.home(t, alice)); diff != "" {
			t.Errorf("home (-want +got):\n%s", diff)
		}
		bob := w.person(t, "bob")
		must(w.Follows.Follow(ctx, bob.ID, berta.ID))(t)
		follow = must(w.Store.FollowBetween(ctx, bob.ID, berta.ID))(t)
		_, first = accept()
		equal(t, "bob is not the first", first, false)
		w.events(t)

		must(w.Follows.Unfollow(ctx, alice.ID, berta.ID))(t)
		equal(t, "events", w.kinds(t), "follow.removed")
		equal(t, "observed", strings.Join(w.told, ", "), "alice follows berta@beta.test, bob follows berta@beta.test, alice leaves berta@beta.test")
	})
}

// federation.md §4.7: a refused request is dropped; a follow that held is ended and taken back.
func TestReceiveReject(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		reject := func() (r social.Received) {
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				f, err := tx.FollowBetween(ctx, alice.ID, berta.ID)
				if err != nil {
					return err
				}
				r, err = w.Follows.ReceiveReject(ctx, tx, f)
				return err
			})
			return r
		}
		must(w.Follows.Follow(ctx, alice.ID, berta.ID))(t)
		w.events(t)
		equal(t, "a request", reject(), social.Ended)
		equal(t, "events", w.kinds(t), "")
		equal(t, "observed", len(w.told), 0)
		w.follows(t, alice, berta)
		w.arrives(t, berta, social.Status{Content: "hello"})
		equal(t, "home", len(w.home(t, alice)), 1)
		equal(t, "a follow", reject(), social.Ended)
		equal(t, "events", w.kinds(t), "follow.removed")
		equal(t, "home afterwards", len(w.home(t, alice)), 0)
		equal(t, "observed", strings.Join(w.told, ", "), "alice leaves berta@beta.test")
	})
}

// federation.md §4.6 and rows 122 to 127.
func TestReceive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, berta, blaine := w.person(t, "alice"), w.stranger(t, "berta"), w.stranger(t, "blaine")
		locked := must(w.Accounts.Create(ctx, social.NewAccount{Username: "locked", Locked: true}))(t)
		instance := must(w.Accounts.EnsureInstanceActor(ctx, "alpha.test"))(t)
		receive := func(from, to social.Account, uri string) (r social.Received) {
			w.tick()
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				r, err = w.Follows.Receive(ctx, tx, from, to, uri)
				return err
			})
			return r
		}
		uris := func() string {
			var out []string
			for _, e := range w.events(t) {
				out = append(out, string(e.Kind)+" "+e.URI)
			}
			return strings.Join(out, ", ")
		}
		equal(t, "122: unlocked", receive(berta, alice, "https://beta.test/f/1"), social.Established)
		equal(t, "events", uris(), "follow.accepted https://beta.test/f/1")
		equal(t, "124: again", receive(berta, alice, "https://beta.test/f/2"), social.Known)
		equal(t, "events", uris(), "follow.accepted https://beta.test/f/2")
		equal(t, "123: locked", receive(berta, locked, "https://beta.test/f/3"), social.Waiting)
		equal(t, "125: again", receive(berta, locked, "https://beta.test/f/4"), social.StillWaiting)
		equal(t, "events", uris(), "")
		equal(t, "127: the instance actor", receive(berta, instance, "https://beta.test/f/5"), social.Refused)
		equal(t, "events", uris(), "follow.rejected https://beta.test/f/5")
		if diff := cmp.Diff([]string{"follow by berta@beta.test"}, w.news(t, alice)); diff != "" {
			t.Errorf("alice's notifications (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"follow_request by berta@beta.test"}, w.news(t, locked)); diff != "" {
			t.Errorf("the locked one's notifications (-want +got):\n%s", diff)
		}

		ok(t, w.Follows.Authorize(ctx, locked.ID, berta.ID))
		equal(t, "events name the newest id", uris(), "follow.accepted https://beta.test/f/4")
		receive(blaine, locked, "https://beta.test/f/6")
		ok(t, w.Follows.Refuse(ctx, locked.ID, blaine.ID))
		equal(t, "events", uris(), "follow.rejected https://beta.test/f/6")

		undo := func() (r social.Received) {
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				r, err = w.Follows.ReceiveUndo(ctx, tx, berta, alice)
				return err
			})
			return r
		}
		equal(t, "undo", undo(), social.Ended)
		equal(t, "undo again", undo(), social.Ignored)
		equal(t, "events", uris(), "")
		equal(t, "followers counted", must(w.Store.AccountByID(ctx, alice.ID))(t).FollowersCount, 0)
		equal(t, "observed", strings.Join(w.told, ", "), "berta@beta.test follows alice, berta@beta.test follows locked, berta@beta.test leaves alice")
	})
}
