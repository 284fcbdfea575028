package social_test

import (
	"context"
	"testing"
	"time"

	"orrery/social"
)

// The filter of homes, one case a line (federation.md §10.2). alice follows bob, who is in none of her lists unless the case
// says so; carol is whom bob answers, names or boosts.
func TestHome_filter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		yes, no := true, false
		type company struct{ alice, bob, carol, berta social.Account }
		languages := func(codes ...string) func(company) {
			return func(c company) {
				must(w.Follows.FollowAs(ctx, c.alice.ID, c.bob.ID, social.FollowTerms{Languages: &codes}))(t)
			}
		}
		list := func(exclusive bool) func(company) {
			return func(c company) {
				l := must(w.Lists.Create(ctx, c.alice.ID, social.List{Title: "friends", Exclusive: exclusive}))(t)
				ok(t, w.Lists.Add(ctx, c.alice.ID, l.ID, []social.ID{c.bob.ID}))
			}
		}
		both := func(fs ...func(company)) func(company) {
			return func(c company) {
				for _, f := range fs {
					f(c)
				}
			}
		}
		blockCarol := func(c company) { must(w.Blocks.Block(ctx, c.alice.ID, c.carol.ID))(t) }
		muteCarol := func(c company) { must(w.Mutes.Mute(ctx, c.alice.ID, c.carol.ID, false, 0))(t) }
		followCarol := func(c company) { w.follows(t, c.alice, c.carol) }
		plain := func(c company) social.ID { return w.post(t, c.bob, "hello").ID }
		inGerman := func(c company) social.ID {
			return w.post(t, c.bob, "hallo", func(d *social.Draft) { d.Language = "de" }).ID
		}
		naming := func(c company) social.ID { return w.post(t, c.bob, "hello @"+c.carol.Username).ID }
		answer := func(c company) social.ID {
			return w.post(t, c.bob, "answer", answering(w.post(t, c.carol, "first"))).ID
		}
		answerAlice := func(c company) social.ID {
			return w.post(t, c.bob, "answer", answering(w.post(t, c.alice, "first"))).ID
		}
		answerSelf := func(c company) social.ID { return w.post(t, c.bob, "more", answering(w.post(t, c.bob, "first"))).ID }
		boostOf := func(s social.Status, c company) social.ID {
			w.tick()
			return must(w.Statuses.Boost(ctx, c.bob.ID, s.ID, ""))(t).ID
		}
		boost := func(c company) social.ID { return boostOf(w.post(t, c.carol, "original"), c) }
		boostOfNaming := func(c company) social.ID {
			return boostOf(w.arrives(t, c.berta, social.Status{Content: "hi", Mentions: []social.Mention{{AccountID: c.carol.ID}}}), c)
		}
		remoteBoost := func(c company) social.ID { return boostOf(w.arrives(t, c.berta, social.Status{Content: "far"}), c) }
		orphan := func(c company) social.ID {
			s := social.Status{Content: "answer", ReplyToURI: "https://unknown.test/1"}
			return w.arrives(t, c.bob, s).ID
		}
		for n, tt := range []struct {
			name  string
			given func(company)
			post  func(company) social.ID
			want  bool
		}{
			{"a post", nil, plain, true},
			{"one's own, whatever it is", nil, func(c company) social.ID { return w.post(t, c.alice, "mine", answering(w.post(t, c.carol, "x"))).ID }, true},
			{"an answer to something unknown", nil, orphan, false},
			{"by somebody in an exclusive list", list(true), plain, false},
			{"by somebody in a list", list(false), plain, true},
			{"in another language than the follow wants", languages("en"), inGerman, false},
			{"in a language that the follow wants", languages("en", "de"), inGerman, true},
			{"in any language, when the follow names none", nil, inGerman, true},
			{"naming somebody blocked", blockCarol, naming, false},
			{"naming somebody muted", muteCarol, naming, false},
			{"naming somebody", nil, naming, true},
			{"boosting somebody blocked", blockCarol, boost, false},
			{"boosting somebody muted", muteCarol, boost, false},
			{"boosting a post that names somebody blocked", blockCarol, boostOfNaming, false},
			{"boosting", nil, boost, true},
			{"by somebody muted", func(c company) { must(w.Mutes.Mute(ctx, c.alice.ID, c.bob.ID, false, 0))(t) }, plain, false},
			{"an answer to somebody not followed", nil, answer, false},
			{"an answer to somebody followed", followCarol, answer, true},
			{"an answer to the reader", nil, answerAlice, true},
			{"an answer to oneself", nil, answerSelf, true},
			{"a boost, when the follow wants none", func(c company) {
				must(w.Follows.FollowAs(ctx, c.alice.ID, c.bob.ID, social.FollowTerms{Boosts: &no}))(t)
			}, boost, false},
			{"a boost, when the follow wants them again", both(
				func(c company) {
					must(w.Follows.FollowAs(ctx, c.alice.ID, c.bob.ID, social.FollowTerms{Boosts: &no}))(t)
				},
				func(c company) {
					must(w.Follows.FollowAs(ctx, c.alice.ID, c.bob.ID, social.FollowTerms{Boosts: &yes}))(t)
				}), boost, true},
			{"a boost of somebody who blocks the reader", func(c company) { must(w.Blocks.Block(ctx, c.carol.ID, c.alice.ID))(t) }, boost, false},
			{"a boost of somebody of a blocked domain", func(c company) { ok(t, w.Blocks.BlockDomain(ctx, c.alice.ID, "beta.test")) }, remoteBoost, false},
			{"when the reader was not here for a week", func(c company) {
				must(w.Store.Seen(ctx, c.alice.ID, w.Now()))(t)
				w.clock.Advance(8 * 24 * time.Hour)
			}, plain, false},
		} {
			name := func(who string) string { return who + string(rune('a'+n/10)) + string(rune('a'+n%10)) }
			c := company{w.person(t, name("alice")), w.person(t, name("bob")), w.person(t, name("carol")), w.stranger(t, name("berta"))}
			w.follows(t, c.alice, c.bob)
			if tt.given != nil {
				tt.given(c)
			}
			id := tt.post(c)
			got := false
			for _, e := range must(w.Store.Home(ctx, c.alice.ID, social.Page{Limit: 40}))(t) {
				got = got || e.StatusID == id
			}
			equal(t, tt.name, got, tt.want)
		}
	})
}

