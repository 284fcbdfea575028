package inbox

import (
	"context"
	"errors"
	"slices"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// move is a person who lives on under another account (federation.md §4.11).
type move struct{ *Inbox }

func (h move) need(ctx context.Context, a *Activity) (rules.ID, error) {
	target := a.Target
	switch {
	case a.Object != a.Actor.URI:
		return rules.DropMoveOfAnother, nil
	case target == "" || target == a.Actor.URI:
		return rules.DropMoveNotVouched, nil
	}
	if soon, err := h.tooSoon(ctx, h.Store, a); err != nil || soon {
		return rules.DropMoveTooSoon, err
	}
	to, err := h.Ingest.Claim(ctx, target)
	if errors.Is(err, social.ErrNotFound) || errors.Is(err, ingest.ErrNotHere) && !errors.Is(err, fetch.ErrUnreachable) {
		return rules.DropMoveNotVouched, nil
	}
	if err != nil {
		return "", err
	}
	if to.Suspended() || !slices.Contains(to.AlsoKnownAs, a.Actor.URI) {
		return rules.DropMoveNotVouched, nil
	}
	a.Successor = &to
	return "", nil
}

func (h move) tooSoon(ctx context.Context, store social.StandingStore, a *Activity) (bool, error) {
	last, err := store.MovedAt(ctx, a.Actor.ID)
	return !last.IsZero() && h.Now().Sub(last) < social.MoveRestElsewhere, err
}

func (h move) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if soon, err := h.tooSoon(ctx, tx, a); err != nil || soon { // another copy was quicker
		return ingest.Drop(rules.DropMoveTooSoon, a.Object), err
	}
	if err := h.Moves.Receive(ctx, tx, a.Actor, *a.Successor); err != nil {
		return ingest.Outcome{}, err
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptMove, Object: a.Successor.URI}, nil
}
