package activitypub

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"orrery/federation/inbox"
	"orrery/federation/observe"
	"orrery/federation/signature"
	"orrery/social"
)

func TestStatuses_are_for_those_who_may_see_them(t *testing.T) {
	t.Parallel()
	var w *world
	w = newWorld(t, "https://alpha.test", signedBy(&w))
	follower, stranger, named := w.remote("berta", "beta.test"), w.remote("canon", "gamma.test"), w.remote("dora", "delta.test")
	w.follow(follower, w.alice)
	private := w.post(w.alice, "for followers", seenBy(social.Private))
	direct := w.post(w.alice, "for dora", seenBy(social.Direct, named))
	public := w.post(w.alice, "for all")
	own := w.post(w.alice, "", boosting(private), seenBy(social.Private))
	for _, tt := range []struct {
		name   string
		status social.Status
		by     *social.Account
		want   int
	}{
		{"private unsigned", private, nil, 404},
		{"private, follower", private, &follower, 200},
		{"private, stranger", private, &stranger, 404},
		{"private, mentioned nobody", private, &named, 404},
		{"direct unsigned", direct, nil, 404},
		{"direct, follower", direct, &follower, 404},
		{"direct, mentioned", direct, &named, 200},
		{"public unsigned", public, nil, 200},
		{"public, stranger", public, &stranger, 200},
	} {
		for _, suffix := range []string{"", "/activity", "/replies"} {
			lines := []string{anyDocument}
			if tt.by != nil {
				lines = append(lines, signed(*tt.by))
			}
			got := w.get(path(tt.status)+suffix, lines...)
			if got.status != tt.want {
				t.Errorf("%s, %q: got %d, want %d", tt.name, suffix, got.status, tt.want)
			}
			cache := got.header.Get("Cache-Control")
			if hidden := tt.status.Visibility != social.Public; hidden != (cache == "private, no-store") {
				t.Errorf("%s, %q: Cache-Control %q", tt.name, suffix, cache)
			}
			if tt.want == 404 && strings.Contains(got.body, "followers") {
				t.Errorf("%s, %q: the refusal tells the text: %s", tt.name, suffix, got.body)
			}
		}
	}
	if got := w.get(path(own), anyDocument, signed(follower)); got.status != 200 || !strings.Contains(got.body, "for followers") {
		t.Errorf("own private boost for a follower: got %d %s, want an Announce that carries the note", got.status, got.body)
	}
	if got := w.get(path(own)); got.status != 404 {
		t.Errorf("own private boost unsigned: got %d, want 404", got.status)
	}

	outbox := func(lines ...string) string {
		return w.get("/users/alice/outbox?page=true", append([]string{anyDocument}, lines...)...).body
	}
	for _, tt := range []struct{ reader, body, want, not string }{
		{"anybody", outbox(), "for all", "for followers"},
		{"a follower", outbox(signed(follower)), "for followers", "for dora"},
		{"dora", outbox(signed(named)), "for dora", "for followers"},
	} {
		if !strings.Contains(tt.body, tt.want) || strings.Contains(tt.body, tt.not) {
			t.Errorf("outbox for %s: want %q and not %q in it:\n%s", tt.reader, tt.want, tt.not, tt.body)
		}
	}
}

