package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/social"
)

// verify checks the request's signature and returns whose key made it (federation.md §5.3 to §5.6). from is the network
// address of who sent it, "" when it says nothing.
func (in *Inbox) verify(ctx context.Context, r signature.Request, from string) (social.Account, Verdict) {
	v, err := signature.Check(r, in.Now(), in.Profile)
	if err != nil && (!in.Profile.KeyFirst || signature.Unreadable(err)) {
		return social.Account{}, in.fault(ctx, v, "", err)
	}
	if in.Ingest.LocalKey(v.KeyID) {
		return social.Account{}, in.keyless(ctx, v, rules.KeyLocal, http.StatusUnauthorized, "the key is one of this very server")
	}
	refused, derr := in.Domains.RefusedURI(ctx, v.KeyID)
	if derr != nil {
		return social.Account{}, Verdict{Status: http.StatusServiceUnavailable, Reason: "This server cannot look it up now. Try again later."}
	}
	if refused {
		return social.Account{}, in.keyless(ctx, v, rules.OriginDomainRefused, http.StatusForbidden, "this server does not speak with the key's server")
	}
	key, kerr := in.Ingest.KnownKey(ctx, v.KeyID)
	fetched := errors.Is(kerr, social.ErrNotFound)
	if fetched {
		key, kerr = in.lookUp(from, func() (ingest.Key, error) { return in.Ingest.FetchKey(ctx, v.KeyID) })
	}
	if kerr != nil && !fetched {
		return social.Account{}, Verdict{Status: http.StatusServiceUnavailable, Reason: "This server cannot look it up now. Try again later."}
	}
	if kerr != nil {
		return social.Account{}, in.noKey(ctx, v, kerr, rules.KeyNotFound)
	}
	if rule := in.ended(key.Key); rule != "" {
		return social.Account{}, in.keyless(ctx, v, rule, http.StatusUnauthorized, "the key is "+key.ID)
	}
	if err != nil {
		return social.Account{}, in.fault(ctx, v, key.Owner.URI, err)
	}
	if err = in.fits(v, key); err == nil {
		return key.Owner, in.verified(ctx, v, key, rules.SigOK)
	}
	if fetched {
		return social.Account{}, in.fault(ctx, v, key.Owner.URI, err)
	}
	if in.owners.rests(key.Owner.ID, in.Now()) {
		in.Observer.Observe(ctx, observe.Skipped{Rule: rules.KeyReadLately, What: "fetch", Target: key.Owner.URI})
		return social.Account{}, in.fault(ctx, v, key.Owner.URI, err)
	}
	again, kerr := in.lookUp(from, func() (ingest.Key, error) { return in.Ingest.RefreshKey(ctx, key, v.KeyID) })
	if kerr != nil {
		return social.Account{}, in.noKey(ctx, v, kerr, rules.KeyRefreshFailed)
	}
	if rule := in.ended(again.Key); rule != "" {
		return social.Account{}, in.keyless(ctx, v, rule, http.StatusUnauthorized, "the key is "+again.ID)
	}
	if err = in.fits(v, again); err != nil {
		in.owners.rest(key.Owner.ID, in.Now().Add(ownerRests))
		return social.Account{}, in.fault(ctx, v, key.Owner.URI, err)
	}
	return again.Owner, in.verified(ctx, v, again, rules.KeyRefreshed)
}

// lookUp runs ask, which asks other servers for a key, unless that failed lately for somebody at the same address.
func (in *Inbox) lookUp(from string, ask func() (ingest.Key, error)) (ingest.Key, error) {
	source, known := network(from)
	if known && in.sources.rests(source, in.Now()) {
		return ingest.Key{}, errSkipped
	}
	key, err := ask()
	if known && errors.Is(err, fetch.ErrUnreachable) && fetch.StatusOf(err) == 0 {
		in.sources.rest(source, in.Now().Add(sourceRests))
	}
	return key, err
}

var errSkipped = errors.New("the last look-up for a request from this address failed")

// ended is the rule by which k does not count any more, "" when it does.
func (in *Inbox) ended(k social.Key) rules.ID {
	switch {
	case k.Revoked:
		return rules.KeyRevoked
	case !k.ExpiresAt.IsZero() && !in.Now().Before(k.ExpiresAt):
		return rules.KeyExpired
	}
	return ""
}

