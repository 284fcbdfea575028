// Package inbox takes in what other servers deliver: Accept checks a delivery at once and queues it; Apply, later,
// carries it out. One file per activity type; dispatch.go is the table.
//
// Mastodon answers 202 to much that it then drops, so the answer says little: what was decided, and by which rule, is
// told to the observer. A newcomer's usual mistake is to answer an error for something Mastodon silently drops.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/followers"
	"orrery/federation/hosts"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// Delivery is an incoming POST, with bytes we own.
type Delivery struct {
	Request  signature.Request
	Exchange observe.ExchangeID
	TooLarge bool
	// Personal is the owner of the personal inbox it came to; "" for the shared one.
	Personal string
	// Number is the owner of a personal inbox whose address has the account's number instead of its name; else "".
	Number string
}

// Verdict is what to answer. Reason goes into the body when the status is 400 or above.
type Verdict struct {
	Status int
	Reason string
}

// Inbox checks and applies deliveries of one instance. Safe for concurrent use.
type Inbox struct {
	Ingest    *ingest.Ingest
	Store     social.Tx
	Atomic    func(ctx context.Context, fn func(ctx context.Context, tx ingest.Tx) error) error
	Body      func(ctx context.Context, sha string) ([]byte, error)
	Statuses  *social.Statuses
	Follows   *social.Follows
	Reactions *social.Reactions
	Policy    policy.Policy
	Profile   signature.Profile
	Documents signature.DocumentProfile
	Observer  observe.Observer
	URLs      social.URLs
	Now       func() time.Time
	Hosts     *hosts.Hosts
}

// Judged is a delivery that was let in and must be queued before it is answered.
type Judged struct {
	signer   social.Account
	actor    string
	personal *social.Account
	body     []byte
	exchange observe.ExchangeID
	// followers is the Collection-Synchronization header, "" when there is none.
	followers string
}

// Judge verifies d (size, inbox, digest, date, signature) as the profile does. It changes nothing; a Judged that is not
// nil goes to Queue (federation.md §4.0, HTTP phase).
func (in *Inbox) Judge(ctx context.Context, d Delivery) (*Judged, Verdict) {
	if d.TooLarge {
		return nil, in.refuse(ctx, http.StatusRequestEntityTooLarge, rules.OriginTooLarge)
	}
	j := &Judged{body: d.Request.Body, exchange: d.Exchange}
	if d.Personal != "" || d.Number != "" {
		owner, err := in.owner(ctx, d)
		if err != nil && !errors.Is(err, social.ErrNotFound) {
			// Not 404: senders take that as final, and the delivery would be lost for a trouble of this server's own.
			return nil, Verdict{Status: http.StatusServiceUnavailable, Reason: "This server cannot take it now. Try again later."}
		}
		if err != nil {
			return nil, in.refuse(ctx, http.StatusNotFound, rules.OriginUnknownInbox)
		}
		j.personal = &owner
	}
	claimed := peek(d.Request.Body)
	j.actor = claimed.Actor
	if in.leaving(ctx, claimed) {
		in.Observer.Observe(ctx, observe.Decided{Rule: rules.SigUnknownActor, Outcome: observe.Dropped})
		return nil, Verdict{Status: http.StatusAccepted}
	}
	signer, verdict := in.verify(ctx, d.Request)
	if verdict.Status != http.StatusAccepted {
		return nil, verdict
	}
	j.signer = signer
	j.followers, _ = d.Request.Value(followers.HeaderName)
	return j, verdict
}

// owner is whose personal inbox d came to.
func (in *Inbox) owner(ctx context.Context, d Delivery) (social.Account, error) {
	if d.Number == "" {
		return in.Store.AccountByHandle(ctx, d.Personal, "")
	}
	id, ok := social.ParseID(d.Number)
	a, err := in.Store.AccountByID(ctx, id)
	if err == nil && (!ok || !a.Local() || id.String() != d.Number) {
		return social.Account{}, fmt.Errorf("no account here has the number %q: %w", d.Number, social.ErrNotFound)
	}
	return a, err
}

// Queue keeps j for later, in one transaction with its exchange in the log. The answer may be sent when it returns nil.
// Its sender's server is well, whatever it did not take before (federation.md §8.6).
func (in *Inbox) Queue(ctx context.Context, j *Judged) error {
	if err := in.Hosts.Heard(ctx, j.signer.InboxURL); err != nil {
		return err
	}
	return in.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		sha, err := tx.PutBody(ctx, j.body)
		if err != nil {
			return err
		}
		r := work.Received{Exchange: j.exchange, Body: sha, Signer: int64(j.signer.ID), SignerURI: j.signer.URI, Actor: j.actor}
		if j.personal != nil {
			r.Personal = int64(j.personal.ID)
		}
		if err := work.Enqueue(ctx, tx, work.Apply, work.Ingress, j.signer.URI, in.Now(), r); err != nil {
			return err
		}
		return in.synchronise(ctx, tx, j)
	})
}

// peek reads what a body claims to be, before anything is checked; the zero Activity when it cannot be read.
func peek(body []byte) vocab.Activity {
	doc, err := vocab.Decode(body)
	if err != nil {
		return vocab.Activity{}
	}
	return vocab.ReadActivity(doc)
}

