package ingest

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"strings"

	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// KnownKey returns the owner of a key id from what is kept, without asking anybody. social.ErrNotFound when it is unknown.
func (g *Ingest) KnownKey(ctx context.Context, keyID string) (social.Account, error) {
	return g.Store.AccountByKeyID(ctx, keyID)
}

// FetchKey finds the owner of a key that is not known here: the document at the key id is an actor, or a key whose owner
// must list it (federation.md §5.5 step 5). The owner is read once more at its own id, and kept.
func (g *Ingest) FetchKey(ctx context.Context, keyID string) (social.Account, error) {
	if g.URLs.IsLocal(keyID) {
		return social.Account{}, fmt.Errorf("key %s is of this server: %w", keyID, ErrNotHere)
	}
	by, err := g.Instance(ctx)
	if err != nil {
		return social.Account{}, err
	}
	doc, err := g.Fetch.Resource(ctx, withoutFragment(keyID), by, "key", rules.FetchKey)
	if err != nil {
		return social.Account{}, gone(fmt.Errorf("read key %s: %w", keyID, err))
	}
	owner := doc.String("id")
	if vocab.ActorType(doc) == "" {
		if owner = vocab.ReadKey(doc).Owner; owner == "" {
			return social.Account{}, fmt.Errorf("%s is neither an actor nor a key: %w", keyID, ErrNotHere)
		}
	}
	actor, err := g.actorDocument(ctx, owner, "key", rules.FetchKey)
	if err != nil {
		return social.Account{}, err
	}
	if vocab.ActorType(doc) == "" && !lists(vocab.ReadActor(actor), keyID) {
		return social.Account{}, fmt.Errorf("%s does not list the key %s: %w", owner, keyID, ErrNotHere)
	}
	return g.store(ctx, actor)
}

// RefreshKey reads the owner's document again because its kept key did not fit (federation.md §5.5 step 6): the whole
// actor when it is stale, else the key only.
func (g *Ingest) RefreshKey(ctx context.Context, a social.Account) (social.Account, error) {
	if g.Now().Sub(a.FetchedAt) >= staleAfter {
		return g.RefreshActor(ctx, a.URI)
	}
	doc, err := g.actorDocument(ctx, a.URI, "key", rules.FetchKey)
	if err != nil {
		return social.Account{}, err
	}
	k, ok := translate.Key(vocab.ReadActor(doc))
	if !ok {
		return social.Account{}, fmt.Errorf("%s lists no key any more: %w", a.URI, ErrNotHere)
	}
	a.KeyID, a.PublicKeyPEM = k.ID, k.PEM
	err = g.Atomic(ctx, func(ctx context.Context, tx Tx) error { return tx.UpdateAccount(ctx, a) })
	return a, err
}

// maxKeys bounds the parsed keys kept; strangers decide how many there are.
const maxKeys = 10_000

// PublicKey parses an account's key; parsed ones are kept.
func (g *Ingest) PublicKey(a social.Account) (crypto.PublicKey, error) {
	if k, ok := g.public.Load(a.PublicKeyPEM); ok {
		return k, nil
	}
	k, err := signature.ParsePublicKeyPEM(a.PublicKeyPEM)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", a.URI, errors.Join(err, ErrNotHere))
	}
	if g.cached.Add(1) > maxKeys {
		g.public.Clear()
		g.cached.Store(1)
	}
	g.public.Store(a.PublicKeyPEM, k)
	return k, nil
}

func lists(v vocab.Actor, keyID string) bool {
	for _, k := range v.Keys {
		if k.ID == keyID && k.Owner == v.ID {
			return true
		}
	}
	return false
}

func withoutFragment(uri string) string {
	uri, _, _ = strings.Cut(uri, "#")
	return uri
}
