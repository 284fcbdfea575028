package social_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

// Who sees what, through every way of reading (federation.md §10.4).
func TestReader_shows_nobody_more_than_they_may_see(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, follower, asking, named, stranger := w.person(t, "alice"), w.person(t, "follower"), w.person(t, "asking"), w.person(t, "named"), w.person(t, "stranger")
		w.follows(t, follower, alice)
		ok(t, w.Store.InsertFollow(ctx, social.Follow{ID: 1, AccountID: asking.ID, TargetID: alice.ID, URI: "https://alpha.test/f", Pending: true, CreatedAt: w.Now()}))
		var ids []social.ID
		for _, v := range []social.Visibility{social.Public, social.Unlisted, social.Private, social.Direct} {
			ids = append(ids, w.post(t, alice, string(v)+" @named", as(v)).ID)
		}
		for _, tt := range []struct {
			name   string
			viewer social.ID
			want   []string
		}{
			{"anybody", 0, []string{"public", "unlisted"}},
			{"a stranger", stranger.ID, []string{"public", "unlisted"}},
			{"one who asked to follow", asking.ID, []string{"public", "unlisted"}},
			{"a follower", follower.ID, []string{"public", "unlisted", "private"}},
			{"one who is named", named.ID, []string{"public", "unlisted", "private", "direct"}},
			{"the author", alice.ID, []string{"public", "unlisted", "private", "direct"}},
		} {
			see := func(what string, views []social.StatusView, err error, turned bool) {
				ok(t, err)
				got := []string{}
				for _, v := range views {
					got = append(got, strings.TrimSuffix(v.Status.Source, " @named"))
				}
				if turned {
					for i, j := 0, len(got)-1; i < j; i, j = i+1, j-1 {
						got[i], got[j] = got[j], got[i]
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s, %s (-want +got):\n%s", tt.name, what, diff)
				}
			}
			views, err := w.Reader.Statuses(ctx, tt.viewer, ids)
			see("by id", views, err, false)
			views, err = w.Reader.AccountTimeline(ctx, tt.viewer, alice.ID, social.AccountFilter{}, social.Page{Limit: 20})
			see("on the profile", views, err, true)
		}
	})
}

func TestReader_keeps_the_order_it_was_asked_for(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice := w.person(t, "alice")
		a, b, c := w.post(t, alice, "a"), w.post(t, alice, "b"), w.post(t, alice, "c")
		views := must(w.Reader.Statuses(t.Context(), 0, []social.ID{b.ID, 42, c.ID, a.ID}))(t)
		got := ""
		for _, v := range views {
			got += v.Status.Source
		}
		equal(t, "order", got, "bca")
	})
}

// A reply to a hidden post may be seen; of what it answers only the addresses are told.
func TestReader_never_leaks_a_hidden_parent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, carol, named := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carol"), w.person(t, "named")
		w.follows(t, bob, alice)
		w.follows(t, carol, bob)
		const secret = "SECRET"
		parent := w.post(t, alice, secret+" @named", as(social.Private), func(d *social.Draft) { d.SpoilerText = secret })
		reply := w.post(t, bob, "reply", answering(parent))
		boost := must(w.Statuses.Boost(ctx, carol.ID, reply.ID, ""))(t)
		for _, tt := range []struct {
			name   string
			viewer social.ID
			sees   bool
		}{{"anybody", 0, false}, {"carol, who follows only bob", carol.ID, false}, {"bob, a follower", bob.ID, true}, {"one who is named", named.ID, true}, {"the author", alice.ID, true}} {
			for _, id := range []social.ID{reply.ID, boost.ID} {
				v := must(w.Reader.Status(ctx, tt.viewer, id))(t)
				p := v.Proper().Parent
				if p == nil || p.ID != parent.ID || p.URI != parent.URI {
					t.Fatalf("%s: got the parent %+v, want its addresses", tt.name, p)
				}
				equal(t, tt.name+" sees the parent", strings.Contains(fmt.Sprintf("%+v", *p), secret), tt.sees)
			}
			up, _, err := w.Reader.Thread(ctx, tt.viewer, reply.ID)
			ok(t, err)
			equal(t, tt.name+" sees it in the thread", len(up) == 1, tt.sees)
		}
	})
}

func TestReader_hides_the_boost_of_what_is_hidden(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, stranger, follower := w.person(t, "alice"), w.person(t, "stranger"), w.person(t, "follower")
		w.follows(t, follower, alice)
		hidden := w.post(t, alice, "for followers", as(social.Private))
		// A public boost of it cannot be made here; somebody elsewhere may claim one.
		b := social.Status{ID: w.Statuses.NewID(), URI: "https://beta.test/a", AccountID: w.stranger(t, "berta").ID, BoostOfID: hidden.ID, Visibility: social.Public, CreatedAt: w.Now()}
		ok(t, w.Store.InsertStatus(ctx, b))
		_, err := w.Reader.Status(ctx, stranger.ID, b.ID)
		fails(t, "a stranger", err, social.ErrNotFound)
		_, err = w.Reader.Status(ctx, 0, b.ID)
		fails(t, "anybody", err, social.ErrNotFound)
		equal(t, "a follower", text(must(w.Reader.Status(ctx, follower.ID, b.ID))(t)), "for followers")
	})
}

