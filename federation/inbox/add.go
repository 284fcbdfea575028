package inbox

import (
	"context"
	"errors"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// add and remove change what is on the profile of their actor: pinned posts and hashtags (federation.md §4.12).
type (
	add    struct{ *Inbox }
	remove struct{ *Inbox }
)

// need finds the post that is added, fetching it on behalf of a follower when it is not known.
func (h add) need(ctx context.Context, a *Activity) (rules.ID, error) {
	if drop := onProfile(a); drop != "" || a.ObjectDoc.Is("Hashtag") {
		return drop, nil
	}
	reader, err := h.follower(ctx, a.Actor.ID)
	if err != nil {
		return "", err
	}
	a.Original, err = h.Ingest.Status(ctx, a.Object, reader, rules.FetchPinned, rules.LearnFetched)
	if err == nil || errors.Is(err, fetch.ErrUnreachable) {
		return "", err
	}
	return rules.DropUnknownObject, nil
}

func (h remove) need(_ context.Context, a *Activity) (rules.ID, error) { return onProfile(a), nil }

// onProfile is the rule by which a changes no profile.
func onProfile(a *Activity) rules.ID {
	switch {
	case a.Target == "" || a.Target != a.Actor.FeaturedURL:
		return rules.DropOtherCollection
	case a.Object == "" && !a.ObjectDoc.Is("Hashtag"):
		return rules.DropNoObject
	}
	return ""
}

func (h add) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	done := ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptFeatured, Object: a.Object}
	if a.ObjectDoc.Is("Hashtag") {
		return done, ingest.FeatureTag(ctx, tx, a.Actor.ID, a.ObjectDoc.String("name"), h.Ingest.NewID())
	}
	if a.Original.AccountID != a.Actor.ID || a.Original.BoostOfID != 0 {
		return ingest.Drop(rules.DropOtherOwner, a.Object), nil
	}
	return done, tx.InsertPin(ctx, a.Actor.ID, a.Original.ID, h.Now())
}

func (h remove) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	done := ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptFeatured, Object: a.Object}
	var was bool
	if a.ObjectDoc.Is("Hashtag") {
		var err error
		was, err = tx.DeleteFeaturedTag(ctx, a.Actor.ID, ingest.Tag(a.ObjectDoc.String("name")))
		if err != nil {
			return done, err
		}
	} else {
		s, err := tx.StatusByURI(ctx, a.Object)
		if err != nil && !errors.Is(err, social.ErrNotFound) {
			return done, err
		}
		if err == nil {
			if was, err = tx.DeletePin(ctx, a.Actor.ID, s.ID); err != nil {
				return done, err
			}
		}
	}
	if !was {
		return ingest.Drop(rules.DropUnknownObject, a.Object), nil
	}
	return done, nil
}
