package inbox

import (
	"context"
	"errors"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/social"
)

// relaying is what a relay does with everything but subscriptions: what a subscriber's people say in public goes to all
// other subscribers, as it is when the document proves its author, else by an Announce that leads to it. Nothing is kept
// (federation.md §8.4).
type relaying struct{ *Inbox }

func (h relaying) need(ctx context.Context, a *Activity) (rules.ID, error) {
	if a.Type == "Undo" && a.ObjectDoc.Is("Follow") {
		return "", nil
	}
	switch a.Type {
	case "Create", "Update", "Delete", "Announce", "Undo", "Move":
	default:
		return rules.DropNotForRelay, nil
	}
	if vocab.Audience(a.To, a.Cc, "") != "public" {
		return rules.DropNotForRelay, nil
	}
	subscribers, err := h.Store.RemoteFollowers(ctx, social.InstanceActorID)
	if err != nil {
		return "", err
	}
	for _, s := range subscribers {
		if translate.SameHost(s.URI, a.Actor.URI) {
			h.passable(a)
			return "", nil
		}
	}
	return rules.DropNotForRelay, nil
}

func (h relaying) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if a.Type == "Undo" && a.ObjectDoc.Is("Follow") {
		return undo(h).apply(ctx, tx, a)
	}
	out := ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptToRelay, Object: a.Object}
	f := work.Forwarding{
		Carriers: []int64{int64(social.InstanceActorID)}, Except: a.Actor.PreferredInbox(), Rule: rules.DeliverRelaySubscriber,
		Activity: a.ID, Object: a.Object,
	}
	body := a.forwarded
	if !a.signed {
		if a.Type != "Create" {
			return ingest.Drop(rules.ForwardNoSignature, a.Object), nil
		}
		me, err := tx.AccountByID(ctx, social.InstanceActorID)
		if err != nil {
			return out, err
		}
		f.Activity = me.URI + "#announces/" + h.Ingest.NewID().String()
		body, err = vocab.Encode(vocab.Object{
			{Name: "@context", Value: vocab.ActivityStreams}, {Name: "id", Value: f.Activity}, {Name: "type", Value: "Announce"},
			{Name: "actor", Value: me.URI}, {Name: "to", Value: []string{vocab.Public}}, {Name: "object", Value: a.Object},
		})
		if err != nil {
			return out, err
		}
	}
	var err error
	if f.Body, err = tx.PutBody(ctx, body); err != nil {
		return out, err
	}
	return out, work.Enqueue(ctx, tx, work.Forward, work.Push, a.Actor.URI, h.Now(), f)
}

// subscription is the end of a follow of everything public, as servers subscribe to relays: it follows the relay's actor.
func (in *Inbox) subscription(ctx context.Context, tx ingest.Tx, object string) (social.Account, error) {
	if !in.Policy.Relays || !vocab.IsPublic(object) {
		return social.Account{}, social.ErrNotFound
	}
	me, err := tx.AccountByID(ctx, social.InstanceActorID)
	if errors.Is(err, social.ErrNotFound) {
		return me, errors.New("the relay has no actor of its own")
	}
	return me, err
}
