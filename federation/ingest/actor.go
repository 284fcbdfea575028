package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/social"
)

// staleAfter is when an actor is read again on the next explicit use (federation.md §2.5).
const staleAfter = 24 * time.Hour

// Actor returns the account of an actor URI, reading its document when it is not known. Errors: ErrNotHere,
// fetch.ErrUnreachable.
func (g *Ingest) Actor(ctx context.Context, uri string) (social.Account, error) {
	a, err := g.Store.AccountByURI(ctx, uri)
	if err == nil || !errors.Is(err, social.ErrNotFound) {
		return a, err
	}
	if g.URLs.IsLocal(uri) {
		return social.Account{}, fmt.Errorf("actor %s: %w", uri, ErrNotHere)
	}
	if err := g.discover(ctx, "people", uri, maxActorsFound, rules.LimitActorsFound); err != nil {
		return social.Account{}, err
	}
	doc, err := g.actorDocument(ctx, uri, "fetch", rules.FetchActor)
	if err != nil {
		return social.Account{}, err
	}
	return g.store(ctx, doc, proved{})
}

// Fresh is Actor, but reads a document that is more than a day old again; the kept account serves when that fails.
func (g *Ingest) Fresh(ctx context.Context, uri string) (social.Account, error) {
	a, err := g.Actor(ctx, uri)
	if err != nil || a.Local() || g.Now().Sub(a.FetchedAt) < staleAfter {
		return a, err
	}
	if again, err := g.RefreshActor(ctx, uri); err == nil {
		return again, nil
	}
	return a, nil
}

// RefreshActor reads the actor's document again, whatever is known.
func (g *Ingest) RefreshActor(ctx context.Context, uri string) (social.Account, error) {
	return g.refresh(ctx, uri, rules.FetchActorAgain)
}

func (g *Ingest) refresh(ctx context.Context, uri string, why rules.ID) (social.Account, error) {
	doc, err := g.actorDocument(ctx, uri, "fetch", why)
	if err != nil {
		return social.Account{}, err
	}
	return g.store(ctx, doc, proved{})
}

// ByHandle finds user@domain here, or by WebFinger. ErrNotHere when there is nobody.
func (g *Ingest) ByHandle(ctx context.Context, user, domain string) (social.Account, error) {
	if strings.EqualFold(domain, g.URLs.Host()) {
		domain = ""
	}
	a, err := g.Store.AccountByHandle(ctx, user, domain)
	if domain == "" || err != nil && !errors.Is(err, social.ErrNotFound) || err == nil && g.Now().Sub(a.FetchedAt) < staleAfter {
		return a, err
	}
	finger, ferr := g.Fetch.Resolve(ctx, user, domain)
	if ferr != nil && err == nil && fetch.StatusOf(ferr) == goneForGood {
		return a, g.gone(ctx, a.URI, true, ferr)
	}
	if ferr != nil {
		if err == nil {
			return a, nil // what is known is better than nothing
		}
		return social.Account{}, hopeless(fmt.Errorf("find %s@%s: %w", user, domain, ferr))
	}
	if known, err := g.Store.AccountByURI(ctx, finger.Self); err == nil && g.Now().Sub(known.FetchedAt) < staleAfter {
		return known, nil
	}
	doc, err := g.actorDocument(ctx, finger.Self, "fetch", rules.FetchActor)
	if err != nil {
		return social.Account{}, err
	}
	return g.store(ctx, doc, proved{finger: finger})
}

// actorDocument reads what an actor's own address says of them. Who lives here is not asked about.
func (g *Ingest) actorDocument(ctx context.Context, uri, kind string, rule rules.ID) (vocab.Doc, error) {
	if g.URLs.IsLocal(uri) {
		return nil, fmt.Errorf("actor %s: %w", uri, ErrNotHere)
	}
	by, err := g.Instance(ctx)
	if err != nil {
		return nil, err
	}
	doc, err := g.Fetch.Document(ctx, uri, by, kind, rule)
	if fetch.StatusOf(err) == goneForGood {
		return nil, g.gone(ctx, uri, g.Policy.GoneActors, err)
	}
	if err != nil {
		return nil, hopeless(fmt.Errorf("read actor: %w", err))
	}
	return doc, nil
}

// goneForGood is the status, 410, with which a server says that something was deleted.
const goneForGood = 410

// gone tells of an actor whose server says that they were deleted, when that is believed and they are known here, and
// returns cause as hopeless. WebFinger has always been believed, actor documents since later (federation.md §1.2, §2.5).
func (g *Ingest) gone(ctx context.Context, uri string, believed bool, cause error) error {
	known, err := g.Store.AccountByURI(ctx, uri)
	if err == nil && believed && !known.Local() {
		g.Observer.Observe(ctx, observe.Learned{Rule: rules.LearnActorGone, Object: uri, ObjectType: known.ActorType, Author: uri})
		if g.Gone != nil {
			err = g.Gone(ctx, known)
		}
	}
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return fmt.Errorf("actor %s is gone: %w", uri, err)
	}
	return hopeless(fmt.Errorf("actor %s is gone: %w", uri, cause))
}

// hopeless marks answers that will not change as ErrNotHere and leaves network failures as they are.
func hopeless(err error) error {
	if errors.Is(err, fetch.ErrUnreachable) {
		return err
	}
	if s := fetch.StatusOf(err); s >= 500 || s == 429 || s == 408 {
		return fmt.Errorf("%w: %w", fetch.ErrUnreachable, err)
	}
	return fmt.Errorf("%w: %w", ErrNotHere, err)
}
