package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
)

// rung is the last thing that is known of why a post is not on a server. rule is "" when it is too early to say.
type rung struct {
	rule     rules.ID
	text     string
	evidence []activitylog.Entry
}

// why goes down the ladder (federation.md §13.2b, contracts.md 29): what arrived and was taken back or dropped, what was
// sent and not taken, what was listed and not fetched, what was not listed, what was not passed on; and when none of that
// happened and nothing is under way, no rule leads here. It is computed from what was recorded and never guessed.
func (r *run) why(ctx context.Context, server string, p *post) (rung, error) {
	if k := r.rec.cell(server, p.uri); k.State == knowledge.Gone {
		return rung{rule: rules.AcceptByAuthor, text: "it was there and its author deleted it"}, nil
	} else if k.State.Has() {
		return rung{text: "it is kept there, but nobody there may see it"}, nil
	}
	for _, look := range []func(string, *post) (rung, bool){r.droppedThere, r.notTaken, r.notFetched} {
		if found, ok := look(server, p); ok {
			return found, nil
		}
	}
	for _, h := range r.lab.Hosts {
		due, _, _, err := h.Instance.Pending(ctx)
		if err != nil {
			return rung{}, fmt.Errorf("pending work of %s: %w", h.Name, err)
		}
		if due > 0 {
			return rung{text: "there is work left to do: settle before asking why"}, nil
		}
	}
	if found, ok, err := r.notListed(ctx, server, p); ok || err != nil {
		return found, err
	}
	if found, ok := r.notForwarded(server, p); ok {
		return found, nil
	}
	return rung{rule: rules.WhyNoRoute, text: "no rule leads there"}, nil
}

// droppedThere finds what the server decided about the post when it arrived, the last time.
func (r *run) droppedThere(server string, p *post) (rung, bool) {
	for _, kind := range []string{"Create", "Announce"} { // a dropped boost could have brought it, too
		for _, e := range slices.Backward(r.rec.entries) {
			x := e.Exchange
			if x.Instance != server || x.Direction != activitylog.In || x.Kind != activitylog.Delivery || x.Activity.Type != kind || x.Activity.Object != p.uri {
				continue
			}
			if d, ok := decision(e, p.uri); ok && d.Outcome != observe.Accepted {
				return rung{d.Rule, "it arrived and was not kept", []activitylog.Entry{e}}, true
			}
		}
	}
	for _, f := range slices.Backward(r.rec.facts[server]) { // of what was fetched
		var d observe.Decided
		if f.Kind == d.Kind() && f.Object == p.uri && json.Unmarshal(f.Detail, &d) == nil && d.Outcome != observe.Accepted {
			return rung{d.Rule, "it was fetched and not kept", nil}, true
		}
	}
	return rung{}, false
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

// notTaken finds deliveries to the server that did not succeed.
func (r *run) notTaken(server string, p *post) (rung, bool) {
	for _, e := range slices.Backward(r.rec.tried(mark{})) {
		if e.Exchange.Activity.Type != "Create" || e.Exchange.Activity.Object != p.uri || r.rec.peer(e) != server || taken(e) {
			continue
		}
		for _, f := range slices.Backward(e.Facts) {
			if f.Kind == (observe.Retried{}).Kind() {
				return rung{f.Rule, "it was sent there and not taken", []activitylog.Entry{e}}, true
			}
		}
	}
	return rung{}, false
}

// notFetched finds the limits that kept the server from fetching it.
func (r *run) notFetched(server string, p *post) (rung, bool) {
	for _, s := range r.skipped(server, "fetch") {
		if s.target != p.uri {
			continue
		}
		found := rung{rule: s.fact.Rule, text: "it was listed there as a reply and not fetched"}
		if e, ok := r.rec.entry(s.fact.Exchange); ok {
			found.evidence = append(found.evidence, e)
		}
		return found, true
	}
	return rung{}, false
}

// notListed applies when the server fetched the post that p answers from a server that had p already: the list of replies
// in that document could have named p and does not.
func (r *run) notListed(ctx context.Context, server string, p *post) (rung, bool, error) {
	parent := r.posts[p.parent]
	if parent == nil || parent.author.server == server {
		return rung{}, false, nil
	}
	there := r.rec.cell(parent.author.server, p.uri)
	for _, e := range r.rec.fetched(mark{}) {
		x := e.Exchange
		if x.Instance != server || x.URL != parent.uri || !taken(e) || !there.State.Has() || there.Pos > e.Pos {
			continue
		}
		full, err := r.lab.Log.Entry(ctx, x.ID)
		if err != nil {
			return rung{}, false, err
		}
		listed, readable := embedded(full.Answer.Body.Bytes)
		if !readable || slices.Contains(listed, p.uri) {
			continue
		}
		found := rung{rules.ListFirstFive, "the list of replies that it fetched was full", []activitylog.Entry{e}}
		if p.author != parent.author && !r.policyOf(parent.author.server).RepliesEveryone {
			found.rule, found.text = rules.ListAuthorOnly, "the list of replies that it fetched holds only the author's own"
		}
		return found, true, nil
	}
	return rung{}, false, nil
}

// embedded are the replies that a post's document lists on its first page.
func embedded(body []byte) (uris []string, readable bool) {
	var doc struct {
		Replies struct {
			First struct {
				Items []json.RawMessage `json:"items"`
			} `json:"first"`
		} `json:"replies"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return nil, false
	}
	for _, item := range doc.Replies.First.Items {
		uris = append(uris, reference(item))
	}
	return uris, true
}

// notForwarded applies when somebody of the server follows whom p answers: the server of that person had p and could have
// passed it on.
func (r *run) notForwarded(server string, p *post) (rung, bool) {
	parent := r.posts[p.parent]
	if parent == nil || parent.author.server == server || !r.rec.follows(parent.author.server, r.lab.Host(server).Instance.Host(), parent.author.uri) {
		return rung{}, false
	}
	for _, s := range r.skipped(parent.author.server, "forward") {
		if s.target != p.uri {
			continue
		}
		found := rung{rule: s.fact.Rule, text: parent.author.server + " had it and did not pass it on"}
		if e, ok := r.rec.entry(s.fact.Exchange); ok {
			found.evidence = append(found.evidence, e)
		}
		return found, true
	}
	return rung{}, false
}

func (r *run) policyOf(server string) policy.Policy {
	for _, s := range r.lab.Plan.Servers {
		if s.Name == server {
			return s.Policy
		}
	}
	return policy.Policy{}
}
