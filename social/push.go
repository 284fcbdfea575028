package social

import (
	"context"
	"slices"
	"time"
)

// PushSubscription is where a program wants to be told of notifications while it does not run. There is one for a token.
type PushSubscription struct {
	ID        ID
	AccountID ID
	TokenHash string
	// AccessToken is the token itself: messages carry it, by which a program with several accounts tells them apart.
	AccessToken  string
	Endpoint     string
	P256dh, Auth string // the program's public key and secret, in base64
	Standard     bool   // RFC 8291, not the draft before it
	Alerts       []NotificationType
	Policy       PushPolicy
	CreatedAt    time.Time
}

// PushPolicy says by whom a notification must be to be pushed.
type PushPolicy string

// Policies of pushing.
const (
	PushAll      PushPolicy = "all"
	PushFollowed PushPolicy = "followed" // whom the person follows
	PushFollower PushPolicy = "follower" // who follows the person
	PushNone     PushPolicy = "none"
)

// Valid reports whether it is a policy.
func (p PushPolicy) Valid() bool {
	return slices.Contains([]PushPolicy{PushAll, PushFollowed, PushFollower, PushNone}, p)
}

// Allows reports whether what somebody did is pushed; tie is how the person stands to them.
func (p PushPolicy) Allows(tie Relationship) bool {
	switch p {
	case PushFollowed:
		return tie.Following
	case PushFollower:
		return tie.FollowedBy
	case PushNone:
		return false
	}
	return true
}

// Push is one notification on its way to one subscription.
type Push struct {
	Subscription ID `json:"subscription"`
	Notification ID `json:"notification"`
}

// PushStore keeps subscriptions and the server's key. Lookups return ErrNotFound.
type PushStore interface {
	// PutPushSubscription takes the place of the token's earlier one.
	PutPushSubscription(ctx context.Context, p PushSubscription) error
	PushSubscriptionOf(ctx context.Context, token string) (PushSubscription, error)
	PushSubscriptionByID(ctx context.Context, id ID) (PushSubscription, error)
	// DeletePushSubscription: one that is not there is no error. It goes with its token, too.
	DeletePushSubscription(ctx context.Context, id ID) error
	// PushKey is the private key by which push services know this server; fresh becomes it when there is none.
	PushKey(ctx context.Context, fresh func() (string, error)) (string, error)
}
