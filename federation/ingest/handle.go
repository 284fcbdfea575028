package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/social"
)

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

// candidate is the handle that an actor claims: their own word for it, else their name at the host of their address.
func candidate(v vocab.Actor) (user, domain string) {
	if user, domain, ok := strings.Cut(v.Handle, "@"); ok && validUsername(user) && domain != "" {
		return user, strings.ToLower(domain)
	}
	_, host, _ := strings.Cut(v.ID, "://")
	host, _, _ = strings.Cut(host, "/")
	return v.PreferredUsername, strings.ToLower(host)
}

// prove finds the handle of v: WebFinger for the one it claims, or for the subject that this names, must lead back to it.
func (g *Ingest) prove(ctx context.Context, v vocab.Actor) (user, domain string, err error) {
	user, domain = candidate(v)
	finger, err := g.Fetch.Resolve(ctx, user, domain)
	if err != nil {
		return "", "", hopeless(fmt.Errorf("prove the handle of %s: %w", v.ID, err))
	}
	if finger.Self != v.ID || !validUsername(finger.User) {
		return "", "", fmt.Errorf("the handle @%s@%s leads to %s, not to %s: %w", finger.User, finger.Domain, finger.Self, v.ID, ErrNotHere)
	}
	if strings.EqualFold(finger.User, v.PreferredUsername) {
		return v.PreferredUsername, finger.Domain, nil
	}
	return finger.User, finger.Domain, nil
}

// handleNow is the handle under which known is kept from now on: the one that was proved when they were first met, or, where
// new names are believed, the one that their document claims and WebFinger proves (federation.md §1.2, §14.3/92).
func (g *Ingest) handleNow(ctx context.Context, v vocab.Actor, known social.Account) (user, domain string) {
	user, domain = known.Username, known.Domain
	claimed, at := candidate(v)
	switch {
	case !g.Policy.Renames:
		return user, domain
	case !known.InvalidHandle() && strings.EqualFold(claimed, known.Username) && (v.Handle == "" || strings.EqualFold(at, known.Domain)):
		if validUsername(v.PreferredUsername) && strings.EqualFold(v.PreferredUsername, known.Username) {
			user = v.PreferredUsername // another spelling needs no proof
		}
		return user, domain
	}
	if u, d, err := g.prove(ctx, v); err == nil {
		return u, d
	}
	return user, domain
}

func sameHandle(a, b social.Account) bool {
	return strings.EqualFold(a.Username, b.Username) && strings.EqualFold(a.Domain, b.Domain)
}

// rename gives known the handle of a, taking it from whoever has it here.
func (g *Ingest) rename(ctx context.Context, tx Tx, a *social.Account, known social.Account) error {
	if err := g.makeRoom(ctx, tx, *a); err != nil {
		return err
	}
	err := tx.RenameAccount(ctx, known.ID, a.Username, a.Domain)
	if errors.Is(err, social.ErrConflict) {
		a.Username, a.Domain = known.Username, known.Domain
		return nil
	}
	if err == nil {
		g.Observer.Observe(ctx, observe.Learned{Rule: rules.LearnRenamed, Object: a.URI, ObjectType: a.ActorType, Author: a.URI})
	}
	return err
}

// makeRoom takes the handle of a, which was proved just now, from another account that has it here and will be read again
// (federation.md §1.2).
func (g *Ingest) makeRoom(ctx context.Context, tx Tx, a social.Account) error {
	if !g.Policy.Renames {
		return nil
	}
	other, err := tx.AccountByHandle(ctx, a.Username, a.Domain)
	if errors.Is(err, social.ErrNotFound) || err == nil && (other.URI == a.URI || other.Local()) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.RenameAccount(ctx, other.ID, other.ID.String(), social.InvalidDomain); err != nil {
		return err
	}
	g.Observer.Observe(ctx, observe.Queued{Rule: rules.FetchHandleLost, What: "fetch", Target: other.URI})
	return work.Enqueue(ctx, tx, work.Refresh, work.Pull, other.URI, g.Now(), work.One{URI: other.URI})
}