func TestHere_fills_the_home_of_who_comes_back(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.follows(t, alice, bob)
		ok(t, social.Here(ctx, w.Store, alice.ID, w.Now()))
		w.clock.Advance(8 * 24 * time.Hour)
		w.post(t, bob, "while she was away")
		same(t, "away", w.home(t, alice), []string{})
		ok(t, social.Here(ctx, w.Store, alice.ID, w.Now()))
		same(t, "back", w.home(t, alice), []string{"while she was away (follow)"})
		w.post(t, bob, "now")
		same(t, "here", w.home(t, alice), []string{"while she was away (follow)", "now (follow)"})
		ok(t, social.Here(ctx, w.Store, bob.ID+1, w.Now()))
	})
}

func TestLists(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, carol := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carol")
		w.follows(t, alice, bob)
		l := must(w.Lists.Create(ctx, alice.ID, social.List{Title: " friends "}))(t)
		equal(t, "title", l.Title, "friends")
		for _, bad := range []social.List{{}, {Title: "x", Replies: "some"}} {
			_, err := w.Lists.Create(ctx, alice.ID, bad)
			fails(t, "a bad list", err, social.ErrInvalid)
		}
		fails(t, "a stranger", w.Lists.Add(ctx, alice.ID, l.ID, []social.ID{carol.ID}), social.ErrInvalid)
		fails(t, "nobody", w.Lists.Add(ctx, alice.ID, l.ID, []social.ID{42}), social.ErrNotFound)
		fails(t, "another's list", w.Lists.Add(ctx, bob.ID, l.ID, []social.ID{bob.ID}), social.ErrNotFound)
		ok(t, w.Lists.Add(ctx, alice.ID, l.ID, []social.ID{bob.ID}))
		fails(t, "twice", w.Lists.Add(ctx, alice.ID, l.ID, []social.ID{bob.ID}), social.ErrInvalid)
		same(t, "in the list", must(w.Store.InList(ctx, l.ID, []social.ID{alice.ID, bob.ID, carol.ID}))(t), map[social.ID]bool{bob.ID: true})
		w.post(t, bob, "one")
		w.follows(t, alice, carol)
		root := w.post(t, carol, "root")
		w.post(t, bob, "to carol", answering(root))
		read := func() (out []string) {
			ids := must(w.Reader.List(ctx, alice.ID, l.ID, social.Page{Limit: 9}))(t)
			for _, v := range must(w.Reader.Statuses(ctx, alice.ID, ids))(t) {
				out = append(out, text(v))
			}
			return out
		}
		same(t, "answers to people outside the list are left out", read(), []string{"one"})
		l.Replies = social.RepliesToFollowed
		l = must(w.Lists.Change(ctx, alice.ID, l))(t)
		w.post(t, bob, "to carol again", answering(root))
		same(t, "unless to whom alice follows", read(), []string{"to carol again", "one"})
		_, err := w.Reader.List(ctx, bob.ID, l.ID, social.Page{Limit: 9})
		fails(t, "read by another", err, social.ErrNotFound)
		must(w.Follows.Unfollow(ctx, alice.ID, bob.ID))(t)
		equal(t, "members leave with the follow", len(must(w.Store.ListMembers(ctx, l.ID, social.Page{Limit: 9}))(t)), 0)
		equal(t, "and their posts", len(read()), 0)
		ok(t, w.Store.DeleteList(ctx, alice.ID, l.ID))
		fails(t, "gone", w.Store.DeleteList(ctx, alice.ID, l.ID), social.ErrNotFound)
	})
}

