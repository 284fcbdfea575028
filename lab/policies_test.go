package lab_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/lab"
	"orrery/social"
)

// network is a lab in which every server has its own policy: alice lives on academy, berta and blaine on techhub, canon on
// masto.
type network struct {
	*lab.Lab
	t *testing.T
}

// newNetwork sets servers up under the policies of academy, techhub and masto; follows are "berta alice".
func newNetwork(t *testing.T, policies [3]string, follows ...string) *network {
	t.Helper()
	plan := lab.Plan{People: []lab.Person{
		{Name: "alice", Server: "academy"}, {Name: "berta", Server: "techhub"}, {Name: "blaine", Server: "techhub"}, {Name: "canon", Server: "masto"},
	}}
	for i, name := range []string{"academy", "techhub", "masto"} {
		words := strings.Fields(policies[i]) // a name, then knobs: fetch-all=off
		p, err := policy.Named(words[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, knob := range words[1:] {
			name, value, _ := strings.Cut(knob, "=")
			if err := p.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
		plan.Servers = append(plan.Servers, lab.Server{Name: name, Policy: p})
	}
	for _, f := range follows {
		who, whom, _ := strings.Cut(f, " ")
		plan.Follows = append(plan.Follows, lab.Edge{Follower: who, Followed: whom})
	}
	l, err := lab.NewMemory(context.Background(), plan, lab.Memory{Dir: t.TempDir(), Seed: 1, Keys: lab.FixedKeys(), Log: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &network{l, t}
}

// settled ends what began err's action: everything due is done.
func (n *network) settled(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
	n.Tick()
	if err := n.Settle(context.Background()); err != nil {
		n.t.Fatal(err)
	}
}

// says lets somebody post, or answer the post at parent, and returns the post's address.
func (n *network) says(who, text, parent string) string {
	n.t.Helper()
	s := clientapi.NewStatus{Status: text}
	if parent != "" {
		s.InReplyToID = n.id(who, parent)
	}
	posted, err := as(n.t, n.Lab, who).Post(context.Background(), s)
	n.settled(err)
	return posted.URI
}

// id is the number that the post at uri has on the server of who, which must know it.
func (n *network) id(who, uri string) string {
	n.t.Helper()
	_, h, err := n.Find(who)
	if err != nil {
		n.t.Fatal(err)
	}
	s, err := h.Instance.Services.Store.StatusByURI(context.Background(), uri)
	if err != nil {
		n.t.Fatalf("%s does not find %s: %v", who, uri, err)
	}
	return s.ID.String()
}

func (n *network) likes(who, uri string) {
	n.t.Helper()
	_, err := as(n.t, n.Lab, who).Favourite(context.Background(), n.id(who, uri))
	n.settled(err)
}

func (n *network) boosts(who, uri string) {
	n.t.Helper()
	_, err := as(n.t, n.Lab, who).Boost(context.Background(), n.id(who, uri), "")
	n.settled(err)
}

func (n *network) deletes(who, uri string) {
	n.t.Helper()
	_, err := as(n.t, n.Lab, who).Delete(context.Background(), n.id(who, uri))
	n.settled(err)
}

// status is the post at uri as the named server has it; the zero one when it does not.
func (n *network) status(server, uri string) social.Status {
	s, err := n.Host(server).Instance.Services.Store.StatusByURI(context.Background(), uri)
	if err != nil {
		return social.Status{}
	}
	return s
}

// known wants the post at uri on exactly the named servers.
func (n *network) known(what, uri string, servers ...string) {
	n.t.Helper()
	var got []string
	for _, h := range []string{"academy", "techhub", "masto"} {
		if n.status(h, uri).ID != 0 {
			got = append(got, h)
		}
	}
	if !slices.Equal(got, servers) {
		n.t.Errorf("%s is known on %v, want %v", what, got, servers)
	}
}

// liked wants the post at uri to show so many likes on academy, techhub and masto.
func (n *network) liked(uri string, want ...int64) {
	n.t.Helper()
	var got []int64
	for _, h := range []string{"academy", "techhub", "masto"} {
		got = append(got, n.status(h, uri).FavouritesCount)
	}
	if !slices.Equal(got, want) {
		n.t.Errorf("likes shown on academy, techhub and masto: %v, want %v", got, want)
	}
}

// sent are the requests of a server since the entry with the id since, as "POST Create academy/inbox rule", in order.
func (n *network) sent(server string, since activitylog.ID) []string {
	n.t.Helper()
	var out []string
	for _, e := range n.entries(server, since) {
		u, err := url.Parse(e.Exchange.URL)
		if err != nil {
			n.t.Fatal(err)
		}
		words := []string{e.Exchange.Method}
		if e.Exchange.Method == "POST" {
			words = append(words, e.Exchange.Activity.Type)
		}
		out = append(out, strings.Join(append(words, strings.TrimSuffix(u.Host, ".test")+u.Path, string(e.Exchange.Rule)), " "))
	}
	return out
}

// entries are the requests of a server since an entry, oldest first.
func (n *network) entries(server string, since activitylog.ID) []activitylog.Entry {
	n.t.Helper()
	all, err := n.Host(server).Instance.Source().Entries(context.Background(), activitylog.Filter{
		Directions: []activitylog.Direction{activitylog.Out}, Limit: activitylog.MaxLimit,
	})
	if err != nil {
		n.t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(e activitylog.Entry) bool { return e.Exchange.ID <= since })
	slices.Reverse(all)
	return all
}

// now is the newest entry of the lab's log.
func (n *network) now() activitylog.ID {
	n.t.Helper()
	all, err := n.Log.Entries(context.Background(), activitylog.Filter{Limit: 1, Directions: []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local}})
	if err != nil || len(all) == 0 {
		n.t.Fatalf("the newest entry: %v", err)
	}
	return all[0].Exchange.ID
}

// body is the newest document of that type that a server sent to another since an entry, "" for none.
func (n *network) body(server, kind, to string, since activitylog.ID) string {
	n.t.Helper()
	for _, e := range slices.Backward(n.entries(server, since)) {
		if e.Exchange.Activity.Type == kind && strings.Contains(e.Exchange.URL, "//"+to+".test/") {
			full, err := n.Log.Entry(context.Background(), e.Exchange.ID)
			if err != nil {
				n.t.Fatal(err)
			}
			return string(full.Exchange.Body.Bytes)
		}
	}
	return ""
}

// header is the value of a header of the newest request of that method of a server.
func (n *network) header(server, method, name string, since activitylog.ID) string {
	n.t.Helper()
	for _, e := range slices.Backward(n.entries(server, since)) {
		if e.Exchange.Method != method {
			continue
		}
		full, err := n.Log.Entry(context.Background(), e.Exchange.ID)
		if err != nil {
			n.t.Fatal(err)
		}
		for _, f := range full.Exchange.Header {
			if strings.EqualFold(f.Name, name) {
				return f.Value
			}
		}
	}
	return ""
}

// has wants lines that begin with each of these, in any order.
func (n *network) has(lines []string, wants ...string) {
	n.t.Helper()
	for _, want := range wants {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) {
			n.t.Errorf("no request %q among:\n%s", want, strings.Join(lines, "\n"))
		}
	}
}

// hasNot wants no line with any of these words.
func (n *network) hasNot(lines []string, words ...string) {
	n.t.Helper()
	for _, word := range words {
		if i := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, word) }); i >= 0 {
			n.t.Errorf("there is a request %q, want none with %q", lines[i], word)
		}
	}
}

// names wants each rule somewhere in the log.
func (n *network) names(want ...rules.ID) {
	n.t.Helper()
	met := named(n.t, n.Lab)
	for _, rule := range want {
		if !met[rule] {
			n.t.Errorf("nothing in the log names %s", rule)
		}
	}
}

// wait lets time pass.
func (n *network) wait(d time.Duration) {
	n.t.Helper()
	if err := n.Advance(context.Background(), d); err != nil {
		n.t.Fatal(fmt.Errorf("wait %s: %w", d, err))
	}
}
