package inbox

import (
	"context"
	"slices"

	"orrery/federation/ingest"
	"orrery/federation/rules"
	"orrery/federation/vocab"
)

// maxItems bounds how many activities one delivered collection may carry.
const maxItems = 100

// collected are the activities that a is a collection of, last to first, as Mastodon up to 4.6 took them: all by the actor of
// the collection, whatever they say (federation.md §4.0 worker step 1, §14.2/49). ok is false when a is none, or is not taken.
func (in *Inbox) collected(a *Activity) (items []*Activity, ok bool) {
	if !in.Policy.CollectionsInInbox || !slices.Contains([]string{"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}, a.Type) {
		return nil, false
	}
	for _, v := range slices.Backward(vocab.Items(a.Doc)) {
		doc, isDoc := v.(map[string]any)
		if !isDoc || len(items) == maxItems {
			continue
		}
		items = append(items, &Activity{
			Activity: vocab.ReadActivity(doc), Actor: a.Actor, Carrier: a.Carrier, Personal: a.Personal, original: doc,
		})
	}
	return items, true
}

// prepareAll is prepare for activities that came together: they are carried out in order, all or none.
func (in *Inbox) prepareAll(ctx context.Context, items []*Activity) (effects, error) {
	steps := make([]func(ctx context.Context, tx ingest.Tx) (ingest.Outcome, error), len(items))
	for i, a := range items {
		h := in.handler(a.Type)
		if h == nil {
			steps[i] = always(ingest.Drop(rules.DropUnknownType, a.Object))
			continue
		}
		drop, err := h.need(ctx, a)
		if err != nil {
			return nil, retryable(err)
		}
		if drop != "" {
			steps[i] = always(ingest.Drop(drop, a.Object))
			continue
		}
		steps[i] = func(ctx context.Context, tx ingest.Tx) (ingest.Outcome, error) { return h.apply(ctx, tx, a) }
	}
	return func(ctx context.Context, tx ingest.Tx) error {
		for _, step := range steps {
			out, err := step(ctx, tx)
			if err != nil {
				return err
			}
			in.decided(ctx, out)
		}
		return nil
	}, nil
}

func always(out ingest.Outcome) func(context.Context, ingest.Tx) (ingest.Outcome, error) {
	return func(context.Context, ingest.Tx) (ingest.Outcome, error) { return out, nil }
}
