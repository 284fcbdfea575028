package outbox

import (
	"context"

	"orrery/federation/followers"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// synchronise lets p, which tells of a followers-only post, carry for each inbox a digest of the author's followers there
// (FEP-8fcf, federation.md §8.7). It costs one reading of the followers for all inboxes together.
func (o *Outbox) synchronise(ctx context.Context, p *plan, author social.Account) error {
	if !o.Policy.FollowerSync {
		return nil
	}
	if limit := o.Policy.SyncLimit; limit > 0 && author.FollowersCount >= int64(limit) {
		o.Observer.Observe(ctx, observe.Skipped{Rule: rules.LimitFollowersDigest, What: "digest", Target: author.FollowersURL})
		return nil
	}
	remote, err := o.Store.RemoteFollowers(ctx, author.ID)
	if err != nil {
		return err
	}
	parts := map[string][]string{}
	for _, f := range remote {
		origin := followers.Origin(f.URI)
		parts[origin] = append(parts[origin], f.URI)
	}
	p.followers = func(inbox string) string {
		return followers.Header{
			Collection: author.FollowersURL, URL: author.URI + "/followers_synchronization",
			Digest: followers.Of(parts[followers.Origin(inbox)]).String(),
		}.String()
	}
	return nil
}
