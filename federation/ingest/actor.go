package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/rules"
	"orrery/federation/translate"
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
	return g.store(ctx, doc, "")
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
	return g.store(ctx, doc, "")
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
	if ferr != nil {
		if err == nil {
			return a, nil // what is known is better than nothing
		}
		return social.Account{}, gone(fmt.Errorf("find %s@%s: %w", user, domain, ferr))
	}
	if known, err := g.Store.AccountByURI(ctx, finger.Self); err == nil && g.Now().Sub(known.FetchedAt) < staleAfter {
		return known, nil
	}
	doc, err := g.actorDocument(ctx, finger.Self, "fetch", rules.FetchActor)
	if err != nil {
		return social.Account{}, err
	}
	return g.keep(ctx, vocab.ReadActor(doc), finger.Domain, "")
}

func (g *Ingest) actorDocument(ctx context.Context, uri, kind string, rule rules.ID) (vocab.Doc, error) {
	by, err := g.Instance(ctx)
	if err != nil {
		return nil, err
	}
	doc, err := g.Fetch.Document(ctx, uri, by, kind, rule)
	if err != nil {
		return nil, gone(fmt.Errorf("read actor: %w", err))
	}
	return doc, nil
}

// store checks an actor document whose id has been proved, finds its handle and keeps it (federation.md §2.5). provedKey is
// the address of a key that was just looked up there, "" for none.
func (g *Ingest) store(ctx context.Context, doc vocab.Doc, provedKey string) (social.Account, error) {
	v := vocab.ReadActor(doc)
	if err := check(v); err != nil {
		return social.Account{}, err
	}
	if !doc.SpeaksActivityStreams() {
		return social.Account{}, fmt.Errorf("%s does not speak ActivityStreams: %w", v.ID, ErrNotHere)
	}
	if known, err := g.Store.AccountByURI(ctx, v.ID); err == nil && strings.EqualFold(known.Username, v.PreferredUsername) {
		return g.keep(ctx, v, known.Domain, provedKey) // the handle was proved when it was first met
	}
	domain, err := g.handle(ctx, v)
	if err != nil {
		return social.Account{}, err
	}
	return g.keep(ctx, v, domain, provedKey)
}

func check(v vocab.Actor) error {
	switch {
	case v.Type == "":
		return fmt.Errorf("%s is no actor: %w", v.ID, ErrNotHere)
	case !translate.IsHTTP(v.ID), !translate.IsHTTP(v.Inbox):
		return fmt.Errorf("%s has no address or no inbox: %w", v.ID, ErrNotHere)
	case !validUsername(v.PreferredUsername):
		return fmt.Errorf("%s has an unusable name %q: %w", v.ID, v.PreferredUsername, ErrNotHere)
	}
	return nil
}

