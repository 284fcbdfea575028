package inbox

import (
	"context"
	"errors"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/social"
)

// block says that its actor wants nothing to do with somebody here (federation.md §4.9).
type block struct{ *Inbox }

func (h block) need(context.Context, *Activity) (rules.ID, error) { return "", nil }

func (h block) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	target, err := tx.AccountByURI(ctx, a.Object)
	if errors.Is(err, social.ErrNotFound) || err == nil && !target.Local() {
		return ingest.Drop(rules.DropNotLocal, a.Object), nil
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	takenBack, err := tx.Suppressed(ctx, a.Actor.ID, a.ID, h.Now())
	if err != nil {
		return ingest.Outcome{}, err
	}
	r, err := h.Blocks.Receive(ctx, tx, a.Actor, target, a.ID, takenBack)
	switch {
	case err != nil:
		return ingest.Outcome{}, err
	case r == social.Known:
		return ingest.Drop(rules.DropDuplicate, a.Object), nil
	case takenBack:
		return ingest.Drop(rules.DropUndoneBefore, a.ID), nil
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptBlock, Object: a.Object}, nil
}

// block takes back a block of somebody here.
func (h undo) block(ctx context.Context, tx ingest.Tx, a *Activity, blocked vocab.Doc) (bool, error) {
	target, err := tx.AccountByURI(ctx, blocked.Ref("object"))
	if errors.Is(err, social.ErrNotFound) || err == nil && !target.Local() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, err := h.Blocks.ReceiveUndo(ctx, tx, a.Actor.ID, target.ID)
	return r == social.Ended, err
}

func (h undo) blockByURI(ctx context.Context, tx ingest.Tx, a *Activity) (bool, error) {
	b, err := tx.BlockByURI(ctx, a.Object)
	if errors.Is(err, social.ErrNotFound) || err == nil && b.AccountID != a.Actor.ID {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, err := h.Blocks.ReceiveUndo(ctx, tx, a.Actor.ID, b.TargetID)
	return r == social.Ended, err
}
