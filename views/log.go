package views

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"orrery/activitylog"
)

// LogPage is the activity log: a filter, and folds of entries, newest first.
type LogPage struct {
	Page
	Filter  LogFilter
	Scopes  []string // names of the servers whose logs these are
	Wires   []string // pairs of them, with commas
	Eyes    []string // people with whose eyes the log can be read
	Hidden  []Hidden // what the scope leaves out of the entries that were read
	Chips   []TypeChip
	Folds   []activitylog.Fold
	Reading Reading
	Older   string // address of the next page, "" when there is none
	Stream  string // address of the live rows, "" on older pages
	// Problem says which filter cannot be read, or is empty.
	Problem string
}

// LogFilter is the filter as the reader wrote it; its fields are the query of the page's address.
type LogFilter struct {
	Server, Peer, Type, Actor, Object, Direction, Kind, Outcome, Text string
	// As is a person ("alice@academy") with whose eyes the log is read, as the Academy shows it; Wire is two servers with a comma.
	As, Wire string
}

// Hidden is how many entries are left out for one reason, a sentence.
type Hidden struct {
	Reason string
	Count  int
}

// TypeChip narrows the log to one type of activity.
type TypeChip struct {
	Type    string
	Count   int // among the entries that are shown
	Current bool
	Href    string
}

// Reading is what rows need besides the entry.
type Reading struct {
	Names activitylog.Names
	// Taken is how the receiver recorded a request, by the sender's entry; rows then tell of both sides.
	Taken map[activitylog.ID]activitylog.Entry
}

// Values is the filter as a query.
func (f LogFilter) Values() url.Values {
	v := url.Values{}
	for name, s := range map[string]string{"server": f.Server, "peer": f.Peer, "type": f.Type, "actor": f.Actor, "object": f.Object,
		"direction": f.Direction, "kind": f.Kind, "outcome": f.Outcome, "q": f.Text, "as": f.As, "wire": f.Wire} {
		if s != "" {
			v.Set(name, s)
		}
	}
	return v
}

// Narrow reports whether the filter leaves anything out besides the scope.
func (f LogFilter) Narrow() bool {
	f.Server = ""
	return f != LogFilter{}
}

// hidden is how many entries the scope leaves out.
func (p LogPage) hidden() int {
	n := 0
	for _, h := range p.Hidden {
		n += h.Count
	}
	return n
}

