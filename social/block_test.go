package social_test

import (
	"context"
	"testing"

	"orrery/social"
)

func TestBlock_a_neighbour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.follows(t, alice, bob)
		w.follows(t, bob, alice)
		w.post(t, bob, "hello")
		w.post(t, bob, "hello @alice")
		same(t, "before", w.home(t, alice), []string{"hello (follow)", "hello @alice (follow)"})

		got := must(w.Blocks.Block(ctx, alice.ID, bob.ID))(t)
		same(t, "relationship", got, social.Relationship{ID: bob.ID, Blocking: true})
		same(t, "blocked again", must(w.Blocks.Block(ctx, alice.ID, bob.ID))(t), got)
		same(t, "home", w.home(t, alice), []string{})
		same(t, "news", w.news(t, alice), []string{})
		same(t, "from the other side", must(w.Reader.Relationships(ctx, bob.ID, []social.ID{alice.ID}))(t)[0], social.Relationship{ID: alice.ID, BlockedBy: true})
		_, err := w.Follows.Follow(ctx, bob.ID, alice.ID)
		fails(t, "follow a blocker", err, social.ErrForbidden)
		_, err = w.Follows.Follow(ctx, alice.ID, bob.ID)
		fails(t, "follow whom one blocks", err, social.ErrForbidden)
		same(t, "oneself", must(w.Blocks.Block(ctx, alice.ID, alice.ID))(t), social.Relationship{ID: alice.ID})

		same(t, "unblocked", must(w.Blocks.Unblock(ctx, alice.ID, bob.ID))(t), social.Relationship{ID: bob.ID})
		same(t, "unblocked again", must(w.Blocks.Unblock(ctx, alice.ID, bob.ID))(t), social.Relationship{ID: bob.ID})
		equal(t, "told others", w.kinds(t), "status.published status.published")
		same(t, "edges", w.told, []string{"alice follows bob", "bob follows alice", "alice leaves bob", "bob leaves alice"})
	})
}

func TestBlock_somebody_elsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		w.follows(t, alice, berta)
		w.follows(t, berta, alice)
		must(w.Blocks.Block(ctx, alice.ID, berta.ID))(t)
		must(w.Blocks.Unblock(ctx, alice.ID, berta.ID))(t)
		var uris []string
		for i, e := range w.events(t) {
			want := []social.EventKind{social.FollowRemoved, social.FollowRejected, social.BlockAdded, social.BlockRemoved}[i]
			if e.Kind != want || e.Actor != alice.ID || e.Subject != berta.ID {
				t.Errorf("event %d: got %+v, want %s by alice to berta", i, e, want)
			}
			uris = append(uris, e.URI)
		}
		equal(t, "the Undo names the Block", uris[2], uris[3])
		equal(t, "who did not ask is told nothing", w.kinds(t), "")
	})
}

func TestReceiveBlock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		w.follows(t, alice, berta)
		w.follows(t, berta, alice)
		receive := func(uri string, takenBack bool) (r social.Received) {
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				r, err = w.Blocks.Receive(ctx, tx, berta, alice, uri, takenBack)
				return err
			})
			return r
		}
		equal(t, "first", receive("https://beta.test/b/1", false), social.Established)
		equal(t, "told", w.kinds(t), "follow.rejected follow.removed")
		equal(t, "again", receive("https://beta.test/b/2", false), social.Known)
		_, err := w.Store.BlockByURI(t.Context(), "https://beta.test/b/2")
		ok(t, err)
		w.atomically(t, func(ctx context.Context, tx social.Tx) error {
			r, err := w.Blocks.ReceiveUndo(ctx, tx, berta.ID, alice.ID)
			equal(t, "taken back", r, social.Ended)
			return err
		})
		w.follows(t, alice, berta)
		receive("https://beta.test/b/3", true)
		equal(t, "one whose end came first ends follows", w.kinds(t), "follow.removed")
		_, err = w.Store.BlockBetween(t.Context(), berta.ID, alice.ID)
		fails(t, "and is not kept", err, social.ErrNotFound)

		must(w.Follows.Follow(t.Context(), alice.ID, berta.ID))(t)
		w.kinds(t)
		receive("https://beta.test/b/4", false)
		equal(t, "a request just goes", w.kinds(t), "")
	})
}

func TestBlockDomain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, berta, carl := w.person(t, "alice"), w.person(t, "bob"), w.stranger(t, "berta"), w.stranger(t, "carl")
		w.follows(t, alice, berta)
		w.follows(t, alice, bob)
		w.follows(t, carl, alice)
		w.arrives(t, berta, social.Status{Content: "from beta"})
		theirs := w.arrives(t, carl, social.Status{Content: "for alice", Mentions: []social.Mention{{AccountID: alice.ID}}})
		must(w.Statuses.Boost(ctx, bob.ID, theirs.ID, ""))(t)
		same(t, "before", w.home(t, alice), []string{"from beta (follow)", "for alice (boost:bob)"})
		w.events(t)
		ok(t, w.Blocks.BlockDomain(ctx, alice.ID, " BETA.test "))
		ok(t, w.Blocks.BlockDomain(ctx, alice.ID, "beta.test"))
		same(t, "home", w.home(t, alice), []string{})
		same(t, "news", w.news(t, alice), []string{})
		equal(t, "told", w.kinds(t), "follow.removed follow.rejected")
		rels := must(w.Reader.Relationships(ctx, alice.ID, []social.ID{berta.ID, bob.ID}))(t)
		equal(t, "berta's domain is blocked", rels[0].DomainBlocking && !rels[0].Following, true)
		equal(t, "bob's is not", rels[1].DomainBlocking, false)
		_, err := w.Follows.Follow(ctx, alice.ID, berta.ID)
		fails(t, "follow there", err, social.ErrForbidden)
		w.atomically(t, func(ctx context.Context, tx social.Tx) error {
			r, err := w.Follows.Receive(ctx, tx, carl, alice, "https://beta.test/f/1")
			equal(t, "a follow from there", r, social.RefusedBlocked)
			return err
		})
		for _, bad := range []string{"", "a b", "@x", "https://beta.test/"} {
			fails(t, bad, w.Blocks.BlockDomain(ctx, alice.ID, bad), social.ErrInvalid)
		}
		ok(t, w.Blocks.UnblockDomain(ctx, alice.ID, "beta.test"))
		ok(t, w.Blocks.UnblockDomain(ctx, alice.ID, "beta.test"))
		equal(t, "none left", len(must(w.Store.UserDomainBlocks(ctx, alice.ID, social.Page{Limit: 9}))(t)), 0)
	})
}

