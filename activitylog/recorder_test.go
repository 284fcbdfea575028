package activitylog_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/storage"
)

// recorder writes to academy's log of a lab; ids count from 1.
func recorder(t testing.TB) (*activitylog.Recorder, *lab) {
	t.Helper()
	l := newLab(t)
	var id atomic.Int64
	store := l.stores["academy"]
	return &activitylog.Recorder{
		Instance: "academy", Now: func() time.Time { return began }, NewID: func() int64 { return id.Add(1) },
		Write: func(ctx context.Context, fn func(context.Context, activitylog.Appender) error) error {
			return store.Tx(ctx, func(ctx context.Context, tx *storage.Store) error { return fn(ctx, tx) })
		},
		Woken: func() {}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}, l
}

func (l *lab) entry(id activitylog.ID) activitylog.Entry {
	l.t.Helper()
	e, err := l.log.Entry(context.Background(), id)
	if err != nil {
		l.t.Fatal(err)
	}
	return e
}

func delivered(body string) activitylog.Exchange {
	return activitylog.Exchange{Kind: activitylog.Delivery, Method: "POST", URL: "https://academy.test/inbox", Peer: "techhub.test",
		Body: activitylog.Keep([]byte(body)), Activity: activitylog.Summarize([]byte(body))}
}

func TestWhatIsRefusedIsRecorded(t *testing.T) {
	t.Parallel()
	r, l := recorder(t)
	ctx, x := r.Receive(t.Context(), delivered(`{"type":"Like","actor":"`+berta+`"}`))
	r.Observe(ctx, observe.Verified{Rule: rules.SigDigestMismatch})
	x.Answer(activitylog.Answer{Status: 401})
	fail(t, x.Finish())
	fail(t, x.Finish()) // nothing more to write
	e := l.entry(x.ID())
	if e.State.Outcome != observe.Rejected || e.State.Rule != rules.SigDigestMismatch || e.Answer == nil || e.Answer.Status != 401 || len(e.Facts) != 1 {
		t.Errorf("entry %+v, answer %+v, %d facts; want it rejected with 401 by sig.digest-mismatch", e.State, e.Answer, len(e.Facts))
	}
}

func TestSuccessOfADeliveryIsDecidedByTheDecision(t *testing.T) {
	t.Parallel()
	r, l := recorder(t)
	ctx, x := r.Receive(t.Context(), delivered(`{"type":"Create","actor":"`+berta+`"}`))
	r.Observe(ctx, observe.Verified{Rule: rules.SigOK, OK: true, Owner: alice})
	x.Answer(activitylog.Answer{Status: 202})
	fail(t, x.Finish())
	if e := l.entry(x.ID()); e.State.Outcome != observe.Pending || e.State.Carrier != alice || cmp.Diff(e.State.Badges, []string{activitylog.Forwarded}) != "" {
		t.Errorf("after 202: %+v, want it pending, carried by alice, forwarded", e.State)
	}
	work, end := r.Work(t.Context(), observe.Cause{Exchange: x.ID()}, x.ID(), l.entry(x.ID()).State)
	r.Observe(work, observe.Decided{Rule: rules.DropDuplicate, Outcome: observe.Dropped})
	fail(t, end())
	if e := l.entry(x.ID()); e.State.Outcome != observe.Dropped || cmp.Diff(e.State.Badges, []string{activitylog.Forwarded, activitylog.Duplicate}) != "" {
		t.Errorf("after the decision: %+v, want it dropped as a duplicate", e.State)
	}
}

func TestFactsCommitWithTheirTransactionOrNotAtAll(t *testing.T) {
	t.Parallel()
	r, l := recorder(t)
	ctx, x := r.Receive(t.Context(), delivered(`{}`))
	boom := errors.New("boom")
	try := func(end error) {
		var done func(bool)
		err := r.Write(ctx, func(ctx context.Context, log activitylog.Appender) (err error) {
			if done, err = r.Commit(ctx, log); err != nil {
				return err
			}
			return end
		})
		done(err == nil)
		if !errors.Is(err, end) {
			t.Fatalf("transaction: %v, want %v", err, end)
		}
	}
	rewind := r.Mark(ctx)
	r.Observe(ctx, observe.Decided{Rule: rules.AcceptByAuthor, Outcome: observe.Accepted})
	try(boom)
	if _, err := l.log.Entry(ctx, x.ID()); !errors.Is(err, activitylog.ErrNoEntry) {
		t.Errorf("after a failed transaction: %v, want nothing recorded", err)
	}
	rewind() // the transaction is tried again, and observes again
	r.Observe(ctx, observe.Decided{Rule: rules.DropUnrelated, Outcome: observe.Dropped})
	try(nil)
	fail(t, x.Finish())
	e := l.entry(x.ID())
	if len(e.Facts) != 1 || e.State.Rule != rules.DropUnrelated {
		t.Errorf("%d facts, %+v; want the second decision once", len(e.Facts), e.State)
	}
}

