package pull

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// maxPinned is how many pinned posts of a remote account are read; Mastodon's own have five at most.
const maxPinned = 40

// featured reads the posts that an actor pinned and keeps exactly those as pinned (federation.md §9.3). Each is asked for on
// behalf of a follower, also if it is known.
func (p *Pull) featured(ctx context.Context, j jobs.Job) error {
	a, items, by, err := p.onProfile(ctx, j, func(a social.Account) string { return a.FeaturedURL }, rules.FetchFeatured)
	if err != nil {
		return err
	}
	pinned := map[social.ID]bool{}
	for _, item := range items {
		uri := vocab.RefOf(item)
		if len(pinned) >= maxPinned || !translate.SameHost(uri, a.URI) || p.URLs.IsLocal(uri) {
			continue
		}
		s, err := p.Ingest.Reread(ctx, uri, by, rules.FetchPinned, rules.LearnFetched)
		switch {
		case errors.Is(err, fetch.ErrUnreachable):
			return fmt.Errorf("pinned post: %w", err)
		case err == nil && s.AccountID == a.ID && s.BoostOfID == 0:
			pinned[s.ID] = true
		}
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		before, err := tx.Pins(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, id := range before {
			if pinned[id] {
				continue
			}
			if _, err := tx.DeletePin(ctx, a.ID, id); err != nil {
				return err
			}
		}
		for id := range pinned {
			if err := tx.InsertPin(ctx, a.ID, id, p.Ingest.Now()); err != nil {
				return err
			}
		}
		return j.Finish(ctx, tx)
	})
}

// featuredTags reads the hashtags on an actor's profile and keeps exactly the first ten of those.
func (p *Pull) featuredTags(ctx context.Context, j jobs.Job) error {
	a, items, _, err := p.onProfile(ctx, j, func(a social.Account) string { return a.FeaturedTagsURL }, rules.FetchFeaturedTags)
	if err != nil {
		return err
	}
	var names []string
	shown := map[string]bool{}
	for _, item := range items {
		if doc, ok := item.(map[string]any); ok && vocab.Doc(doc).Is("Hashtag") && len(names) < social.MaxFeaturedTags {
			name := ingest.TagName(vocab.Doc(doc).String("name"))
			names, shown[ingest.Tag(name)] = append(names, name), true
		}
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		before, err := tx.FeaturedTags(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, t := range before {
			if shown[t.Tag] {
				continue
			}
			if _, err := tx.DeleteFeaturedTag(ctx, a.ID, t.Tag); err != nil {
				return err
			}
		}
		for _, name := range names {
			if err := ingest.FeatureTag(ctx, tx, a.ID, name, p.Ingest.NewID()); err != nil {
				return err
			}
		}
		return j.Finish(ctx, tx)
	})
}

// onProfile reads the first page of one of an actor's lists, on behalf of the first who follows them from here.
func (p *Pull) onProfile(ctx context.Context, j jobs.Job, list func(social.Account) string, why rules.ID) (a social.Account, items []any, by social.ID, err error) {
	one, err := work.Read[work.One](j)
	if err != nil {
		return a, nil, 0, err
	}
	if a, err = p.Store.AccountByURI(ctx, one.URI); err != nil {
		return a, nil, 0, err
	}
	followers, err := p.Store.LocalFollowers(ctx, a.ID)
	if err != nil {
		return a, nil, 0, err
	}
	by = social.InstanceActorID
	if len(followers) > 0 {
		by = followers[0]
	}
	signer, err := p.Ingest.Signer(ctx, by)
	if err != nil {
		return a, nil, by, err
	}
	doc, err := p.Ingest.Fetch.Resource(ctx, list(a), signer, "fetch", why)
	if err != nil {
		return a, nil, by, ingest.Hopeless(fmt.Errorf("what is on the profile of %s: %w", a.URI, err))
	}
	if first := doc.Object("first"); first != nil {
		doc = first
	} else if uri := doc.Ref("first"); len(vocab.Items(doc)) == 0 && translate.SameHost(uri, a.URI) {
		if doc, err = p.Ingest.Fetch.Resource(ctx, uri, signer, "fetch", why); err != nil {
			return a, nil, by, ingest.Hopeless(fmt.Errorf("what is on the profile of %s: %w", a.URI, err))
		}
	}
	return a, vocab.Items(doc), by, nil
}
