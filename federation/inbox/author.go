package inbox

import (
	"context"
	"errors"
	"maps"

	"orrery/federation/fetch"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// authenticate proves that the activity is its actor's: the actor signed the request, or the document carries the
// actor's own signature or proof (federation.md §4.0 steps 2 to 6).
func (in *Inbox) authenticate(ctx context.Context, a *Activity, signer social.Account) (rules.ID, error) {
	a.original = a.Doc
	claimed := a.Activity.Actor
	relayed := claimed != "" && claimed != signer.URI
	if a.Signature() != nil && (relayed || in.Eager || !in.Documents.Plain(a.Doc)) {
		in.compact(a)
	}
	if in.URLs.IsLocal(signer.URI) || in.URLs.IsLocal(claimed) {
		return rules.OriginLocalActor, nil
	}
	if !relayed {
		return in.ownID(a), nil
	}
	a.Carrier = &signer
	if in.Policy.Carried == policy.CarriedOrigin {
		return in.atOrigin(ctx, a)
	}
	author, drop := in.vouched(ctx, a)
	if drop != "" && in.Policy.Proofs && a.original["proof"] != nil {
		author, drop = in.proved(ctx, a)
	}
	a.Actor = author
	if drop == "" {
		drop = in.ownID(a)
	}
	return drop, nil
}

// ownID is the rule by which an activity counts for nothing whose id is on another host than its actor, where the policy
// minds (federation.md §13.3.5).
func (in *Inbox) ownID(a *Activity) rules.ID {
	if in.Policy.OwnIDs && !translate.SameHost(a.ID, a.Actor.URI) {
		return rules.OriginOtherHostID
	}
	return ""
}

// atOrigin leaves a post that somebody else carried to be read at its own server; nothing else of the carried counts
// (federation.md §13.3.6).
func (in *Inbox) atOrigin(ctx context.Context, a *Activity) (rules.ID, error) {
	if a.Type != "Create" && a.Type != "Update" || !translate.SameHost(a.Activity.Actor, a.Object) {
		return rules.OriginActorMismatch, nil
	}
	author, err := in.Ingest.Actor(ctx, a.Activity.Actor)
	if errors.Is(err, fetch.ErrUnreachable) {
		return "", err
	}
	if err != nil {
		return rules.OriginActorMismatch, nil
	}
	a.Actor, a.ObjectDoc, a.elsewhere = author, nil, true
	return "", nil
}

// compact rewrites a document that carries a signature in the profile's own terms and reads it anew: what no context
// defines is not signed and must not count. Without a usable reading the signature counts for nothing. It is costly, so
// a document that reads the same either way, from its own sender, is left as it is until it must be passed on.
func (in *Inbox) compact(a *Activity) {
	compacted, err := signature.Compact(a.original, in.Documents)
	if err != nil {
		bare := maps.Clone(a.original)
		delete(bare, "signature")
		a.Activity, a.broken, a.unsafe = vocab.ReadActivity(bare), err, err.Error()
		return
	}
	a.Activity, a.compacted = vocab.ReadActivity(compacted), compacted
}

// passable notes whether the document can be passed on, and in which form: as this server would write it, if that reads
// the same for software that knows no JSON-LD (federation.md §6.4).
func (in *Inbox) passable(a *Activity) {
	if a.original["signature"] == nil || a.unsafe != "" || a.signed {
		return
	}
	if a.compacted == nil {
		if in.compact(a); a.compacted == nil {
			return
		}
	}
	patched, ok, why := signature.Forwardable(a.original, a.compacted)
	if !ok {
		a.unsafe = why
		return
	}
	body, err := vocab.Encode(patched)
	if err != nil {
		a.unsafe = err.Error()
		return
	}
	a.signed, a.forwarded = true, body
}
