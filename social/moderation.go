package social

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Moderation is what the people who run a server may do. Each action is one transaction with its events, its chores and
// its deed. Safe for concurrent use.
type Moderation struct {
	Store    Store
	Now      func() time.Time
	NewID    func() ID
	Follows  *Follows
	Statuses *Statuses
	Blocks   *Blocks
	Domains  *Domains
	// MintURI makes the random URI of a report.
	MintURI func() string
	// Told is called, inside the transaction, when an account is suspended, and when it no longer is. It may be nil.
	Told Happened
}

// stands keeps the standing of a, which was before until now.
func (m *Moderation) stands(ctx context.Context, tx Tx, before Standing, a Account) error {
	if err := tx.SetStanding(ctx, a.ID, a.Standing); err != nil || before.Suspended() == a.Suspended() {
		return err
	}
	kind := Hidden
	if !a.Suspended() {
		kind = Unhidden
	}
	m.Told.tell(ctx, Happening{Kind: kind, Actor: a})
	return nil
}

// now is the time as it is kept, so that a decision can be recognised by its date.
func (m *Moderation) now() time.Time { return m.Now().UTC().Truncate(time.Millisecond) }

// SuspensionGrace is how long after its suspension a local account is deleted for good (federation.md §11).
const SuspensionGrace = 30 * 24 * time.Hour

// errStaff is for people without the right.
func errStaff() error {
	return &Error{Kind: ErrForbidden, Message: "Your role does not allow this. Ask somebody who runs this server."}
}

// may finds the person by, who must have right. The instance actor stands for the command line and may do everything.
func (m *Moderation) may(ctx context.Context, tx Tx, by ID, right Right) (Role, error) {
	if by == InstanceActorID {
		return RoleOwner, nil
	}
	u, err := tx.UserByAccount(ctx, by)
	if errors.Is(err, ErrNotFound) || err == nil && !u.Role.Can(right) {
		return "", errStaff()
	}
	return u.Role, err
}

// mayActOn loads target, on which by acts: nobody acts on somebody with an equal or higher role, and nobody on the
// instance actor.
func (m *Moderation) mayActOn(ctx context.Context, tx Tx, by, target ID, right Right) (Account, error) {
	role, err := m.may(ctx, tx, by, right)
	if err != nil {
		return Account{}, err
	}
	a, err := tx.AccountByID(ctx, target)
	if err != nil {
		return Account{}, err
	}
	if a.ID == InstanceActorID {
		return Account{}, &Error{Kind: ErrForbidden, Message: "That account stands for the server itself."}
	}
	if !a.Local() || by == InstanceActorID {
		return a, nil
	}
	u, err := tx.UserByAccount(ctx, target)
	if errors.Is(err, ErrNotFound) {
		return a, nil
	}
	if err == nil && !role.Above(u.Role) {
		return Account{}, &Error{Kind: ErrForbidden, Message: fmt.Sprintf("%s has a role that is not below yours: ask somebody whose role is above it.", a.Acct())}
	}
	return a, err
}

// did writes the deed.
func (m *Moderation) did(ctx context.Context, tx Tx, by ID, action, kind string, id ID, target string) error {
	return tx.InsertDeed(ctx, Deed{ID: m.NewID(), By: by, Action: action, TargetType: kind, TargetID: id, Target: target, At: m.now()})
}

// change loads an account, lets edit change its standing and keeps it with the deed. edit returns false when nothing is to
// be done.
func (m *Moderation) change(ctx context.Context, by, target ID, action string, edit func(ctx context.Context, tx Tx, a *Account) (bool, error)) error {
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		a, err := m.mayActOn(ctx, tx, by, target, MayManageUsers)
		if err != nil {
			return err
		}
		if a.Gone() {
			return &Error{Kind: ErrInvalid, Message: fmt.Sprintf("%s was deleted: nothing can be done about it any more.", a.Acct())}
		}
		before := a.Standing
		changed, err := edit(ctx, tx, &a)
		if err != nil || !changed {
			return err
		}
		if err := m.stands(ctx, tx, before, a); err != nil {
			return err
		}
		return m.did(ctx, tx, by, action, "account", a.ID, "@"+a.Acct())
	})
}