func TestReader_Thread(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		root := w.post(t, alice, "root")
		one := w.post(t, bob, "one", answering(root))
		two := w.post(t, alice, "two", answering(root))
		deeper := w.post(t, alice, "one.one", answering(one))
		w.post(t, bob, "hidden @bob", answering(one), as(social.Direct))
		up, down, err := w.Reader.Thread(t.Context(), 0, deeper.ID)
		ok(t, err)
		equal(t, "above", len(up), 2)
		equal(t, "the root comes first", up[0].Status.ID, root.ID)
		equal(t, "below", len(down), 0)
		_, down, err = w.Reader.Thread(t.Context(), 0, root.ID)
		ok(t, err)
		var got []social.ID
		for _, v := range down {
			got = append(got, v.Status.ID)
		}
		if diff := cmp.Diff([]social.ID{one.ID, deeper.ID, two.ID}, got); diff != "" {
			t.Errorf("below, depth first (-want +got):\n%s", diff)
		}
		got = nil
		for _, v := range social.Promoted(down) {
			got = append(got, v.Status.ID)
		}
		if diff := cmp.Diff([]social.ID{two.ID, one.ID, deeper.ID}, got); diff != "" {
			t.Errorf("what alice answers herself comes first (-want +got):\n%s", diff)
		}
		last := root
		for range 25 {
			last = w.post(t, bob, "deep", answering(last))
		}
		for viewer, want := range map[social.ID]int{0: 23, bob.ID: 29} { // bob sees his direct post, too
			_, down, err = w.Reader.Thread(t.Context(), viewer, root.ID)
			ok(t, err)
			equal(t, "below, by depth", len(down), want)
		}
	})
}

func TestReader_Notifications_leave_out_what_is_gone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		first := w.post(t, bob, "@alice first")
		w.post(t, bob, "@alice second", as(social.Private))
		w.follows(t, bob, alice)
		if diff := cmp.Diff([]string{"mention by bob: @alice first", "mention by bob: @alice second", "follow by bob"}, w.news(t, alice)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		ok(t, w.Statuses.Delete(ctx, bob.ID, first.ID))
		if diff := cmp.Diff([]string{"mention by bob: @alice second", "follow by bob"}, w.news(t, alice)); diff != "" {
			t.Errorf("after the deletion (-want +got):\n%s", diff)
		}
		only := must(w.Reader.Notifications(ctx, alice.ID, social.NotificationFilter{Types: []social.NotificationType{social.NotifyFollow}}, social.Page{Limit: 9}))(t)
		equal(t, "of one type", len(only), 1)
	})
}

func TestReader_Relationships(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, carol, dave, berta := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carol"), w.person(t, "dave"), w.stranger(t, "berta")
		w.follows(t, alice, bob)
		w.follows(t, bob, alice)
		w.follows(t, carol, alice)
		must(w.Follows.Follow(ctx, alice.ID, berta.ID))(t)
		want := []social.Relationship{
			{ID: berta.ID, Requested: true, ShowingBoosts: true}, {ID: dave.ID}, {ID: bob.ID, Following: true, ShowingBoosts: true, FollowedBy: true}, {ID: carol.ID, FollowedBy: true}, {ID: 42}, {ID: alice.ID},
		}
		got := must(w.Reader.Relationships(ctx, alice.ID, []social.ID{berta.ID, dave.ID, bob.ID, carol.ID, 42, alice.ID}))(t)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in the order asked for (-want +got):\n%s", diff)
		}
	})
}

// However long the page, the number of queries stays the same.
func TestReader_asks_a_constant_number_of_questions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, berta := w.person(t, "alice"), w.person(t, "bob"), w.stranger(t, "berta")
		w.follows(t, alice, bob)
		var ids []social.ID
		for range 40 { // each a boost of a reply with a mention and a tag
			parent := w.arrives(t, berta, social.Status{Content: "parent :cat:"})
			reply := w.post(t, bob, "@alice #tag", answering(parent))
			w.tick()
			ids = append(ids, must(w.Statuses.Boost(ctx, bob.ID, reply.ID, ""))(t).ID)
		}
		count := func(viewer social.ID, ids []social.ID) int {
			tx := &counting{to: w.Store}
			views, err := (&social.Reader{Store: tx}).Statuses(ctx, viewer, ids)
			ok(t, err)
			equal(t, "views", len(views), len(ids))
			return tx.queries
		}
		for _, viewer := range []social.ID{0, alice.ID} {
			one, forty := count(viewer, ids[:1]), count(viewer, ids)
			if one != forty || forty > 18 {
				t.Errorf("viewer %d: got %d queries for one and %d for forty, want the same, at most 18", viewer, one, forty)
			}
		}
		equal(t, "queries for nothing", count(alice.ID, nil), 0)
	})
}