func TestFollowedTags(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, berta := w.person(t, "alice"), w.person(t, "bob"), w.stranger(t, "berta")
		ok(t, w.Store.FollowTag(ctx, social.FollowedTag{ID: 1, AccountID: alice.ID, Tag: "go", CreatedAt: w.Now()}))
		w.post(t, bob, "public #go")
		w.post(t, bob, "unlisted #go", as(social.Unlisted))
		w.arrives(t, berta, social.Status{Content: "far", Tags: []string{"go"}})
		same(t, "home", w.home(t, alice), []string{"public #go (tag:go)", "far (tag:go)"})
		ok(t, w.Blocks.BlockDomain(ctx, alice.ID, "beta.test"))
		w.arrives(t, berta, social.Status{Content: "far again", Tags: []string{"go"}})
		must(w.Mutes.Mute(ctx, alice.ID, bob.ID, false, 0))(t)
		w.post(t, bob, "muted #go")
		same(t, "of the unwanted", w.home(t, alice), []string{})
		must(w.Mutes.Unmute(ctx, alice.ID, bob.ID))(t)
		w.post(t, bob, "again #go")
		ok(t, w.Store.UnfollowTag(ctx, alice.ID, "go"))
		same(t, "unfollowed", w.home(t, alice), []string{})
	})
}

func TestTalks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		first := w.post(t, alice, "hello @bob", as(social.Direct))
		w.post(t, bob, "hello @alice", as(social.Direct), answering(first))
		talks := func(of social.Account) []social.TalkView {
			ts := must(w.Store.Talks(ctx, of.ID, social.Page{Limit: 9}))(t)
			return must(w.Reader.Talks(ctx, of.ID, ts))(t)
		}
		got := talks(alice)
		if len(got) != 1 || !got[0].Talk.Unread || len(got[0].People) != 1 || got[0].People[0].ID != bob.ID || got[0].Last.Status.Source != "hello @alice" {
			t.Fatalf("alice: got %+v, want one unread talk with bob", got)
		}
		equal(t, "bob wrote last", talks(bob)[0].Talk.Unread, false)
		ok(t, w.Store.SetTalkUnread(ctx, alice.ID, got[0].Talk.ID, false))
		fails(t, "another's", w.Store.SetTalkUnread(ctx, bob.ID, got[0].Talk.ID, true), social.ErrNotFound)
		fails(t, "delete another's", w.Store.DeleteTalk(ctx, bob.ID, got[0].Talk.ID), social.ErrNotFound)
		ok(t, w.Store.DeleteTalk(ctx, alice.ID, got[0].Talk.ID))
		equal(t, "bob's is left", len(talks(alice))*10+len(talks(bob)), 1)
	})
}

