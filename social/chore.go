package social

import (
	"context"
	"time"
)

// Chore is durable work of this server about itself: too much for one transaction, or due much later. It is done in
// bounded steps, each a transaction that ends by leaving the next.
type Chore struct {
	Kind    ChoreKind `json:"kind"`
	Account ID        `json:"account,omitempty"`
	Target  ID        `json:"target,omitempty"` // of a move: the new account; of a block: its row
	Domain  string    `json:"domain,omitempty"`
	After   ID        `json:"after,omitempty"` // where the last step ended
	// Severance is what people here are told about follows that end; 0 for nothing.
	Severance ID `json:"severance,omitempty"`
	// Told says that those who lose a follow elsewhere are told by Reject or Undo.
	Told bool `json:"told,omitempty"`
	// Erase removes the account's row too, so that nothing is known of it afterwards.
	Erase bool      `json:"erase,omitempty"`
	Why   Ending    `json:"why,omitempty"` // of what goes with an account
	Since time.Time `json:"since"`         // of the decision that it carries out
	At    time.Time `json:"at"`            // when it is due
}

// ChoreKind says what is to be done.
type ChoreKind string

// Kinds of chores.
const (
	ChoreHide   ChoreKind = "hide"   // take a suspended account out of homes, and its follows of people here away
	ChoreShow   ChoreKind = "show"   // bring an account that is suspended no more back into homes
	ChorePurge  ChoreKind = "purge"  // remove everything of an account
	ChoreExpire ChoreKind = "expire" // delete a local account whose suspension has lasted long enough
	ChoreBlock  ChoreKind = "block"  // bring the accounts of a domain in line with its block; Target is the block
	ChoreFollow ChoreKind = "follow" // let the followers here of an account that moved follow the new one
	ChoreCarry  ChoreKind = "carry"  // let who keeps away from an account that moved keep away from the new one
)

// ChoreStore leaves chores.
type ChoreStore interface {
	// AppendChore makes durable work of c in the current transaction.
	AppendChore(ctx context.Context, c Chore) error
}
