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
	"orrery/social"
)

// announce brings in a boost (federation.md §4.4).
type announce struct{ *Inbox }

func (h announce) need(ctx context.Context, a *Activity) (rules.ID, error) {
	if a.Object == "" {
		return rules.DropNoObject, nil
	}
	if a.ID == "" {
		return rules.DropInvalid, nil
	}
	if !translate.SameHost(a.ID, a.Actor.URI) {
		return rules.OriginMismatch, nil // a boost is kept under its id: on another host it would stand for somebody's post
	}
	if h.Policy.Owners == policy.OwnedByCommunity && a.Actor.Group() && a.owner == nil {
		return rules.DropDuplicate, nil // for programs that know boosts alone
	}
	drop, err := h.related(ctx, a)
	if drop != "" || err != nil {
		return drop, err
	}
	a.Original, err = h.Store.StatusByURI(ctx, a.Object)
	if !errors.Is(err, social.ErrNotFound) {
		return "", err
	}
	if a.ObjectDoc != nil && a.ObjectDoc.Ref("attributedTo") == a.Actor.URI {
		return h.embedded(ctx, a)
	}
	reader, err := h.follower(ctx, a.Actor.ID)
	if err != nil {
		return "", err
	}
	a.Original, err = h.Ingest.Status(ctx, a.Object, reader, rules.FetchAnnounced, rules.LearnFetched)
	if err == nil || errors.Is(err, fetch.ErrUnreachable) {
		return "", err
	}
	return rules.DropUnknownObject, nil
}

// related decides before anything is fetched: strangers' boosts must not make us ask around.
func (h announce) related(ctx context.Context, a *Activity) (rules.ID, error) {
	r := policy.Received{Type: "Announce", HandedOn: a.owner != nil, InThread: a.owner != nil}
	var err error
	if r.AuthorFollowed, err = h.Store.HasLocalFollower(ctx, a.Actor.ID); err != nil {
		return "", err
	}
	if a.Carrier != nil {
		if r.CarrierFollowed, err = h.Store.HasLocalFollower(ctx, a.Carrier.ID); err != nil {
			return "", err
		}
	}
	for _, by := range []*social.Account{&a.Actor, a.Carrier} {
		if by != nil && !r.Relayed {
			if r.Relayed, err = social.Relayed(ctx, h.Store, by.InboxURL); err != nil {
				return "", err
			}
		}
	}
	a.relayed = r.Relayed
	s, err := h.Store.StatusByURI(ctx, a.Object)
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return "", err
	}
	r.LocalObject = s.Local
	d := h.Policy.Accept(r)
	a.accepted = d.Rule
	if !d.Yes {
		return d.Rule, nil
	}
	return "", nil
}

// embedded takes the booster's own post out of the activity: a followers-only one could not be fetched.
func (h announce) embedded(ctx context.Context, a *Activity) (rules.ID, error) {
	n := vocab.ReadNote(a.ObjectDoc)
	switch {
	case n.Type == "":
		return rules.DropUnsupportedObj, nil
	case !translate.SameHost(n.ID, a.Actor.URI):
		return rules.OriginMismatch, nil
	}
	a.Note = n
	var err error
	a.Needed, err = h.Ingest.NeedNote(ctx, n)
	return "", err
}

func (h announce) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	if gone, err := tx.Suppressed(ctx, a.Actor.ID, a.ID, h.Now()); err != nil || gone {
		return ingest.Drop(rules.DropUndoneBefore, a.ID), err
	}
	if a.Original.ID == 0 {
		arr := ingest.Arrival{How: rules.LearnDelivered, Fetched: true, Carrier: a.Carrier, To: a.To, Cc: a.Cc}
		out, err := h.Ingest.ApplyNote(ctx, tx, a.Note, a.Actor, arr, a.Needed)
		if err != nil || out.Status.ID == 0 {
			return out, err
		}
		a.Original = out.Status
	}
	boost := translate.Boost(a.Activity, a.Actor, a.Original, h.Now())
	switch {
	case a.Original.AccountID != a.Actor.ID && !a.Original.Visibility.Distributable():
		return ingest.Drop(rules.DropNotAnnounceable, a.Object), nil
	case boost.Visibility == social.Direct:
		return ingest.Drop(rules.DropInvalid, a.Object), nil
	}
	if a.relayed {
		return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptRelayAnnounce, Object: a.Object}, nil
	}
	if a.Original.BoostOfID != 0 { // a boost of a boost means the post itself
		boost.BoostOfID = a.Original.BoostOfID
		original, err := tx.StatusByID(ctx, boost.BoostOfID)
		if err != nil {
			return ingest.Outcome{}, err
		}
		a.Original = original
	}
	boost.ID = h.Ingest.NewID()
	isNew, err := h.Statuses.ReceiveBoost(ctx, tx, a.Actor, boost, a.Original)
	if err != nil {
		return ingest.Outcome{}, err
	}
	if !isNew {
		return ingest.Drop(rules.DropDuplicate, a.Object), nil
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: a.accepted, Object: a.Object}, nil
}
