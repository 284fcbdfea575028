package inbox

import (
	"context"
	"errors"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/social"
)

// deletion takes back a post (federation.md §4.3).
type deletion struct{ *Inbox }

func (h deletion) need(ctx context.Context, a *Activity) (rules.ID, error) {
	switch a.Object {
	case "":
		return rules.DropNoObject, nil
	case a.Actor.URI:
		return "", nil
	}
	_, err := h.Store.StatusByURI(ctx, a.Object)
	if errors.Is(err, social.ErrNotFound) {
		_, err = h.consent(ctx, h.Store, a)
	}
	if err == nil {
		h.passable(a)
	}
	return "", nil
}

func (h deletion) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if a.Object == a.Actor.URI {
		return h.departure(ctx, tx, a)
	}
	if q, err := h.consent(ctx, tx, a); err == nil {
		return h.revoked(ctx, tx, a, q)
	} else if !errors.Is(err, social.ErrNotFound) {
		return ingest.Outcome{}, err
	}
	if translate.SameHost(a.Actor.URI, a.Object) {
		// It may have overtaken its Create: remember it, so that a late one is not kept.
		if err := tx.Suppress(ctx, a.Actor.ID, a.Object, h.Now().Add(social.SuppressFor)); err != nil {
			return ingest.Outcome{}, err
		}
		if err := tx.InsertTombstone(ctx, a.Actor.ID, a.Object, h.Now()); err != nil {
			return ingest.Outcome{}, err
		}
	}
	s, err := h.target(ctx, tx, a)
	if errors.Is(err, social.ErrNotFound) {
		return ingest.Drop(rules.DropUnknownObject, a.Object), nil
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	if s.AccountID != a.Actor.ID {
		return ingest.Drop(rules.DropOtherOwner, a.Object), nil
	}
	if err := h.tellSharers(ctx, tx, a, s); err != nil {
		return ingest.Outcome{}, err
	}
	if err := h.Statuses.RemoveForGood(ctx, tx, s, social.EndedByAuthor); err != nil {
		return ingest.Outcome{}, err
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptByAuthor, Object: s.URI}, nil
}

// departure removes the account that says it is no more (federation.md §4.3).
func (h deletion) departure(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	who, err := tx.AccountByID(ctx, a.Actor.ID)
	if errors.Is(err, social.ErrNotFound) || err == nil && who.Gone() {
		return ingest.Drop(rules.DropDuplicate, a.Object), nil
	}
	if err != nil {
		return ingest.Outcome{}, err
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptDeparture, Object: a.Object}, h.Moderation.ReceiveDeletion(ctx, tx, who)
}

func (h deletion) target(ctx context.Context, tx ingest.Tx, a *Activity) (social.Status, error) {
	s, err := tx.StatusByURI(ctx, a.Object)
	if atom := a.ObjectDoc.String("atomUri"); errors.Is(err, social.ErrNotFound) && atom != "" {
		return tx.StatusByURI(ctx, atom)
	}
	return s, err
}

// tellSharers forwards the deletion or change of s to the followers of the local author it answers and of everybody here
// who boosted it (federation.md §7).
func (in *Inbox) tellSharers(ctx context.Context, tx ingest.Tx, a *Activity, s social.Status) error {
	carriers, parentLocal, err := in.carriers(ctx, tx, s)
	if err != nil {
		return err
	}
	kept := policy.Kept{
		Type: a.Type, Visibility: policy.Visibility(s.Visibility), Signed: a.signed, Unsafe: a.unsafe != "",
		ParentLocal: parentLocal, Shared: len(carriers) > 0,
	}
	return in.forward(ctx, tx, a, kept, carriers, s.URI)
}

// carriers are the local accounts whose followers may have seen s: the author it answers first, who signs, then
// its boosters, the first of them first (federation.md §7).
func (in *Inbox) carriers(ctx context.Context, tx ingest.Tx, s social.Status) (ids []social.ID, parentLocal bool, err error) {
	if s.ReplyToID != 0 {
		parent, err := tx.StatusByID(ctx, s.ReplyToID)
		if err != nil && !errors.Is(err, social.ErrNotFound) {
			return nil, false, err
		}
		if parentLocal = parent.Local; parentLocal {
			ids = append(ids, parent.AccountID)
		}
	}
	sharers, err := tx.LocalSharers(ctx, s.ID)
	return append(ids, sharers...), parentLocal, err
}
