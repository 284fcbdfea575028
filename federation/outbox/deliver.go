package outbox

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"orrery/federation/followers"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// hold is the rule by which d is not tried now, "" when it is.
func (o *Outbox) hold(d work.Delivery) rules.ID {
	switch {
	case !d.Always && !o.Hosts.Available(d.Inbox):
		return rules.DeliverUnavailable
	case !o.Hosts.Closed(d.Inbox):
		return rules.DeliverCircuitOpen
	}
	return ""
}

// deliver posts one activity to one inbox. The answer, what follows from it and the end of the job are one transaction.
func (o *Outbox) deliver(ctx context.Context, j jobs.Job, d work.Delivery, hold rules.ID, retry jobs.Schedule) error {
	if hold != "" {
		o.Observer.Observe(ctx, observe.Skipped{Rule: hold, What: "deliver", Target: d.Inbox})
	}
	switch hold {
	case rules.DeliverUnavailable:
		return o.Finish(ctx, j)
	case rules.DeliverCircuitOpen:
		return o.failed(ctx, j, d, retry, fmt.Errorf("%s is left alone for a minute", d.Inbox))
	}
	body, err := o.Body(ctx, d.Body)
	if err != nil {
		return fmt.Errorf("body of %s: %w", d.Activity, err)
	}
	key, err := o.Signer(ctx, social.ID(d.Signer))
	if err != nil {
		return err
	}
	var extra http.Header
	if d.Followers != "" {
		extra = http.Header{followers.HeaderName: {d.Followers}}
	}
	status, err := o.Fetch.Post(ctx, d.Inbox, body, key, observe.Purpose{
		Kind: "delivery", Rule: d.Rule, Signer: key.Actor, Attempt: j.Attempt,
	}, extra)
	final := permanent(status)
	if err == nil && status == http.StatusUnauthorized && o.Policy.GoneSenders {
		signer, err := o.Store.AccountByID(ctx, social.ID(d.Signer))
		if err != nil {
			return err
		}
		final = signer.Gone()
	}
	if err == nil && status >= 300 && !final {
		err = fmt.Errorf("%s answered %d", d.Inbox, status)
	}
	switch {
	case err != nil:
		return o.failed(ctx, j, d, retry, err)
	case status < 300:
		if err := o.Hosts.Reached(ctx, d.Inbox); err != nil {
			return err
		}
	default:
		if status == http.StatusGone && o.Policy.ThreadListeners {
			if err := o.Store.Deafen(ctx, d.Inbox); err != nil {
				return err
			}
		}
		if err := o.refused(ctx, d.Inbox); err != nil {
			return err
		}
		o.Observer.Observe(ctx, observe.Retried{Rule: rules.DeliverRefused, Attempt: j.Attempt})
	}
	return o.Finish(ctx, j)
}

// refused counts a permanent answer: until 4.5 as a sign that the server is well, since 4.6 as none either way
// (federation.md §8.6).
func (o *Outbox) refused(ctx context.Context, inbox string) error {
	if o.Policy.NeutralRefusals {
		o.Hosts.Answered(inbox)
		return nil
	}
	return o.Hosts.Reached(ctx, inbox)
}

// failed counts an attempt that may succeed another time, and says when that is (federation.md §8.5).
func (o *Outbox) failed(ctx context.Context, j jobs.Job, d work.Delivery, retry jobs.Schedule, why error) error {
	wait, again := retry(j.Attempt)
	if !again {
		o.Observer.Observe(ctx, observe.Retried{Rule: rules.DeliverGaveUp, Attempt: j.Attempt})
	}
	at := o.Now().Add(wait)
	if again {
		o.Observer.Observe(ctx, observe.Retried{Rule: rules.DeliverRetry, Attempt: j.Attempt, NextAt: at.UTC().Format(time.RFC3339)})
	}
	if err := o.Hosts.Failed(ctx, d.Inbox); err != nil {
		return err
	}
	if !again {
		return o.Finish(ctx, j)
	}
	return jobs.RetryAt(why, at)
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
