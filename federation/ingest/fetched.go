package ingest

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/fetch"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// Status brings in the post whose id is uri and returns it; a known one is returned as it is. how says what for: it is the
// rule of the request, learned the one of the knowledge. viewer signs when not 0, else the instance (federation.md §9.0).
func (g *Ingest) Status(ctx context.Context, uri string, viewer social.ID, how, learned rules.ID) (social.Status, error) {
	if s, err := g.Store.StatusByURI(ctx, uri); err == nil || !errors.Is(err, social.ErrNotFound) {
		return s, err
	}
	return g.Reread(ctx, uri, viewer, how, learned)
}

// Reread is Status, but asks whatever is known: a known post takes the answer as an Update. One that its server does not
// have any more is deleted here, where the policy does so, if it was for everybody.
func (g *Ingest) Reread(ctx context.Context, uri string, viewer social.ID, how, learned rules.ID) (social.Status, error) {
	if g.URLs.IsLocal(uri) {
		return social.Status{}, fmt.Errorf("post %s: %w", uri, ErrNotHere)
	}
	doc, err := g.Document(ctx, uri, viewer, how)
	if err != nil {
		if fetch.StatusOf(err) == answeredNotFound && g.Policy.GoneStatuses {
			return social.Status{}, errors.Join(err, g.vanished(ctx, uri))
		}
		return social.Status{}, err
	}
	return g.FetchedDocument(ctx, doc, learned)
}

// answeredNotFound is the answer of a server that does not have what it was asked for.
const answeredNotFound = 404

// vanished deletes the known public post at uri.
func (g *Ingest) vanished(ctx context.Context, uri string) error {
	return g.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		s, err := tx.StatusByURI(ctx, uri)
		if errors.Is(err, social.ErrNotFound) || err == nil && (s.Local || !s.Visibility.Distributable()) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := g.Statuses.RemoveForGood(ctx, tx, s, social.EndedElsewhere); err != nil {
			return err
		}
		if err := tx.InsertTombstone(ctx, s.AccountID, uri, g.Now()); err != nil {
			return err
		}
		g.Observer.Observe(ctx, observe.Decided{Rule: rules.DropGone, Outcome: observe.Accepted, Object: uri})
		return nil
	})
}

// Bring reads whatever post lies at address, which may be that of a page, signed by the instance; a known post takes the
// answer as an Update (F3 in federation.md §9.0). isNew reports whether it was not known before.
func (g *Ingest) Bring(ctx context.Context, address string, how, learned rules.ID) (s social.Status, isNew bool, err error) {
	_, err = g.Store.StatusByURI(ctx, address)
	if isNew = errors.Is(err, social.ErrNotFound); err != nil && !isNew {
		return s, false, err
	}
	a, found, err := g.Resolve(ctx, address, how, learned)
	if err == nil && a != nil {
		err = fmt.Errorf("%s is a person, not a post: %w", address, ErrNotHere)
	}
	if err != nil {
		return s, false, err
	}
	return *found, isNew, nil
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
		return nil, hopeless(err)
	}
	return doc, nil
}

// Resource reads the document at uri whatever its id, signed by the instance: a collection or a page of one. Errors as for
// Document.
func (g *Ingest) Resource(ctx context.Context, uri string, rule rules.ID) (vocab.Doc, error) {
	by, err := g.Instance(ctx)
	if err != nil {
		return nil, err
	}
	doc, err := g.Fetch.Resource(ctx, uri, by, "fetch", rule)
	if err != nil {
		return nil, hopeless(err)
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
		return nil, nil, hopeless(err)
	}
	if vocab.ActorType(doc) != "" {
		a, err := g.store(ctx, doc, proved{})
		return &a, nil, err
	}
	s, err := g.FetchedDocument(ctx, doc, learned)
	return nil, &s, err
}

// FetchedDocument keeps a document that came from its own address. A post is believed of its attributedTo, an activity
// of its actor, and both only on their own host (federation.md §9.0). A boost stands for what it boosts.
func (g *Ingest) FetchedDocument(ctx context.Context, doc vocab.Doc, learned rules.ID) (social.Status, error) {
	note, arr := doc, Arrival{How: learned, Fetched: true}
	author := doc.Ref("attributedTo")
	switch {
	case doc.Is("Create"):
		if note = doc.Object("object"); note == nil {
			return social.Status{}, fmt.Errorf("%s has no embedded post: %w", doc.String("id"), ErrNotHere)
		}
		author = doc.Ref("actor")
		arr.To, arr.Cc = doc.Refs("to"), doc.Refs("cc")
	case doc.Is("Announce"):
		return g.boosted(ctx, doc, learned)
	}
	n := vocab.ReadNote(note)
	switch {
	case g.URLs.IsLocal(n.ID): // an address elsewhere led back here
		return g.Status(ctx, n.ID, 0, learned, learned)
	case n.Type == "":
		return social.Status{}, fmt.Errorf("%s is no post that is kept: %w", doc.String("id"), ErrNotHere)
	case !translate.SameHost(n.ID, author), !translate.SameHost(n.ID, doc.String("id")):
		return social.Status{}, fmt.Errorf("%s speaks for %s on another host: %w", n.ID, author, ErrNotHere)
	}
	return g.fetchedNote(ctx, n, author, arr)
}

// boosted is the post that a fetched boost is of; a boost of a boost is not followed further.
func (g *Ingest) boosted(ctx context.Context, boost vocab.Doc, learned rules.ID) (social.Status, error) {
	uri := boost.Ref("object")
	if s, err := g.Store.StatusByURI(ctx, uri); err == nil || !errors.Is(err, social.ErrNotFound) {
		return s, err
	}
	if uri == "" || g.URLs.IsLocal(uri) {
		return social.Status{}, fmt.Errorf("%s boosts nothing: %w", boost.String("id"), ErrNotHere)
	}
	doc, err := g.Document(ctx, uri, 0, rules.FetchAnnounced)
	if err != nil {
		return social.Status{}, err
	}
	if doc.Is("Announce") {
		return social.Status{}, fmt.Errorf("%s boosts a boost: %w", boost.String("id"), ErrNotHere)
	}
	return g.FetchedDocument(ctx, doc, learned)
}

func (g *Ingest) fetchedNote(ctx context.Context, n vocab.Note, author string, arr Arrival) (social.Status, error) {
	if err := g.discover(ctx, "posts", n.ID, maxStatusesFound, rules.LimitDiscoveries); err != nil {
		return social.Status{}, err
	}
	who, err := g.Fresh(ctx, author)
	if err != nil {
		return social.Status{}, err
	}
	if who.Suspended() {
		return social.Status{}, fmt.Errorf("%s is by %s, who is suspended: %w", n.ID, who.Acct(), ErrNotHere)
	}
	switch s, err := g.Store.StatusByURI(ctx, n.ID); {
	case err == nil && s.AccountID == who.ID && s.BoostOfID == 0:
		return g.fetchedAgain(ctx, s, n, who)
	case err != nil && !errors.Is(err, social.ErrNotFound):
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
