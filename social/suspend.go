package social

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// AccountDeleted is the event of a local account that goes for good; Actor and Subject are the account.
const AccountDeleted EventKind = "account.deleted"

// Suspend hides an account and everything of it. One of this server can come back within SuspensionGrace; then it is
// deleted. Of one elsewhere the follows of people here are refused.
func (m *Moderation) Suspend(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "suspend", func(ctx context.Context, tx Tx, a *Account) (bool, error) {
		if a.SuspensionOrigin == OriginLocal {
			return false, nil
		}
		return true, m.suspend(ctx, tx, a, OriginLocal, m.now())
	})
}

// suspend changes the standing of a, which the caller keeps, and leaves what follows from it. A suspension decided here
// takes the place of one from elsewhere.
func (m *Moderation) suspend(ctx context.Context, tx Tx, a *Account, origin Origin, at time.Time) error {
	a.SuspendedAt, a.SuspensionOrigin = at, origin
	hide := Chore{Kind: ChoreHide, Account: a.ID, Since: at, At: m.now(), Told: true}
	if !a.Local() {
		s := Severance{ID: m.NewID(), Kind: SeveredBySuspension, Target: a.Acct(), CreatedAt: m.now()}
		if err := tx.InsertSeverance(ctx, s); err != nil {
			return err
		}
		hide.Severance = s.ID
		return tx.AppendChore(ctx, hide)
	}
	if err := tx.AppendChore(ctx, hide); err != nil {
		return err
	}
	if err := tx.AppendChore(ctx, Chore{Kind: ChoreExpire, Account: a.ID, Since: at, At: at.Add(SuspensionGrace)}); err != nil {
		return err
	}
	if err := tx.Tell(ctx, News{Kind: NewsBarred, Feeds: []ID{a.ID}}); err != nil {
		return err
	}
	return m.tellStanding(ctx, tx, *a)
}

// tellStanding sends the profile of a local account anew, blanked when it is suspended.
func (m *Moderation) tellStanding(ctx context.Context, tx Tx, a Account) error {
	a.Revision = m.NewID()
	if err := tx.UpdateAccount(ctx, a); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: AccountUpdated, Actor: a.ID, Subject: a.ID, Object: a.Revision, At: m.now(), Rest: ProfileRest})
}

// Unsuspend takes a suspension back. What was deleted stays deleted.
func (m *Moderation) Unsuspend(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "unsuspend", func(ctx context.Context, tx Tx, a *Account) (bool, error) {
		if !a.Suspended() {
			return false, nil
		}
		return true, m.unsuspend(ctx, tx, a)
	})
}

func (m *Moderation) unsuspend(ctx context.Context, tx Tx, a *Account) error {
	a.SuspendedAt, a.SuspensionOrigin = time.Time{}, ""
	if err := tx.AppendChore(ctx, Chore{Kind: ChoreShow, Account: a.ID, At: m.now()}); err != nil || !a.Local() {
		return err
	}
	return m.tellStanding(ctx, tx, *a)
}

// ReceiveSuspension notes what an account's own server says: that it is suspended, or no more. A suspension decided here
// always wins (federation.md §2.5). It returns the standing that a has then, which it keeps.
func (m *Moderation) ReceiveSuspension(ctx context.Context, tx Tx, a Account, suspended bool) (Standing, error) {
	var err error
	before := a.Standing
	switch {
	case a.Gone(), a.SuspensionOrigin == OriginLocal, suspended == a.Suspended():
		return a.Standing, nil
	case suspended:
		err = m.suspend(ctx, tx, &a, OriginRemote, m.now())
	default:
		err = m.unsuspend(ctx, tx, &a)
	}
	if err != nil {
		return a.Standing, err
	}
	return a.Standing, m.stands(ctx, tx, before, a)
}

// ReceiveDeletion notes that remote a is no more: it is hidden at once and removed step by step (federation.md §4.3).
func (m *Moderation) ReceiveDeletion(ctx context.Context, tx Tx, a Account) error {
	if a.Local() {
		return fmt.Errorf("delete %s, which lives here, from elsewhere: %w", a.Acct(), ErrForbidden)
	}
	before := a.Standing
	if a.SuspendedAt.IsZero() {
		a.SuspendedAt, a.SuspensionOrigin = m.now(), OriginRemote
	}
	a.DeletedAt = m.now()
	if err := m.stands(ctx, tx, before, a); err != nil {
		return err
	}
	return tx.AppendChore(ctx, Chore{Kind: ChorePurge, Account: a.ID, Since: a.DeletedAt, At: m.now(), Erase: true, Why: EndedDeparture})
}

