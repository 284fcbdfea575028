package inbox

import (
	"context"
	"errors"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// follow asks to follow somebody here (federation.md §4.6).
type follow struct{ *Inbox }

func (h follow) need(context.Context, *Activity) (rules.ID, error) { return "", nil }

func (h follow) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if relay, err := h.subscription(ctx, tx, a.Object); err == nil {
		return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptRelayFollow, Object: a.Object}, h.Follows.Subscribe(ctx, tx, a.Actor, relay, a.ID)
	}
	target, err := tx.AccountByURI(ctx, a.Object)
	if errors.Is(err, social.ErrNotFound) || err == nil && !target.Local() {
		return ingest.Drop(rules.DropNotLocal, a.Object), nil
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	if gone, err := tx.Suppressed(ctx, a.Actor.ID, a.ID, h.Now()); err != nil || gone {
		return ingest.Drop(rules.DropUndoneBefore, a.ID), err
	}
	r, err := h.Follows.Receive(ctx, tx, a.Actor, target, a.ID)
	if err != nil {
		return ingest.Outcome{}, err
	}
	out := ingest.Outcome{Outcome: observe.Accepted, Object: a.Object}
	switch r {
	case social.Established:
		out.Rule = rules.AcceptFollow
	case social.Waiting, social.StillWaiting:
		out.Rule = rules.AcceptFollowPending
	case social.Known:
		out.Rule = rules.AcceptFollowAgain
	case social.RefusedBlocked:
		out.Outcome, out.Rule = observe.Rejected, rules.RejectFollowBlocked
	default:
		out.Outcome, out.Rule = observe.Rejected, rules.RejectFollow
	}
	return out, nil
}

// accept and reject answer a follow that was asked from here (federation.md §4.7).
type (
	accept struct{ *Inbox }
	reject struct{ *Inbox }
)

func (h accept) need(context.Context, *Activity) (rules.ID, error) { return "", nil }
func (h reject) need(context.Context, *Activity) (rules.ID, error) { return "", nil }

func (h accept) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if relay, err := h.Relays.ReceiveAnswer(ctx, tx, a.Object, true); err != nil || relay {
		return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptRelayAnswer, Object: a.Object}, err
	}
	asked, err := h.asked(ctx, tx, a)
	if errors.Is(err, social.ErrNotFound) {
		return h.unlessQuote(ctx, tx, a, true)
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	r, first, err := h.Follows.ReceiveAccept(ctx, tx, asked)
	if err != nil || r == social.Ignored {
		return ingest.Drop(rules.DropDuplicate, a.Object), err
	}
	if first {
		// The first follower from here: the actor is read again, so that what is shown is fresh.
		err = h.refreshLater(ctx, tx, a.Actor.URI)
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptAnswer, Object: a.Object}, err
}

func (h reject) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if relay, err := h.Relays.ReceiveAnswer(ctx, tx, a.Object, false); err != nil || relay {
		return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptRelayAnswer, Object: a.Object}, err
	}
	asked, err := h.asked(ctx, tx, a)
	if errors.Is(err, social.ErrNotFound) {
		return h.unlessQuote(ctx, tx, a, false)
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	if _, err := h.Follows.ReceiveReject(ctx, tx, asked); err != nil {
		return ingest.Outcome{}, err
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptAnswer, Object: a.Object}, nil
}

// asked finds the follow that a answers: by its id, else by the embedded Follow's actor; its target must be a's actor.
func (in *Inbox) asked(ctx context.Context, tx ingest.Tx, a *Activity) (social.Follow, error) {
	f, err := tx.FollowByURI(ctx, a.Object)
	if err == nil && f.TargetID == a.Actor.ID {
		return f, nil
	}
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return social.Follow{}, err
	}
	if !a.ObjectDoc.Is("Follow") {
		return social.Follow{}, social.ErrNotFound
	}
	asker, err := tx.AccountByURI(ctx, a.ObjectDoc.Ref("actor"))
	if err != nil {
		return social.Follow{}, err
	}
	if !asker.Local() {
		return social.Follow{}, social.ErrNotFound
	}
	return tx.FollowBetween(ctx, asker.ID, a.Actor.ID)
}
