package social_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/social/socialtest"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
)

// world is one instance's domain on a real database, with a clock that only the test moves.
type world struct {
	social.Services
	store *storage.Store
	clock *clock.Stepped
	told  []string // "alice follows bob", "alice leaves bob"
	wrote []social.ID
}

// each runs fn on every engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		t.Parallel()
		fn(t, newWorld(t, dsn))
	})
}

func newWorld(t *testing.T, dsn string) *world {
	t.Helper()
	w := &world{clock: clock.New(socialtest.Now())}
	ids := snowflake.New(w.clock.Now)
	store, err := storage.Open(t.Context(), storage.Options{DSN: dsn, Synchronous: "OFF", Instance: "alpha", NewID: ids.Next})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	newID := func() social.ID { return social.ID(ids.Next()) }
	w.store, w.Store, w.URLs, w.Now = store, store, socialtest.URLs(), w.clock.Now
	w.Reader = &social.Reader{Store: store, Shelf: social.NewShelf(1 << 20)}
	w.Accounts = &social.Accounts{Store: store, Now: w.Now, NewID: newID, URLs: w.URLs,
		NewKey: func(name string) (string, string, error) {
			return "private key of " + name, "public key of " + name, nil
		},
		HashPassword: func(_ context.Context, p string) (string, error) { return "hash of " + p, nil },
	}
	w.Statuses = &social.Statuses{Store: store, Now: w.Now, NewID: newID, URLs: w.URLs, Text: richtext.Mastodon41, BoostFallOff: 40,
		Resolve: func(ctx context.Context, user, domain string) (social.Account, error) {
			if domain == w.URLs.Host() {
				domain = ""
			}
			return store.AccountByHandle(ctx, user, domain)
		},
		Conversation: func(_ social.Account, id social.ID, at time.Time) string {
			return fmt.Sprintf("tag:alpha.test,%s:objectId=%d:objectType=Conversation", at.Format("2006-01-02"), id)
		},
		Wrote: func(_ context.Context, _ social.Account, s social.Status) { w.wrote = append(w.wrote, s.ID) },
	}
	var uris atomic.Int64
	w.Follows = &social.Follows{Store: store, Now: w.Now, NewID: newID,
		MintURI: func() string { return fmt.Sprintf("https://alpha.test/follow-%d", uris.Add(1)) },
		Told: func(_ context.Context, follower, target social.Account, ended bool) {
			verb := "follows"
			if ended {
				verb = "leaves"
			}
			w.told = append(w.told, follower.Acct()+" "+verb+" "+target.Acct())
		},
	}
	w.Blocks = &social.Blocks{Store: store, Now: w.Now, NewID: newID, Follows: w.Follows, MintURI: w.Follows.MintURI}
	w.Lists = &social.Lists{Store: store, Now: w.Now, NewID: newID}
	w.Mutes = &social.Mutes{Store: store, Now: w.Now, NewID: newID}
	w.Regards = &social.Regards{Store: store, Now: w.Now, NewID: newID}
	w.Reactions = &social.Reactions{Store: store, Now: w.Now, NewID: newID}
	w.Polls = &social.Polls{Store: store, Now: w.Now, NewID: newID}
	w.SignIns = &social.SignIns{Store: store, Now: w.Now, NewID: newID, Rand: rand.Reader,
		Verify: func(_ context.Context, phc, p string) (bool, error) { return phc == "hash of "+p, nil }}
	w.Searches = &social.Searches{Store: store}
	return w
}

// tick moves the clock by a second, so that ids and dates differ.
func (w *world) tick() { w.clock.Advance(time.Second) }

// person makes a local account.
func (w *world) person(t *testing.T, name string) social.Account {
	t.Helper()
	w.tick()
	return must(w.Accounts.Create(t.Context(), social.NewAccount{Username: name, Password: name + "-password"}))(t)
}

// stranger stores an account of beta.test.
func (w *world) stranger(t *testing.T, name string) social.Account {
	t.Helper()
	w.tick()
	a := socialtest.Berta()
	a.ID, a.Username, a.URI, a.URL = w.Statuses.NewID(), name, "https://beta.test/users/"+name, "https://beta.test/@"+name
	a.InboxURL, a.FollowersURL, a.KeyID = a.URI+"/inbox", a.URI+"/followers", a.URI+"#main-key"
	a.FollowersCount, a.FollowingCount, a.StatusesCount = 0, 0, 0
	ok(t, w.Store.InsertAccount(t.Context(), a, ""))
	return a
}

