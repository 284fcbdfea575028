package lab

import (
	"context"
	"fmt"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// SetDown makes the server of that name unreachable for all others, or reachable again. It goes on working: what it sends
// arrives. Only a network of memory can do that.
func (l *Lab) SetDown(name string, down bool) error {
	h, err := l.faulty(name)
	if err != nil {
		return err
	}
	l.net.SetDown(h.Instance.Host(), down)
	return nil
}

// Stop takes a server down: nobody reaches it and it does none of its work. People on it must not act until Restart.
func (l *Lab) Stop(ctx context.Context, name string) error {
	return l.setStopped(ctx, name, true, rules.FaultStopped)
}

// Restart lets a stopped server go on where it was.
func (l *Lab) Restart(ctx context.Context, name string) error {
	return l.setStopped(ctx, name, false, rules.FaultStarted)
}

func (l *Lab) setStopped(ctx context.Context, name string, stopped bool, rule rules.ID) error {
	if err := l.SetDown(name, stopped); err != nil {
		return err
	}
	l.stopped[name] = stopped
	l.faulted(ctx, l.Host(name), observe.Faulted{Rule: rule})
	return nil
}

// Requests is how many requests the servers have made, of any kind; 0 on loopback.
func (l *Lab) Requests() int {
	if l.net == nil {
		return 0
	}
	return int(l.net.requests.Load())
}

// Bytes is how much the servers have sent each other in bodies; 0 on loopback.
func (l *Lab) Bytes() int64 {
	if l.net == nil {
		return 0
	}
	return l.net.bytes.Load()
}

// Stopped reports whether a server is down.
func (l *Lab) Stopped(name string) bool { return l.stopped[name] }

// Cut lets no request pass that from makes to to.
func (l *Lab) Cut(ctx context.Context, from, to string) error {
	return l.link(ctx, from, to, observe.Faulted{Rule: rules.FaultCut}, func(t *trouble) { t.cut = true })
}

// Heal ends everything that is wrong on the way from one server to another.
func (l *Lab) Heal(ctx context.Context, from, to string) error {
	return l.link(ctx, from, to, observe.Faulted{Rule: rules.FaultHealed}, func(t *trouble) { *t = trouble{} })
}

// Slow lets every request that from makes to to take d; from Patience on it fails.
func (l *Lab) Slow(ctx context.Context, from, to string, d time.Duration) error {
	return l.link(ctx, from, to, observe.Faulted{Rule: rules.FaultSlow, By: d.String()}, func(t *trouble) { t.slow = d })
}

// Drop lets the next delivery of an activity of that type, or with Fetch the next GET, fail on its way.
func (l *Lab) Drop(ctx context.Context, from, to, kind string) error {
	return l.link(ctx, from, to, observe.Faulted{Rule: rules.FaultDrop, What: kind}, func(t *trouble) { t.drop = append(t.drop, kind) })
}

// Lose lets the next delivery of an activity of that type vanish: the sender is told that it was taken.
func (l *Lab) Lose(ctx context.Context, from, to, kind string) error {
	return l.link(ctx, from, to, observe.Faulted{Rule: rules.FaultLose, What: kind}, func(t *trouble) { t.lose = append(t.lose, kind) })
}

func (l *Lab) link(ctx context.Context, from, to string, what observe.Faulted, change func(*trouble)) error {
	a, err := l.faulty(from)
	if err != nil {
		return err
	}
	b, err := l.faulty(to)
	if err != nil {
		return err
	}
	l.net.trouble(a.Instance.Host(), b.Instance.Host(), change)
	what.Peer = b.Instance.Host()
	l.faulted(ctx, a, what)
	return nil
}

// Skew makes the clock of a server wrong by d, against the clock of the lab.
func (l *Lab) Skew(ctx context.Context, name string, d time.Duration) error {
	h, err := l.faulty(name)
	if err != nil {
		return err
	}
	h.Instance.SetClock(d)
	l.faulted(ctx, h, observe.Faulted{Rule: rules.FaultClock, By: d.String()})
	return nil
}

// Rotate gives a person a new key.
func (l *Lab) Rotate(ctx context.Context, person string) error {
	a, h, err := l.Account(ctx, person)
	if err != nil {
		return err
	}
	l.faulted(ctx, h, observe.Faulted{Rule: rules.FaultKeyRotated, Person: a.URI})
	if _, err := h.Instance.Services.Accounts.RotateKey(ctx, a.ID); err != nil {
		return fmt.Errorf("rotate the key of %s: %w", person, err)
	}
	return nil
}

func (l *Lab) faulted(ctx context.Context, h *Host, f observe.Faulted) {
	h.Instance.Recorder.Observe(ctx, f)
}

func (l *Lab) faulty(name string) (*Host, error) {
	h := l.Host(name)
	if h == nil || l.net == nil {
		return nil, fmt.Errorf("there is no server %q on a network of memory", name)
	}
	return h, nil
}