// validUsername is [a-z0-9_]+([.-]+[a-z0-9_]+)* without case (federation.md §1.2).
func validUsername(name string) bool {
	word := func(r byte) bool {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	if name == "" || len(name) > 2048 || !word(name[0]) || !word(name[len(name)-1]) {
		return false
	}
	for i := range len(name) {
		if !word(name[i]) && name[i] != '.' && name[i] != '-' {
			return false
		}
	}
	return true
}

// NeedActor reads the document doc in which a known actor tells a change of themselves, and asks for the totals. The handle
// stays as it was proved when they were first met (federation.md §4.2 step 2, §14.3/92). ErrNotHere when it is unusable.
func (g *Ingest) NeedActor(ctx context.Context, doc vocab.Doc, known social.Account) (Profile, error) {
	v := vocab.ReadActor(doc)
	if err := check(v); err != nil {
		return Profile{}, err
	}
	p := g.profile(ctx, v, known.Domain, "")
	p.Username = known.Username
	return p, nil
}

// Profile is what an actor document says.
type Profile struct {
	social.Account
	keys []social.Key
}

// profile is what is to be kept of v, with the totals that its collections state and the keys that are its own.
func (g *Ingest) profile(ctx context.Context, v vocab.Actor, domain, provedKey string) Profile {
	p := Profile{translate.Account(v, domain, g.Now()), g.keys(ctx, v, provedKey)}
	g.counts(ctx, &p.Account)
	return p
}

// ApplyActor keeps what NeedActor read from an activity of the actor's own, signed with a key that is known.
func (g *Ingest) ApplyActor(ctx context.Context, tx Tx, p Profile) error {
	known, err := tx.AccountByURI(ctx, p.URI)
	if err != nil {
		return err
	}
	return g.replace(ctx, tx, &p, known, true)
}

// replace makes p what is kept instead of known, under its id.
func (g *Ingest) replace(ctx context.Context, tx Tx, p *Profile, known social.Account, underKnownKey bool) error {
	p.ID, p.CreatedAt, p.Standing, p.MovedToID = known.ID, known.CreatedAt, known.Standing, known.MovedToID
	orElse(&p.Account, known)
	if err := g.rekey(ctx, tx, &p.Account, p.keys, underKnownKey); err != nil {
		return err
	}
	return tx.UpdateAccount(ctx, p.Account)
}

// insertActor keeps p, whom nobody here knew.
func (g *Ingest) insertActor(ctx context.Context, tx Tx, p *Profile) error {
	p.ID = g.NewID()
	orElse(&p.Account, social.Account{})
	others := knownBy(&p.Account, p.keys)
	if err := tx.InsertAccount(ctx, p.Account, ""); err != nil || len(others) == 0 {
		return err
	}
	return tx.ReplaceOtherKeys(ctx, p.ID, others)
}

// handle proves the actor's handle: WebFinger for it, or for the subject that this names, must lead back to the actor.
func (g *Ingest) handle(ctx context.Context, v vocab.Actor) (domain string, err error) {
	_, host, _ := strings.Cut(v.ID, "://")
	host, _, _ = strings.Cut(host, "/")
	finger, err := g.Fetch.Resolve(ctx, v.PreferredUsername, strings.ToLower(host))
	if err != nil {
		return "", gone(fmt.Errorf("prove the handle of %s: %w", v.ID, err))
	}
	if finger.Self != v.ID || !strings.EqualFold(finger.User, v.PreferredUsername) {
		return "", fmt.Errorf("the handle @%s@%s leads to %s, not to %s: %w", finger.User, finger.Domain, finger.Self, v.ID, ErrNotHere)
	}
	return finger.Domain, nil
}

// keep stores what was read.
func (g *Ingest) keep(ctx context.Context, v vocab.Actor, domain, provedKey string) (social.Account, error) {
	p := g.profile(ctx, v, domain, provedKey)
	err := g.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		known, err := tx.AccountByURI(ctx, p.URI)
		if errors.Is(err, social.ErrNotFound) {
			err = g.insertActor(ctx, tx, &p)
			if !errors.Is(err, social.ErrConflict) {
				return err
			}
			if known, err = tx.AccountByURI(ctx, p.URI); errors.Is(err, social.ErrNotFound) {
				return fmt.Errorf("the handle %s belongs to another actor here: %w", p.Acct(), ErrNotHere)
			}
		}
		if err != nil {
			return err
		}
		return g.replace(ctx, tx, &p, known, false)
	})
	if err != nil {
		return social.Account{}, fmt.Errorf("keep actor %s: %w", p.URI, err)
	}
	return p.Account, nil
}

// counts asks for the three totals; what cannot be had is unknown (federation.md §2.5).
func (g *Ingest) counts(ctx context.Context, a *social.Account) {
	a.StatusesCount, a.FollowingCount, a.FollowersCount = unknown, unknown, unknown
	by, err := g.Instance(ctx)
	if err != nil {
		return
	}
	for _, c := range []struct {
		uri   string
		total *int64
	}{{a.OutboxURL, &a.StatusesCount}, {a.FollowingURL, &a.FollowingCount}, {a.FollowersURL, &a.FollowersCount}} {
		if !translate.SameHost(c.uri, a.URI) {
			continue
		}
		if doc, err := g.Fetch.Resource(ctx, c.uri, by, "fetch", rules.FetchCounts); err == nil {
			*c.total = doc.Count("totalItems")
		}
	}
}

// unknown is a total that could not be had.
const unknown = -1

// orElse gives a the totals of known where its own are unknown.
func orElse(a *social.Account, known social.Account) {
	for _, c := range []struct {
		total *int64
		known int64
	}{{&a.StatusesCount, known.StatusesCount}, {&a.FollowingCount, known.FollowingCount}, {&a.FollowersCount, known.FollowersCount}} {
		if *c.total == unknown {
			*c.total = c.known
		}
	}
}

// gone marks answers that will not change as ErrNotHere and leaves network failures as they are.
func gone(err error) error {
	if errors.Is(err, fetch.ErrUnreachable) {
		return err
	}
	if s := fetch.StatusOf(err); s >= 500 || s == 429 || s == 408 {
		return fmt.Errorf("%w: %w", fetch.ErrUnreachable, err)
	}
	return fmt.Errorf("%w: %w", ErrNotHere, err)
}