func (w *world) post(t *testing.T, by social.Account, text string, change ...func(*social.Draft)) social.Status {
	t.Helper()
	w.tick()
	d := social.Draft{Text: text, Language: "en"}
	for _, c := range change {
		c(&d)
	}
	return must(w.Statuses.Publish(t.Context(), by.ID, d))(t)
}

func answering(s social.Status) func(*social.Draft) {
	return func(d *social.Draft) { d.ReplyTo = s.ID }
}

func as(v social.Visibility) func(*social.Draft) {
	return func(d *social.Draft) { d.Visibility = v }
}

// arrives stores and distributes a post by somebody elsewhere, as ingest does.
func (w *world) arrives(t *testing.T, by social.Account, s social.Status) social.Status {
	t.Helper()
	w.tick()
	s.ID, s.AccountID, s.CreatedAt = w.Statuses.NewID(), by.ID, w.Now()
	if s.URI == "" {
		s.URI = fmt.Sprintf("%s/notes/%d", by.URI, s.ID)
	}
	if s.Visibility == "" {
		s.Visibility = social.Public
	}
	w.atomically(t, func(ctx context.Context, tx social.Tx) error {
		if err := tx.InsertStatus(ctx, s); err != nil {
			return err
		}
		return w.Statuses.Distribute(ctx, tx, by, s)
	})
	return s
}

func (w *world) follows(t *testing.T, follower, target social.Account) {
	t.Helper()
	w.tick()
	if follower.Local() && target.Local() {
		must(w.Follows.Follow(t.Context(), follower.ID, target.ID))(t)
		return
	}
	ok(t, w.Store.InsertFollow(t.Context(), social.Follow{ID: w.Statuses.NewID(), AccountID: follower.ID, TargetID: target.ID,
		URI: fmt.Sprintf("https://beta.test/f/%d-%d", follower.ID, target.ID), CreatedAt: w.Now()}))
}

func (w *world) atomically(t *testing.T, fn func(ctx context.Context, tx social.Tx) error) {
	t.Helper()
	ok(t, w.Store.Atomically(t.Context(), fn))
}

// home is whose home holds what, oldest first: the text of each post and why it stands there.
func (w *world) home(t *testing.T, of social.Account) []string {
	t.Helper()
	views := must(w.Reader.Home(t.Context(), of.ID, social.Page{Limit: 40}))(t)
	out := []string{}
	for _, v := range slices.Backward(views) {
		out = append(out, text(v)+" ("+v.Via+")")
	}
	return out
}

func text(v social.StatusView) string {
	p := v.Proper().Status
	if p.Source != "" {
		return p.Source
	}
	return p.Content
}

// news is what of was notified about, oldest first.
func (w *world) news(t *testing.T, of social.Account) []string {
	t.Helper()
	out := []string{}
	for _, n := range slices.Backward(must(w.Reader.Notifications(t.Context(), of.ID, social.NotificationFilter{}, social.Page{Limit: 40}))(t)) {
		line := string(n.Notification.Type) + " by " + n.From.Acct()
		if n.Status != nil {
			line += ": " + text(*n.Status)
		}
		out = append(out, line)
	}
	return out
}

// events takes everything that others would be told, in order.
func (w *world) events(t *testing.T) []social.Event {
	t.Helper()
	out := []social.Event{}
	for _, j := range must(w.store.ClaimJobs(t.Context(), "", nil, w.Now(), w.Now().Add(time.Minute), 100))(t) {
		var e social.Event
		ok(t, json.Unmarshal(j.Payload, &e))
		ok(t, j.Finish(t.Context(), w.store))
		out = append(out, e)
	}
	return out
}

// kinds are the events' kinds, in order.
func (w *world) kinds(t *testing.T) string {
	t.Helper()
	var out []string
	for _, e := range w.events(t) {
		out = append(out, string(e.Kind))
	}
	return strings.Join(out, " ")
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		ok(t, err)
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// same is equal for what cannot be compared by ==.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// fails wants an error of kind whose sentence, when there is one for people, ends as sentences do.
func fails(t *testing.T, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got %v, want %v", what, err, kind)
	}
	var e *social.Error
	if errors.As(err, &e) && !strings.HasSuffix(e.Message, ".") {
		t.Errorf("%s: %q is no sentence", what, e.Message)
	}
}
