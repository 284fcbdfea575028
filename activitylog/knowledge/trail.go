package knowledge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// trail is what the log holds about one post, seen from one server.
type trail struct {
	r       *Record
	p       *post
	s       Server
	names   activitylog.Names
	parent  *post               // nil when it answers nothing that the log knows
	now     moment              // of the post
	entries []activitylog.Entry // about the post, oldest first
}

// mostPages bounds how many entries about one post are read: others decide how often they send something.
const mostPages = 10

func (r *Record) trail(ctx context.Context, p *post, s Server, n activitylog.Names) (*trail, error) {
	t := &trail{r: r, p: p, s: s, names: n, parent: r.posts[p.parent], now: r.moment(p, Now)}
	if t.parent == p {
		t.parent = nil
	}
	if r.last.uri == p.uri && r.last.pos == r.Pos {
		t.entries = r.last.entries
		return t, nil
	}
	var err error
	if t.entries, err = r.about(ctx, p.uri); err != nil {
		return nil, err
	}
	wrapped := map[string]bool{} // a hub passes on the activity, which is what its own names as its object
	for _, e := range t.entries {
		if a := e.Exchange.Activity; a.Type == "Create" && a.ID != "" && !wrapped[a.ID] && len(wrapped) < 3 {
			wrapped[a.ID] = true
			more, err := r.about(ctx, a.ID)
			if err != nil {
				return nil, err
			}
			t.entries = append(t.entries, more...)
		}
	}
	slices.SortStableFunc(t.entries, func(a, b activitylog.Entry) int { return cmp.Compare(a.Exchange.ID, b.Exchange.ID) })
	r.last.uri, r.last.pos, r.last.entries = p.uri, r.Pos, t.entries
	return t, nil
}

// about are the entries whose activity has uri as its object, oldest first.
func (r *Record) about(ctx context.Context, uri string) ([]activitylog.Entry, error) {
	f := activitylog.Filter{Object: uri, Limit: activitylog.MaxLimit, Directions: []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local}}
	var all []activitylog.Entry
	for range mostPages {
		page, err := r.log.Entries(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < activitylog.MaxLimit {
			break
		}
		f.Before = page[len(page)-1].Exchange.ID
	}
	slices.Reverse(all)
	return all, nil
}

// carries reports whether e brings the post, or an activity about it of the type.
func carries(e activitylog.Entry, kind string) bool {
	t := e.Exchange.Activity.Type
	return t == kind || kind == "Create" && t != "Like" && t != "Delete" && t != "Undo" && t != "Update" && t != "Announce"
}

// sent are deliveries of kind to the trail's server, made by from, or by any server when from is "".
func (t *trail) sent(from, kind string) []activitylog.Entry {
	var out []activitylog.Entry
	for _, e := range t.entries {
		x := e.Exchange
		if x.Direction == activitylog.Out && x.Kind == activitylog.Delivery && strings.EqualFold(x.Peer, t.s.Host) && carries(e, kind) && (from == "" || x.Instance == from) {
			out = append(out, e)
		}
	}
	return out
}

// arrived are deliveries of kind as the trail's server recorded them.
func (t *trail) arrived(kind string) []activitylog.Entry {
	var out []activitylog.Entry
	for _, e := range t.entries {
		x := e.Exchange
		if x.Direction == activitylog.In && x.Kind == activitylog.Delivery && x.Instance == t.s.Name && carries(e, kind) {
			out = append(out, e)
		}
	}
	return out
}

// ticks says how deliveries ended: taken by the other server, and kept by it.
func (t *trail) ticks(sent []activitylog.Entry, kind string) (delivered, accepted Tick, rule rules.ID, evidence IDs) {
	delivered, accepted = None, None
	pairs := map[string]bool{}
	for _, e := range sent {
		evidence = append(evidence, e.Exchange.ID)
		pairs[e.Exchange.Pair] = e.Exchange.Pair != ""
		switch {
		case taken(e):
			delivered = Yes
		case delivered == None:
			delivered = No
		}
	}
	for _, e := range t.arrived(kind) {
		if !pairs[e.Exchange.Pair] {
			continue
		}
		evidence = append(evidence, e.Exchange.ID)
		d, ok := decision(e, t.p.uri)
		switch {
		case !ok:
		case d.Outcome == observe.Accepted, d.Rule == rules.DropDuplicate && accepted != No:
			accepted, rule = Yes, d.Rule
		case accepted == None:
			accepted, rule = No, d.Rule
		}
	}
	return delivered, accepted, rule, evidence[:min(len(evidence), mostEvidence)]
}

// mostEvidence is how many entries prove one rung.
const mostEvidence = 8

func taken(e activitylog.Entry) bool {
	return e.Answer != nil && e.Answer.Status >= 200 && e.Answer.Status < 300
}

// decision is the last one on the activity that e carried. Facts of what e led to stand in the same entry, about other
// objects.
func decision(e activitylog.Entry, uri string) (d observe.Decided, ok bool) {
	for _, f := range slices.Backward(e.Facts) {
		if f.Kind == d.Kind() && (f.Object == uri || f.Object == "") && json.Unmarshal(f.Detail, &d) == nil {
			return d, true
		}
	}
	return d, false
}

// skipped is the last fact of a server about work on the post that does not follow.
func (p *post) skipped(server, what string) (event, bool) {
	for _, e := range slices.Backward(p.there[server]) {
		if e.kind == (observe.Skipped{}).Kind() && e.what == what {
			return e, true
		}
	}
	return event{}, false
}

// learned is how a server came to know a post, the last time.
func (p *post) learned(server string) (event, bool) {
	f := p.fold(server, Now)
	return f.learned, f.known
}

// arrival are the entries that brought the post: the GET it was read with, or what the fact belongs to.
func (t *trail) arrival(ctx context.Context, c Cell) IDs {
	if e, ok := t.fetched(ctx, t.p); ok {
		return IDs{e.Exchange.ID}
	}
	if c.Entry != 0 {
		return IDs{c.Entry}
	}
	return IDs{}
}

// fetched is the GET with which the trail's server read a post when it came to know it. Best effort: the log may have been
// pruned.
func (t *trail) fetched(ctx context.Context, p *post) (activitylog.Entry, bool) {
	l, ok := p.learned(t.s.Name)
	if !ok {
		return activitylog.Entry{}, false
	}
	for _, cause := range slices.Compact([]activitylog.ID{l.exchange, l.cause}) {
		if cause == 0 {
			continue
		}
		found, err := t.r.log.Entries(ctx, activitylog.Filter{Server: t.s.Name, Cause: cause, Kind: activitylog.Fetch, Limit: activitylog.MaxLimit})
		if err != nil {
			return activitylog.Entry{}, false
		}
		for _, e := range slices.Backward(found) {
			if e.Exchange.Direction == activitylog.Out && e.Exchange.URL == p.uri && taken(e) {
				return e, true
			}
		}
	}
	return activitylog.Entry{}, false
}
