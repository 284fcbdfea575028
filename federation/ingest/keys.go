package ingest

import (
	"context"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/social"
)

// maxKeyLookUps bounds what one actor document can make this server fetch.
const maxKeyLookUps = 10

// keys are the keys that v lists and that are its own (federation.md §2.5): a key under the actor's own address is
// believed; one with another address is looked up there and must name the actor as its owner, or anybody could list
// somebody else's. proved is the address of a key that was just looked up, "" for none.
func (g *Ingest) keys(ctx context.Context, v vocab.Actor, proved string) []social.Key {
	var known []social.Key
	if a, err := g.Store.AccountByURI(ctx, v.ID); err == nil {
		known, _ = g.Store.Keys(ctx, a.ID) // without them everything is looked up
	}
	var out []social.Key
	lookUps := 0
	for _, listed := range v.Keys {
		if !g.Policy.SeveralKeys && (len(out) > 0 || listed.Multibase != "") {
			continue
		}
		k, ok := material(listed)
		switch {
		case ok && listed.Owner != v.ID:
			continue
		case ok && (withoutFragment(k.ID) == v.ID || k.ID == proved || kept(known, k)):
		default:
			if lookUps++; lookUps > maxKeyLookUps {
				continue
			}
			if k, ok = g.lookUpKey(ctx, listed.ID, v.ID); !ok {
				continue
			}
		}
		out = append(out, k)
	}
	return out
}

// material is k as it is kept; false when there is nothing to check a signature with.
func material(k vocab.Key) (social.Key, bool) {
	out := social.Key{ID: k.ID, PEM: k.PEM, ExpiresAt: k.Expires, Revoked: k.Revoked}
	if k.Multibase != "" {
		if key, err := signature.ParseMultikey(k.Multibase); err == nil {
			out.PEM, _ = signature.MarshalPublicPEM(key) // a key that was parsed can be written
		}
	}
	return out, out.ID != "" && out.PEM != ""
}

func kept(known []social.Key, k social.Key) bool {
	for _, old := range known {
		if old.ID == k.ID && old.PEM == k.PEM {
			return true
		}
	}
	return false
}

// lookUpKey reads what lies at the address of a key: the key itself, or its owner's document with the key in it, as
// GoToSocial serves it.
func (g *Ingest) lookUpKey(ctx context.Context, keyID, owner string) (social.Key, bool) {
	by, err := g.Instance(ctx)
	if err != nil || !translate.IsHTTP(keyID) || g.URLs.IsLocal(keyID) {
		return social.Key{}, false
	}
	doc, err := g.Fetch.Resource(ctx, withoutFragment(keyID), by, "key", rules.FetchKey)
	if err != nil {
		return social.Key{}, false
	}
	found := []vocab.Key{vocab.ReadKey(doc)}
	if vocab.ActorType(doc) != "" {
		found = nil
		if doc.String("id") == owner {
			found = vocab.ReadActor(doc).Keys
		}
	}
	for _, k := range found {
		if k.ID == keyID && k.Owner == owner {
			return material(k)
		}
	}
	return social.Key{}, false
}

// knownBy makes the first lasting key the one that a is known by, and returns the others.
func knownBy(a *social.Account, keys []social.Key) (others []social.Key) {
	a.KeyID, a.PublicKeyPEM = "", ""
	for _, k := range keys {
		if a.PublicKeyPEM == "" && k.Lasting() {
			a.KeyID, a.PublicKeyPEM = k.ID, k.PEM
			continue
		}
		others = append(others, k)
	}
	return others
}

// rekey keeps keys for a, an account that is known. When none of its earlier keys is left it may be somebody else: what
// is remembered of its deletions is forgotten and, unless it told so under a known key, people here follow anew.
func (g *Ingest) rekey(ctx context.Context, tx Tx, a *social.Account, keys []social.Key, underKnownKey bool) error {
	old, err := tx.Keys(ctx, a.ID)
	if err != nil {
		return err
	}
	if err := tx.ReplaceOtherKeys(ctx, a.ID, knownBy(a, keys)); err != nil {
		return err
	}
	if len(old) == 0 || len(keys) == 0 || common(old, keys) {
		return nil
	}
	if err := tx.ForgetTombstones(ctx, a.ID); err != nil || underKnownKey {
		return err
	}
	followed, err := tx.HasLocalFollower(ctx, a.ID)
	if err != nil || !followed {
		return err
	}
	g.Observer.Observe(ctx, observe.Queued{Rule: rules.KeyAllReplaced, What: "refollow", Target: a.URI})
	return work.Enqueue(ctx, tx, work.Refollow, work.Pull, a.URI, g.Now().Add(refollowAfter), work.One{URI: a.URI})
}

func common(old, keys []social.Key) bool {
	for _, k := range keys {
		for _, o := range old {
			if o.PEM == k.PEM {
				return true
			}
		}
	}
	return false
}
