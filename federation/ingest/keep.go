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

// read reads an actor document as the policy's program does: an actor's own word for their handle counts since 4.6 (FEP-2c59).
func (g *Ingest) read(doc vocab.Doc) vocab.Actor {
	v := vocab.ReadActor(doc)
	if !g.Policy.NamedHandles {
		v.PreferredUsername, v.Handle = doc.String("preferredUsername"), ""
	}
	return v
}

// proved is what is known besides of an actor document that was just read.
type proved struct {
	finger fetch.Finger // what WebFinger said, if it was asked: it need not be asked again
	key    string       // the address of a key that was just looked up there, "" for none
	moved  bool         // it is read because another moved there: a chain of moves is not followed
}

// store checks an actor document whose id has been proved, proves its handle and keeps it (federation.md §2.5).
func (g *Ingest) store(ctx context.Context, doc vocab.Doc, p proved) (social.Account, error) {
	v := g.read(doc)
	if g.URLs.IsLocal(v.ID) { // an address elsewhere led back here
		return g.Actor(ctx, v.ID)
	}
	if err := check(v); err != nil {
		return social.Account{}, err
	}
	if !doc.SpeaksActivityStreams() {
		return social.Account{}, fmt.Errorf("%s does not speak ActivityStreams: %w", v.ID, ErrNotHere)
	}
	known, err := g.Store.AccountByURI(ctx, v.ID)
	if err == nil {
		user, domain := g.handleNow(ctx, v, known)
		v.PreferredUsername = user
		return g.keep(ctx, v, domain, p)
	}
	if !errors.Is(err, social.ErrNotFound) {
		return social.Account{}, err
	}
	if err := g.mayMeet(ctx, v.ID); err != nil {
		return social.Account{}, err
	}
	user, domain := candidate(v)
	if said := p.finger; said.Self != v.ID || !strings.EqualFold(said.User, user) || !strings.EqualFold(said.Domain, domain) {
		if user, domain, err = g.prove(ctx, v); err != nil {
			return social.Account{}, err
		}
	}
	v.PreferredUsername = user
	return g.keep(ctx, v, domain, p)
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

// Profile is an actor document as it will be kept, with what had to be asked for.
type Profile struct {
	social.Account
	keys   []social.Key
	emojis []vocab.Emoji
}

// NeedActor reads the document doc in which a known actor tells a change of themselves, and asks for the totals, for the
// proof of a new handle and for whom they moved to (federation.md §4.2 step 2, §14.3/92). ErrNotHere when it is unusable.
func (g *Ingest) NeedActor(ctx context.Context, doc vocab.Doc, known social.Account) (Profile, error) {
	v := g.read(doc)
	if err := check(v); err != nil {
		return Profile{}, err
	}
	user, domain := g.handleNow(ctx, v, known)
	v.PreferredUsername = user
	return g.profile(ctx, v, domain, proved{}), nil
}

// profile is v as it will be kept, with the keys that are its own, the totals that its collections state and the account it
// moved to.
func (g *Ingest) profile(ctx context.Context, v vocab.Actor, domain string, by proved) Profile {
	p := Profile{Account: translate.Account(v, domain, g.Now()), keys: g.keys(ctx, v, by.key), emojis: v.Emojis}
	g.pictures(ctx, &p.Account)
	g.counts(ctx, &p.Account)
	if !by.moved && v.MovedTo != v.ID && translate.IsHTTP(v.MovedTo) {
		p.MovedToID = g.movedTo(ctx, v.MovedTo)
	}
	return p
}

// movedTo is the account of that address, looked up when it is not known. One that moved on itself is refused
// (federation.md §2.5).
func (g *Ingest) movedTo(ctx context.Context, uri string) social.ID {
	target, err := g.Store.AccountByURI(ctx, uri)
	if err == nil && target.MovedToID == 0 {
		return target.ID
	}
	if !errors.Is(err, social.ErrNotFound) {
		return 0
	}
	doc, err := g.actorDocument(ctx, uri, "fetch", rules.FetchMovedTo)
	if err != nil || doc.Ref("movedTo") != "" {
		return 0
	}
	if target, err = g.store(ctx, doc, proved{moved: true}); err != nil {
		return 0
	}
	return target.ID
}

// ApplyActor keeps what NeedActor read from an activity of the actor's own, signed with a key that is known.
func (g *Ingest) ApplyActor(ctx context.Context, tx Tx, p Profile) error {
	known, err := tx.AccountByURI(ctx, p.URI)
	if err != nil {
		return err
	}
	a, err := g.replace(ctx, tx, p, known, true)
	if err != nil {
		return err
	}
	return g.lookAtProfile(ctx, tx, a)
}

// keep stores what was read.
func (g *Ingest) keep(ctx context.Context, v vocab.Actor, domain string, by proved) (social.Account, error) {
	if refused, err := g.Domains.Refused(ctx, domain); err != nil || refused {
		return social.Account{}, errors.Join(fmt.Errorf("the handle of %s is of %s, which is refused: %w", v.ID, domain, ErrNotHere), err)
	}
	p := g.profile(ctx, v, domain, by)
	var kept social.Account
	err := g.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		known, err := tx.AccountByURI(ctx, p.URI)
		switch {
		case err == nil:
			kept, err = g.replace(ctx, tx, p, known, false)
		case errors.Is(err, social.ErrNotFound):
			kept, err = g.meet(ctx, tx, p)
		}
		if err != nil {
			return err
		}
		if v.Histories && g.Policy.Owners != "" {
			if err := tx.NoteReader(ctx, kept.URI); err != nil {
				return err
			}
		}
		return g.lookAtProfile(ctx, tx, kept)
	})
	if err != nil {
		return social.Account{}, fmt.Errorf("keep actor %s: %w", p.URI, err)
	}
	return kept, nil
}

