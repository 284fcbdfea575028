package inbox

import (
	"context"
	"errors"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// like counts for posts written here and, where the policy says so, for all that are known (federation.md §4.5).
type like struct{ *Inbox }

func (h like) need(context.Context, *Activity) (rules.ID, error) { return "", nil }

func (h like) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	s, drop, err := h.likeable(ctx, tx, a.Object)
	if err != nil || drop != "" {
		return ingest.Drop(drop, a.Object), err
	}
	if gone, err := tx.Suppressed(ctx, a.Actor.ID, a.ID, h.Now()); err != nil || gone {
		return ingest.Drop(rules.DropUndoneBefore, a.ID), err
	}
	isNew, err := h.Reactions.Receive(ctx, tx, a.Actor, s, a.ID)
	if err != nil {
		return ingest.Outcome{}, err
	}
	if !isNew {
		return ingest.Drop(rules.DropDuplicate, a.Object), nil
	}
	rule := rules.AcceptLocalObject
	if !s.Local {
		rule = rules.AcceptKnownObject
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rule, Object: a.Object}, nil
}

// likeable finds the post at uri whose likes count here: Mastodon counts those of its own posts only.
func (in *Inbox) likeable(ctx context.Context, tx ingest.Tx, uri string) (social.Status, rules.ID, error) {
	s, err := tx.StatusByURI(ctx, uri)
	switch {
	case errors.Is(err, social.ErrNotFound):
		return s, rules.DropUnknownObject, nil
	case err != nil:
		return s, "", err
	case !s.Local && !in.Policy.LikesAnywhere:
		return s, rules.DropNotLocal, nil
	}
	return s, "", nil
}
