package social

import (
	"context"
	"errors"
	"time"
)

// Block keeps two people apart: neither follows the other, and the one who is blocked sees nothing new of the blocker.
type Block struct {
	ID                  ID
	AccountID, TargetID ID // who blocks whom
	URI                 string
	CreatedAt           time.Time
}

// Events of blocks. Object is the block's row, URI its own.
const (
	BlockAdded   EventKind = "block.added"   // Actor blocks Subject
	BlockRemoved EventKind = "block.removed" //
)

// BlockStore keeps blocks.
type BlockStore interface {
	// InsertBlock returns ErrConflict when the pair exists.
	InsertBlock(ctx context.Context, b Block) error
	BlockBetween(ctx context.Context, account, target ID) (Block, error)
	BlockByURI(ctx context.Context, uri string) (Block, error)
	SetBlockURI(ctx context.Context, id ID, uri string) error
	DeleteBlock(ctx context.Context, account, target ID) error
	// Blocks are paged by block id, newest first.
	Blocks(ctx context.Context, account ID, p Page) ([]Block, error)
	// BlocksAnybody reports whether account blocks any account or domain.
	BlocksAnybody(ctx context.Context, account ID) (bool, error)
}

// Blocks are the rules of blocking, of people and of domains. Safe for concurrent use.
type Blocks struct {
	Store   Store
	Now     func() time.Time
	NewID   func() ID
	Follows *Follows
	// MintURI makes the random URI of a Block (federation.md §3.4).
	MintURI func() string
}

// Block makes actor block target: follows end both ways, what stood of target in actor's home and notifications goes, and
// target's server is told. Doing it again, or to oneself, changes nothing.
func (b *Blocks) Block(ctx context.Context, actor, target ID) (Relationship, error) {
	if actor == target {
		return relationship(ctx, b.Store, actor, target)
	}
	err := b.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error { return b.block(ctx, tx, actor, target) })
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, b.Store, actor, target)
}

func (b *Blocks) block(ctx context.Context, tx Tx, actor, target ID) error {
	who, whom, err := pair(ctx, tx, actor, target)
	if err != nil {
		return err
	}
	if err := b.part(ctx, tx, who, whom); err != nil {
		return err
	}
	if err := forget(ctx, tx, actor, target, true); err != nil {
		return err
	}
	block := Block{ID: b.NewID(), AccountID: actor, TargetID: target, URI: b.MintURI(), CreatedAt: b.Now()}
	switch err := tx.InsertBlock(ctx, block); {
	case errors.Is(err, ErrConflict):
		return nil
	case err != nil || whom.Local():
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: BlockAdded, Actor: actor, Subject: target, Object: block.ID, URI: block.URI, At: b.Now()})
}

// part ends what binds a blocker and whom they block. Who lives elsewhere is told: whom the blocker followed by an Undo, who
// followed or asked to by a Reject (federation.md §4.9).
func (b *Blocks) part(ctx context.Context, tx Tx, who, whom Account) error {
	if err := b.Follows.end(ctx, tx, who.ID, whom.ID, FollowRemoved, who.ID, whom.ID); err != nil {
		return err
	}
	return b.Follows.end(ctx, tx, whom.ID, who.ID, FollowRejected, who.ID, whom.ID)
}

// forget takes what stands of other out of account's home and, when news too, out of its notifications.
func forget(ctx context.Context, tx Tx, account, other ID, news bool) error {
	if err := tx.ClearFromHome(ctx, account, other); err != nil || !news {
		return err
	}
	return tx.DeleteNotificationsFrom(ctx, account, other)
}

// Unblock ends a block. Nothing happens when there is none.
func (b *Blocks) Unblock(ctx context.Context, actor, target ID) (Relationship, error) {
	err := b.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		block, err := tx.BlockBetween(ctx, actor, target)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		whom, err := tx.AccountByID(ctx, target)
		if err != nil {
			return err
		}
		if err := tx.DeleteBlock(ctx, actor, target); err != nil || whom.Local() {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: BlockRemoved, Actor: actor, Subject: target, Object: block.ID, URI: block.URI, At: b.Now()})
	})
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, b.Store, actor, target)
}

// Receive records that remote blocker blocks local target, by the activity uri. Known when it did already: only the uri is
// new then. takenBack says that the end of the block came first: follows end all the same, and the block is not kept.
func (b *Blocks) Receive(ctx context.Context, tx Tx, blocker, target Account, uri string, takenBack bool) (Received, error) {
	switch known, err := tx.BlockBetween(ctx, blocker.ID, target.ID); {
	case err == nil:
		return Known, tx.SetBlockURI(ctx, known.ID, uri)
	case !errors.Is(err, ErrNotFound):
		return Ignored, err
	}
	if err := b.partFrom(ctx, tx, blocker, target); err != nil || takenBack {
		return Ignored, err
	}
	return Established, tx.InsertBlock(ctx, Block{ID: b.NewID(), AccountID: blocker.ID, TargetID: target.ID, URI: uri, CreatedAt: b.Now()})
}

// partFrom ends what binds a blocker elsewhere and whom they block here. The blocker's server is told of follows that held;
// a request by the one blocked just goes.
func (b *Blocks) partFrom(ctx context.Context, tx Tx, blocker, target Account) error {
	if err := b.Follows.end(ctx, tx, blocker.ID, target.ID, FollowRejected, target.ID, blocker.ID); err != nil {
		return err
	}
	switch asked, err := tx.FollowBetween(ctx, target.ID, blocker.ID); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case asked.Pending:
		return b.Follows.drop(ctx, tx, target, blocker, asked)
	}
	return b.Follows.end(ctx, tx, target.ID, blocker.ID, FollowRemoved, target.ID, blocker.ID)
}

// ReceiveUndo ends the block of local target by remote blocker; Ignored when there is none.
func (b *Blocks) ReceiveUndo(ctx context.Context, tx Tx, blocker, target ID) (Received, error) {
	err := tx.DeleteBlock(ctx, blocker, target)
	if errors.Is(err, ErrNotFound) {
		return Ignored, nil
	}
	return Ended, err
}
