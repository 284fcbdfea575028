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
	"net/netip"
	"time"

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
	Document vocab.Doc // the body, nil when it cannot be read
	Exchange observe.ExchangeID
	TooLarge bool
	// Personal is the owner of the personal inbox it came to; "" for the shared one.
	Personal string
	// Number is the owner of a personal inbox whose address has the account's number instead of its name; else "".
	Number string
	// From is the network address of who sent it; "" when it is not known.
	From string
}

// Verdict is what to answer. Reason goes into the body when the status is 400 or above, and with it, of a signature that
// does not fit, SignedString, the text that it was compared with, and Signature, as it was read, in base64.
type Verdict struct {
	Rule         rules.ID // why it is refused, "" when it is not or for a trouble of this server's own
	Status       int
	Reason       string
	SignedString string
	Signature    string
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
	// Moderation, Moves and Domains are what those who run the server, and people who move, decide.
	Moderation *social.Moderation
	Moves      *social.Moves
	Domains    *social.Domains
	Blocks     *social.Blocks
	Relays     *social.Relays
	Quotes     *social.Quotes // nil when the policy knows none
	Policy     policy.Policy
	Profile    signature.Profile
	Documents  signature.DocumentProfile
	Observer   observe.Observer
	URLs       social.URLs
	Now        func() time.Time
	Hosts      *hosts.Hosts

	// Eager brings every document that carries a signature into our own terms, as Mastodon does, also where that cannot
	// change how it reads. It costs more and must store the same.
	Eager bool

	// AtOnce carries deliveries out before they are answered where that asks nothing of other servers. Mark then says how
	// much was observed in ctx, and undo forgets what came after.
	AtOnce bool
	Mark   func(ctx context.Context) (undo func())

	sources resting[netip.Prefix]
	owners  resting[social.ID] // of keys
}

// Judged is a delivery that was let in and must be queued before it is answered.
type Judged struct {
	signer   social.Account
	actor    string
	personal *social.Account
	body     []byte
	document vocab.Doc // the body, nil while nobody has read it
	sha      string    // of the body, once it is kept
	exchange observe.ExchangeID
	// followers is the Collection-Synchronization header, "" when there is none.
	followers string
}

// Judge verifies d (size, inbox, digest, date, signature) as the profile does. It changes nothing; a Judged that is not
// nil goes to Take (federation.md §4.0, HTTP phase).
func (in *Inbox) Judge(ctx context.Context, d Delivery) (*Judged, Verdict) {
	if d.TooLarge {
		return nil, in.refuse(ctx, because(http.StatusRequestEntityTooLarge, rules.OriginTooLarge))
	}
	j := &Judged{body: d.Request.Body, document: d.Document, exchange: d.Exchange}
	if d.Personal != "" || d.Number != "" {
		owner, err := in.owner(ctx, d)
		if err != nil && !errors.Is(err, social.ErrNotFound) {
			// Not 404: senders take that as final, and the delivery would be lost for a trouble of this server's own.
			return nil, Verdict{Status: http.StatusServiceUnavailable, Reason: "This server cannot take it now. Try again later."}
		}
		if err != nil {
			return nil, in.refuse(ctx, because(http.StatusNotFound, rules.OriginUnknownInbox))
		}
		if owner.Gone() {
			return nil, in.refuse(ctx, because(http.StatusGone, rules.OriginGoneInbox))
		}
		j.personal = &owner
	}
	claimed := claims(d.Document)
	j.actor = claimed.Actor
	if in.leaving(ctx, claimed) {
		in.Observer.Observe(ctx, observe.Decided{Rule: rules.SigUnknownActor, Outcome: observe.Dropped})
		return nil, Verdict{Status: http.StatusAccepted}
	}
	signer, verdict := in.verify(ctx, d.Request, d.From)
	if verdict.Status != http.StatusAccepted {
		return nil, in.refuse(ctx, verdict)
	}
	if in.Policy.Carried == policy.CarriedRefused && claimed.Actor != "" && claimed.Actor != signer.URI {
		return nil, in.refuse(ctx, because(http.StatusBadRequest, rules.OriginCarrier))
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

// claims reads what a document claims to be, before anything is checked; the zero Activity when there is none.
func claims(doc vocab.Doc) vocab.Activity {
	if doc == nil {
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
