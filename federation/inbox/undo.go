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

// undo takes back what its actor did; what is not known is remembered for six hours, in case it is only late
// (federation.md §4.8).
type undo struct{ *Inbox }

func (h undo) need(context.Context, *Activity) (rules.ID, error) { return "", nil }

func (h undo) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	var done bool
	var err error
	switch t := a.ObjectDoc.String("type"); t {
	case "Announce":
		done, err = h.boost(ctx, tx, a, a.Object, a.ObjectDoc.String("atomUri"))
	case "Like":
		done, err = h.like(ctx, tx, a, a.ObjectDoc)
	case "Follow":
		done, err = h.follow(ctx, tx, a, a.ObjectDoc)
	case "Block":
		done, err = h.block(ctx, tx, a, a.ObjectDoc)
	case "Accept":
		return h.reopen(ctx, tx, a)
	case "":
		if done, err = h.boost(ctx, tx, a, a.Object, ""); err == nil && !done {
			done, err = h.followByURI(ctx, tx, a)
		}
		if err == nil && !done {
			done, err = h.blockByURI(ctx, tx, a)
		}
	default:
		return ingest.Drop(rules.DropUnknownType, a.Object), nil
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	if !done {
		if a.Object == "" {
			return ingest.Drop(rules.DropNoObject, ""), nil
		}
		return ingest.Drop(rules.DropUnknownObject, a.Object), tx.Suppress(ctx, a.Actor.ID, a.Object, h.Now().Add(social.SuppressFor))
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptUndo, Object: a.Object}, nil
}

func (h undo) boost(ctx context.Context, tx ingest.Tx, a *Activity, uris ...string) (bool, error) {
	for _, uri := range uris {
		s, err := tx.StatusByURI(ctx, uri)
		if errors.Is(err, social.ErrNotFound) || err == nil && (s.AccountID != a.Actor.ID || s.BoostOfID == 0) {
			continue
		}
		if err != nil {
			return false, err
		}
		return true, h.Statuses.RemoveForGood(ctx, tx, s, social.EndedByAuthor)
	}
	return false, nil
}

func (h undo) like(ctx context.Context, tx ingest.Tx, a *Activity, liked vocab.Doc) (bool, error) {
	s, drop, err := h.likeable(ctx, tx, liked.Ref("object"))
	if err != nil || drop != "" {
		return false, err
	}
	return h.Reactions.ReceiveUndo(ctx, tx, a.Actor, s)
}

func (h undo) follow(ctx context.Context, tx ingest.Tx, a *Activity, followed vocab.Doc) (bool, error) {
	target, err := h.subscription(ctx, tx, followed.Ref("object"))
	if errors.Is(err, social.ErrNotFound) {
		target, err = tx.AccountByURI(ctx, followed.Ref("object"))
	}
	if errors.Is(err, social.ErrNotFound) || err == nil && !target.Local() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, err := h.Follows.ReceiveUndo(ctx, tx, a.Actor, target)
	return r == social.Ended, err
}

func (h undo) followByURI(ctx context.Context, tx ingest.Tx, a *Activity) (bool, error) {
	f, err := tx.FollowByURI(ctx, a.Object)
	if errors.Is(err, social.ErrNotFound) || err == nil && f.AccountID != a.Actor.ID {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	target, err := tx.AccountByID(ctx, f.TargetID)
	if err != nil {
		return false, err
	}
	r, err := h.Follows.ReceiveUndo(ctx, tx, a.Actor, target)
	return r == social.Ended, err
}

// reopen is the Undo of an Accept: the follow waits again (federation.md §4.8).
func (h undo) reopen(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	f, err := tx.FollowByURI(ctx, a.ObjectDoc.Ref("object"))
	if errors.Is(err, social.ErrNotFound) || err == nil && f.TargetID != a.Actor.ID {
		return ingest.Drop(rules.DropUnknownObject, a.Object), nil
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	f.Pending = true
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptUndo, Object: a.Object}, tx.UpdateFollow(ctx, f)
}
