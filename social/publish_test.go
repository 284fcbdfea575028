package social_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

func TestPublish(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, berta := w.person(t, "alice"), w.person(t, "bob"), w.stranger(t, "berta")
		s := w.post(t, alice, "@bob and @berta@beta.test, @BOB again, @nobody, @x@nowhere.test: #Mars #mars #moon", func(d *social.Draft) {
			d.SpoilerText, d.Visibility = " careful ", social.Unlisted
		})
		equal(t, "uri", s.URI, alice.URI+"/statuses/"+s.ID.String())
		equal(t, "page", s.URL, "https://alpha.test/@alice/"+s.ID.String())
		equal(t, "warning", s.SpoilerText, "careful")
		equal(t, "sensitive", s.Sensitive, true)
		equal(t, "visibility", s.Visibility, social.Unlisted)
		equal(t, "type", s.ObjectType, "Note")
		equal(t, "written", s.CreatedAt, w.Now())
		if !strings.HasPrefix(s.Conversation, "tag:alpha.test,2026-03-01:objectId=") {
			t.Errorf("conversation: got %s", s.Conversation)
		}
		for _, want := range []string{`href="https://alpha.test/@bob"`, `href="https://beta.test/@berta"`, `@nobody`, `href="https://alpha.test/tags/mars"`} {
			if !strings.Contains(s.Content, want) {
				t.Errorf("content lacks %s: %s", want, s.Content)
			}
		}
		v := must(w.Reader.Status(ctx, 0, s.ID))(t)
		if diff := cmp.Diff([]string{"bob", "berta@beta.test"}, []string{v.Mentions[0].Acct(), v.Mentions[1].Acct()}); diff != "" || len(v.Mentions) != 2 {
			t.Errorf("mentions, each once, in the order of the text (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"mars", "moon"}, s.Tags); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"mention by alice: " + s.Source}, w.news(t, bob)); diff != "" {
			t.Errorf("bob's notifications (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]social.Event{{Kind: social.StatusPublished, Actor: alice.ID, Subject: s.ID, At: w.Now()}}, w.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		equal(t, "observed", len(w.wrote), 1)
		equal(t, "posts counted", must(w.Store.AccountByID(ctx, alice.ID))(t).StatusesCount, 1)
		_ = berta
	})
}

func TestPublish_reply(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		root := w.post(t, bob, "root")
		reply := w.post(t, alice, "reply", answering(root))
		equal(t, "parent", reply.ReplyToID, root.ID)
		equal(t, "parent's uri", reply.ReplyToURI, root.URI)
		equal(t, "answered", reply.ReplyToAccountID, bob.ID)
		equal(t, "conversation", reply.Conversation, root.Conversation)
		own := w.post(t, alice, "more", answering(reply))
		equal(t, "answered in one's own thread", own.ReplyToAccountID, bob.ID)
		boost := must(w.Statuses.Boost(ctx, alice.ID, root.ID, ""))(t)
		toBoost := w.post(t, alice, "to a boost", answering(boost))
		equal(t, "a reply to a boost answers the boosted", toBoost.ReplyToID, root.ID)
		equal(t, "replies counted", must(w.Store.StatusByID(ctx, root.ID))(t).RepliesCount, 2)
		if got := w.news(t, bob); len(got) != 1 || !strings.HasPrefix(got[0], "reblog") {
			t.Errorf("a reply without a mention notifies nobody (federation.md §10.5): got %v, want the boost only", got)
		}
	})
}

