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
	case a.Note.Converted && !h.Policy.ConvertedEdits:
		return rules.DropEditConverted, nil
	case !translate.SameHost(a.Actor.URI, a.Note.ID):
		return rules.OriginMismatch, nil
	}
	c, err := h.Ingest.ReadChange(ctx, h.Store, a.Note, a.Actor)
	if err == nil && c.Unknown && h.young(a) {
		a.Unseen = true
		return create(h).find(ctx, a)
	}
	if err != nil || c.Drop != "" {
		return c.Drop, err
	}
	if c.Explicit && c.Status.Visibility.Distributable() {
		h.passable(a)
	}
	if c.Explicit {
		a.Needed, err = h.Ingest.NeedNote(ctx, a.Note)
	}
	return "", err
}

// young reports whether the Update of an unknown post counts as its Create: since 4.6, when it is at most a day old
// (federation.md §4.2 step 3).
func (h update) young(a *Activity) bool {
	return h.Policy.UpdateCreates && !a.Note.Published.IsZero() && h.Now().Sub(a.Note.Published) <= 24*time.Hour
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

func (h update) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if a.Profile != nil {
		return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptUpdate, Object: a.Object}, h.Ingest.ApplyActor(ctx, tx, *a.Profile)
	}
	if a.Unseen {
		return create(h).apply(ctx, tx, a)
	}
	if err := h.Ingest.RefreshQuietly(ctx, tx, a.Actor); err != nil {
		return ingest.Outcome{}, err
	}
	out, significant, err := h.Ingest.ApplyChange(ctx, tx, a.Note, a.Actor, a.Needed)
	if err != nil || !significant {
		return out, err
	}
	return out, h.tellSharers(ctx, tx, a, out.Status)
}
