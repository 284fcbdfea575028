package activitylog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
)

// lab is the logs of three servers, as storage keeps them.
type lab struct {
	t      testing.TB
	log    *activitylog.Log
	stores map[string]*storage.Store
}

func newLab(t testing.TB) *lab {
	t.Helper()
	l := &lab{t: t, stores: map[string]*storage.Store{}}
	positions := activitylog.NewPositions(0)
	var named []activitylog.Named
	for _, name := range []string{"academy", "techhub", "masto"} {
		s, err := storage.Open(t.Context(), storage.Options{DSN: prepared.SQLite(t), Synchronous: "OFF", Instance: name,
			Positions: positions, NewID: func() int64 { return 1 }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		l.stores[name] = s
		named = append(named, activitylog.Named{Name: name, Host: name + ".test", Source: s})
	}
	l.log = activitylog.NewLog(nil, named...)
	return l
}

func (l *lab) add(e activitylog.Entry) {
	l.t.Helper()
	e.Exchange.At = began.Add(time.Duration(e.Exchange.ID) * time.Second)
	err := l.stores[e.Exchange.Instance].Tx(context.Background(), func(ctx context.Context, tx *storage.Store) error {
		if err := tx.AppendExchange(ctx, e.Exchange, nil, nil, e.State); err != nil {
			return err
		}
		for i := range e.Facts {
			e.Facts[i].Exchange = e.Exchange.ID
		}
		if len(e.Facts) > 0 {
			if err := tx.AppendFacts(ctx, e.Exchange.ID, e.Facts, e.State); err != nil {
				return err
			}
		}
		if e.Answer == nil {
			return nil
		}
		return tx.AppendAnswer(ctx, e.Exchange.ID, *e.Answer, e.State)
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// request adds one side of a request; its Root is its own id unless root is given.
func (l *lab) request(id activitylog.ID, server string, d activitylog.Direction, kind, peer, pair string, cause, root activitylog.ID, more ...func(*activitylog.Entry)) {
	l.t.Helper()
	e := entry(server, d, kind, peer, func(e *activitylog.Entry) {
		e.Exchange.ID, e.Exchange.Pair, e.Exchange.Cause, e.Exchange.Root = id, pair, cause, root
		e.Answer = &activitylog.Answer{Status: 202, Took: 10 * time.Millisecond}
		e.Exchange.URL = "https://" + peer + "/inbox"
		if root == 0 {
			e.Exchange.Root = id
		}
	})
	for _, m := range more {
		m(&e)
	}
	l.add(e)
}

func idsOf(entries []activitylog.Entry) (ids []int) {
	for _, e := range entries {
		ids = append(ids, int(e.Exchange.ID))
	}
	return ids
}

func (l *lab) want(name string, f activitylog.Filter, want ...int) []activitylog.Entry {
	l.t.Helper()
	got, err := l.log.Entries(context.Background(), f)
	if err != nil {
		l.t.Fatalf("%s: %v", name, err)
	}
	if diff := cmp.Diff(want, idsOf(got)); diff != "" {
		l.t.Errorf("%s (-want +got):\n%s", name, diff)
	}
	return got
}

func TestLogsAreMergedByTimeAndByChange(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for i, server := range []string{"academy", "masto", "techhub", "academy", "masto", "techhub"} {
		l.request(activitylog.ID(i+1), server, activitylog.In, activitylog.Fetch, "x.test", "", 0, 0)
	}
	l.want("newest first", activitylog.Filter{}, 6, 5, 4, 3, 2, 1)
	l.want("a page", activitylog.Filter{Limit: 2}, 6, 5)
	l.want("the next", activitylog.Filter{Limit: 2, Before: 5}, 4, 3)
	l.want("the one just above", activitylog.Filter{Limit: 2, After: 2}, 4, 3)
	l.want("one server", activitylog.Filter{Server: "masto"}, 5, 2)
	l.want("one host", activitylog.Filter{Server: "MASTO.test"}, 5, 2)
	changes := l.want("by change", activitylog.Filter{Since: 1}, 1, 2, 3, 4, 5, 6)
	fail(t, l.stores["academy"].AppendFacts(t.Context(), 1, []activitylog.Fact{fact(observe.Decided{Rule: rules.DropUnrelated, Outcome: observe.Dropped})}, activitylog.State{Outcome: observe.Dropped}))
	l.want("what changed since", activitylog.Filter{Since: changes[4].Pos}, 6, 1)
	last, err := l.log.LastPosition(t.Context())
	fail(t, err)
	l.want("nothing since", activitylog.Filter{Since: last})
	if got := changes[5].Exchange.Instance; got != "techhub" {
		t.Errorf("instance %s, want techhub", got)
	}
	if _, err := l.log.Entry(t.Context(), 99); !errors.Is(err, activitylog.ErrNoEntry) {
		t.Errorf("entry 99: %v, want ErrNoEntry", err)
	}
	l.log.Replace()
	l.want("after a fresh start", activitylog.Filter{})
}

func fail(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneActionIsFollowedAcrossServers(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	action := func(id activitylog.ID, server, actor string) {
		l.add(entry(server, activitylog.Local, activitylog.Action, "", func(e *activitylog.Entry) {
			e.Exchange.ID, e.Exchange.Root, e.Exchange.Activity = id, id, note(actor, actor+"/statuses/1", "", "")
			e.State = activitylog.State{Author: actor, Carrier: actor, Outcome: observe.Accepted}
			e.Answer = &activitylog.Answer{}
		}))
	}
	action(1, "academy", alice)
	action(2, "techhub", berta)
	l.request(3, "techhub", activitylog.Out, activitylog.Delivery, "academy.test", "a", 2, 2)
	l.request(4, "academy", activitylog.In, activitylog.Delivery, "techhub.test", "a", 0, 0)
	l.request(5, "academy", activitylog.Out, activitylog.Delivery, "masto.test", "b", 4, 4)
	l.request(6, "masto", activitylog.In, activitylog.Delivery, "academy.test", "b", 0, 0)
	l.request(7, "masto", activitylog.Out, activitylog.Key, "techhub.test", "c", 6, 6)
	l.request(8, "techhub", activitylog.In, activitylog.Fetch, "masto.test", "c", 0, 0)
	l.request(9, "techhub", activitylog.Out, activitylog.Delivery, "outside.test", "d", 2, 2)
	l.request(10, "academy", activitylog.Out, activitylog.Delivery, "masto.test", "e", 1, 1) // alice's own

	trace, err := l.log.Trace(t.Context(), berta)
	fail(t, err)
	var steps []int
	for _, s := range trace.Steps {
		steps = append(steps, int(s.Entry.Exchange.ID))
		if taken := s.Taken != nil; taken != (s.Entry.Exchange.ID != 9) {
			t.Errorf("step %d: other side known: %v", s.Entry.Exchange.ID, taken)
		}
	}
	if diff := cmp.Diff([]int{3, 5, 7, 9}, steps); diff != "" || trace.Action.Exchange.ID != 2 {
		t.Errorf("trace of action %d, want 2 (-want +got):\n%s", trace.Action.Exchange.ID, diff)
	}
	if got, want := trace.Took(), 7*time.Second+10*time.Millisecond; got != want {
		t.Errorf("took %s, want %s", got, want)
	}
	if _, err := l.log.Trace(t.Context(), canon); !errors.Is(err, activitylog.ErrNoEntry) {
		t.Errorf("trace of canon, who did nothing: %v, want ErrNoEntry", err)
	}
	effects, err := l.log.Effects(t.Context(), 2)
	fail(t, err)
	if diff := cmp.Diff([]int{3, 9}, idsOf(effects)); diff != "" {
		t.Errorf("effects of 2, oldest first (-want +got):\n%s", diff)
	}
	for id, want := range map[activitylog.ID]activitylog.ID{3: 4, 4: 3, 5: 6, 9: 0, 2: 0} {
		e, err := l.log.Entry(t.Context(), id)
		fail(t, err)
		other, err := l.log.Counterpart(t.Context(), e)
		if other.Exchange.ID != want || (want == 0) != errors.Is(err, activitylog.ErrNoEntry) {
			t.Errorf("other side of %d is %d (%v), want %d", id, other.Exchange.ID, err, want)
		}
	}
}

func TestADeliveryComesWithItsReason(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	hello := note(alice, post, "", "Hello")
	var plans []activitylog.Fact
	for i := range 3 {
		f := fact(observe.Queued{Rule: rules.DeliverFollowers, What: "deliver", Target: fmt.Sprintf("https://s%d.test/inbox", i), Activity: hello.ID, For: []string{fmt.Sprintf("fan%d@s%d.test", i, i)}})
		plans = append(plans, f)
	}
	l.add(entry("academy", activitylog.Local, activitylog.Action, "", func(e *activitylog.Entry) {
		e.Exchange.ID, e.Exchange.Root, e.Exchange.Activity, e.Facts, e.Answer = 1, 1, hello, plans, &activitylog.Answer{}
	}))
	for i := range 3 {
		l.request(activitylog.ID(i+2), "academy", activitylog.Out, activitylog.Delivery, fmt.Sprintf("s%d.test", i), "", 1, 1, func(e *activitylog.Entry) {
			e.Exchange.Activity, e.Exchange.Rule, e.State.Carrier = hello, rules.DeliverFollowers, alice
		})
	}
	for i, e := range l.want("deliveries", activitylog.Filter{Directions: []activitylog.Direction{activitylog.Out}}, 4, 3, 2) {
		want := fmt.Sprintf("academy sent alice’s post “Hello” to s%d.test, because fan%d there follows alice.", 2-i, 2-i)
		if got := activitylog.Sentence(e, l.log.Names()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestFolds(t *testing.T) {
	t.Parallel()
	single := func(id activitylog.ID) activitylog.Entry {
		return entry("academy", activitylog.In, activitylog.Delivery, "x", func(e *activitylog.Entry) { e.Exchange.ID = id })
	}
	key := func(id activitylog.ID, server string) activitylog.Entry {
		return entry(server, activitylog.Out, activitylog.Key, "x", func(e *activitylog.Entry) { e.Exchange.ID = id })
	}
	fan := func(id activitylog.ID, inbox string, o observe.Outcome) activitylog.Entry {
		return entry("masto", activitylog.Out, activitylog.Delivery, "x", func(e *activitylog.Entry) {
			e.Exchange.ID, e.Exchange.URL, e.Exchange.Activity.ID, e.State.Outcome = id, inbox, "urn:1", o
		})
	}
	entries := []activitylog.Entry{
		fan(20, "d", observe.Failed), fan(19, "c", observe.Accepted), key(18, "masto"), key(17, "masto"), fan(16, "b", observe.Accepted), key(15, "masto"),
		single(14), fan(13, "a", observe.Accepted), fan(12, "c", observe.Failed), key(11, "techhub"), single(3), key(2, "techhub"),
	}
	var got []string
	for _, f := range activitylog.FoldEntries(entries, 3) {
		got = append(got, fmt.Sprint(f.Kind, idsOf(f.Entries)))
	}
	want := []string{"fan-out[20 19 16 13 12]", "lookups[18 17 15]", "single[14]", "lookups[11]", "set-up[3 2]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folds (-want +got):\n%s", diff)
	}
	if all, failed := activitylog.FoldEntries(entries, 3)[0].Inboxes(); all != 4 || failed != 1 {
		t.Errorf("fan-out to %d inboxes, %d failed; want 4 and 1: c was reached in the end", all, failed)
	}
}

// An address that has a number instead of a name is read as the name that an instance knows.
func TestNames_of_people_with_numbers(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	const alice = "https://academy.test/ap/users/7"
	if err := l.stores["techhub"].InsertAccount(t.Context(), social.Account{ID: 9, Username: "alice", Domain: "academy.test", URI: alice, CreatedAt: began}, ""); err != nil {
		t.Fatal(err)
	}
	n := l.log.Names()
	for range 2 { // found, then remembered
		if got := n.Person(alice); got != "alice" {
			t.Errorf("Person: got %q, want alice", got)
		}
	}
	if got, ok := n.AuthorOf(alice + "/statuses/3"); got != "alice" || !ok {
		t.Errorf("AuthorOf: got %q, %v, want alice", got, ok)
	}
	for uri, want := range map[string]string{
		alice: "alice’s profile", alice + "/outbox": "alice’s posts", alice + "/statuses/3": "a post by alice",
		alice + "/statuses/3/replies": "the replies to a post by alice", alice + "/statuses/3/likes": "how many people like a post by alice",
		"https://academy.test/contexts/7-3": "a conversation begun on academy", "https://academy.test/emojis/1": "an emoji of academy",
		"https://else.test/ap/users/8": "8@else.test’s profile",
	} {
		if got := n.Document(uri); got != want {
			t.Errorf("Document(%s): got %q, want %q", uri, got, want)
		}
	}
}
