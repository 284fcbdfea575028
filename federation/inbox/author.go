package inbox

import (
	"context"
	"maps"

	"orrery/federation/rules"
	"orrery/federation/signature"
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
		return "", nil
	}
	a.Carrier = &signer
	author, drop := in.vouched(ctx, a)
	if drop != "" && in.Policy.Proofs && a.original["proof"] != nil {
		author, drop = in.proved(ctx, a)
	}
	a.Actor = author
	return drop, nil
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
