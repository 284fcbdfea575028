package ingest

import (
	"context"
	"errors"
	"strings"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/work"
	"orrery/social"
	"orrery/social/richtext"
)

// lookAtProfile leaves what is shown on the profile of a, who was just read, to be read too: pinned posts, then hashtags
// (federation.md §2.5, §9.3). Both must lie on the actor's own host.
func (g *Ingest) lookAtProfile(ctx context.Context, tx Tx, a social.Account) error {
	for _, list := range []struct {
		rule      rules.ID
		kind, uri string
	}{{rules.FetchFeatured, work.Featured, a.FeaturedURL}, {rules.FetchFeaturedTags, work.FeaturedTags, a.FeaturedTagsURL}} {
		if !translate.SameHost(list.uri, a.URI) {
			continue
		}
		g.Observer.Observe(ctx, observe.Queued{Rule: list.rule, What: "fetch", Target: list.uri})
		if err := work.Enqueue(ctx, tx, list.kind, work.Pull, list.uri, g.Now(), work.One{URI: a.URI}); err != nil {
			return err
		}
	}
	return nil
}

// TagName is the word of a hashtag that is written with or without its sign.
func TagName(name string) string { return strings.TrimPrefix(strings.TrimSpace(name), "#") }

// Tag is a hashtag, written with or without its sign, as it is compared.
func Tag(name string) string { return richtext.NormalizeTag(TagName(name)) }

// FeatureTag notes that a remote account shows a hashtag on its profile; what is none, and the eleventh, is left out.
func FeatureTag(ctx context.Context, tx Tx, account social.ID, name string, id social.ID) error {
	name = TagName(name)
	tag := richtext.NormalizeTag(name)
	if !richtext.ValidTag(tag) {
		return nil
	}
	known, err := tx.FeaturedTags(ctx, account)
	if err != nil || len(known) >= social.MaxFeaturedTags {
		return err
	}
	err = tx.InsertFeaturedTag(ctx, social.FeaturedTag{ID: id, AccountID: account, Tag: tag, Name: name})
	if errors.Is(err, social.ErrConflict) {
		return nil
	}
	return err
}

// Hopeless marks an answer that will not change as ErrNotHere and leaves a failure of the network as it is.
func Hopeless(err error) error { return hopeless(err) }