// meet keeps somebody new. Whoever has their handle here has lost it, if the policy believes in new names.
func (g *Ingest) meet(ctx context.Context, tx Tx, p Profile) (social.Account, error) {
	a := p.Account
	a.ID = g.NewID()
	orElse(&a, social.Account{})
	if err := g.makeRoom(ctx, tx, a); err != nil {
		return a, err
	}
	others := knownBy(&a, p.keys)
	err := tx.InsertAccount(ctx, a, "")
	if errors.Is(err, social.ErrConflict) {
		known, err := tx.AccountByURI(ctx, a.URI)
		if errors.Is(err, social.ErrNotFound) {
			return a, fmt.Errorf("the handle %s belongs to another actor here: %w", a.Acct(), ErrNotHere)
		}
		if err != nil {
			return a, err
		}
		return g.replace(ctx, tx, p, known, false) // somebody else was quicker
	}
	if err == nil && len(others) > 0 {
		err = tx.ReplaceOtherKeys(ctx, a.ID, others)
	}
	if err == nil && a.MovedToID != 0 {
		err = tx.SetMoved(ctx, a.ID, a.MovedToID, time.Time{})
	}
	if err == nil {
		err = g.first(ctx, tx, &a)
	}
	if err != nil {
		return a, err
	}
	return a, g.keepEmojis(ctx, tx, p.emojis, a.Domain)
}

// replace makes p what is kept instead of known, under its id. underKnownKey says that the actor told of it themselves.
func (g *Ingest) replace(ctx context.Context, tx Tx, p Profile, known social.Account, underKnownKey bool) (social.Account, error) {
	a := p.Account
	suspended := a.Suspended()
	a.ID, a.CreatedAt, a.Standing = known.ID, known.CreatedAt, known.Standing
	a.AvatarKey, a.HeaderKey = known.AvatarKey, known.HeaderKey
	orElse(&a, known)
	if !g.Policy.Renames {
		a.Username, a.Domain = known.Username, known.Domain
	}
	if !sameHandle(a, known) {
		if err := g.rename(ctx, tx, &a, known); err != nil {
			return a, err
		}
	}
	if err := g.rekey(ctx, tx, &a, p.keys, underKnownKey); err != nil {
		return a, err
	}
	if err := tx.UpdateAccount(ctx, a); err != nil {
		return a, err
	}
	if a.MovedToID != known.MovedToID {
		if err := tx.SetMoved(ctx, a.ID, a.MovedToID, time.Time{}); err != nil {
			return a, err
		}
	}
	if err := g.stand(ctx, tx, &a, suspended); err != nil {
		return a, err
	}
	return a, g.keepEmojis(ctx, tx, p.emojis, a.Domain)
}

// counts asks for the three totals; what cannot be had is unknown. A list of people without a first page is a hidden one
// (federation.md §2.5).
func (g *Ingest) counts(ctx context.Context, a *social.Account) {
	a.StatusesCount, a.FollowingCount, a.FollowersCount = unknown, unknown, unknown
	by, err := g.Instance(ctx)
	if err != nil {
		return
	}
	for _, c := range []struct {
		uri    string
		total  *int64
		people bool
	}{{a.OutboxURL, &a.StatusesCount, false}, {a.FollowingURL, &a.FollowingCount, true}, {a.FollowersURL, &a.FollowersCount, true}} {
		if !translate.SameHost(c.uri, a.URI) {
			continue
		}
		if doc, err := g.Fetch.Resource(ctx, c.uri, by, "fetch", rules.FetchCounts); err == nil {
			*c.total = doc.Count("totalItems")
			a.HideCollections = a.HideCollections || c.people && doc["first"] == nil
		}
	}
}

// unknown is a total that could not be had.
const unknown = -1

// orElse gives a the totals of known where its own are unknown.
func orElse(a *social.Account, known social.Account) {
	if a.FollowersCount == unknown && a.FollowingCount == unknown {
		a.HideCollections = known.HideCollections
	}
	for _, c := range []struct {
		total *int64
		known int64
	}{{&a.StatusesCount, known.StatusesCount}, {&a.FollowingCount, known.FollowingCount}, {&a.FollowersCount, known.FollowersCount}} {
		if *c.total == unknown {
			*c.total = c.known
		}
	}
}
