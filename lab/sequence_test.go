package lab_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/internal/golden"
	"orrery/lab"
)

// TestSequences plays experiments of federation.md §13.1 and compares every request between servers, in order: who asks
// whom for what, signed by whom, and why. Addresses are written as what they mean, since the versions number differently.
func TestSequences(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(name+" E0", func(t *testing.T) {
			t.Parallel()
			s := newSequence(t, name)
			s.follow("berta", "alice")
			s.compare("E0." + name)
		})
		t.Run(name+" E5", func(t *testing.T) {
			t.Parallel()
			s := newSequence(t, name)
			s.follow("berta", "alice")
			s.follow("blaine", "alice")
			s.follow("canon", "berta")
			s.begin("alice posts P and Ra, blaine posts Rb")
			p := s.post("{P}", "alice", "New post", "")
			s.post("{Ra}", "alice", "One more thing", p)
			s.post("{Rb}", "blaine", "From techhub", p)
			s.begin("berta boosts P")
			s.do(func() error { _, err := as(t, s.l, "berta").Boost(t.Context(), s.local("berta", p), ""); return err })
			if err := s.l.Advance(t.Context(), 6*time.Minute); err != nil {
				t.Fatal(err)
			}
			s.begin("canon opens P six minutes later")
			s.do(func() error { _, err := as(t, s.l, "canon").Context(t.Context(), s.local("canon", p)); return err })
			s.compare("E5." + name)
		})
	}
}

// sequence is what servers ask of each other, as text.
type sequence struct {
	t     *testing.T
	l     *lab.Lab
	since activitylog.ID
	names [][2]string // address, what it means; longest first
	out   strings.Builder
}

func newSequence(t *testing.T, name string) *sequence {
	t.Helper()
	p, err := policy.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	plan := article()
	plan.Follows = nil
	for i := range plan.Servers {
		plan.Servers[i].Policy = p
	}
	l, err := lab.NewMemory(t.Context(), plan, lab.Memory{Dir: t.TempDir(), Seed: 1, Keys: lab.FixedKeys(), Log: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &sequence{t: t, l: l}
	for _, p := range plan.People {
		a, _, err := l.Account(t.Context(), p.Name)
		if err != nil {
			t.Fatal(err)
		}
		s.means(a.URI, "{"+p.Name+"}")
	}
	for _, h := range l.Hosts {
		s.means(h.Instance.Config.Origin+"/actor", "IA@"+h.Name)
		s.means(h.Instance.Config.Origin, h.Name)
	}
	return s
}

func (s *sequence) means(address, name string) {
	s.names = append(s.names, [2]string{address, name})
	slices.SortFunc(s.names, func(a, b [2]string) int { return cmp.Compare(len(b[0]), len(a[0])) })
}

func (s *sequence) plain(text string) string {
	for _, n := range s.names {
		text = strings.ReplaceAll(text, n[0], n[1])
	}
	return text
}

// do acts, and lets all that follows happen.
func (s *sequence) do(act func() error) {
	s.t.Helper()
	s.l.Tick()
	if err := act(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.l.Settle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sequence) follow(who, whom string) {
	s.t.Helper()
	s.begin(who + " follows " + whom)
	s.do(func() error { return s.l.Follow(s.t.Context(), lab.Edge{Follower: who, Followed: whom}) })
}

// post writes and names a post; what it answers is given by its address.
func (s *sequence) post(name, who, text, parent string) string {
	s.t.Helper()
	var uri string
	s.do(func() error {
		n := clientapi.NewStatus{Status: text}
		if parent != "" {
			n.InReplyToID = s.local(who, parent)
		}
		made, err := as(s.t, s.l, who).Post(s.t.Context(), n)
		if uri = made.URI; err == nil {
			s.means(uri, name)
			s.means(made.ID, name)
		}
		return err
	})
	return uri
}

// local is the id that a post has on the server of who.
func (s *sequence) local(who, uri string) string {
	s.t.Helper()
	found, err := as(s.t, s.l, who).Search(s.t.Context(), uri, false)
	if err != nil || len(found.Statuses) != 1 {
		s.t.Fatalf("%s looks for %s: %d found, %v", who, uri, len(found.Statuses), err)
	}
	return found.Statuses[0].ID
}

// begin writes down what was asked since the last chapter, and opens the next.
func (s *sequence) begin(chapter string) {
	s.t.Helper()
	page, err := s.l.Log.Entries(s.t.Context(), activitylog.Filter{
		Limit: activitylog.MaxLimit, Directions: []activitylog.Direction{activitylog.Out}, After: s.since,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.SortFunc(page, func(a, b activitylog.Entry) int { return cmp.Compare(a.Exchange.ID, b.Exchange.ID) })
	for _, e := range page {
		x := e.Exchange
		s.since = max(s.since, x.ID)
		what, by := x.Method+" "+x.URL, "unsigned"
		if x.Method == "POST" {
			what += " " + x.Activity.Type
			if of := s.plain(x.Activity.Object); strings.HasPrefix(of, "{") { // ids of follows are drawn by chance
				what += " of " + of
			}
		}
		if x.Carrier != "" {
			by = "signed by " + x.Carrier
		}
		fmt.Fprintf(&s.out, "  %s: %s\n", x.Instance, s.plain(fmt.Sprintf("%s, %s, %s", what, by, x.Rule)))
	}
	if chapter != "" {
		fmt.Fprintf(&s.out, "%s\n", chapter)
	}
}

func (s *sequence) compare(name string) {
	s.t.Helper()
	s.begin("")
	golden.Text(s.t, name, s.out.String())
}
