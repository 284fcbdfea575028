// Package outbox turns what happened here into activities and brings them to other servers: event → activity → audience →
// one delivery job per inbox → signed POST, tried again by Mastodon's schedule.
//
// It never decides who is told: that is the policy's reach. A newcomer's usual mistake is to send in the transaction that
// made the change; the event is committed with it, and everything here runs later, from the queue.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/hosts"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// Tx is what planning writes, in one transaction.
type Tx interface {
	social.Tx
	work.Tx
	jobs.Tx
	PutBody(ctx context.Context, body []byte) (string, error)
	InsertJobs(ctx context.Context, js []jobs.Job) error
}

// Outbox plans and delivers for one instance. Safe for concurrent use.
type Outbox struct {
	Fetch     *fetch.Client
	Store     social.Tx
	Atomic    func(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	Finish    func(ctx context.Context, j jobs.Job) error // ends a job together with what was observed in it
	Body      func(ctx context.Context, sha string) ([]byte, error)
	Signer    func(ctx context.Context, id social.ID) (fetch.Signer, error)
	Writer    translate.Writer
	Policy    policy.Policy
	Documents signature.DocumentProfile
	Observer  observe.Observer
	Now       func() time.Time
	Retry     jobs.Schedule
	Trickle   jobs.Schedule // of deliveries with low priority
	Hosts     *hosts.Hosts
	Domains   *social.Domains
	// TellEnd notifies the people here of the end of a poll.
	TellEnd func(ctx context.Context, tx social.Tx, s social.Status) error
}

// Handle registers the outbox's jobs. about begins the log's scope of a job; facts of a plan belong to what caused it.
func (o *Outbox) Handle(q *jobs.Queue, about func(ctx context.Context, id observe.ExchangeID, j jobs.Job) (context.Context, func() error)) {
	wrap := func(run jobs.Handler) jobs.Handler {
		return func(ctx context.Context, j jobs.Job) error {
			ctx, end := about(ctx, observe.ExchangeID(j.Cause), j)
			return errors.Join(run(ctx, j), end())
		}
	}
	deliver := func(retry jobs.Schedule) jobs.Handler {
		return func(ctx context.Context, j jobs.Job) error {
			d, err := work.Read[work.Delivery](j)
			if err != nil {
				return err
			}
			id, hold := observe.ExchangeID(0), o.hold(d) // a delivery is an exchange of its own
			if hold != "" {
				id = observe.ExchangeID(j.Cause)
			}
			ctx, end := about(ctx, id, j)
			return errors.Join(o.deliver(ctx, j, d, hold, retry), end())
		}
	}
	q.Handle(work.Plan, wrap(o.plan), o.Retry)
	q.Handle(work.HandOn, wrap(o.handOn), o.Retry)
	q.Handle(work.Forward, wrap(o.forward), o.Retry)
	q.Handle(work.Deliver, deliver(o.Retry), o.Retry)
	q.Handle(work.Trickle, deliver(o.Trickle), o.Trickle)
}

// plan carries out one event. Each kind is one file: status.go, follow.go, like.go, poll.go, profile.go, moderation.go.
func (o *Outbox) plan(ctx context.Context, j jobs.Job) error {
	e, err := work.Read[social.Event](j)
	if err != nil {
		return err
	}
	var p *plan
	switch e.Kind {
	case social.StatusPublished:
		p, err = o.published(ctx, e)
	case social.StatusEdited:
		p, err = o.edited(ctx, e)
	case social.StatusDeleted:
		p, err = o.deleted(ctx, e)
	case social.FavouriteAdded, social.FavouriteRemoved:
		p, err = o.liked(ctx, e)
	case social.FollowRequested, social.FollowRemoved:
		p, err = o.followed(ctx, e)
	case social.FollowAccepted, social.FollowRejected:
		p, err = o.answered(ctx, e)
	case social.BlockAdded, social.BlockRemoved:
		p, err = o.blocked(ctx, e)
	case social.MuteExpired:
		p = o.expired(e)
	case social.PollVoted:
		p, err = o.voted(ctx, e)
	case social.PollChanged:
		p, err = o.tallied(ctx, e)
	case social.PollEnded:
		p, err = o.ended(ctx, e)
	case social.ReplyAllowed:
		p, err = o.replyAllowed(ctx, e)
	case social.ReplyRefused:
		p, err = o.replyRefused(ctx, e)
	case social.QuoteRequested:
		p, err = o.quoteRequested(ctx, e)
	case social.QuoteGranted:
		p, err = o.quoteGranted(ctx, e)
	case social.QuoteRefused:
		p, err = o.quoteRefused(ctx, e)
	case social.QuoteEnded:
		p, err = o.quoteEnded(ctx, e)
	case social.QuoteChanged:
		p, err = o.quoteChanged(ctx, e)
	case social.StatusPinned, social.StatusUnpinned:
		p, err = o.pinned(ctx, e)
	case social.TagFeatured, social.TagUnfeatured:
		p, err = o.tagged(ctx, e)
	case social.AccountUpdated:
		p, err = o.profiled(ctx, e)
	case social.RelayRequested, social.RelayLeft:
		p, err = o.relay(ctx, e)
	case social.AccountDeleted:
		p, err = o.departed(ctx, e)
	case social.AccountMoved:
		p, err = o.moved(ctx, e)
	case social.ReportFiled:
		p, err = o.reported(ctx, e)
	default:
		return jobs.Permanent(fmt.Errorf("nobody plans events of kind %q", e.Kind))
	}
	if errors.Is(err, social.ErrNotFound) {
		p, err = &plan{}, nil // it was taken back before it was announced
	}
	if err != nil {
		return fmt.Errorf("plan %s by %d: %w", e.Kind, e.Actor, err)
	}
	return o.commit(ctx, j, p)
}

// plan is one activity and the inboxes it goes to. The zero plan does nothing.
type plan struct {
	signer    social.ID
	activity  string
	body      []byte
	to        []recipient
	signed    []byte                                 // what relays get instead of body, nil when it is the same
	sha       string                                 // of body, once it is kept
	shaSigned string                                 // of what relays get, once it is kept; "" when it is the same
	later     []recipient                            // with low priority, where they are not in to
	followers func(inbox string) string              // Collection-Synchronization for an inbox; nil for none
	always    bool                                   // also to servers that count as gone
	what      string                                 // "deliver", "forward"
	purge     []social.ID                            // rows that were kept only for this announcement
	also      func(ctx context.Context, tx Tx) error // what else is due, nil for nothing
	parting   bool                                   // also to servers that this one does not speak with: it is how they are left
}

// commit leaves one delivery per inbox, together with the end of the planning job. Servers that count as gone are left out.
func (o *Outbox) commit(ctx context.Context, j jobs.Job, p *plan) error {
	return o.Atomic(ctx, func(ctx context.Context, tx Tx) error {
		if len(p.to)+len(p.later) > 0 {
			if err := p.keep(ctx, tx); err != nil {
				return err
			}
			if err := o.enqueue(ctx, tx, p, p.to, work.Deliver, work.Push); err != nil {
				return err
			}
			if err := o.enqueue(ctx, tx, p, p.onlyLater(), work.Trickle, work.Pull); err != nil {
				return err
			}
		}
		for _, id := range p.purge {
			if err := tx.PurgeStatus(ctx, id); err != nil {
				return err
			}
		}
		if p.also != nil {
			if err := p.also(ctx, tx); err != nil {
				return err
			}
		}
		return j.Finish(ctx, tx)
	})
}

// keep keeps what p sends.
func (p *plan) keep(ctx context.Context, tx Tx) (err error) {
	if p.sha, err = tx.PutBody(ctx, p.body); err == nil && p.signed != nil {
		p.shaSigned, err = tx.PutBody(ctx, p.signed)
	}
	return err
}

// onlyLater are those of later who are not in to.
func (p *plan) onlyLater() (out []recipient) {
	first := map[string]bool{}
	for _, r := range p.to {
		first[r.inbox] = true
	}
	for _, r := range p.later {
		if !first[r.inbox] {
			out = append(out, r)
		}
	}
	return out
}

// enqueue leaves a delivery of what p sends, which is kept, to each of rs that may have it.
func (o *Outbox) enqueue(ctx context.Context, tx Tx, p *plan, rs []recipient, kind, queue string) error {
	var js []jobs.Job
	for _, r := range rs {
		may, err := o.may(ctx, p, r)
		if err != nil {
			return err
		}
		if !may {
			continue
		}
		o.Observer.Observe(ctx, observe.Queued{Rule: r.rule, What: p.what, Target: r.inbox, Activity: p.activity, For: r.handles()})
		d := work.Delivery{Body: p.sha, Inbox: r.inbox, Signer: int64(p.signer), Rule: r.rule, Activity: p.activity, Always: p.always}
		if r.rule == rules.DeliverRelay && p.shaSigned != "" {
			d.Body = p.shaSigned
		}
		if p.followers != nil {
			d.Followers = p.followers(r.inbox)
		}
		j, err := work.Job(ctx, kind, queue, r.inbox, o.Now(), d)
		if err != nil {
			return err
		}
		js = append(js, j)
	}
	return tx.InsertJobs(ctx, js)
}

// may reports whether what p sends may go to r, and observes why not.
func (o *Outbox) may(ctx context.Context, p *plan, r recipient) (bool, error) {
	if !p.always && !o.Hosts.Available(r.inbox) {
		o.Observer.Observe(ctx, observe.Skipped{Rule: rules.DeliverUnavailable, What: p.what, Target: r.inbox})
		return false, nil
	}
	refused, err := o.Domains.RefusedURI(ctx, r.inbox)
	if err != nil || !refused || p.parting {
		return err == nil, err
	}
	o.Observer.Observe(ctx, observe.Skipped{Rule: rules.DeliverDomainRefused, What: p.what, Target: r.inbox})
	return false, nil
}

// alwaysSigned reports what carries a document signature in secure mode too: what takes something back must reach everybody
// who has it (federation.md §5.7, §6.2).
func alwaysSigned(activity vocab.Object) bool {
	kind := activity.Get("type")
	return kind == "Delete" || kind == "Undo"
}

// encode is the activity as write would send it.
func (o *Outbox) encode(ctx context.Context, author social.Account, activity vocab.Object, sign bool) ([]byte, error) {
	p, err := o.write(ctx, author, activity, sign, []recipient{{}})
	if err != nil {
		return nil, err
	}
	return p.body, nil
}

// write makes a plan of activity by author, with the author's document signature when sign (federation.md §6.2).
func (o *Outbox) write(ctx context.Context, author social.Account, activity vocab.Object, sign bool, to []recipient) (*plan, error) {
	id, _ := activity.Get("id").(string)
	p := &plan{signer: author.ID, activity: id, to: to, what: "deliver"}
	if len(to) == 0 {
		return p, nil
	}
	sign = sign || o.Policy.SignsReactions && (activity.Get("type") == "Like" || activity.Get("type") == "Undo")
	var err error
	if p.body, err = vocab.Encode(activity); err != nil {
		return nil, fmt.Errorf("write %s: %w", id, err)
	}
	if !sign || !o.Policy.DocumentSignature || o.Policy.Secure() && !alwaysSigned(activity) {
		return p, nil
	}
	key, err := o.Signer(ctx, author.ID)
	if err != nil {
		return nil, err
	}
	body, err := signature.SignDocument(p.body, signature.PrivateKey{ID: key.KeyID, Key: key.Key}, o.Now(), nil, o.Documents)
	if err != nil {
		return nil, fmt.Errorf("sign document %s: %w", id, err)
	}
	if o.Policy.SignsForRelays {
		p.signed = body
	} else {
		p.body = body
	}
	return p, nil
}