// LogAddress is the address of the log with a query.
func LogAddress(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// about is the address of the log of everything that mentions uri.
func about(ctx context.Context, uri string) string {
	return LogAddress(Place(ctx)+"/log", url.Values{"q": {uri}})
}

// hue is the colour of a server of this log, 0 for any other.
func (r Reading) hue(name string) int {
	for _, ours := range r.Names.Servers {
		if ours == name {
			return Hue(name)
		}
	}
	return 0
}

// way is who sent what to whom, for the second column.
type way struct {
	from, to string
	arrow    string
	words    string // the arrow for those who do not see it
}

func (r Reading) way(e activitylog.Entry) way {
	x := e.Exchange
	w := way{from: x.Instance, to: r.Names.Server(x.Peer), arrow: "→", words: "sent to"}
	switch {
	case x.Direction == activitylog.Local:
		return way{from: x.Instance}
	case slices.Contains(e.State.Badges, activitylog.Forwarded):
		w.arrow, w.words = "⇒", "passed on to"
	case x.Kind != activitylog.Delivery:
		w.arrow, w.words = "⇢", "asked"
	}
	if x.Direction == activitylog.In {
		w.from, w.to = w.to, w.from
		if x.Peer == "" {
			w.from = "outside"
		}
	}
	return w
}

// result is the outcome of an entry as a chip: word and shape say the same as the colour.
type result struct{ class, words string }

func (r Reading) results(e activitylog.Entry) []result {
	var all []result
	for _, b := range e.State.Badges {
		all = append(all, result{"mark", b})
	}
	if e.Exchange.Direction == activitylog.Local {
		return append(all, result{"", "done here"})
	}
	status := ""
	if a := e.Answer; a != nil && a.Status > 0 {
		status = " " + strconv.Itoa(a.Status)
	}
	switch outcome := string(e.State.Outcome); {
	case outcome == "failed" && status == "":
		all = append(all, result{"bad", "✗ no answer"})
	case outcome == "failed", outcome == "rejected":
		all = append(all, result{"bad", "✗" + status})
	case outcome == "dropped":
		all = append(all, result{"", "–" + status}, result{"", "dropped"})
	case e.Answer == nil:
		all = append(all, result{"", "… waiting"})
	default:
		all = append(all, result{"ok", "✓" + status})
	}
	if taken, ok := r.Taken[e.Exchange.ID]; ok && taken.State.Outcome == "dropped" {
		all = append(all, result{"", "– dropped there"})
	}
	return all
}

// note is the second, quieter line of an entry.
func (r Reading) note(e activitylog.Entry) string {
	var notes []string
	carrier := e.State.Carrier
	if carrier == "" {
		carrier = e.Exchange.Carrier
	}
	if slices.Contains(e.State.Badges, activitylog.Forwarded) {
		notes = append(notes, "carried by "+r.Names.Person(carrier)+" · written by "+r.Names.Person(e.State.Author))
	}
	if taken, ok := r.Taken[e.Exchange.ID]; ok && taken.State.Outcome == "dropped" {
		why, _ := activitylog.RuleWords(taken.State.Rule)
		notes = append(notes, taken.Exchange.Instance+" dropped it: “"+why+"”")
	}
	if e.Exchange.Direction != activitylog.Local && e.Exchange.Kind != activitylog.Delivery {
		notes = append(notes, visible(e.Exchange.Method+" "+e.Exchange.URL, 160))
	}
	return strings.Join(notes, " · ")
}

// rowClass is quiet for look-ups.
func rowClass(e activitylog.Entry) string {
	if e.Plumbing() {
		return "plumbing"
	}
	return ""
}

func clockTime(t time.Time) string { return t.UTC().Format("15:04:05.000") }

func fullTime(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05.000000 UTC") }

func entryAddress(ctx context.Context, id activitylog.ID) string {
	return Place(ctx) + "/e/" + id.String()
}

// foldWords says what a fold holds.
func (r Reading) foldWords(f activitylog.Fold) string {
	first := f.Entries[0]
	switch f.Kind {
	case activitylog.SetUp:
		return "set-up of the lab: " + count(len(f.Entries), "entry", "entries")
	case activitylog.FanOut:
		all, failed := f.Inboxes()
		words := first.Exchange.Instance + " sent " + activitylog.Title(first) + " to " + count(all, "inbox", "inboxes")
		if failed > 0 {
			words += ", " + strconv.Itoa(failed) + " failed"
		}
		return words
	}
	words := count(len(f.Entries), "look-up", "look-ups")
	if first.Exchange.Direction == activitylog.In {
		return words + " answered by " + first.Exchange.Instance
	}
	return words + " by " + first.Exchange.Instance + r.lookedUp(f.Entries)
}

// lookedUp lists what a fold of look-ups asked for, in a few words.
func (r Reading) lookedUp(entries []activitylog.Entry) string {
	var what []string
	for _, e := range slices.Backward(entries) {
		words := r.Names.Document(e.Exchange.URL)
		if e.Exchange.Kind == activitylog.Key {
			words = r.Names.KeyOf(e.Exchange.URL)
		}
		if !slices.Contains(what, words) {
			what = append(what, words)
		}
	}
	if len(what) > 3 {
		what = append(what[:3], "…")
	}
	return ": " + strings.Join(what, ", ")
}

// foldKey is equal for folds that live rows may join.
func foldKey(f activitylog.Fold) string {
	if f.Kind == activitylog.Lookups {
		return "lookups-" + f.Entries[0].Exchange.Instance
	}
	return string(f.Kind)
}

func count(n int, one, more string) string { return many(int64(n), one, more) }