func TestPublish_refuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		hidden := w.post(t, bob, "for followers", as(social.Private))
		gone := w.post(t, bob, "gone")
		ok(t, w.Statuses.Delete(ctx, bob.ID, gone.ID))
		w.events(t)
		for _, tt := range []struct {
			name string
			in   social.Draft
			want error
		}{
			{"nothing", social.Draft{}, social.ErrInvalid},
			{"blanks", social.Draft{Text: " \n\t\u00a0"}, social.ErrInvalid},
			{"blanks behind blanks", social.Draft{Text: " ", SpoilerText: "\n"}, social.ErrInvalid},
			{"a letter too much", social.Draft{Text: strings.Repeat("é", 501)}, social.ErrInvalid},
			{"the warning counts too", social.Draft{Text: strings.Repeat("a", 499), SpoilerText: "ab"}, social.ErrInvalid},
			{"an unknown visibility", social.Draft{Text: "x", Visibility: "friends"}, social.ErrInvalid},
			{"one that nobody can choose", social.Draft{Text: "x", Visibility: social.Limited}, social.ErrInvalid},
			{"a reply to nothing", social.Draft{Text: "x", ReplyTo: 42}, social.ErrNotFound},
			{"a reply to what one may not see", social.Draft{Text: "x", ReplyTo: hidden.ID}, social.ErrNotFound},
			{"a reply to what is gone", social.Draft{Text: "x", ReplyTo: gone.ID}, social.ErrNotFound},
		} {
			_, err := w.Statuses.Publish(ctx, alice.ID, tt.in)
			fails(t, tt.name, err, tt.want)
			var e *social.Error
			if !errors.As(err, &e) {
				t.Errorf("%s: %v has no sentence for a person", tt.name, err)
			}
		}
		equal(t, "events", w.kinds(t), "")
		w.post(t, alice, strings.Repeat("é", 500))
		w.post(t, alice, "https://alpha.test/"+strings.Repeat("a", 600)) // a link counts 23
	})
}

func TestPublish_takes_a_lone_warning_as_text(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.post(t, w.person(t, "alice"), " ", func(d *social.Draft) { d.SpoilerText = "only this" })
		equal(t, "text", s.Source, "only this")
		equal(t, "warning", s.SpoilerText, "")
		equal(t, "sensitive", s.Sensitive, false)
		blank := w.post(t, w.person(t, "bob"), "text", func(d *social.Draft) { d.SpoilerText = "  " })
		equal(t, "a blank warning warns of nothing", blank.Sensitive, false)
	})
}

func TestPublish_once_per_idempotency_key(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		key := func(d *social.Draft) { d.IdempotencyKey = "k1" }
		first := w.post(t, alice, "hello", key)
		again := w.post(t, alice, "hello", key)
		equal(t, "the same key", again.ID, first.ID)
		equal(t, "events", w.kinds(t), "status.published")
		if other := w.post(t, bob, "hello", key); other.ID == first.ID {
			t.Error("bob's use of the same key gave alice's post")
		}
		w.clock.Advance(time.Hour)
		if later := w.post(t, alice, "hello", key); later.ID == first.ID {
			t.Error("the key was still remembered after an hour")
		}
	})
}

// Nothing of a post that cannot be finished stays behind.
func TestPublish_is_all_or_nothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice := w.person(t, "alice")
		boom := errors.New("boom")
		w.Statuses.Store = failing{w.Store, boom}
		if _, err := w.Statuses.Publish(ctx, alice.ID, social.Draft{Text: "x", IdempotencyKey: "k"}); !errors.Is(err, boom) {
			t.Fatalf("got %v, want %v", err, boom)
		}
		w.Statuses.Store = w.Store
		equal(t, "home", len(w.home(t, alice)), 0)
		equal(t, "events", w.kinds(t), "")
		equal(t, "posts", must(w.Store.CountLocalStatuses(ctx))(t), 0)
		_, err := w.Store.StatusIDByIdempotencyKey(ctx, alice.ID, "k", time.Time{})
		fails(t, "key", err, social.ErrNotFound)
	})
}

// failing is a store that cannot record events.
type failing struct {
	social.Store
	err error
}

func (f failing) Atomically(ctx context.Context, fn func(ctx context.Context, tx social.Tx) error) error {
	return f.Store.Atomically(ctx, func(ctx context.Context, tx social.Tx) error { return fn(ctx, failingTx{tx, f.err}) })
}

type failingTx struct {
	social.Tx
	err error
}

func (f failingTx) AppendEvent(context.Context, social.Event) error { return f.err }

func TestPublish_passes_on_why_a_mention_could_not_be_looked_up(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boom := errors.New("no network")
		w.Statuses.Resolve = func(context.Context, string, string) (social.Account, error) { return social.Account{}, boom }
		_, err := w.Statuses.Publish(t.Context(), w.person(t, "alice").ID, social.Draft{Text: "@x@y.test"})
		if !errors.Is(err, boom) {
			t.Errorf("got %v, want %v", err, boom)
		}
	})
}