func TestStatuses_that_are_not_there(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	berta := w.remote("berta", "beta.test")
	note, gone := w.post(w.alice, "here"), w.post(w.alice, "gone")
	theirs := w.post(berta, "there")
	if _, err := w.store.MarkDeleted(t.Context(), gone.ID, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{
		path(gone), path(gone) + "/activity", path(gone) + "/replies",
		"/users/alice/statuses/" + theirs.ID.String(),
		"/users/berta/statuses/" + theirs.ID.String(),
		"/users/nobody/statuses/" + note.ID.String(),
		"/users/alice/statuses/0", "/users/alice/statuses/-1", "/users/alice/statuses/+" + note.ID.String(),
		"/users/alice/statuses/0" + note.ID.String(), "/users/alice/statuses/x", "/users/alice/statuses/" + strings.Repeat("9", 30),
		"/users/alice/statuses/%00", "/users/alice/statuses/1%2F2", "/users/%", "/users/%zz", "/users/al%00ice", "/users/al%2Fice",
		"/users/\u00e4lice", "/users/alpha.test", "/users/" + strings.Repeat("a", 3000), "/users/'%20OR%201=1--", "/users/..%2f..%2factor",
		"/inbox?x=1",
	} {
		got := w.get(target)
		if got.status != 404 || !strings.HasPrefix(got.body, `{"error":"`) || strings.Contains(got.body, "Tombstone") {
			t.Errorf("%.60s: got %d %s, want 404 with a sentence", target, got.status, got.body)
		}
		if e := w.newest(); e.Answer == nil || e.Answer.Status != 404 || e.Exchange.URL != "https://alpha.test"+target {
			t.Errorf("%.60s: recorded as %.80q", target, e.Exchange.URL)
		}
	}
	if got := w.get("/users/%41lice").document(t)["id"]; got != w.alice.URI {
		t.Errorf("a name with an escaped letter gave %v, want %s", got, w.alice.URI)
	}
}

func TestSecure_mode_answers_signed_requests_only(t *testing.T) {
	t.Parallel()
	var w *world
	w = newWorld(t, "https://alpha.test", signedBy(&w), func(d *Documents) {
		d.SecureMode = true
		known := d.Requester
		d.Requester = func(ctx context.Context, r signature.Request, from string) (*social.Account, error) {
			if s, _ := r.Value("Signature"); strings.Contains(s, "stale") {
				return nil, &inbox.Refused{Verdict: inbox.Verdict{Status: 401, Reason: "It is too old."}}
			}
			if s, _ := r.Value("Signature"); strings.Contains(s, "unreachable") {
				return nil, errors.New("dial tcp 10.0.0.1")
			}
			return known(ctx, r, from)
		}
	})
	berta := w.remote("berta", "beta.test")
	note := w.post(w.alice, "Hello")
	for _, target := range []string{"/users/alice", path(note), path(note) + "/activity", path(note) + "/replies", "/users/alice/outbox",
		"/users/alice/followers", "/users/alice/following", "/users/alice/collections/featured", "/users/alice/collections/tags", "/@alice"} {
		if got := w.get(target); got.status != 401 || !strings.HasPrefix(got.body, `{"error":"`) {
			t.Errorf("%s unsigned: got %d %s, want 401", target, got.status, got.body)
		}
		got := w.get(target, anyDocument, signed(berta))
		if got.status != 200 || got.header.Get("Cache-Control") != "private, no-store" || !strings.Contains(got.header.Get("Vary"), "Signature") {
			t.Errorf("%s signed: got %d %v, want 200 and private", target, got.status, got.header)
		}
		got = w.get(target, anyDocument, `Signature: keyId="stale"`)
		if got.status != 401 || !strings.Contains(got.body, "too old") {
			t.Errorf("%s with a stale signature: got %d %s, want 401 that says so", target, got.status, got.body)
		}
	}
	got := w.get("/users/alice", anyDocument, `Signature: keyId="unreachable"`)
	if got.status != 401 || strings.Contains(got.body, "10.0.0.1") || !strings.Contains(w.logs.String(), "10.0.0.1") {
		t.Errorf("key that cannot be fetched: got %d %s, want 401, and the cause in our own log only", got.status, got.body)
	}
	for _, target := range []string{"/actor", "/actor/outbox", "/nodeinfo/2.0", "/.well-known/webfinger?resource=acct:alice@alpha.test"} {
		if got := w.get(target); got.status != 200 {
			t.Errorf("%s unsigned: got %d, want 200 in secure mode too", target, got.status)
		}
	}
	for target, want := range map[string]int{
		"/users/alice": 301, path(note): 301, path(note) + "/activity": 401, path(note) + "/replies": 401, "/users/alice/outbox": 401,
		"/users/alice/followers": 401, "/users/alice/following": 401, "/users/alice/collections/tags": 401,
	} {
		if got := w.get(target, "Accept: text/html"); got.status != want {
			t.Errorf("%s for a browser: got %d, want %d", target, got.status, want)
		}
	}
}

func TestFailures_of_our_own_are_500_and_recorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test", func(d *Documents) { d.Store = broken{d.Store} })
	for target, log := range map[string]string{
		"/nodeinfo/2.0": "the disk is on fire",
		"/.well-known/webfinger?resource=acct:alice@alpha.test": "panic: no such luck",
		"/users/alice":        "the disk is on fire",
		"/users/alice/outbox": "the disk is on fire",
		"/actor":              "panic: no such luck",
	} {
		before := len(w.logs.String())
		got := w.get(target)
		if got.status != 500 || !strings.HasPrefix(got.body, `{"error":"`) || strings.Contains(got.body, "fire") {
			t.Errorf("%s: got %d %s, want 500 with a sentence", target, got.status, got.body)
		}
		if e := w.newest(); e.Exchange.URL != "https://alpha.test"+target || e.Answer == nil || e.Answer.Status != 500 || e.State.Outcome != observe.Failed {
			t.Errorf("%s: recorded as %s %+v %s", target, e.Exchange.URL, e.Answer, e.State.Outcome)
		}
		if logged := w.logs.String()[before:]; !strings.Contains(logged, log) {
			t.Errorf("%s: the log lacks %q:\n%s", target, log, logged)
		}
	}
	if got := w.get("/users/alice/outbox", "Accept: text/html"); got.status != 500 {
		t.Errorf("unrecorded failure: got %d, want 500", got.status)
	}
}

// broken is a database that fails for what these handlers read.
type broken struct{ social.Store }

var errBroken = errors.New("the disk is on fire")

func (broken) CountPeople(context.Context, time.Time) (int64, error) { return 0, errBroken }
func (broken) AccountByHandle(context.Context, string, string) (social.Account, error) {
	return social.Account{}, errBroken
}
func (b broken) AccountByID(ctx context.Context, id social.ID) (social.Account, error) {
	panic("no such luck")
}
