package social

import (
	"context"
	"errors"
)

// Mended says what was done about a follow on which two servers did not agree.
type Mended int

// What can be done: a request that the other side takes for a follow holds; a follow that nobody here knows of is taken
// back there; one that the other side does not know is ended here.
const (
	FollowHolds Mended = iota
	FollowDisowned
	FollowEnded
)

// Synchronise brings the follows of remote target by people of this instance into line with listed, those whom the other
// side holds to follow. complete says that whoever is not listed does not. told hears of each change, inside tx
// (FEP-8fcf, federation.md §8.7).
func (f *Follows) Synchronise(ctx context.Context, tx Tx, target Account, listed []Account, complete bool, told func(Account, Mended)) error {
	held := map[ID]bool{}
	for _, follower := range listed {
		held[follower.ID] = true
		follow, err := tx.FollowBetween(ctx, follower.ID, target.ID)
		switch {
		case errors.Is(err, ErrNotFound):
			// There is no follow whose id could be named; Mastodon writes it without a number.
			e := Event{Kind: FollowRemoved, Actor: follower.ID, Subject: target.ID, URI: follower.URI + "#follows/", At: f.Now()}
			if err := tx.AppendEvent(ctx, e); err != nil {
				return err
			}
			told(follower, FollowDisowned)
		case err != nil:
			return err
		case follow.Pending:
			if err := f.agree(ctx, tx, follower, target, follow); err != nil {
				return err
			}
			told(follower, FollowHolds)
		}
	}
	if !complete {
		return nil
	}
	known, err := tx.LocalFollowers(ctx, target.ID)
	if err != nil {
		return err
	}
	people, err := tx.AccountsByID(ctx, known)
	if err != nil {
		return err
	}
	for _, id := range known {
		if held[id] {
			continue
		}
		if err := f.end(ctx, tx, id, target.ID, FollowRemoved, id, target.ID); err != nil {
			return err
		}
		told(people[id], FollowEnded)
	}
	return nil
}