// Delete removes an account for good, whoever it belongs to. Of one of this server the name stays taken.
func (m *Moderation) Delete(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "destroy", func(ctx context.Context, tx Tx, a *Account) (bool, error) {
		if a.Local() {
			return true, m.leave(ctx, tx, a)
		}
		a.DeletedAt = m.now()
		if a.SuspendedAt.IsZero() {
			a.SuspendedAt, a.SuspensionOrigin = m.now(), OriginLocal
		}
		return true, tx.AppendChore(ctx, Chore{Kind: ChorePurge, Account: a.ID, Since: a.DeletedAt, At: m.now(), Told: true, Erase: true})
	})
}

// Leave deletes the account of the person who asks for it, for good.
func (m *Moderation) Leave(ctx context.Context, who ID) error {
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.AccountByID(ctx, who)
		if err != nil || a.Gone() {
			return err
		}
		if !a.Local() || a.ID == InstanceActorID {
			return &Error{Kind: ErrForbidden, Message: "Only a person of this server can leave it."}
		}
		before := a.Standing
		if err := m.leave(ctx, tx, &a); err != nil {
			return err
		}
		if err := m.stands(ctx, tx, before, a); err != nil {
			return err
		}
		return m.did(ctx, tx, a.ID, "destroy", "account", a.ID, "@"+a.Acct())
	})
}

// leave changes the standing of local a, which the caller keeps. Others are told first; who plans that leaves the purge,
// since it must know the followers.
func (m *Moderation) leave(ctx context.Context, tx Tx, a *Account) error {
	a.DeletedAt = m.now()
	if a.SuspendedAt.IsZero() {
		a.SuspendedAt, a.SuspensionOrigin = m.now(), OriginLocal
	}
	return tx.AppendEvent(ctx, Event{Kind: AccountDeleted, Actor: a.ID, Subject: a.ID, At: m.now()})
}

// expire deletes a local account that has been suspended since c.Since.
func (m *Moderation) expire(ctx context.Context, tx Tx, c Chore) error {
	a, err := tx.AccountByID(ctx, c.Account)
	if errors.Is(err, ErrNotFound) || err == nil && (a.Gone() || !a.SuspendedAt.Equal(c.Since)) {
		return nil
	}
	if err != nil {
		return err
	}
	before := a.Standing
	if err := m.leave(ctx, tx, &a); err != nil {
		return err
	}
	if err := m.stands(ctx, tx, before, a); err != nil {
		return err
	}
	return m.did(ctx, tx, InstanceActorID, "destroy", "account", a.ID, "@"+a.Acct())
}

// hide takes a suspended account out of the homes here; what an account elsewhere follows here is taken from it.
func (m *Moderation) hide(ctx context.Context, tx Tx, c *Chore) (done bool, err error) {
	a, err := tx.AccountByID(ctx, c.Account)
	if errors.Is(err, ErrNotFound) || err == nil && !a.SuspendedAt.Equal(c.Since) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if !a.Local() {
		if more, err := m.turnAway(ctx, tx, a, *c); err != nil || more {
			return false, err
		}
	}
	return m.eachFollower(ctx, tx, c, func(reader ID) error { return tx.RemoveFromHome(ctx, reader, a.ID) })
}

// turnAway ends what remote a follows here, a step at a time.
func (m *Moderation) turnAway(ctx context.Context, tx Tx, a Account, c Chore) (more bool, err error) {
	follows, err := tx.FollowsBy(ctx, a.ID, purgeStep)
	if err != nil {
		return false, err
	}
	return m.severAll(ctx, tx, a, follows, c)
}

func (m *Moderation) show(ctx context.Context, tx Tx, c *Chore) (done bool, err error) {
	return m.eachFollower(ctx, tx, c, func(reader ID) error { return tx.BackfillHome(ctx, reader, c.Account, BackfillLength) })
}

// eachFollower does something for the next people here who follow the account of c.
func (m *Moderation) eachFollower(ctx context.Context, tx Tx, c *Chore, do func(reader ID) error) (done bool, err error) {
	readers, err := tx.LocalFollowers(ctx, c.Account)
	if err != nil {
		return false, err
	}
	n := 0
	for _, id := range readers {
		if id <= c.After {
			continue
		}
		if n == purgeStep {
			return false, nil
		}
		if err := do(id); err != nil {
			return false, err
		}
		c.After, n = id, n+1
	}
	return true, nil
}
