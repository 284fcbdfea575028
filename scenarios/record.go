package scenarios

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/federation/policy"
	"orrery/lab"
)

// record is the lab's log as far as it has been read: the exchanges of all servers by id, the facts of each by position.
type record struct {
	lab     *lab.Lab
	names   activitylog.Names
	pos     int64
	entries []activitylog.Entry           // oldest first
	facts   map[string][]activitylog.Fact // by server
	who     *knowledge.Record
	undone  map[activitylog.ID]string // what an Undo takes back: the post or person
}

// mark is a moment of the log.
type mark struct {
	id  activitylog.ID
	pos int64
}

func newRecord(l *lab.Lab) *record {
	r := &record{lab: l, names: l.Log.Names(), facts: map[string][]activitylog.Fact{}, undone: map[activitylog.ID]string{}, who: knowledge.NewRecord(l.Log)}
	r.who.Servers = knownOf(l)
	return r
}

func knownOf(l *lab.Lab) []knowledge.Server {
	var known []knowledge.Server
	for _, s := range l.Plan.Servers {
		known = append(known, Known(s.Name, s.Policy))
	}
	return known
}

// Known is what the log cannot tell of a server, and its policy can.
func Known(server string, p policy.Policy) knowledge.Server {
	return knowledge.Server{Name: server, ListsEveryone: p.RepliesEveryone, Community: p.Owners == policy.OwnedByCommunity}
}

// factsAtOnce is how many facts one query of read takes.
const factsAtOnce = 1000

// read brings the record up to date. Scenarios are small: what changed is cheap to find by reading everything.
func (r *record) read(ctx context.Context) error {
	last, err := r.lab.Log.LastPosition(ctx)
	if err != nil || last == r.pos {
		return err
	}
	r.entries = nil
	f := activitylog.Filter{Limit: activitylog.MaxLimit, Directions: []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local}}
	for {
		page, err := r.lab.Log.Entries(ctx, f)
		if err != nil {
			return err
		}
		r.entries = append(r.entries, page...)
		if len(page) < activitylog.MaxLimit {
			break
		}
		f.Before = page[len(page)-1].Exchange.ID
	}
	slices.Reverse(r.entries)
	for _, h := range r.lab.Hosts {
		known := r.facts[h.Name]
		for {
			after := int64(0)
			if len(known) > 0 {
				after = known[len(known)-1].Pos
			}
			more, err := h.Instance.Source().FactsSince(ctx, after, nil, factsAtOnce)
			if err != nil {
				return fmt.Errorf("facts of %s: %w", h.Name, err)
			}
			if known = append(known, more...); len(more) < factsAtOnce {
				break
			}
		}
		r.facts[h.Name] = known
	}
	if err := r.who.Read(ctx); err != nil {
		return err
	}
	r.pos = last
	return nil
}

// now is the end of what has been read.
func (r *record) now() mark {
	m := mark{pos: r.pos}
	if n := len(r.entries); n > 0 {
		m.id = r.entries[n-1].Exchange.ID
	}
	return m
}

// entry finds one by id.
func (r *record) entry(id activitylog.ID) (activitylog.Entry, bool) {
	i, ok := slices.BinarySearchFunc(r.entries, id, func(e activitylog.Entry, id activitylog.ID) int { return cmp.Compare(e.Exchange.ID, id) })
	if !ok {
		return activitylog.Entry{}, false
	}
	return r.entries[i], true
}

// peer is the name of the lab's server that an entry's other side is.
func (r *record) peer(e activitylog.Entry) string { return r.names.Server(e.Exchange.Peer) }

// sent are the deliveries that one server made and another took, each (activity, inbox) once however often it was tried,
// since m, oldest first.
func (r *record) sent(m mark) []activitylog.Entry {
	type journey struct{ from, activity, inbox string }
	seen := map[journey]bool{}
	var out []activitylog.Entry
	for _, e := range r.tried(m) {
		x := e.Exchange
		k := journey{x.Instance, x.Activity.ID, x.URL}
		if k.activity == "" {
			k.activity = x.Body.SHA256
		}
		if taken(e) && !seen[k] {
			seen[k] = true
			out = append(out, e)
		}
	}
	return out
}

// tried are all tries of deliveries since m, also those that failed.
func (r *record) tried(m mark) []activitylog.Entry {
	var out []activitylog.Entry
	for _, e := range r.entries {
		if x := e.Exchange; x.ID > m.id && x.Direction == activitylog.Out && x.Kind == activitylog.Delivery {
			out = append(out, e)
		}
	}
	return out
}

func taken(e activitylog.Entry) bool {
	return e.Answer != nil && e.Answer.Status >= 200 && e.Answer.Status < 300
}

// fetched are the answered GETs of documents since m, apart from what servers look up about people.
func (r *record) fetched(m mark) []activitylog.Entry {
	var out []activitylog.Entry
	for _, e := range r.entries {
		x := e.Exchange
		if x.ID > m.id && x.Direction == activitylog.Out && x.Kind == activitylog.Fetch && !e.Plumbing() && e.Answer != nil && e.Answer.Status != 0 {
			out = append(out, e)
		}
	}
	return out
}

// cell is what the log says of whether a server has a post, as far as it has been read.
func (r *record) cell(server, uri string) knowledge.Cell {
	c, _ := r.who.Cell(uri, server, r.pos)
	return c
}

// takenBack is what the activity that an Undo names was about; only the body says so.
func (r *record) takenBack(ctx context.Context, e activitylog.Entry) (string, error) {
	id := e.Exchange.ID
	if uri, ok := r.undone[id]; ok {
		return uri, nil
	}
	full, err := r.lab.Log.Entry(ctx, id)
	if err != nil {
		return "", err
	}
	var doc struct {
		Object struct {
			Object json.RawMessage `json:"object"`
		} `json:"object"`
	}
	uri := ""
	if json.Unmarshal(full.Exchange.Body.Bytes, &doc) == nil {
		uri = knowledge.Reference(doc.Object.Object)
	}
	r.undone[id] = uri
	return uri, nil
}