func TestAnActionThatChangesNothingIsNotRecorded(t *testing.T) {
	t.Parallel()
	r, l := recorder(t)
	_, end := r.Action(t.Context(), activitylog.Summary{Type: "Like", Actor: alice})
	end()
	l.want("log", activitylog.Filter{})
	ctx, end := r.Action(t.Context(), note(alice, post, "", "Hello"))
	r.Observe(ctx, observe.Learned{Rule: rules.LearnLocal, Object: post})
	end()
	got := l.want("log", activitylog.Filter{}, 2)
	if s := activitylog.Sentence(got[0], l.log.Names()); s != "alice@academy.test posted “Hello”." && s != "alice posted “Hello”." {
		t.Errorf("sentence %s", s)
	}
	if c := observe.CauseOf(ctx); c.Exchange != 2 || c.Root != 2 {
		t.Errorf("cause %+v, want the action", c)
	}
	r.Observe(t.Context(), observe.Followed{Follower: alice, Target: berta}) // about the instance, outside any scope
	facts, err := l.stores["academy"].FactsSince(t.Context(), 0, []string{"follow.established"}, 10)
	if err != nil || len(facts) != 1 || facts[0].Object != alice || facts[0].Exchange != 0 {
		t.Errorf("facts %+v (%v), want one about alice that stands in no exchange", facts, err)
	}
}