// Silence limits an account: strangers are not shown it, and its follows need approval (federation.md §11).
func (m *Moderation) Silence(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "silence", func(_ context.Context, _ Tx, a *Account) (bool, error) {
		return m.begin(&a.SilencedAt), nil
	})
}

// Unsilence takes it back.
func (m *Moderation) Unsilence(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "unsilence", func(_ context.Context, _ Tx, a *Account) (bool, error) {
		return end(&a.SilencedAt), nil
	})
}

// Sensitize makes everything an account posts count as sensitive.
func (m *Moderation) Sensitize(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "sensitive", func(_ context.Context, _ Tx, a *Account) (bool, error) {
		return m.begin(&a.SensitizedAt), nil
	})
}

// Unsensitize takes it back.
func (m *Moderation) Unsensitize(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "unsensitive", func(_ context.Context, _ Tx, a *Account) (bool, error) {
		return end(&a.SensitizedAt), nil
	})
}

func (m *Moderation) begin(at *time.Time) bool {
	if !at.IsZero() {
		return false
	}
	*at = m.now()
	return true
}

func end(at *time.Time) bool {
	was := !at.IsZero()
	*at = time.Time{}
	return was
}

// Disable keeps a person of this server from signing in; Enable lets them again.
func (m *Moderation) Disable(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "disable", func(ctx context.Context, tx Tx, a *Account) (bool, error) {
		if err := tx.SetDisabled(ctx, a.ID, m.now()); err != nil {
			return false, err
		}
		return true, tx.Tell(ctx, News{Kind: NewsBarred, Feeds: []ID{a.ID}})
	})
}

// Enable takes it back.
func (m *Moderation) Enable(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "enable", func(ctx context.Context, tx Tx, a *Account) (bool, error) {
		return true, tx.SetDisabled(ctx, a.ID, time.Time{})
	})
}

// GiveRole makes somebody what role says. Nobody gives a role that is not below their own.
func (m *Moderation) GiveRole(ctx context.Context, by, target ID, role Role) error {
	if !KnownRole(role) {
		return &Error{Kind: ErrInvalid, Field: "role", Message: fmt.Sprintf("There is no role %q: choose moderator, admin, owner or none.", role)}
	}
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		a, err := m.mayActOn(ctx, tx, by, target, MayManageRoles)
		if err != nil {
			return err
		}
		own, err := m.may(ctx, tx, by, MayManageRoles)
		if err != nil {
			return err
		}
		if by != InstanceActorID && !own.Above(role) {
			return errStaff()
		}
		if err := tx.SetRole(ctx, a.ID, role); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "change_role", "user", a.ID, "@"+a.Acct())
	})
}

// Do carries out one step of c in tx and leaves the next.
func (m *Moderation) Do(ctx context.Context, tx Tx, c Chore) error {
	var done bool
	var err error
	switch c.Kind {
	case ChoreHide:
		done, err = m.hide(ctx, tx, &c)
	case ChoreShow:
		done, err = m.show(ctx, tx, &c)
	case ChorePurge:
		done, err = m.purge(ctx, tx, c)
	case ChoreExpire:
		done, err = true, m.expire(ctx, tx, c)
	case ChoreBlock:
		done, err = m.keepBlock(ctx, tx, &c)
	case ChoreFollow:
		done, err = m.refollow(ctx, tx, &c)
	case ChoreCarry:
		done, err = m.carry(ctx, tx, &c)
	default:
		return fmt.Errorf("nobody does chores of kind %q", c.Kind)
	}
	if err != nil || done {
		return err
	}
	c.At = m.now()
	return tx.AppendChore(ctx, c)
}