// What a block hides, through every way of reading and reacting (federation.md §10.3, §10.4).
func TestBlock_hides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, carol, berta := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carol"), w.stranger(t, "berta")
		post := w.post(t, alice, "by alice")
		named := w.post(t, alice, "to @bob", as(social.Direct))
		answer := w.post(t, carol, "by carol", answering(post))
		boost := must(w.Statuses.Boost(ctx, carol.ID, post.ID, ""))(t)
		must(w.Blocks.Block(ctx, alice.ID, bob.ID))(t)
		must(w.Blocks.Block(ctx, alice.ID, berta.ID))(t)
		sees := func(viewer social.Account, id social.ID) bool {
			_, err := w.Reader.Status(ctx, viewer.ID, id)
			return err == nil
		}
		for _, tt := range []struct {
			name   string
			viewer social.Account
			id     social.ID
			want   bool
		}{
			{"the blocked person, a public post", bob, post.ID, false},
			{"the blocked person, a boost of it", bob, boost.ID, false},
			{"the blocked person, an older message to them", bob, named.ID, true},
			{"the blocked person, an answer by somebody else", bob, answer.ID, true},
			{"a blocked person elsewhere", berta, post.ID, false},
			{"anybody", social.Account{}, post.ID, true},
			{"somebody else", carol, post.ID, true},
			{"the author", alice, post.ID, true},
		} {
			equal(t, tt.name, sees(tt.viewer, tt.id), tt.want)
		}
		v := must(w.Reader.Status(ctx, bob.ID, answer.ID))(t)
		equal(t, "what is answered", v.Parent.Source, "")
		_, err := w.Reactions.Favourite(ctx, bob.ID, post.ID)
		fails(t, "like", err, social.ErrNotFound)
		_, err = w.Statuses.Publish(ctx, bob.ID, social.Draft{Text: "no", ReplyTo: post.ID})
		fails(t, "answer", err, social.ErrNotFound)
		equal(t, "profile", len(must(w.Reader.AccountTimeline(ctx, bob.ID, alice.ID, social.AccountFilter{}, social.Page{Limit: 9}))(t)), 0)

		theirs := w.post(t, bob, "by bob @alice")
		same(t, "who is blocked tells the blocker nothing", w.news(t, alice), []string{"reblog by carol: by alice"})
		_, err = w.Reactions.Favourite(ctx, alice.ID, theirs.ID)
		fails(t, "like whom one blocks", err, social.ErrForbidden)
		_, err = w.Statuses.Boost(ctx, alice.ID, theirs.ID, "")
		fails(t, "boost whom one blocks", err, social.ErrForbidden)
	})
}

// Public lists leave out whom the viewer blocks, mutes, or whose domain they block, and who blocks them.
func TestTimelines_leave_out_the_unwanted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, carol, dave, berta := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carol"), w.person(t, "dave"), w.stranger(t, "berta")
		root := w.post(t, alice, "root #go")
		for _, a := range []social.Account{bob, carol, dave} {
			w.post(t, a, "public #go")
			w.post(t, a, "answer", answering(root))
		}
		w.arrives(t, berta, social.Status{Content: "public", Tags: []string{"go"}})
		must(w.Blocks.Block(ctx, alice.ID, bob.ID))(t)
		must(w.Mutes.Mute(ctx, alice.ID, carol.ID, true, 0))(t)
		ok(t, w.Blocks.BlockDomain(ctx, alice.ID, "beta.test"))
		page := social.Page{Limit: 40}
		count := func(viewer social.Account) [3]int {
			public := must(w.Store.PublicTimeline(ctx, viewer.ID, social.PublicFilter{}, page))(t)
			tagged := must(w.Store.TagTimeline(ctx, viewer.ID, social.TagFilter{Any: []string{"go"}}, page))(t)
			_, down, err := w.Reader.Thread(ctx, viewer.ID, root.ID)
			ok(t, err)
			return [3]int{len(public), len(tagged), len(down)}
		}
		equal(t, "alice: public, tag, answers", count(alice), [3]int{2, 2, 1})
		equal(t, "bob, whom alice blocks", count(bob), [3]int{4, 4, 3})
		equal(t, "dave", count(dave), [3]int{5, 5, 3})
		equal(t, "anybody", count(social.Account{}), [3]int{5, 5, 3})
	})
}
