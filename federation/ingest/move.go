package ingest

import (
	"context"

	"orrery/federation/rules"
	"orrery/social"
)

// Claim reads the account at uri anew and returns it with what it says of its other accounts, which is what a move to it
// depends on. One of this server is as it is kept.
func (g *Ingest) Claim(ctx context.Context, uri string) (social.Account, error) {
	if g.URLs.IsLocal(uri) {
		return g.Actor(ctx, uri)
	}
	doc, err := g.actorDocument(ctx, uri, "fetch", rules.FetchMoveTarget)
	if err != nil {
		return social.Account{}, err
	}
	a, err := g.store(ctx, doc, proved{})
	a.AlsoKnownAs = doc.Refs("alsoKnownAs")
	if doc.Ref("movedTo") != "" && a.MovedToID == 0 {
		a.MovedToID = a.ID // where to does not matter: it is not there any more
	}
	return a, err
}
