// Package hosts knows how other servers took what was sent to them: which have taken nothing for so long that nothing more
// is sent, and which inboxes are left alone for a minute.
//
// Outbox tells it how each attempt went, inbox that a server was heard of. What it knows of days is kept; what it knows of
// minutes is not, and a new process begins with every inbox open. A newcomer's usual mistake is to ask it about a person:
// it counts servers and inboxes, never accounts.
package hosts

import (
	"context"
	"net/url"
	"sync"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// Limits of federation.md §8.5 and §8.6.
const (
	GoneAfter = 7  // days of failure
	OpenAfter = 10 // failures in a row
	OpenFor   = time.Minute
)

// Hosts counts failures for one instance. Safe for concurrent use.
type Hosts struct {
	// Store is used outside any transaction of the caller.
	Store    social.HostStore
	Observer observe.Observer
	Now      func() time.Time

	mu       sync.RWMutex
	failed   map[string]social.FailedDays // by host
	circuits circuits
}

// Load reads what earlier processes learned. It comes before the first use.
func (h *Hosts) Load(ctx context.Context) error {
	kept, err := h.Store.FailedDays(ctx)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failed = map[string]social.FailedDays{}
	for _, f := range kept {
		h.failed[f.Host] = f
	}
	return nil
}

// Available reports whether the server of inbox takes anything, as far as is known.
func (h *Hosts) Available(inbox string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.failed[hostOf(inbox)].Days < GoneAfter
}

// Closed reports whether inbox may be tried now; its circuit is open for a minute after ten failures in a row.
func (h *Hosts) Closed(inbox string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.circuits.closed(inbox, h.Now())
}

// Failed notes that an attempt at inbox did not succeed, or was held back because its circuit is open; on the seventh day
// that leaves its server out.
func (h *Hosts) Failed(ctx context.Context, inbox string) error {
	host, today := hostOf(inbox), social.Day(h.Now())
	h.mu.Lock()
	h.circuits.failed(inbox, h.Now())
	noted := h.failed[host].Last == today
	h.mu.Unlock()
	if noted {
		return nil
	}
	days, err := h.Store.AddFailedDay(ctx, host, h.Now())
	if err != nil {
		return err
	}
	h.mu.Lock()
	gone := days == GoneAfter && h.failed[host].Days < days
	h.failed[host] = social.FailedDays{Host: host, Days: days, Last: today}
	h.mu.Unlock()
	if gone {
		h.Observer.Observe(ctx, observe.Availability{Rule: rules.DeliverUnavailable, Host: host, Days: days})
	}
	return nil
}

// Answered notes that inbox gave an answer that says nothing about its server being well: its circuit closes.
func (h *Hosts) Answered(inbox string) {
	h.mu.RLock()
	calm := !h.circuits.counts(inbox)
	h.mu.RUnlock()
	if calm {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.circuits.succeeded(inbox)
}

// Reached notes that inbox took something, or that its server was heard of: whatever it failed before is forgotten.
func (h *Hosts) Reached(ctx context.Context, inbox string) error {
	h.Answered(inbox)
	return h.Heard(ctx, inbox)
}

// Heard notes that the server of inbox sent something itself.
func (h *Hosts) Heard(ctx context.Context, inbox string) error {
	host := hostOf(inbox)
	h.mu.RLock()
	known, failing := h.failed[host]
	h.mu.RUnlock()
	if !failing {
		return nil
	}
	if err := h.Store.ForgetFailedDays(ctx, host); err != nil {
		return err
	}
	h.mu.Lock()
	delete(h.failed, host)
	h.mu.Unlock()
	if known.Days >= GoneAfter {
		h.Observer.Observe(ctx, observe.Availability{Rule: rules.DeliverAvailableAgain, Host: host, Days: known.Days, Again: true})
	}
	return nil
}

func hostOf(inbox string) string {
	u, err := url.Parse(inbox)
	if err != nil {
		return inbox
	}
	return u.Host
}