func (in *Inbox) fits(v *signature.Verification, k ingest.Key) error {
	key, err := in.Ingest.PublicKey(k.Key)
	if err != nil {
		return err
	}
	return v.Verify(key)
}

func (in *Inbox) verified(ctx context.Context, v *signature.Verification, k ingest.Key, rule rules.ID) Verdict {
	in.Observer.Observe(ctx, observe.Verified{Rule: rule, KeyID: v.KeyID, Owner: k.Owner.URI, OK: true, Report: v.Report})
	return Verdict{Status: http.StatusAccepted}
}

// fault answers a signature that is wrong in itself. When it does not fit, the answer has the text that it was compared
// with, as Mastodon 4.1's: whoever made it can find the first line that differs.
func (in *Inbox) fault(ctx context.Context, v *signature.Verification, owner string, err error) Verdict {
	rule := rules.ID(signature.Rule(err))
	if rule == "" {
		rule = rules.SigMismatch
	}
	in.Observer.Observe(ctx, observe.Verified{Rule: rule, KeyID: v.KeyID, Owner: owner, Report: v.Report})
	verdict := Verdict{Rule: rule, Status: signature.Status(err), Reason: fmt.Sprintf("%s (%v)", rules.Sentence(rule), err)}
	if rule == rules.SigMismatch {
		verdict.SignedString, verdict.Signature = v.Report.SigningString, v.Signature()
	}
	return verdict
}

// noKey answers a signature whose key cannot be had, by rule unless the network is to blame. Since 4.6 that is answered
// 503, so that the sender tries again; before, 401 (federation.md §5.6).
func (in *Inbox) noKey(ctx context.Context, v *signature.Verification, err error, rule rules.ID) Verdict {
	status := http.StatusUnauthorized
	switch {
	case errors.Is(err, errSkipped):
		rule = rules.KeySourceSkipped
	case errors.Is(err, fetch.ErrUnreachable):
		rule = rules.KeyUnreachable
	default:
		return in.keyless(ctx, v, rule, status, err.Error())
	}
	if in.Policy.Unreachable {
		status = http.StatusServiceUnavailable
	}
	return in.keyless(ctx, v, rule, status, err.Error())
}

func (in *Inbox) keyless(ctx context.Context, v *signature.Verification, rule rules.ID, status int, why string) Verdict {
	v.Report.OK, v.Report.Rule, v.Report.Error = false, string(rule), why
	in.Observer.Observe(ctx, observe.Verified{Rule: rule, KeyID: v.KeyID, Report: v.Report})
	return Verdict{Rule: rule, Status: status, Reason: rules.Sentence(rule) + " The key is " + clip(v.KeyID) + "."}
}

// clip shortens what a stranger named to what an answer should repeat.
func clip(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}

// refuse records why a delivery is turned away.
func (in *Inbox) refuse(ctx context.Context, v Verdict) Verdict {
	if v.Rule != "" {
		in.Observer.Observe(ctx, observe.Decided{Rule: v.Rule, Outcome: observe.Rejected})
	}
	return v
}

func because(status int, rule rules.ID) Verdict {
	return Verdict{Rule: rule, Status: status, Reason: rules.Sentence(rule)}
}

// Refused is a request whose signature does not hold, with what to answer where one is demanded.
type Refused struct{ Verdict }

// Error is the sentence of the answer.
func (r *Refused) Error() string { return r.Reason }

// Status is the status of the answer.
func (r *Refused) Status() int { return r.Verdict.Status }

// Requester returns who signed a GET, nil when it is not signed. The error is a *Refused: without secure mode a bad
// signature only means an anonymous reader (federation.md §5.7).
func (in *Inbox) Requester(ctx context.Context, r signature.Request, from string) (*social.Account, error) {
	if _, signed := r.Value("Signature"); !signed {
		return nil, nil
	}
	owner, verdict := in.verify(ctx, r, from)
	if verdict.Status != http.StatusAccepted {
		return nil, &Refused{verdict}
	}
	return &owner, nil
}
