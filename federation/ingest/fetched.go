package ingest

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// Status brings in the post at uri and returns it; a known one is returned as it is. how says what for: it is the rule
// of the request, learned the one of the knowledge. viewer signs when not 0, else the instance (federation.md §9.0).
func (g *Ingest) Status(ctx context.Context, uri string, viewer social.ID, how, learned rules.ID) (social.Status, error) {
	if s, err := g.Store.StatusByURI(ctx, uri); err == nil || !errors.Is(err, social.ErrNotFound) {
		return s, err
	}
	if g.URLs.IsLocal(uri) {
		return social.Status{}, fmt.Errorf("post %s: %w", uri, ErrNotHere)
	}
	doc, err := g.Document(ctx, uri, viewer, how)
	if err != nil {
		return social.Status{}, err
	}
	return g.FetchedDocument(ctx, doc, learned)
}

// Document reads the document whose id is uri, signed by viewer, or by the instance when that is 0. Errors: ErrNotHere,
// fetch.ErrUnreachable.
func (g *Ingest) Document(ctx context.Context, uri string, viewer social.ID, rule rules.ID) (vocab.Doc, error) {
	if viewer == 0 {
		viewer = social.InstanceActorID
	}
	by, err := g.Signer(ctx, viewer)
	if err != nil {
		return nil, err
	}
	doc, err := g.Fetch.Document(ctx, uri, by, "fetch", rule)
	if err != nil {
		return nil, gone(err)
	}
	return doc, nil
}

// Resolve brings in whatever lies at an address that may be a page: a post or an actor (federation.md §9.4).
func (g *Ingest) Resolve(ctx context.Context, address string, how, learned rules.ID) (*social.Account, *social.Status, error) {
	by, err := g.Instance(ctx)
	if err != nil {
		return nil, nil, err
	}
	doc, err := g.Fetch.Page(ctx, address, by, "fetch", how)
	if err != nil {
		return nil, nil, gone(err)
	}
	if vocab.ActorType(doc) != "" {
		a, err := g.store(ctx, doc)
		return &a, nil, err
	}
	s, err := g.FetchedDocument(ctx, doc, learned)
	return nil, &s, err
}

// FetchedDocument keeps a document that came from its own address. A post is believed of its attributedTo, an activity
// of its actor, and both only on their own host (federation.md §9.0).
func (g *Ingest) FetchedDocument(ctx context.Context, doc vocab.Doc, learned rules.ID) (social.Status, error) {
	note, arr := doc, Arrival{How: learned, Fetched: true}
	author := doc.Ref("attributedTo")
	if doc.Is("Create") {
		if note = doc.Object("object"); note == nil {
			return social.Status{}, fmt.Errorf("%s has no embedded post: %w", doc.String("id"), ErrNotHere)
		}
		author = doc.Ref("actor")
		arr.To, arr.Cc = doc.Refs("to"), doc.Refs("cc")
	}
	n := vocab.ReadNote(note)
	switch {
	case n.Type == "":
		return social.Status{}, fmt.Errorf("%s is no post that is kept: %w", doc.String("id"), ErrNotHere)
	case !translate.SameHost(n.ID, author), !translate.SameHost(n.ID, doc.String("id")):
		return social.Status{}, fmt.Errorf("%s speaks for %s on another host: %w", n.ID, author, ErrNotHere)
	}
	return g.fetchedNote(ctx, n, author, arr)
}

func (g *Ingest) fetchedNote(ctx context.Context, n vocab.Note, author string, arr Arrival) (social.Status, error) {
	who, err := g.Fresh(ctx, author)
	if err != nil {
		return social.Status{}, err
	}
	need, err := g.NeedNote(ctx, n)
	if err != nil {
		return social.Status{}, err
	}
	var out Outcome
	err = g.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		out, err = g.ApplyNote(ctx, tx, n, who, arr, need)
		if err == nil {
			g.Observer.Observe(ctx, observe.Decided{Rule: out.Rule, Outcome: out.Outcome, Object: n.ID, Inputs: out.Inputs})
		}
		return err
	})
	if err != nil {
		return social.Status{}, fmt.Errorf("keep %s: %w", n.ID, err)
	}
	if out.Status.ID == 0 {
		if out.Rule == rules.DropDuplicate {
			return g.Store.StatusByURI(ctx, n.ID)
		}
		return social.Status{}, fmt.Errorf("%s was not kept (%s): %w", n.ID, out.Rule, ErrNotHere)
	}
	return out.Status, nil
}
