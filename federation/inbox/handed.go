package inbox

import (
	"context"
	"errors"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/social"
)

// unwrap takes out of a what the owner of a conversation handed on in it: a community's Announce of an activity is believed; an
// Add to a history proves the author like anything carried, or is read at its origin (federation.md §13.3.1, §13.3.2). What is no
// such thing is returned as it is.
func (in *Inbox) unwrap(ctx context.Context, a *Activity) (*Activity, rules.ID, error) {
	inner := vocab.ReadActivity(a.ObjectDoc)
	switch inner.Type {
	case "Create", "Update", "Delete", "Like", "Undo", "Announce":
	default:
		return a, "", nil
	}
	t, err := in.threadFor(ctx, a, inner)
	switch {
	case in.Policy.Owners == policy.OwnedByCommunity && a.Type == "Announce":
		if owner := inner.ObjectDoc.Ref("audience"); owner != a.Actor.URI && (err != nil || t.Owner != a.Actor.URI) {
			return a, rules.DropNotTheOwner, ignoreMissing(err)
		}
	case in.Policy.Owners == policy.OwnedByBeginner && a.Type == "Add":
		target := a.original.Object("target")
		if target.Ref("attributedTo") != a.Actor.URI || !translate.SameHost(a.Target, a.Actor.URI) || err == nil && t.Owner != a.Actor.URI {
			return a, rules.DropNotTheOwner, ignoreMissing(err)
		}
	default:
		return a, "", nil
	}
	if in.URLs.IsLocal(inner.Actor) {
		return a, rules.DropHandedBack, nil
	}
	owner := a.Actor
	out := &Activity{Activity: inner, Actor: owner, Personal: a.Personal, owner: &owner, original: a.ObjectDoc}
	drop, err := in.believe(ctx, out, owner)
	out.Carrier = &owner
	return out, drop, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	return err
}

// threadFor is the known conversation that a wrapped activity concerns.
func (in *Inbox) threadFor(ctx context.Context, a *Activity, inner vocab.Activity) (social.Thread, error) {
	if in.Policy.Owners == policy.OwnedByBeginner {
		return in.Store.ThreadByHistory(ctx, a.Target)
	}
	for _, uri := range []string{inner.Object, inner.ObjectDoc.Ref("inReplyTo"), inner.ObjectDoc.Ref("object")} {
		s, err := in.Store.StatusByURI(ctx, uri)
		if err == nil {
			return in.Store.ThreadOf(ctx, s.ID)
		}
		if !errors.Is(err, social.ErrNotFound) {
			return social.Thread{}, err
		}
	}
	return social.Thread{}, social.ErrNotFound
}

// believe proves who wrote what owner handed on.
func (in *Inbox) believe(ctx context.Context, a *Activity, owner social.Account) (rules.ID, error) {
	claimed := a.Activity.Actor
	if in.Policy.Owners == policy.OwnedByCommunity || translate.SameHost(claimed, owner.URI) {
		author, err := in.Ingest.Actor(ctx, claimed)
		if err == nil {
			a.Actor = author
			return "", nil
		}
		if errors.Is(err, fetch.ErrUnreachable) {
			return "", err
		}
		return rules.OriginActorMismatch, nil
	}
	drop, err := in.authenticate(ctx, a, owner)
	if drop != "" && err == nil {
		if again, err := in.atOrigin(ctx, a); again == "" {
			return "", err
		}
	}
	return drop, err
}

// concerned is the conversation that a is about, before it is applied: a deletion leaves nothing to ask.
func (in *Inbox) concerned(ctx context.Context, tx ingest.Tx, a *Activity) (t social.Thread, s social.Status, err error) {
	if in.Policy.HandOn == nil || a.owner != nil {
		return t, s, social.ErrNotFound
	}
	uri := a.Object
	switch a.Type {
	case "Create":
		uri = a.Note.InReplyTo
		if a.Note.Community != "" && uri == "" {
			uri = a.Note.ID
		}
	case "Undo":
		uri = a.ObjectDoc.Ref("object")
	case "Update", "Delete", "Like", "Announce":
	default:
		return t, s, social.ErrNotFound
	}
	if s, err = tx.StatusByURI(ctx, uri); err != nil {
		return t, s, err
	}
	t, err = tx.ThreadOf(ctx, s.ID)
	return t, s, err
}

// handOn leaves what was just applied to be handed on by the owner of its conversation, who lives here.
func (in *Inbox) handOn(ctx context.Context, tx ingest.Tx, a *Activity, t social.Thread, s social.Status, body string) error {
	owner, err := tx.AccountByURI(ctx, t.Owner)
	if errors.Is(err, social.ErrNotFound) || err == nil && !owner.Local() {
		return nil
	}
	if err != nil {
		return err
	}
	ties, err := tx.Relationships(ctx, owner.ID, []social.ID{a.Actor.ID})
	if err != nil {
		return err
	}
	d := in.Policy.HandOn(policy.Happened{Visibility: policy.Visibility(s.Visibility), Blocked: ties[a.Actor.ID].Blocking})
	if !d.Yes {
		in.Observer.Observe(ctx, observe.Skipped{Rule: d.Rule, What: "forward", Target: a.ID})
		return nil
	}
	h := work.HandingOn{Thread: int64(t.ID), Body: body, Activity: a.ID, Type: a.Type, Object: s.URI}
	if a.Type == "Create" && a.Note.InReplyTo == "" {
		h.Page = a.Note.ID
	}
	return work.Enqueue(ctx, tx, work.HandOn, work.Push, a.Actor.URI, in.Now(), h)
}
