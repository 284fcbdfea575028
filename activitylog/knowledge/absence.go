package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// end is the last rung that is known of why a post is not on a server.
type end struct {
	rule     rules.ID
	text     string
	evidence IDs
	inferred bool
}

// absence goes down the ladder (federation.md §13.2b, contracts.md 29): what was there and went, what arrived and was
// dropped, what was sent and not taken, what was listed and not fetched, what was not listed, what was not passed on; and
// when none of that happened, no rule leads here.
func (t *trail) absence(ctx context.Context, c Cell) (end, error) {
	switch c.State {
	case Gone:
		return t.gone(c), nil
	case Withheld:
		return end{rule: c.How, text: fmt.Sprintf("it is kept, and shown to nobody, since %s is suspended there", t.names.Person(t.p.author)), evidence: some(c.Entry)}, nil
	}
	for _, look := range []func() (end, bool){t.dropped, t.notTaken, t.notFetched} {
		if found, ok := look(); ok {
			return found, nil
		}
	}
	found, ok, err := t.notListed(ctx)
	if err == nil && !ok {
		if found, ok = t.notForwarded(); !ok {
			found = end{rule: rules.WhyNoRoute, text: "no rule leads there"}
		}
	}
	found.inferred = true
	return found, err
}

// gone is the end of what was there. Logs from before removals named their rule may have none.
func (t *trail) gone(c Cell) end {
	found := end{rule: c.How, text: "it was there and is gone", evidence: some(c.Entry)}
	switch {
	case c.How == rules.AcceptByAuthor:
		found.text = "it was there and its author deleted it"
	case c.How == rules.AcceptDeparture:
		found.text = "it was there and its author's account ended"
	case c.How == rules.DropAccountDeleted:
		found.text = "it was there and its author's account was deleted"
	case c.How == rules.DropDomainEnded:
		found.text = "it was there and " + t.s.Name + " broke with the server it came from"
	case c.How == "" && t.p.home == t.s.Name:
		found.rule, found.text, found.inferred = rules.AcceptByAuthor, "it was there and its author, or who runs the server, deleted it", true
	case c.How == "":
		found.rule, found.text, found.inferred = rules.WhyNoRoute, "it was there and "+t.s.Name+" took it away", true
	}
	return found
}

// dropped finds what the server decided about the post when it arrived, the last time.
func (t *trail) dropped() (end, bool) {
	for _, kind := range []string{"Create", "Announce"} { // a dropped boost could have brought it, too
		for _, e := range slices.Backward(t.arrived(kind)) {
			if d, ok := decision(e, t.p.uri); ok && d.Outcome != observe.Accepted {
				return end{rule: d.Rule, text: "it arrived and was not kept", evidence: IDs{e.Exchange.ID}}, true
			}
		}
	}
	for _, e := range slices.Backward(t.p.there[t.s.Name]) { // of what was fetched
		if e.kind == (observe.Decided{}).Kind() && e.outcome != observe.Accepted {
			return end{rule: e.rule, text: "it was fetched and not kept", evidence: some(e.exchange)}, true
		}
	}
	return end{}, false
}

// notTaken finds deliveries to the server that did not succeed.
func (t *trail) notTaken() (end, bool) {
	for _, e := range slices.Backward(t.sent("", "Create")) {
		if taken(e) {
			continue
		}
		for _, f := range slices.Backward(e.Facts) {
			if f.Kind == (observe.Retried{}).Kind() {
				return end{rule: f.Rule, text: "it was sent there and not taken", evidence: IDs{e.Exchange.ID}}, true
			}
		}
	}
	return end{}, false
}

// notFetched finds the limits that kept the server from fetching it.
func (t *trail) notFetched() (end, bool) {
	if e, ok := t.p.skipped(t.s.Name, "fetch"); ok {
		return end{rule: e.rule, text: "it was listed there as a reply and not fetched", evidence: some(e.exchange)}, true
	}
	return end{}, false
}

// notListed applies when the server read the post that this one answers from a server that had this one already: the list
// of replies in that document could have named it and does not.
func (t *trail) notListed(ctx context.Context) (end, bool, error) {
	if t.parent == nil || t.parent.home == "" || t.parent.home == t.s.Name {
		return end{}, false, nil
	}
	there, known := t.p.learned(t.parent.home)
	e, fetched := t.fetched(ctx, t.parent)
	if !known || !fetched || there.pos > e.Pos {
		return end{}, false, nil
	}
	full, err := t.r.log.Entry(ctx, e.Exchange.ID)
	if err != nil || full.Answer == nil {
		return end{}, false, err
	}
	listed, readable := embedded(full.Answer.Body.Bytes)
	if !readable || slices.Contains(listed, t.p.uri) {
		return end{}, false, nil
	}
	found := end{rule: rules.ListFirstFive, text: "the list of replies that it fetched was full", evidence: IDs{e.Exchange.ID}}
	home, _ := t.r.server(t.parent.home)
	if t.p.author != t.parent.author && !home.ListsEveryone {
		found.rule, found.text = rules.ListAuthorOnly, "the list of replies that it fetched holds only the author's own"
	}
	return found, true, nil
}

// embedded are the replies that a post's document lists on its first page; readable is false when it embeds none.
func embedded(body []byte) (uris []string, readable bool) {
	var doc struct {
		Replies *struct {
			First *struct {
				Items []json.RawMessage `json:"items"`
			} `json:"first"`
		} `json:"replies"`
	}
	if json.Unmarshal(body, &doc) != nil || doc.Replies == nil || doc.Replies.First == nil {
		return nil, false
	}
	for _, item := range doc.Replies.First.Items {
		uris = append(uris, Reference(item))
	}
	return uris, true
}

// Reference is what a member of an activity names: a URI, or the id of an object; "" when it is neither.
func Reference(raw json.RawMessage) string {
	var uri string
	if json.Unmarshal(raw, &uri) == nil {
		return uri
	}
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	return object.ID
}

// notForwarded applies when somebody of the server follows whom the post answers: the server of that person had it and
// could have passed it on.
func (t *trail) notForwarded() (end, bool) {
	if t.parent == nil || t.parent.home == "" || t.parent.home == t.s.Name {
		return end{}, false
	}
	if _, follows := t.r.follower(t.s.Host, t.parent.author, Now); !follows {
		return end{}, false
	}
	if e, ok := t.p.skipped(t.parent.home, "forward"); ok {
		return end{rule: e.rule, text: t.parent.home + " had it and did not pass it on", evidence: some(e.exchange)}, true
	}
	return end{}, false
}

func some(id activitylog.ID) IDs {
	if id == 0 {
		return IDs{}
	}
	return IDs{id}
}
