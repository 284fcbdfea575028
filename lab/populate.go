package lab

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"orrery/activitylog"
	"orrery/social"
)

// populate makes the people who are not there yet, and the follows of the plan, and settles.
func (l *Lab) populate(ctx context.Context) error {
	if err := l.people(ctx); err != nil {
		return err
	}
	if l.stepped == nil {
		l.Start()
	}
	if err := l.subscribe(ctx); err != nil {
		return err
	}
	for _, e := range l.Plan.Follows {
		if err := l.Follow(ctx, e); err != nil {
			return err
		}
	}
	if err := l.Settle(ctx); err != nil {
		return fmt.Errorf("set up the lab: %w", err)
	}
	l.SetUpUntil = l.newest(ctx)
	return nil
}

// people makes accounts; several at once when keys must be made, which takes most of the time.
func (l *Lab) people(ctx context.Context) error {
	var wg sync.WaitGroup
	errs := make([]error, len(l.Plan.People))
	for n, p := range l.Plan.People {
		add := func() { errs[n] = l.addPerson(ctx, p) }
		if l.stepped != nil {
			add()
			continue
		}
		wg.Add(1)
		go func() { defer wg.Done(); add() }()
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (l *Lab) addPerson(ctx context.Context, p Person) error {
	h := l.Host(p.Server)
	if h == nil {
		return fmt.Errorf("%s cannot live on %s: there is no such server", p.Name, p.Server)
	}
	_, err := h.Instance.Services.Accounts.Create(ctx, social.NewAccount{Username: p.Name, DisplayName: p.Display, Locked: p.Locked})
	if errors.Is(err, social.ErrConflict) {
		return nil // from an earlier start
	}
	return err
}

// Follow makes one person follow another as they would do it: look the handle up, then follow.
func (l *Lab) Follow(ctx context.Context, e Edge) error {
	return l.edge(ctx, e, "Follow", func(ctx context.Context, s social.Services, follower, followed social.ID) error {
		_, err := s.Follows.Follow(ctx, follower, followed)
		return err
	})
}

// Unfollow ends a follow.
func (l *Lab) Unfollow(ctx context.Context, e Edge) error {
	return l.edge(ctx, e, "Undo", func(ctx context.Context, s social.Services, follower, followed social.ID) error {
		_, err := s.Follows.Unfollow(ctx, follower, followed)
		return err
	})
}

func (l *Lab) edge(ctx context.Context, e Edge, kind string, do func(context.Context, social.Services, social.ID, social.ID) error) error {
	follower, h, err := l.Account(ctx, e.Follower)
	if err != nil {
		return err
	}
	target, there, err := l.Account(ctx, e.Followed)
	if err != nil {
		return err
	}
	l.Tick()
	ctx, done := h.Instance.Recorder.Action(ctx, activitylog.Summary{Type: kind, Actor: follower.URI, Object: target.URI})
	defer done()
	found := target
	if there != h {
		if found, err = h.Instance.Services.Searches.Remote.ByHandle(ctx, target.Username, there.Instance.Host()); err != nil {
			return fmt.Errorf("%s looks for %s: %w", e.Follower, e.Followed, err)
		}
	}
	if err := do(ctx, h.Instance.Services, follower.ID, found.ID); err != nil {
		return fmt.Errorf("%s follows %s: %w", e.Follower, e.Followed, err)
	}
	return nil
}

// newest is the highest id in the log.
func (l *Lab) newest(ctx context.Context) activitylog.ID {
	entries, err := l.Log.Entries(ctx, activitylog.Filter{Limit: 1, Directions: []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local}})
	if err != nil || len(entries) == 0 {
		return 0
	}
	return entries[0].Exchange.ID
}
