package inbox

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// Activity is a delivered activity whose author is proved.
type Activity struct {
	vocab.Activity
	Actor    social.Account  // who did it
	Carrier  *social.Account // who brought it, nil when that is the actor
	Personal *social.Account // owner of the personal inbox it came to
	// Note is the post of a Create or Update once need has it, and Mentioned whom it names.
	Note   vocab.Note
	Needed ingest.Needed
	// Unseen says that an Update counts as the Create of its post, once need has found that out.
	Unseen bool
	// Profile is the changed actor of an Update, once need has it.
	Profile *ingest.Profile
	// Successor is the account that the actor of a Move goes to, once need has it.
	Successor *social.Account
	// Original is the boosted post of an Announce, once need has it.
	Original social.Status

	owner     *social.Account // of the conversation, who handed it on; nil when nobody did
	elsewhere bool            // its post must be read at its own server
	relayed   bool            // an Announce by a relay, which only tells of a post
	accepted  rules.ID        // why an Announce is kept
	original  vocab.Doc       // as it arrived
	compacted map[string]any  // in the profile's own terms, nil while nothing needed it
	broken    error           // why it could not be brought into them
	signed    bool            // carries a document signature that may be passed on
	unsafe    string          // why a signature that was there may not be
	forwarded []byte          // the document as it would be passed on
}

// Handler carries out one type of activity: need fetches what is missing, with no transaction open; apply stores, with
// no network, and is idempotent by object, since the same activity may come by several paths.
type Handler interface {
	need(ctx context.Context, a *Activity) (drop rules.ID, err error)
	apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error)
}

// effects is what taking an activity in changes, in a transaction and without network.
type effects func(ctx context.Context, tx ingest.Tx) error

// Apply carries out a received activity that waited for it in a job (federation.md §4.0, worker phase).
func (in *Inbox) Apply(ctx context.Context, j jobs.Job, r work.Received) error {
	d, err := in.waited(ctx, r)
	if err != nil {
		return err
	}
	change, err := in.prepare(ctx, d)
	if err != nil {
		return err
	}
	return in.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		if err := change(ctx, tx); err != nil {
			return err
		}
		return j.Finish(ctx, tx)
	})
}

// waited reads what a job has of a delivery.
func (in *Inbox) waited(ctx context.Context, r work.Received) (*Judged, error) {
	body, err := in.Body(ctx, r.Body)
	if err != nil {
		return nil, fmt.Errorf("body of exchange %d: %w", r.Exchange, err)
	}
	d := &Judged{body: body, sha: r.Body, exchange: r.Exchange, actor: r.Actor}
	d.signer, err = in.Store.AccountByID(ctx, social.ID(r.Signer))
	if errors.Is(err, social.ErrNotFound) {
		return nil, jobs.Permanent(fmt.Errorf("signer of exchange %d was deleted meanwhile: %w", r.Exchange, err))
	}
	if err != nil {
		return nil, fmt.Errorf("signer of exchange %d: %w", r.Exchange, err)
	}
	if r.Personal != 0 {
		owner, err := in.Store.AccountByID(ctx, social.ID(r.Personal))
		if err != nil {
			return nil, fmt.Errorf("owner of the inbox of exchange %d: %w", r.Exchange, err)
		}
		d.personal = &owner
	}
	return d, nil
}

// prepare parses d, authenticates its author, finds who handles it and fetches what is missing: all that may ask other
// servers. What remains are the effects.
func (in *Inbox) prepare(ctx context.Context, d *Judged) (effects, error) {
	a, drop, err := in.open(ctx, d)
	if err != nil {
		return nil, err
	}
	if drop == "" {
		if items, ok := in.collected(a); ok && len(items) > 0 {
			return in.prepareAll(ctx, items)
		}
	}
	if drop == "" && in.Policy.Owners != "" {
		if a, drop, err = in.unwrap(ctx, a); err != nil {
			return nil, retryable(err)
		}
	}
	var h Handler
	if drop == "" {
		if h = in.handler(a.Type); h == nil {
			drop = rules.DropUnknownType
		}
	}
	if drop == "" {
		if drop, err = h.need(ctx, a); err != nil {
			return nil, retryable(err)
		}
	}
	return func(ctx context.Context, tx ingest.Tx) error {
		if drop != "" {
			in.decided(ctx, ingest.Outcome{Outcome: observe.Dropped, Rule: drop})
			return nil
		}
		t, s, owned := in.concerned(ctx, tx, a)
		if owned != nil && !errors.Is(owned, social.ErrNotFound) {
			return owned
		}
		out, err := h.apply(ctx, tx, a)
		if err == nil && owned == nil && out.Outcome == observe.Accepted {
			err = in.handOn(ctx, tx, a, t, s, d.sha)
		}
		if err == nil {
			in.decided(ctx, out)
		}
		return err
	}, nil
}

func (in *Inbox) decided(ctx context.Context, out ingest.Outcome) {
	in.Observer.Observe(ctx, observe.Decided{Rule: out.Rule, Outcome: out.Outcome, Object: out.Object, Inputs: out.Inputs})
}

// open reads the document and proves who its author is; drop names the rule when it goes no further.
func (in *Inbox) open(ctx context.Context, d *Judged) (*Activity, rules.ID, error) {
	doc, err := d.document, error(nil)
	if doc == nil {
		doc, err = vocab.Decode(d.body)
	}
	switch {
	case errors.Is(err, vocab.ErrTooDeep):
		return nil, rules.JSONTooDeep, nil
	case errors.Is(err, vocab.ErrNotObject):
		return nil, rules.JSONNotObject, nil
	case err != nil:
		return nil, rules.JSONMalformed, nil
	case !doc.SpeaksActivityStreams():
		return nil, rules.JSONContext, nil
	}
	a := &Activity{Activity: vocab.ReadActivity(doc), Actor: d.signer, Personal: d.personal}
	drop, err := in.authenticate(ctx, a, d.signer)
	if drop == "" && err == nil {
		drop, err = in.unwelcome(ctx, a)
	}
	return a, drop, err
}

// unwelcome is the rule by which nothing is taken from a's actor. A suspended one may still take back, refuse and change
// what concerns it (federation.md §4.0 step 5).
func (in *Inbox) unwelcome(ctx context.Context, a *Activity) (rules.ID, error) {
	refused, err := in.Domains.RefusedURI(ctx, a.Actor.URI)
	if err != nil || refused {
		return rules.OriginDomainRefused, err
	}
	switch a.Type {
	case "Delete", "Reject", "Undo", "Update":
		return "", nil
	}
	if a.Actor.Suspended() {
		return rules.OriginSuspendedActor, nil
	}
	return "", nil
}

// retryable leaves network failures to the queue's schedule; anything that cannot be had will not come by waiting.
func retryable(err error) error {
	if errors.Is(err, ingest.ErrNotHere) && !errors.Is(err, fetch.ErrUnreachable) {
		return jobs.Permanent(err)
	}
	return err
}
