package inbox

import (
	"context"

	"orrery/federation/followers"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/work"
)

// synchronise compares what a delivery says of its sender's followers here with what is known, and leaves the list to be
// read when they differ (FEP-8fcf, federation.md §8.7). Whatever is wrong with the header, the activity is taken.
func (in *Inbox) synchronise(ctx context.Context, tx ingest.Tx, j *Judged) error {
	if j.followers == "" || !in.Policy.FollowerSync {
		return nil
	}
	leave := func(rule rules.ID) error {
		in.Observer.Observe(ctx, observe.Skipped{Rule: rule, What: "fetch", Target: j.signer.FollowersURL})
		return nil
	}
	said, err := followers.Parse(j.followers)
	switch {
	case err != nil:
		return leave(rules.DropSyncUnreadable)
	case said.Collection == "" || said.Collection != j.signer.FollowersURL, !translate.SameHost(said.URL, j.signer.URI):
		return leave(rules.DropSyncForeign)
	}
	ids, err := tx.LocalFollowers(ctx, j.signer.ID)
	if err != nil {
		return err
	}
	people, err := tx.AccountsByID(ctx, ids)
	if err != nil {
		return err
	}
	var uris []string
	for _, id := range ids {
		uris = append(uris, people[id].URI)
	}
	if followers.Of(uris).String() == said.Digest {
		return leave(rules.AcceptFollowersEqual)
	}
	in.Observer.Observe(ctx, observe.Queued{Rule: rules.FetchFollowers, What: "fetch", Target: said.URL})
	list := work.FollowersList{Of: int64(j.signer.ID), URL: said.URL, Digest: said.Digest}
	return work.Enqueue(ctx, tx, work.Followers, work.Pull, said.URL, in.Now(), list)
}
