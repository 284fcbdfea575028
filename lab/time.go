package lab

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// maxSteps is how many jobs one Settle may run before something is held to go in circles.
const maxSteps = 20_000

// Tick moves a stepped clock one second, so that no two actions share an instant. It does nothing on the real clock.
func (l *Lab) Tick() {
	if l.stepped != nil {
		l.stepped.Advance(time.Second)
	}
}

// Settle does all work that is due, on every server, until none is: in a stepped lab one job at a time, in the order of
// due time, host and id; on the real clock by waiting. Work that is due later does not prevent it (contracts.md 19).
func (l *Lab) Settle(ctx context.Context) error {
	if l.stepped == nil {
		return l.await(ctx)
	}
	for n := 0; n < maxSteps; n++ {
		h, err := l.first(ctx)
		if err != nil || h == nil {
			return err
		}
		if _, err := h.Instance.Step(ctx); err != nil {
			return fmt.Errorf("step %s: %w", h.Name, err)
		}
		if l.Watch != nil {
			if err := l.Watch(ctx); err != nil {
				return err
			}
		}
	}
	moving, err := l.Moving(ctx)
	if err != nil {
		return err
	}
	return &RestlessError{Jobs: maxSteps, Moving: moving}
}

// RestlessError says that a lab does not settle.
type RestlessError struct {
	Jobs   int      // done in vain
	Moving []string // what is due still: "academy: 3 × deliver to techhub.test"
}

func (e *RestlessError) Error() string {
	return fmt.Sprintf("the lab does not settle: %d jobs were done and there are more. What keeps moving: %s", e.Jobs, strings.Join(e.Moving, "; "))
}

// Moving says what is due on every server, the most frequent first.
func (l *Lab) Moving(ctx context.Context) ([]string, error) {
	var out []string
	for _, h := range l.Hosts {
		due, err := h.Instance.Moving(ctx)
		if err != nil {
			return nil, fmt.Errorf("due work of %s: %w", h.Name, err)
		}
		for _, w := range due {
			out = append(out, h.Name+": "+w)
		}
	}
	return out, nil
}

// first is the server whose next job is due first; nil when none is due.
func (l *Lab) first(ctx context.Context) (*Host, error) {
	var first *Host
	var since time.Time
	for _, h := range l.Hosts {
		if l.stopped[h.Name] {
			continue
		}
		at, due, err := h.Instance.Due(ctx)
		if err != nil {
			return nil, fmt.Errorf("due work of %s: %w", h.Name, err)
		}
		if due && (first == nil || at.Before(since) || at.Equal(since) && h.Instance.Host() < first.Instance.Host()) {
			first, since = h, at
		}
	}
	return first, nil
}

// Advance moves a stepped clock by d, stopping at each job that falls due on the way, so that retries happen in their
// true order.
func (l *Lab) Advance(ctx context.Context, d time.Duration) error {
	if l.stepped == nil {
		return fmt.Errorf("only a stepped lab can be moved in time")
	}
	until := l.stepped.Now().Add(d)
	for {
		if err := l.Settle(ctx); err != nil {
			return err
		}
		next := until
		for _, h := range l.Hosts {
			if l.stopped[h.Name] {
				continue
			}
			_, _, at, err := h.Instance.Pending(ctx)
			if err != nil {
				return fmt.Errorf("pending work of %s: %w", h.Name, err)
			}
			if !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		if !next.After(l.stepped.Now()) {
			return nil
		}
		l.stepped.Set(next)
	}
}

// await waits until no server has anything due or in flight for a while.
func (l *Lab) await(ctx context.Context) error {
	wake, cancel := l.wake.Subscribe()
	defer cancel()
	calm := 0
	for calm < 2 {
		busy, err := l.busy(ctx)
		if err != nil {
			return err
		}
		if calm++; busy {
			calm = 0
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the lab did not settle: %w", ctx.Err())
		case <-wake:
			calm = 0
		case <-l.Clock.At(l.Clock.Now().Add(quiet)):
		}
	}
	return nil
}

func (l *Lab) busy(ctx context.Context) (bool, error) {
	for _, h := range l.Hosts {
		due, inFlight, _, err := h.Instance.Pending(ctx)
		if err != nil {
			return false, fmt.Errorf("pending work of %s: %w", h.Name, err)
		}
		if due+inFlight > 0 {
			return true, nil
		}
	}
	return false, nil
}
