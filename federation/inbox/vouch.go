package inbox

import (
	"context"
	"errors"
	"maps"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/vocab"
	"orrery/social"
)

// vouched checks the document signature of a and returns the author it proves, or the rule by which it proves nothing
// (federation.md §6.3).
func (in *Inbox) vouched(ctx context.Context, a *Activity) (social.Account, rules.ID) {
	if a.broken != nil {
		return social.Account{}, in.unreadable(ctx, a)
	}
	sig, ok := signature.SignatureOf(a.original)
	if !ok {
		return social.Account{}, rules.OriginActorMismatch
	}
	return in.check(ctx, a, voucher{
		keyID: sig.Creator, invalid: rules.LDSInvalid, another: rules.OriginLDSWrongActor, ok: rules.LDSOK,
		verify: func(k any) (rules.ID, error) {
			err := signature.VerifyDocument(a.original, k, in.Now(), in.Documents)
			return rules.ID(signature.Rule(err)), err
		},
	})
}

// unreadable tells why the signature of a document that somebody else carried counts for nothing.
func (in *Inbox) unreadable(ctx context.Context, a *Activity) rules.ID {
	rule := rules.ID(signature.Rule(a.broken))
	if rule == "" {
		rule = rules.LDSInvalid
	}
	sig, _ := signature.SignatureOf(a.original)
	in.Observer.Observe(ctx, observe.DocumentVerified{Rule: rule, Creator: sig.Creator, Detail: a.broken.Error()})
	return rule
}

// proved checks the integrity proof of a, which covers the document as it was sent (federation.md §6.6). What it vouches
// for is never passed on: those who got it would have to understand proofs, too.
func (in *Inbox) proved(ctx context.Context, a *Activity) (social.Account, rules.ID) {
	keyID, _ := signature.ProofOf(a.original)
	author, drop := in.check(ctx, a, voucher{
		keyID: keyID, invalid: rules.LDSProofInvalid, another: rules.LDSProofByAnother, ok: rules.LDSProofOK,
		verify: func(k any) (rules.ID, error) {
			return rules.LDSProofInvalid, signature.VerifyProof(a.original, k, in.Now())
		},
	})
	if drop == "" {
		bare := maps.Clone(a.original)
		delete(bare, "signature")
		a.Activity, a.unsafe = vocab.ReadActivity(bare), "a proof vouches for it, and those are not passed on"
	}
	return author, drop
}

// voucher is one way in which a document can prove its author, and the rules that say how it went.
type voucher struct {
	keyID                string
	verify               func(key any) (rules.ID, error)
	ok, invalid, another rules.ID
}

func (in *Inbox) check(ctx context.Context, a *Activity, v voucher) (social.Account, rules.ID) {
	refuse := func(drop, rule rules.ID, author, detail string) (social.Account, rules.ID) {
		in.Observer.Observe(ctx, observe.DocumentVerified{Rule: rule, Creator: v.keyID, Author: author, Detail: detail})
		return social.Account{}, drop
	}
	if in.Ingest.LocalKey(v.keyID) {
		return refuse(rules.OriginLocalActor, rules.OriginLocalActor, "", "the key is of this server")
	}
	if refused, err := in.Domains.RefusedURI(ctx, v.keyID); err != nil || refused {
		return refuse(rules.OriginDomainRefused, rules.OriginDomainRefused, "", "this server does not speak with the key's server")
	}
	k, err := in.Ingest.KnownKey(ctx, v.keyID)
	if errors.Is(err, social.ErrNotFound) {
		k, err = in.Ingest.FetchKey(ctx, v.keyID)
	}
	switch {
	case errors.Is(err, fetch.ErrUnreachable):
		return refuse(v.invalid, rules.KeyUnreachable, "", err.Error())
	case err != nil:
		return refuse(v.invalid, rules.KeyNotFound, "", err.Error())
	}
	if rule := in.ended(k.Key); rule != "" {
		return refuse(v.invalid, rule, k.Owner.URI, "the key is "+k.ID)
	}
	if rule, err := in.holds(k, v); err != nil {
		return refuse(rule, rule, k.Owner.URI, err.Error())
	}
	if k.Owner.URI != a.Activity.Actor {
		return refuse(v.another, v.another, k.Owner.URI, "the actor is "+a.Activity.Actor)
	}
	in.Observer.Observe(ctx, observe.DocumentVerified{Rule: v.ok, Creator: v.keyID, Author: k.Owner.URI, OK: true})
	return k.Owner, ""
}

// holds verifies under k; the rule says what is wrong.
func (in *Inbox) holds(k ingest.Key, v voucher) (rules.ID, error) {
	key, err := in.Ingest.PublicKey(k.Key)
	if err != nil {
		return v.invalid, err
	}
	rule, err := v.verify(key)
	if rule == "" {
		rule = v.invalid
	}
	return rule, err
}
