package activitylog

import (
	"net/url"
	"slices"
	"strings"

	"orrery/federation/rules"
)

// Public reports whether anybody may see e (contracts.md 18): it carries a public activity, or it is a GET of a document
// that is public. A GET that nobody signed, or only an instance itself, can have been answered with nothing else. The pages
// behind links are for the operator: the post with the link may be a message to one person, and who knows an address may be
// all that keeps others from what lies there.
func (e Entry) Public() bool {
	x := e.Exchange
	if x.Kind == Delivery || x.Direction == Local {
		return x.Activity.public()
	}
	if x.Rule == rules.FetchCard || x.Rule == rules.FetchOEmbed {
		return false
	}
	switch x.Kind {
	case Key, WebFinger, NodeInfo:
		return true
	}
	signer, err := url.Parse(carrier(e))
	return carrier(e) == "" || (err == nil && strings.Trim(signer.Path, "/") == "actor")
}

// Concerns reports whether actor took part in e: wrote, carried or is addressed by it.
func (e Entry) Concerns(actor string) bool {
	a := e.Exchange.Activity
	if actor == "" {
		return false
	}
	return slices.Contains([]string{a.Actor, a.Object, e.State.Author, carrier(e)}, actor) ||
		slices.Contains(a.To, actor) || slices.Contains(a.Cc, actor)
}