func TestTransportRecordsBothHalvesAsOnTheWire(t *testing.T) {
	t.Parallel()
	r, l := recorder(t)
	var arrived []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		arrived = append(arrived, string(body))
		if e := l.entry(2); e.Answer != nil || e.State.Outcome != observe.Pending {
			t.Errorf("while the request is on its way the log has %+v, want it pending without an answer", e.State)
		}
		w.Header().Set("X-Reason", "none")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"error":"later"}`)
	}))
	t.Cleanup(srv.Close)
	tr := &http.Transport{DisableCompression: true}
	t.Cleanup(tr.CloseIdleConnections)
	client := &http.Client{Transport: r.Transport(tr)}

	ctx, x := r.Receive(t.Context(), delivered(`{}`))
	ctx = observe.WithPurpose(ctx, observe.Purpose{Kind: activitylog.Delivery, Rule: rules.ForwardParentFollowers, Signer: alice, Attempt: 2})
	body := `{"type":"Create","id":"urn:1","actor":"` + berta + `","to":["` + publicIRI + `"],"object":{"id":"urn:2","type":"Note","content":"<p>Hi</p>"}}`
	req, err := http.NewRequestWithContext(ctx, "POST", srv.URL+"/inbox?x=1", strings.NewReader(body))
	fail(t, err)
	req.Header.Set("User-Agent", "Orrery")
	req.Header.Set("Signature", "s")
	req.Header.Set("Date", "d")
	res, err := client.Do(req)
	fail(t, err)
	answer, _ := io.ReadAll(res.Body)
	if string(answer) != `{"error":"later"}` || len(arrived) != 1 || arrived[0] != body {
		t.Errorf("sent %q, read %q; want both bodies whole", arrived, answer)
	}
	fail(t, x.Finish())
	e := l.entry(2)
	var lines []string
	for _, h := range e.Exchange.Header {
		lines = append(lines, h.Name)
	}
	if diff := cmp.Diff([]string{"Host", "User-Agent", "Content-Length", "Date", "Signature"}, lines); diff != "" {
		t.Errorf("header lines (-want +got):\n%s", diff)
	}
	if e.Exchange.Cause != x.ID() || e.Exchange.Root != x.ID() || string(e.Exchange.Body.Bytes) != body || e.Exchange.Activity.Excerpt != "<p>Hi</p>" {
		t.Errorf("exchange %+v, want it caused by %d, with its body and summary", e.Exchange, x.ID())
	}
	if e.State.Outcome != observe.Failed || e.Answer.Status != 503 || string(e.Answer.Body.Bytes) != `{"error":"later"}` ||
		cmp.Diff(e.State.Badges, []string{activitylog.Retry, activitylog.Forwarded}) != "" {
		t.Errorf("state %+v, answer %+v; want it failed with 503, a retry, forwarded", e.State, e.Answer)
	}
}

func TestTransportRecordsFailuresAndCutsLongAnswers(t *testing.T) {
	t.Parallel()
	r, l := recorder(t)
	client := &http.Client{Transport: r.Transport(roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }))}
	if _, err := client.Get("https://far.example/a"); err == nil {
		t.Error("no error from a network that has none")
	}
	if e := l.entry(1); e.Answer.Err != "no route" || e.Answer.Status != 0 || e.State.Outcome != observe.Failed || e.Exchange.Kind != activitylog.Other {
		t.Errorf("answer %+v, %+v; want it failed for no route", e.Answer, e.State)
	}
	client.Transport = r.Transport(roundTrip(func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(strings.Repeat("a", activitylog.MaxBody+5))), Request: req}, nil
	}))
	if _, err := client.Get("https://far.example/b"); !errors.Is(err, activitylog.ErrTooLarge) {
		t.Errorf("long answer: %v, want ErrTooLarge", err)
	}
	if e := l.entry(2); !e.Answer.Body.Truncated || len(e.Answer.Body.Bytes) != activitylog.MaxBody {
		t.Errorf("kept %d bytes, truncated %v; want one mebibyte, marked", len(e.Answer.Body.Bytes), e.Answer.Body.Truncated)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSummaryReadsLeniently(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]activitylog.Summary{
		``: {}, `nonsense`: {}, `[]`: {}, `{"type":7,"actor":{"no":"id"}}`: {},
		`{"id":"a","type":["Create","X"],"actor":{"id":"b"},"to":"as:Public","cc":[{"id":"c"},7,"d"],"object":{"id":"e","type":"Note","inReplyTo":{"id":"f"},"content":"g"}}`: {
			ID: "a", Type: "Create", Actor: "b", Object: "e", ObjectType: "Note", InReplyTo: "f", To: []string{"as:Public"}, Cc: []string{"c", "d"}, Excerpt: "g"},
		`{"type":"Create","actor":"b","to":["x"],"object":{"content":"secret"}}`:             {Type: "Create", Actor: "b", To: []string{"x"}},
		`{"type":"Like","actor":"b","object":"e"}`:                                           {Type: "Like", Actor: "b", Object: "e"},
		`{"type":"Cre\u0000ate","actor":"` + strings.Repeat("a", 3000) + `","object":["e"]}`: {Type: "Create", Actor: strings.Repeat("a", 2048), Object: "e"},
	} {
		got := activitylog.Summarize([]byte(body))
		if len(got.To) == 0 {
			got.To = nil
		}
		if len(got.Cc) == 0 {
			got.Cc = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.80s (-want +got):\n%s", body, diff)
		}
	}
	a := activitylog.PairOf("POST", "Academy.test", "/inbox", []activitylog.Field{{Name: "Signature", Value: "s"}, {Name: "Date", Value: "d"}})
	b := activitylog.PairOf("POST", "academy.test", "/inbox", []activitylog.Field{{Name: "date", Value: "d"}, {Name: "signature", Value: "s"}, {Name: "X-Forwarded-For", Value: "x"}})
	if a != b {
		t.Errorf("the two sides of a request compute %s and %s, want the same", a, b)
	}
}

// Work that nothing led to, as asking for threads beside the server is, belongs to the first request that it makes.
func TestWorkThatNothingLedTo(t *testing.T) {
	t.Parallel()
	r, l := recorder(t)
	client := &http.Client{Transport: r.Transport(roundTrip(func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: http.NoBody, Request: req}, nil
	}))}
	for _, tt := range []struct {
		cause         observe.Cause
		first, second activitylog.ID
		about         activitylog.ID // the fact
		root          activitylog.ID // of everything
	}{
		{observe.Cause{}, 1, 2, 1, 1},
		{observe.Cause{Exchange: 1, Root: 1}, 3, 4, 1, 1},
	} {
		ctx, end := r.Work(t.Context(), tt.cause, tt.cause.Exchange, activitylog.State{})
		for range 2 {
			req, err := http.NewRequestWithContext(ctx, "GET", "https://far.example/a", nil)
			fail(t, err)
			_, err = client.Do(req)
			fail(t, err)
		}
		r.Observe(ctx, observe.Learned{Rule: rules.LearnExternal, Object: alice})
		fail(t, end())
		cause := tt.cause.Exchange
		if cause == 0 {
			cause = tt.first
		}
		if x := l.entry(tt.second).Exchange; x.Cause != cause || x.Root != tt.root {
			t.Errorf("the second request was led to by %d from %d on, want %d and %d", x.Cause, x.Root, cause, tt.root)
		}
		facts := l.entry(tt.about).Facts
		if n := len(facts); n == 0 || facts[n-1].Exchange != tt.about || facts[n-1].Root != tt.root {
			t.Errorf("the entry %d has %+v, want the fact in it", tt.about, facts)
		}
	}
}