// leaving reports a Delete or Update of an actor by itself that is not known here: there is nothing to remove, and
// asking a deleted account's server for its key would only make a storm (federation.md §4.0 step 3).
func (in *Inbox) leaving(ctx context.Context, a vocab.Activity) bool {
	if (a.Type != "Delete" && a.Type != "Update") || a.Actor == "" || a.Actor != a.Object {
		return false
	}
	_, err := in.Store.AccountByURI(ctx, a.Actor)
	return errors.Is(err, social.ErrNotFound)
}

// verify checks the request's signature and returns whose key made it (federation.md §5.3 to §5.6).
func (in *Inbox) verify(ctx context.Context, r signature.Request) (social.Account, Verdict) {
	v, err := signature.Check(r, in.Now(), in.Profile)
	if err != nil {
		return social.Account{}, in.fault(ctx, v, "", err)
	}
	if in.URLs.IsLocal(v.KeyID) {
		return social.Account{}, in.keyless(ctx, v, rules.KeyLocal, http.StatusUnauthorized, "the key is one of this very server")
	}
	owner, err := in.Ingest.KnownKey(ctx, v.KeyID)
	fetched := false
	if errors.Is(err, social.ErrNotFound) {
		owner, err = in.Ingest.FetchKey(ctx, v.KeyID)
		fetched = true
	}
	if err != nil {
		return social.Account{}, in.noKey(ctx, v, err)
	}
	if err = in.fits(v, owner); err == nil {
		in.verified(ctx, v, owner, rules.SigOK)
		return owner, Verdict{Status: http.StatusAccepted}
	}
	if fetched {
		return social.Account{}, in.fault(ctx, v, owner.URI, err)
	}
	again, rerr := in.Ingest.RefreshKey(ctx, owner)
	if rerr != nil || in.fits(v, again) != nil {
		return social.Account{}, in.fault(ctx, v, owner.URI, err)
	}
	in.verified(ctx, v, again, rules.KeyRefreshed)
	return again, Verdict{Status: http.StatusAccepted}
}

func (in *Inbox) fits(v *signature.Verification, owner social.Account) error {
	key, err := in.Ingest.PublicKey(owner)
	if err != nil {
		return err
	}
	return v.Verify(key)
}

func (in *Inbox) verified(ctx context.Context, v *signature.Verification, owner social.Account, rule rules.ID) {
	in.Observer.Observe(ctx, observe.Verified{Rule: rule, KeyID: v.KeyID, Owner: owner.URI, OK: true, Report: v.Report})
}

// fault answers a signature that is wrong in itself.
func (in *Inbox) fault(ctx context.Context, v *signature.Verification, owner string, err error) Verdict {
	rule := rules.ID(signature.Rule(err))
	if rule == "" {
		rule = rules.SigMismatch
	}
	in.Observer.Observe(ctx, observe.Verified{Rule: rule, KeyID: v.KeyID, Owner: owner, Report: v.Report})
	in.Observer.Observe(ctx, observe.Decided{Rule: rule, Outcome: observe.Rejected})
	return Verdict{Status: signature.Status(err), Reason: sentence(rule, err)}
}

// noKey answers a signature whose key cannot be had. Mastodon 4.1 answers 401 whatever the cause (federation.md §5.6).
func (in *Inbox) noKey(ctx context.Context, v *signature.Verification, err error) Verdict {
	if errors.Is(err, fetch.ErrUnreachable) {
		return in.keyless(ctx, v, rules.KeyUnreachable, http.StatusUnauthorized, err.Error())
	}
	return in.keyless(ctx, v, rules.KeyNotFound, http.StatusUnauthorized, err.Error())
}

func (in *Inbox) keyless(ctx context.Context, v *signature.Verification, rule rules.ID, status int, why string) Verdict {
	v.Report.OK, v.Report.Rule, v.Report.Error = false, string(rule), why
	in.Observer.Observe(ctx, observe.Verified{Rule: rule, KeyID: v.KeyID, Report: v.Report})
	return in.refuse(ctx, status, rule)
}

func (in *Inbox) refuse(ctx context.Context, status int, rule rules.ID) Verdict {
	in.Observer.Observe(ctx, observe.Decided{Rule: rule, Outcome: observe.Rejected})
	return Verdict{Status: status, Reason: rules.Sentence(rule)}
}

func sentence(rule rules.ID, err error) string {
	return fmt.Sprintf("%s (%v)", rules.Sentence(rule), err)
}

// Requester returns who signed a GET, or nil when nobody did or the signature does not hold: without secure mode a bad
// signature only means an anonymous reader (federation.md §5.7).
func (in *Inbox) Requester(ctx context.Context, r signature.Request) (*social.Account, error) {
	if _, signed := r.Value("Signature"); !signed {
		return nil, nil
	}
	owner, verdict := in.verify(ctx, r)
	if verdict.Status != http.StatusAccepted {
		return nil, nil
	}
	return &owner, nil
}

// Handle registers the inbox's jobs.
func (in *Inbox) Handle(q *jobs.Queue, retry jobs.Schedule, about func(ctx context.Context, r work.Received, j jobs.Job) (context.Context, func() error)) {
	q.Handle(work.Apply, func(ctx context.Context, j jobs.Job) error {
		r, err := work.Read[work.Received](j)
		if err != nil {
			return err
		}
		ctx, end := about(ctx, r, j)
		err = in.Apply(ctx, j, r)
		if _, again := retry(j.Attempt); err != nil && (!again || jobs.IsPermanent(err)) {
			in.Observer.Observe(ctx, observe.Decided{Rule: rules.FaultGaveUp, Outcome: observe.Failed})
		}
		return errors.Join(err, end())
	}, retry)
}
