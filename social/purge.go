package social

import (
	"context"
	"errors"
)

// purgeStep is how many posts, or follows, or likes go in one transaction: few enough that others wait for milliseconds.
const purgeStep = 50

// PurgeStore finds what an account has, and forgets it.
type PurgeStore interface {
	// StatusesToPurge are at most limit statuses and boosts of account, deleted ones too. Those that an open report names
	// come marked as deleted only, and are left out once they are.
	StatusesToPurge(ctx context.Context, account ID, limit int) ([]Status, error)
	// FollowsOf are at most limit follows and requests of account, either way.
	FollowsOf(ctx context.Context, account ID, limit int) ([]Follow, error)
	// FavouritesBy are at most limit statuses that account likes.
	FavouritesBy(ctx context.Context, account ID, limit int) ([]ID, error)
	// ForgetAccount removes a bounded part of what else is known of account; more says that there is still some.
	ForgetAccount(ctx context.Context, account ID) (more bool, err error)
	// BlankAccount empties the profile of account; name, address and keys stay.
	BlankAccount(ctx context.Context, account ID) error
	// EraseAccount removes the row of a remote account.
	EraseAccount(ctx context.Context, account ID) error
	// ReportedAccount reports whether an open report is about account.
	ReportedAccount(ctx context.Context, account ID) (bool, error)
}

// purge removes what account has, a step at a time, and at last the account itself. It reports whether it is done.
func (m *Moderation) purge(ctx context.Context, tx Tx, c Chore) (done bool, err error) {
	a, err := tx.AccountByID(ctx, c.Account)
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if !a.Gone() && (!a.Suspended() || !a.SuspendedAt.Equal(c.Since)) {
		return true, nil // it was taken back
	}
	for _, step := range []func(context.Context, Tx, Account, Chore) (bool, error){m.purgeFollows, m.purgeStatuses, m.purgeFavourites} {
		if more, err := step(ctx, tx, a, c); err != nil || more {
			return false, err
		}
	}
	if more, err := tx.ForgetAccount(ctx, a.ID); err != nil || more {
		return false, err
	}
	if err := tx.BlankAccount(ctx, a.ID); err != nil {
		return false, err
	}
	if !c.Erase || a.Local() {
		return true, nil
	}
	if reported, err := tx.ReportedAccount(ctx, a.ID); err != nil || reported {
		return true, err // moderators still need to know whom the report is about
	}
	return true, tx.EraseAccount(ctx, a.ID)
}

func (m *Moderation) purgeFollows(ctx context.Context, tx Tx, a Account, c Chore) (more bool, err error) {
	follows, err := tx.FollowsOf(ctx, a.ID, purgeStep)
	if err != nil {
		return false, err
	}
	return m.severAll(ctx, tx, a, follows, c)
}

// severAll ends follows of or by a; more is false when there were none.
func (m *Moderation) severAll(ctx context.Context, tx Tx, a Account, follows []Follow, c Chore) (more bool, err error) {
	for _, f := range follows {
		if err := m.sever(ctx, tx, a, f, c); err != nil {
			return false, err
		}
	}
	return len(follows) > 0, nil
}

// sever ends one follow of or by a. The other end is told when it lives elsewhere, or when a does and c says so.
func (m *Moderation) sever(ctx context.Context, tx Tx, a Account, f Follow, c Chore) error {
	follower, followed, err := pair(ctx, tx, f.AccountID, f.TargetID)
	if err != nil {
		return err
	}
	other := follower
	if other.ID == a.ID {
		other = followed
	}
	if other.Local() && c.Severance != 0 && !f.Pending {
		if err := m.tellSevered(ctx, tx, c.Severance, other, followed.ID == other.ID); err != nil {
			return err
		}
	}
	if !c.Told || a.Local() {
		return m.Follows.drop(ctx, tx, follower, followed, f)
	}
	if follower.ID == a.ID {
		return m.Follows.end(ctx, tx, follower.ID, followed.ID, FollowRejected, followed.ID, follower.ID)
	}
	return m.Follows.end(ctx, tx, follower.ID, followed.ID, FollowRemoved, follower.ID, followed.ID)
}

func (m *Moderation) purgeStatuses(ctx context.Context, tx Tx, a Account, c Chore) (more bool, err error) {
	statuses, err := tx.StatusesToPurge(ctx, a.ID, purgeStep)
	if err != nil {
		return false, err
	}
	for _, s := range statuses {
		if s.DeletedAt.IsZero() {
			boosts, err := m.Statuses.Remove(ctx, tx, s, c.ending(a))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return false, err
			}
			for _, id := range boosts {
				if err := tx.PurgeStatus(ctx, id); err != nil {
					return false, err
				}
			}
		}
		if err := tx.PurgeStatus(ctx, s.ID); err != nil {
			return false, err
		}
	}
	return len(statuses) > 0, nil
}

// ending is why what a wrote goes; who left the work may not have said it.
func (c Chore) ending(a Account) Ending {
	switch {
	case c.Why != "":
		return c.Why
	case a.Gone():
		return EndedAccount
	}
	return EndedSuspension
}

func (m *Moderation) purgeFavourites(ctx context.Context, tx Tx, a Account, _ Chore) (more bool, err error) {
	liked, err := tx.FavouritesBy(ctx, a.ID, purgeStep)
	if err != nil {
		return false, err
	}
	for _, id := range liked {
		if err := tx.DeleteFavourite(ctx, a.ID, id); err != nil {
			return false, err
		}
		if s, err := tx.StatusByID(ctx, id); err == nil {
			m.Statuses.Told.tell(ctx, Happening{Kind: Unliked, Status: s, Actor: a})
		}
	}
	return len(liked) > 0, nil
}
