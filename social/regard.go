package social

import (
	"context"
	"errors"
	"time"
)

// Endorsement shows somebody whom a person follows on that person's profile.
type Endorsement struct {
	ID                  ID
	AccountID, TargetID ID
	CreatedAt           time.Time
}

// RegardStore keeps what people note about others, for themselves or for all to see.
type RegardStore interface {
	// PutAccountNote replaces the note of account about target; "" removes it.
	PutAccountNote(ctx context.Context, account, target ID, comment string) error
	// InsertEndorsement does nothing when it exists.
	InsertEndorsement(ctx context.Context, e Endorsement) error
	DeleteEndorsement(ctx context.Context, account, target ID) error
	// Endorsements are paged by id, newest first.
	Endorsements(ctx context.Context, account ID, p Page) ([]Endorsement, error)
}

// Regards are the rules of notes and endorsements. Safe for concurrent use.
type Regards struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
}

// maxNote is how long a note may be, in characters.
const maxNote = 2000

// Note keeps what actor wants to remember about target; nobody else sees it. Errors: ErrInvalid (too long).
func (r *Regards) Note(ctx context.Context, actor, target ID, comment string) (Relationship, error) {
	if len([]rune(comment)) > maxNote {
		return Relationship{}, &Error{Kind: ErrInvalid, Field: "comment", Message: "The note is too long: at most 2,000 characters are possible."}
	}
	if err := r.Store.PutAccountNote(ctx, actor, target, comment); err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, r.Store, actor, target)
}

// Endorse shows target on actor's profile. Errors: ErrInvalid (actor does not follow target).
func (r *Regards) Endorse(ctx context.Context, actor, target ID) (Relationship, error) {
	err := r.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		follow, err := tx.FollowBetween(ctx, actor, target)
		switch {
		case errors.Is(err, ErrNotFound) || err == nil && follow.Pending:
			return &Error{Kind: ErrInvalid, Field: "id", Message: "Only people whom you follow can be shown on your profile: follow them first."}
		case err != nil:
			return err
		}
		return tx.InsertEndorsement(ctx, Endorsement{ID: r.NewID(), AccountID: actor, TargetID: target, CreatedAt: r.Now()})
	})
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, r.Store, actor, target)
}

// Unendorse takes it back. Nothing happens when there is none.
func (r *Regards) Unendorse(ctx context.Context, actor, target ID) (Relationship, error) {
	if err := r.Store.DeleteEndorsement(ctx, actor, target); err != nil && !errors.Is(err, ErrNotFound) {
		return Relationship{}, err
	}
	return relationship(ctx, r.Store, actor, target)
}
