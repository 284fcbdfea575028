package scenarios

import (
	"context"
	"encoding/json"
	"fmt"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// fetches asks how often one server fetched a post, or replies to it that a list named, from another. Without exactly, more
// is fine. A because is asked of each of those that count.
func (r *run) fetches(ctx context.Context, c *play.Fetches, since mark, want rules.ID) finding {
	p := r.posts[c.Post.Name]
	asked := map[string]bool{p.uri: !c.Replies}
	if c.Replies {
		asked = r.repliesTo(p)
	}
	var f finding
	var other *activitylog.Entry
	for _, e := range r.rec.fetched(since) {
		x := e.Exchange
		right := asked[x.URL] && (!c.Replies || x.Rule == rules.FetchRepliesFirst || x.Rule == rules.FetchThreadReply)
		switch {
		case right && x.Instance == c.From.Name && r.rec.peer(e) == c.To.Name:
			f.evidence = append(f.evidence, e)
		case asked[x.URL] || x.Instance == c.From.Name && r.rec.peer(e) == c.To.Name:
			other = &e
		}
	}
	n, by := len(f.evidence), 0
	for _, e := range f.evidence {
		f.rule = e.Exchange.Rule
		if f.rule == want {
			by++
		}
	}
	f.found = plural(n, "such fetch", "such fetches")
	f.ok = n == c.N || !c.Exactly && n > c.N
	if !f.ok && n == 0 && other != nil {
		f.near, f.evidence = r.describe(ctx, *other), []activitylog.Entry{*other}
		f.rule = other.Exchange.Rule
	}
	if !f.ok || want == "" || n == 0 {
		return f
	}
	if by == n || !c.Exactly && by >= c.N {
		f.rule = want
		return f
	}
	f.ok, f.found = false, fmt.Sprintf("%s, but %d of them because of %s", f.found, by, want)
	return f
}

// repliesTo are the addresses of the posts that answer p, as the script wrote them or a server learned them.
func (r *run) repliesTo(p *post) map[string]bool {
	out := map[string]bool{}
	for _, q := range r.posts {
		if q.parent != "" && r.posts[q.parent] == p {
			out[q.uri] = true
		}
	}
	for _, facts := range r.rec.facts {
		for _, f := range facts {
			var l observe.Learned
			if f.Kind == l.Kind() && json.Unmarshal(f.Detail, &l) == nil && l.InReplyTo == p.uri {
				out[l.Object] = true
			}
		}
	}
	return out
}
