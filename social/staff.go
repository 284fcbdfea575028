package social

import (
	"context"
	"fmt"
)

// PeopleFilter narrows the list of accounts that staff see. Empty means any.
type PeopleFilter struct {
	Local, Remote bool
	State         PeopleState
	Roles         []Role // only people with one of them
	// Username, DisplayName and Email are beginnings, Domain is whole; case does not count.
	Username, DisplayName, Domain, Email string
}

// PeopleState is one thing that holds of an account, in Mastodon's words.
type PeopleState string

// States.
const (
	PeopleActive     PeopleState = "active" // not suspended
	PeoplePending    PeopleState = "pending"
	PeopleDisabled   PeopleState = "disabled"
	PeopleSilenced   PeopleState = "silenced"
	PeopleSuspended  PeopleState = "suspended"
	PeopleSensitized PeopleState = "sensitized"
)

// StaffStore is what only staff ask.
type StaffStore interface {
	// People are accounts without the instance's own, newest first by id.
	People(ctx context.Context, f PeopleFilter, p Page) ([]Account, error)
	// UsersOf are the users among accounts.
	UsersOf(ctx context.Context, accounts []ID) (map[ID]User, error)
	// SetPending says whether a person waits for an answer, and with it whether others see the account; ErrNotFound when they
	// are no user.
	SetPending(ctx context.Context, account ID, pending bool) error
}

// Reported returns statuses in the order of ids for staff, whoever may see them otherwise. Deleted ones are left out.
func (r *Reader) Reported(ctx context.Context, ids []ID) ([]StatusView, error) {
	return r.statuses(ctx, 0, ids, func(*loaded, *StatusView) bool { return true })
}

// Approve lets in somebody who waits for an answer.
func (m *Moderation) Approve(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "approve", func(ctx context.Context, tx Tx, a *Account) (bool, error) {
		return true, m.answer(ctx, tx, *a)
	})
}

// Reject turns somebody away who waits for an answer. The account goes.
func (m *Moderation) Reject(ctx context.Context, by, target ID) error {
	return m.change(ctx, by, target, "reject", func(ctx context.Context, tx Tx, a *Account) (bool, error) {
		if err := m.answer(ctx, tx, *a); err != nil {
			return false, err
		}
		return true, m.leave(ctx, tx, a)
	})
}

func (m *Moderation) answer(ctx context.Context, tx Tx, a Account) error {
	u, err := tx.UserByAccount(ctx, a.ID)
	if err != nil {
		return err
	}
	if !u.Pending {
		return &Error{Kind: ErrForbidden, Message: fmt.Sprintf("%s does not wait for an answer any more: somebody has given one.", a.Username)}
	}
	return tx.SetPending(ctx, a.ID, false)
}
