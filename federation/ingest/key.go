package ingest

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"strings"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/vocab"
	"orrery/social"
)

// refollowAfter lets what brought a new key be judged by the follows that stand.
const refollowAfter = time.Second

// Key is a public key with its owner.
type Key struct {
	social.Key
	Owner social.Account
}

// KnownKey returns the key of an id, or of an acct: name, from what is kept, without asking anybody.
// social.ErrNotFound when nobody is known by it.
func (g *Ingest) KnownKey(ctx context.Context, keyID string) (Key, error) {
	user, domain, legacy := acct(keyID)
	if !legacy {
		owner, k, err := g.Store.AccountByKeyID(ctx, keyID)
		return Key{k, owner}, err
	}
	owner, err := g.Store.AccountByHandle(ctx, user, domain)
	if err != nil {
		return Key{}, err
	}
	return g.firstKey(ctx, owner)
}

// LocalKey reports whether keyID claims to be a key of this server.
func (g *Ingest) LocalKey(keyID string) bool {
	if _, domain, legacy := acct(keyID); legacy {
		return domain == "" || strings.EqualFold(domain, g.URLs.Host())
	}
	return g.URLs.IsLocal(keyID)
}

// acct reads a key id of the old form acct:user@domain (federation.md §5.5 step 2).
func acct(keyID string) (user, domain string, ok bool) {
	name, ok := strings.CutPrefix(keyID, "acct:")
	if !ok {
		return "", "", false
	}
	user, domain, _ = strings.Cut(strings.TrimPrefix(name, "@"), "@")
	return user, domain, true
}

func (g *Ingest) firstKey(ctx context.Context, owner social.Account) (Key, error) {
	keys, err := g.Store.Keys(ctx, owner.ID)
	if err != nil || len(keys) == 0 {
		return Key{Owner: owner}, err
	}
	return Key{keys[0], owner}, nil
}

// FetchKey finds the owner of a key that is not known here: the document at the key id is an actor, or a key whose owner
// must list it (federation.md §5.5 step 5). The owner is read once more at its own id, and kept.
func (g *Ingest) FetchKey(ctx context.Context, keyID string) (Key, error) {
	if g.LocalKey(keyID) {
		return Key{}, fmt.Errorf("key %s is of this server: %w", keyID, ErrNotHere)
	}
	if user, domain, legacy := acct(keyID); legacy {
		owner, err := g.ByHandle(ctx, user, domain)
		if err != nil {
			return Key{}, err
		}
		return g.firstKey(ctx, owner)
	}
	by, err := g.Instance(ctx)
	if err != nil {
		return Key{}, err
	}
	doc, err := g.Fetch.Resource(ctx, withoutFragment(keyID), by, "key", rules.FetchKey)
	if err != nil {
		return Key{}, hopeless(fmt.Errorf("read key %s: %w", keyID, err))
	}
	owner, listed := doc.String("id"), ""
	if vocab.ActorType(doc) == "" {
		k := vocab.ReadKey(doc)
		if owner = k.Owner; owner == "" {
			return Key{}, fmt.Errorf("%s is neither an actor nor a key: %w", keyID, ErrNotHere)
		}
		if k.ID == keyID {
			listed = keyID
		}
	} else if lists(vocab.ReadActor(doc), keyID) {
		listed = keyID
	}
	actor, err := g.actorDocument(ctx, owner, "key", rules.FetchKey)
	if err != nil {
		return Key{}, err
	}
	if vocab.ActorType(doc) == "" && !lists(vocab.ReadActor(actor), keyID) {
		return Key{}, fmt.Errorf("%s does not list the key %s: %w", owner, keyID, ErrNotHere)
	}
	a, err := g.store(ctx, actor, proved{key: listed})
	if err != nil {
		return Key{}, err
	}
	return g.keyOf(ctx, a, keyID)
}

// RefreshKey reads the owner's document again because the kept key does not fit (federation.md §5.5 step 6): handle and
// actor when they were read more than a day ago, else the keys only. A new key counts because the document now has it.
func (g *Ingest) RefreshKey(ctx context.Context, k Key, keyID string) (Key, error) {
	a := k.Owner
	if g.Now().Sub(a.FetchedAt) >= staleAfter {
		finger, err := g.Fetch.Resolve(ctx, a.Username, a.Domain)
		if fetch.StatusOf(err) == goneForGood {
			return Key{}, g.gone(ctx, a.URI, true, err)
		}
		if err != nil {
			return Key{}, hopeless(fmt.Errorf("prove the handle of %s again: %w", a.URI, err))
		}
		if finger.Self != a.URI {
			return Key{}, fmt.Errorf("the handle @%s leads to %s now, not to %s: %w", a.Acct(), finger.Self, a.URI, ErrNotHere)
		}
		if a, err = g.RefreshActor(ctx, a.URI); err != nil {
			return Key{}, err
		}
		return g.keyOf(ctx, a, keyID)
	}
	doc, err := g.actorDocument(ctx, a.URI, "key", rules.FetchKey)
	if err != nil {
		return Key{}, err
	}
	keys := g.keys(ctx, vocab.ReadActor(doc), "")
	if len(keys) == 0 {
		return Key{}, fmt.Errorf("%s lists no key any more: %w", a.URI, ErrNotHere)
	}
	err = g.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		if a, err = tx.AccountByID(ctx, a.ID); err != nil {
			return err
		}
		if err := g.rekey(ctx, tx, &a, keys, false); err != nil {
			return err
		}
		return tx.UpdateAccount(ctx, a)
	})
	if err != nil {
		return Key{}, err
	}
	return g.keyOf(ctx, a, keyID)
}

// keyOf is the key of that id now that a was read.
func (g *Ingest) keyOf(ctx context.Context, a social.Account, keyID string) (Key, error) {
	k, err := g.KnownKey(ctx, keyID)
	switch {
	case errors.Is(err, social.ErrNotFound), err == nil && k.Owner.ID != a.ID:
		return Key{}, fmt.Errorf("%s does not list the key %s: %w", a.URI, keyID, ErrNotHere)
	case err == nil && k.PEM == "":
		return Key{}, fmt.Errorf("%s lists no key: %w", a.URI, ErrNotHere)
	}
	return k, err
}

// maxKeys bounds the parsed keys kept; strangers decide how many there are.
const maxKeys = 10_000

// PublicKey parses a key; parsed ones are kept.
func (g *Ingest) PublicKey(key social.Key) (crypto.PublicKey, error) {
	if k, ok := g.public.Load(key.PEM); ok {
		return k, nil
	}
	k, err := signature.ParsePublicKeyPEM(key.PEM)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", key.ID, errors.Join(err, ErrNotHere))
	}
	if g.cached.Add(1) > maxKeys {
		g.public.Clear()
		g.cached.Store(1)
	}
	g.public.Store(key.PEM, k)
	return k, nil
}

func lists(v vocab.Actor, keyID string) bool {
	for _, k := range v.Keys {
		if k.ID == keyID && (k.Owner == v.ID || k.Owner == "" && k.PEM == "" && k.Multibase == "") {
			return true
		}
	}
	return false
}

func withoutFragment(uri string) string {
	uri, _, _ = strings.Cut(uri, "#")
	return uri
}
