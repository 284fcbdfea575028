package outbox

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// deliver posts one activity to one inbox. The answer, what follows from it and the end of the job are one transaction.
func (o *Outbox) deliver(ctx context.Context, j jobs.Job) error {
	d, err := work.Read[work.Delivery](j)
	if err != nil {
		return err
	}
	body, err := o.Body(ctx, d.Body)
	if err != nil {
		return fmt.Errorf("body of %s: %w", d.Activity, err)
	}
	key, err := o.Signer(ctx, social.ID(d.Signer))
	if err != nil {
		return err
	}
	status, err := o.Fetch.Post(ctx, d.Inbox, body, key, observe.Purpose{
		Kind: "delivery", Rule: d.Rule, Signer: key.Actor, Attempt: j.Attempt,
	})
	return o.settle(ctx, j, d, status, err)
}

// settle decides what an answer means (federation.md §8.5).
func (o *Outbox) settle(ctx context.Context, j jobs.Job, d work.Delivery, status int, err error) error {
	finish := func() error {
		return o.Atomic(ctx, func(ctx context.Context, tx Tx) error { return j.Finish(ctx, tx) })
	}
	switch {
	case err == nil && status >= 200 && status < 300:
		return finish()
	case err == nil && permanent(status):
		o.Observer.Observe(ctx, observe.Retried{Rule: rules.DeliverRefused, Attempt: j.Attempt})
		return finish()
	}
	wait, again := o.Retry(j.Attempt)
	if !again {
		o.Observer.Observe(ctx, observe.Retried{Rule: rules.DeliverGaveUp, Attempt: j.Attempt})
		return finish()
	}
	at := o.Now().Add(wait)
	o.Observer.Observe(ctx, observe.Retried{Rule: rules.DeliverRetry, Attempt: j.Attempt, NextAt: at.UTC().Format(time.RFC3339)})
	if err == nil {
		err = fmt.Errorf("%s answered %d", d.Inbox, status)
	}
	return jobs.RetryAt(err, at)
}

// permanent reports an answer that trying again will not change: 501, and every 4xx but 401, 408 and 429.
func permanent(status int) bool {
	switch status {
	case http.StatusNotImplemented:
		return true
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return status >= 400 && status < 500
}
