package social

import (
	"context"
	"errors"
	"net/url"
	"time"
)

// Relay is a program elsewhere that gets the public posts of many servers and passes them on to all of them.
type Relay struct {
	ID    ID
	Inbox string // by which it is known: its actor's inbox is the same address
	State RelayState
	// FollowURI names the request to subscribe that the relay answers; "" when idle.
	FollowURI string
	CreatedAt time.Time
}

// RelayState says how far a subscription has come.
type RelayState string

// States of a subscription.
const (
	RelayIdle     RelayState = "idle"
	RelayPending  RelayState = "pending"
	RelayAccepted RelayState = "accepted"
	RelayRejected RelayState = "rejected"
)

// Kinds of events: To is the relay's inbox, URI the request to subscribe.
const (
	RelayRequested EventKind = "relay.requested"
	RelayLeft      EventKind = "relay.left"
)

// RelayStore keeps subscriptions to relays. Lookups return ErrNotFound.
type RelayStore interface {
	// InsertRelay returns ErrConflict when there is one of that inbox.
	InsertRelay(ctx context.Context, r Relay) error
	// UpdateRelay sets state and follow.
	UpdateRelay(ctx context.Context, r Relay) error
	DeleteRelay(ctx context.Context, id ID) error
	RelayByInbox(ctx context.Context, inbox string) (Relay, error)
	RelayByFollow(ctx context.Context, uri string) (Relay, error)
	Relays(ctx context.Context) ([]Relay, error) // by id
}

// Relays are the rules of subscribing to relays (federation.md §8.4). Safe for concurrent use.
type Relays struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	// MintURI makes the random address of a follow.
	MintURI func() string
}

// Add notes the relay at inbox and asks to subscribe. Errors: ErrInvalid (no address), ErrConflict (it is known).
func (r *Relays) Add(ctx context.Context, inbox string) (Relay, error) {
	u, err := url.Parse(inbox)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return Relay{}, &Error{Kind: ErrInvalid, Field: "inbox_url", Message: "That is not the address of a relay. Give its inbox, such as https://relay.example.org/inbox."}
	}
	relay := Relay{ID: r.NewID(), Inbox: inbox, State: RelayIdle, CreatedAt: r.Now()}
	err = r.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertRelay(ctx, relay); err != nil {
			return err
		}
		relay, err = r.request(ctx, tx, relay)
		return err
	})
	if errors.Is(err, ErrConflict) {
		err = &Error{Kind: ErrConflict, Field: "inbox_url", Message: "That relay is known already. List the relays to see how it stands."}
	}
	return relay, err
}

// Enable asks to subscribe to a relay that is known, once more if it refused.
func (r *Relays) Enable(ctx context.Context, inbox string) error {
	return r.change(ctx, inbox, func(ctx context.Context, tx Tx, relay Relay) error {
		_, err := r.request(ctx, tx, relay)
		return err
	})
}

// Disable ends the subscription and keeps the relay's address.
func (r *Relays) Disable(ctx context.Context, inbox string) error {
	return r.change(ctx, inbox, r.leave)
}

// Remove ends the subscription and forgets the relay.
func (r *Relays) Remove(ctx context.Context, inbox string) error {
	return r.change(ctx, inbox, func(ctx context.Context, tx Tx, relay Relay) error {
		if err := r.leave(ctx, tx, relay); err != nil {
			return err
		}
		return tx.DeleteRelay(ctx, relay.ID)
	})
}

// ReceiveAnswer notes what the relay said to the request uri, in the caller's transaction; false when uri asked no relay.
func (r *Relays) ReceiveAnswer(ctx context.Context, tx Tx, uri string, accepted bool) (bool, error) {
	relay, err := tx.RelayByFollow(ctx, uri)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if relay.State = RelayRejected; accepted {
		relay.State = RelayAccepted
	}
	return true, tx.UpdateRelay(ctx, relay)
}

func (r *Relays) change(ctx context.Context, inbox string, do func(ctx context.Context, tx Tx, relay Relay) error) error {
	err := r.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		relay, err := tx.RelayByInbox(ctx, inbox)
		if err != nil {
			return err
		}
		return do(ctx, tx, relay)
	})
	if errors.Is(err, ErrNotFound) {
		return &Error{Kind: ErrNotFound, Field: "inbox_url", Message: "There is no such relay. List the relays, or add it first."}
	}
	return err
}

func (r *Relays) request(ctx context.Context, tx Tx, relay Relay) (Relay, error) {
	relay.State, relay.FollowURI = RelayPending, r.MintURI()
	if err := tx.UpdateRelay(ctx, relay); err != nil {
		return relay, err
	}
	return relay, tx.AppendEvent(ctx, Event{Kind: RelayRequested, Actor: InstanceActorID, Subject: relay.ID, URI: relay.FollowURI, To: relay.Inbox, At: r.Now()})
}

func (r *Relays) leave(ctx context.Context, tx Tx, relay Relay) error {
	follow := relay.FollowURI
	if follow == "" {
		return nil
	}
	relay.State, relay.FollowURI = RelayIdle, ""
	if err := tx.UpdateRelay(ctx, relay); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: RelayLeft, Actor: InstanceActorID, Subject: relay.ID, URI: follow, To: relay.Inbox, At: r.Now()})
}

// Relayed reports whether the relay whose actor's inbox this is carries posts for this instance.
func Relayed(ctx context.Context, s RelayStore, inbox string) (bool, error) {
	relay, err := s.RelayByInbox(ctx, inbox)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return relay.State == RelayAccepted, err
}