// What becomes of a notification, one case a line (federation.md §10.5). bob tells alice something.
func TestNotify_policy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		mention := func(a, b social.Account) { w.post(t, b, "hi @"+a.Username) }
		private := func(a, b social.Account) { w.post(t, b, "psst @"+a.Username, as(social.Direct)) }
		privateAnswer := func(a, b social.Account) {
			w.post(t, b, "psst @"+a.Username, as(social.Direct), answering(w.post(t, a, "root")))
		}
		set := func(change func(*social.NotificationPolicy)) func(a, b social.Account) {
			return func(a, _ social.Account) {
				p := social.DefaultNotificationPolicy()
				change(&p)
				ok(t, w.Store.SetNotificationPolicy(ctx, a.ID, p))
			}
		}
		standing := func(s social.Standing) func(a, b social.Account) {
			return func(_, b social.Account) { ok(t, w.Store.SetStanding(ctx, b.ID, s)) }
		}
		for n, tt := range []struct {
			name           string
			given          func(a, b social.Account)
			does           func(a, b social.Account)
			told, filtered int
		}{
			{"a mention", nil, mention, 1, 0},
			{"a private mention by a stranger waits", nil, private, 0, 1},
			{"a private mention by somebody followed", func(a, b social.Account) { w.follows(t, a, b) }, private, 1, 0},
			{"a private answer", nil, privateAnswer, 1, 0},
			{"not followed, dropped", set(func(p *social.NotificationPolicy) { p.NotFollowing = social.TreatDrop }), mention, 0, 0},
			{"not followed, filtered", set(func(p *social.NotificationPolicy) { p.NotFollowing = social.TreatFilter }), mention, 0, 1},
			{"no follower, filtered", set(func(p *social.NotificationPolicy) { p.NotFollowers = social.TreatFilter }), mention, 0, 1},
			{"a new account, filtered", set(func(p *social.NotificationPolicy) { p.NewAccounts = social.TreatFilter }), mention, 0, 1},
			{"a limited account waits", standing(social.Standing{SilencedAt: w.Now()}), mention, 0, 1},
			{"an update is not held back", set(func(p *social.NotificationPolicy) { p.NotFollowing = social.TreatDrop }), func(a, b social.Account) {
				yes := true
				must(w.Follows.FollowAs(ctx, a.ID, b.ID, social.FollowTerms{Notify: &yes}))(t)
				w.post(t, b, "news")
			}, 1, 0},
		} {
			a := w.person(t, "alice"+string(rune('a'+n)))
			b := w.person(t, "bob"+string(rune('a'+n)))
			if tt.given != nil {
				tt.given(a, b)
			}
			tt.does(a, b)
			page := social.Page{Limit: 9}
			told := must(w.Store.Notifications(ctx, a.ID, social.NotificationFilter{From: b.ID}, page))(t)
			all := must(w.Store.Notifications(ctx, a.ID, social.NotificationFilter{From: b.ID, Filtered: true}, page))(t)
			equal(t, tt.name+": told", len(told), tt.told)
			equal(t, tt.name+": filtered", len(all)-len(told), tt.filtered)
		}
	})
}

func TestNotificationRequests(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, carol := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carol")
		w.post(t, bob, "one @alice", as(social.Direct))
		w.post(t, bob, "two @alice", as(social.Direct))
		w.post(t, carol, "three @alice", as(social.Direct))
		same(t, "news", w.news(t, alice), []string{})
		rs := must(w.Store.NotificationRequests(ctx, alice.ID, social.Page{Limit: 9}))(t)
		if len(rs) != 2 || rs[1].FromID != bob.ID || rs[1].Count != 2 {
			t.Fatalf("got %+v, want requests by carol and bob", rs)
		}
		requests, waiting, err := w.Store.PendingNotifications(ctx, alice.ID)
		ok(t, err)
		equal(t, "pending", requests*10+waiting, 23)
		fails(t, "another's", w.Store.AcceptNotificationRequest(ctx, bob.ID, rs[1].ID), social.ErrNotFound)
		ok(t, w.Store.AcceptNotificationRequest(ctx, alice.ID, rs[1].ID))
		ok(t, w.Store.DismissNotificationRequest(ctx, alice.ID, rs[0].ID))
		w.post(t, bob, "four @alice", as(social.Direct))
		same(t, "accepted", w.news(t, alice), []string{"mention by bob: one @alice", "mention by bob: two @alice", "mention by bob: four @alice"})
	})
}

func TestNotify_groups(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice := w.person(t, "alice")
		post := w.post(t, alice, "hello")
		like := func(name string) string {
			p := w.person(t, name)
			must(w.Reactions.Favourite(ctx, p.ID, post.ID))(t)
			return must(w.Store.Notifications(ctx, alice.ID, social.NotificationFilter{}, social.Page{Limit: 1}))(t)[0].GroupKey
		}
		one := like("bob")
		w.clock.Advance(3 * time.Hour)
		equal(t, "within half a day", like("carol"), one)
		w.clock.Advance(12 * time.Hour)
		if later := like("dave"); later == one || later == "" {
			t.Errorf("half a day later: got %q, want another group than %q", later, one)
		}
	})
}

func TestReceive_silenced_and_moved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, berta := w.person(t, "alice"), w.person(t, "bob"), w.stranger(t, "berta")
		receive := func() (r social.Received) {
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				follower := must(tx.AccountByID(ctx, berta.ID))(t)
				target := must(tx.AccountByID(ctx, alice.ID))(t)
				r, err = w.Follows.Receive(ctx, tx, follower, target, "https://beta.test/f/1")
				return err
			})
			return r
		}
		ok(t, w.Store.SetStanding(ctx, berta.ID, social.Standing{SilencedAt: w.Now()}))
		equal(t, "by somebody silenced", receive(), social.Waiting)
		ok(t, w.Store.DeleteFollow(ctx, berta.ID, alice.ID))
		ok(t, w.Store.SetMoved(ctx, alice.ID, bob.ID, w.Now()))
		equal(t, "of somebody who moved", receive(), social.Refused)
		_, err := w.Follows.Follow(ctx, bob.ID, alice.ID)
		fails(t, "from here", err, social.ErrForbidden)
	})
}
