package inbox

import (
	"context"
	"errors"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// update changes a person or a post, by themselves or its author (federation.md §4.2). An edit that says when it was made
// counts once; one that does not changes no text.
type update struct{ *Inbox }

func (h update) need(ctx context.Context, a *Activity) (rules.ID, error) {
	doc := a.ObjectDoc
	if doc == nil {
		var err error
		var drop rules.ID
		if doc, drop, err = h.dereference(ctx, a); err != nil || drop != "" {
			return drop, err
		}
	}
	if vocab.ActorType(doc) != "" {
		return h.needActor(ctx, a, doc)
	}
	a.Note = vocab.ReadNote(doc)
	switch {
	case a.Note.Type == "":
		return rules.DropUnsupportedObj, nil
	case a.Note.Converted:
		return rules.DropEditConverted, nil
	case !translate.SameHost(a.Actor.URI, a.Note.ID):
		return rules.OriginMismatch, nil
	}
	s, drop, err := edited(ctx, h.Store, a)
	if err == nil && h.onlyCounts(a, drop) {
		return "", nil
	}
	if err != nil || drop != "" {
		return drop, err
	}
	if s.Visibility.Distributable() {
		h.passable(a)
	}
	a.Needed, err = h.Ingest.NeedNote(ctx, a.Note)
	return "", err
}

func (h update) needActor(ctx context.Context, a *Activity, doc vocab.Doc) (rules.ID, error) {
	if doc.String("id") != a.Actor.URI {
		return rules.OriginAnotherActor, nil
	}
	changed, err := h.Ingest.NeedActor(ctx, doc, a.Actor)
	if errors.Is(err, ingest.ErrNotHere) && !errors.Is(err, fetch.ErrUnreachable) {
		return rules.DropInvalid, nil
	}
	a.Profile = &changed
	return "", err
}

// edited is the post that a changes, or the rule by which it changes none.
func edited(ctx context.Context, store social.StatusStore, a *Activity) (social.Status, rules.ID, error) {
	s, err := store.StatusByURI(ctx, a.Note.ID)
	at := a.Note.Updated.Truncate(time.Millisecond) // as dates are kept
	switch {
	case errors.Is(err, social.ErrNotFound), err == nil && s.BoostOfID != 0: // a boost is no text
		return s, rules.DropUnknownObject, nil
	case err != nil:
		return s, "", err
	case s.AccountID != a.Actor.ID:
		return s, rules.DropOtherOwner, nil
	case a.Note.Updated.IsZero():
		return s, rules.DropEditUndated, nil
	case s.EditedAt.After(at):
		return s, rules.DropOutdated, nil
	case s.EditedAt.Equal(at):
		return s, rules.DropDuplicate, nil
	}
	return s, "", nil
}

func (h update) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	done := ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptUpdate, Object: a.Object}
	if a.Profile != nil {
		return done, h.Ingest.ApplyActor(ctx, tx, *a.Profile)
	}
	if err := h.Ingest.RefreshQuietly(ctx, tx, a.Actor); err != nil {
		return done, err
	}
	s, drop, err := edited(ctx, tx, a)
	if err != nil || drop != "" {
		return h.recount(ctx, tx, a, s, drop, err)
	}
	if err := h.Ingest.Recount(ctx, tx, s, a.Note); err != nil {
		return done, err
	}
	last := s.EditedAt
	if last.IsZero() {
		last = s.CreatedAt
	}
	significant, err := h.Statuses.ReceiveEdit(ctx, tx, a.Actor, s, h.Ingest.Edit(s, a.Note, a.Actor, a.Needed))
	if err == nil {
		err = h.Ingest.KeepEmojis(ctx, tx, a.Note, a.Actor)
	}
	if err != nil || !significant || !a.Note.Updated.After(last) {
		return done, err
	}
	return done, h.tellSharers(ctx, tx, a, s)
}

// onlyCounts reports whether a, which changes no words because of drop, still brings numbers.
func (h update) onlyCounts(a *Activity, drop rules.ID) bool {
	return (drop == rules.DropEditUndated || drop == rules.DropDuplicate) && h.Ingest.Counts(a.Note)
}

// recount is what remains of an Update that changes no words: the numbers that the post's server states.
func (h update) recount(ctx context.Context, tx ingest.Tx, a *Activity, s social.Status, drop rules.ID, err error) (ingest.Outcome, error) {
	if err != nil || !h.onlyCounts(a, drop) {
		return ingest.Drop(drop, a.Note.ID), err
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptCounts, Object: a.Object}, h.Ingest.Recount(ctx, tx, s, a.Note)
}