// counting forwards and counts the questions that a reader may ask. Any other would be a call of a nil Tx, which panics,
// so none can go uncounted.
type counting struct {
	social.Tx
	to      social.Tx
	queries int
}

func (c *counting) Quotes(ctx context.Context, ids []social.ID) (map[social.ID]social.Quote, error) {
	c.queries++
	return c.to.Quotes(ctx, ids)
}

func (c *counting) StatusesWithParts(ctx context.Context, ids []social.ID) (map[social.ID]social.Status, map[social.ID]social.Parts, error) {
	c.queries++
	return c.to.StatusesWithParts(ctx, ids)
}

func (c *counting) AccountsByID(ctx context.Context, ids []social.ID) (map[social.ID]social.Account, error) {
	c.queries++
	return c.to.AccountsByID(ctx, ids)
}

func (c *counting) Mentions(ctx context.Context, ids []social.ID) (map[social.ID][]social.Mention, error) {
	c.queries++
	return c.to.Mentions(ctx, ids)
}

func (c *counting) Tags(ctx context.Context, ids []social.ID) (map[social.ID][]string, error) {
	c.queries++
	return c.to.Tags(ctx, ids)
}

func (c *counting) Polls(ctx context.Context, ids []social.ID) (map[social.ID]social.Poll, error) {
	c.queries++
	return c.to.Polls(ctx, ids)
}

func (c *counting) Marks(ctx context.Context, account social.ID, ids []social.ID) (map[social.ID]social.Marks, bool, error) {
	c.queries++
	return c.to.Marks(ctx, account, ids)
}

func (c *counting) Filters(ctx context.Context, owner social.ID) ([]social.Filter, error) {
	c.queries++
	return c.to.Filters(ctx, owner)
}

func (c *counting) Relationships(ctx context.Context, account social.ID, others []social.ID) (map[social.ID]social.Relationship, error) {
	c.queries++
	return c.to.Relationships(ctx, account, others)
}

func (c *counting) Attachments(ctx context.Context, ids []social.ID) (map[social.ID][]social.Attachment, error) {
	c.queries++
	return c.to.Attachments(ctx, ids)
}

func (c *counting) Emojis(ctx context.Context, names []social.EmojiName) (map[social.EmojiName]social.Emoji, error) {
	c.queries++
	return c.to.Emojis(ctx, names)
}

func TestReader_dresses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		berta, carla := w.stranger(t, "berta"), w.stranger(t, "carla")
		berta.DisplayName = "Berta :cat:"
		berta.Fields = []social.Field{{Name: "pet", Value: ":dog:"}}
		ok(t, w.Store.UpdateAccount(ctx, berta))
		ok(t, w.Store.SetMoved(ctx, berta.ID, carla.ID, w.clock.Now()))
		for i, e := range []social.EmojiName{{Domain: berta.Domain, Shortcode: "cat"}, {Domain: berta.Domain, Shortcode: "dog"}, {Shortcode: "fox"}} {
			ok(t, w.Store.PutEmoji(ctx, social.Emoji{ID: social.ID(i + 1), Domain: e.Domain, Shortcode: e.Shortcode}))
		}
		s := w.arrives(t, berta, social.Status{Content: "<p>:dog: :fox:</p>", SpoilerText: ":cat:"})
		ok(t, w.Store.InsertAttachment(ctx, social.Attachment{ID: 7, AccountID: berta.ID, StatusID: s.ID, Kind: social.MediaImage}))
		v := must(w.Reader.Status(ctx, 0, s.ID))(t)
		codes := func(es []social.Emoji) (out []string) {
			for _, e := range es {
				out = append(out, e.Domain+":"+e.Shortcode)
			}
			return out
		}
		want := []string{berta.Domain + ":dog", berta.Domain + ":cat"}
		if diff := cmp.Diff(want, codes(v.Emojis)); diff != "" {
			t.Errorf("of the post: its author's server's only (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{want[1], want[0]}, codes(v.Author.Emojis)); diff != "" {
			t.Errorf("of the author (-want +got):\n%s", diff)
		}
		if v.Author.Moved == nil || v.Author.Moved.ID != carla.ID {
			t.Errorf("moved to %v, want carla", v.Author.Moved)
		}
		equal(t, "attachments", len(v.Attachments), 1)
	})
}

func (c *counting) Cards(ctx context.Context, ids []social.ID) (map[social.ID]social.Card, error) {
	c.queries++
	return c.to.Cards(ctx, ids)
}
