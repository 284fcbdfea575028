package social

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Treatment says what becomes of notifications by people of some kind.
type Treatment string

// Treatments.
const (
	TreatAccept Treatment = "accept"
	TreatFilter Treatment = "filter" // they wait in a request
	TreatDrop   Treatment = "drop"
)

// NotificationPolicy is what a person wants done with notifications by people of each kind (federation.md §10.5).
type NotificationPolicy struct {
	NotFollowing    Treatment // by people whom they do not follow
	NotFollowers    Treatment // by people who do not follow them, or for less than three days
	NewAccounts     Treatment // by accounts younger than thirty days that they do not follow
	PrivateMentions Treatment // private mentions that answer nothing of theirs, by people whom they do not follow
	LimitedAccounts Treatment // by silenced accounts that they do not follow
	Bots            Treatment // by programs that they do not follow
}

// DefaultNotificationPolicy is that of people who chose nothing.
func DefaultNotificationPolicy() NotificationPolicy {
	return NotificationPolicy{
		NotFollowing: TreatAccept, NotFollowers: TreatAccept, NewAccounts: TreatAccept,
		PrivateMentions: TreatFilter, LimitedAccounts: TreatFilter, Bots: TreatAccept,
	}
}

// Valid reports whether every treatment is one.
func (p NotificationPolicy) Valid() bool {
	for _, t := range []Treatment{p.NotFollowing, p.NotFollowers, p.NewAccounts, p.PrivateMentions, p.LimitedAccounts, p.Bots} {
		if t != TreatAccept && t != TreatFilter && t != TreatDrop {
			return false
		}
	}
	return true
}

// NotificationRequest asks a person whether they want to hear of somebody whose notifications were filtered.
type NotificationRequest struct {
	ID                   ID
	AccountID, FromID    ID
	LastStatusID         ID    // 0 when none was about a post
	Count                int64 // filtered notifications
	CreatedAt, UpdatedAt time.Time
}

// NotificationPolicyStore keeps policies, the people a person wants to hear of whatever the policy says, and requests.
type NotificationPolicyStore interface {
	// NotificationPolicy returns the default for who chose nothing.
	NotificationPolicy(ctx context.Context, account ID) (NotificationPolicy, error)
	SetNotificationPolicy(ctx context.Context, account ID, p NotificationPolicy) error
	NotificationPermitted(ctx context.Context, account, from ID) (bool, error)
	// PutNotificationRequest adds a request, or gives the one from the same sender another date and last status.
	PutNotificationRequest(ctx context.Context, r NotificationRequest) error
	NotificationRequest(ctx context.Context, account, id ID) (NotificationRequest, error)
	// NotificationRequests are paged by id, newest first.
	NotificationRequests(ctx context.Context, account ID, p Page) ([]NotificationRequest, error)
	// AcceptNotificationRequest permits the sender and shows what was filtered; Dismiss forgets both. ErrNotFound when there
	// is no such request.
	AcceptNotificationRequest(ctx context.Context, account, id ID) error
	DismissNotificationRequest(ctx context.Context, account, id ID) error
	// PendingNotifications counts requests and filtered notifications.
	PendingNotifications(ctx context.Context, account ID) (requests, notifications int64, err error)
	// LastGroup is the key of the newest group of account's notifications of a type about a status (0: follows), "" when none.
	LastGroup(ctx context.Context, account ID, t NotificationType, status ID) (string, error)
}

// filterable are the types that a policy may hold back.
func filterable(t NotificationType) bool {
	switch t {
	case NotifyMention, NotifyReblog, NotifyFavourite, NotifyFollow, NotifyFollowRequest:
		return true
	}
	return false
}

// treat says what becomes of n under the person's policy: the harshest of all that apply.
func treat(ctx context.Context, tx Tx, n Notification, about *Status, tie Relationship) (Treatment, error) {
	if !filterable(n.Type) || tie.Following && tie.FollowedBy {
		return TreatAccept, nil
	}
	p, err := tx.NotificationPolicy(ctx, n.AccountID)
	if err != nil {
		return "", err
	}
	from, err := tx.AccountByID(ctx, n.FromID)
	if err != nil {
		return "", err
	}
	var worst Treatment
	weigh := func(applies bool, t Treatment) {
		if applies && (worst == "" || t == TreatDrop || t == TreatFilter && worst == TreatAccept) {
			worst = t
		}
	}
	weigh(!tie.Following, p.NotFollowing)
	weigh(!tie.Following && from.Silenced(), p.LimitedAccounts)
	weigh(!tie.Following && from.Bot(), p.Bots)
	weigh(!tie.Following && from.CreatedAt.After(n.CreatedAt.AddDate(0, 0, -30)), p.NewAccounts)
	if p.NotFollowers != TreatAccept {
		follower, err := followsSince(ctx, tx, n.FromID, n.AccountID, n.CreatedAt.AddDate(0, 0, -3))
		if err != nil {
			return "", err
		}
		weigh(!follower, p.NotFollowers)
	}
	if n.Type == NotifyMention && about != nil && about.Visibility == Direct && !tie.Following {
		answers, err := answersPerson(ctx, tx, *about, n.AccountID)
		if err != nil {
			return "", err
		}
		weigh(!answers, p.PrivateMentions)
	}
	if worst == "" || worst == TreatAccept {
		return TreatAccept, nil
	}
	permitted, err := tx.NotificationPermitted(ctx, n.AccountID, n.FromID)
	if err != nil || permitted {
		return TreatAccept, err
	}
	return worst, nil
}

// followsSince reports whether follower follows target, and did at the time given.
func followsSince(ctx context.Context, tx Tx, follower, target ID, at time.Time) (bool, error) {
	f, err := tx.FollowBetween(ctx, follower, target)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return !f.Pending && f.CreatedAt.Before(at), err
}

// maxAnswered is how far up a thread it is looked for the person who is mentioned.
const maxAnswered = 40

// answersPerson reports whether s stands below a post of person's.
func answersPerson(ctx context.Context, tx Tx, s Status, person ID) (bool, error) {
	if s.ReplyToID == 0 {
		return false, nil
	}
	if s.ReplyToAccountID == person {
		return true, nil
	}
	above, err := tx.Ancestors(ctx, s.ID, maxAnswered)
	if err != nil {
		return false, err
	}
	known, err := tx.StatusesByID(ctx, above)
	for _, a := range known {
		if a.AccountID == person {
			return true, err
		}
	}
	return false, err
}

// groupSpan is for how long what happens to one post is one group.
const groupSpan = 12

// group is the key under which n may be shown with others like it (behaviours.md §7).
func group(ctx context.Context, tx Tx, n Notification) (string, error) {
	prefix := string(n.Type) + "-"
	switch n.Type {
	case NotifyFavourite, NotifyReblog:
		prefix += n.StatusID.String() + "-"
	case NotifyFollow:
	default:
		return "", nil
	}
	hour := n.CreatedAt.Unix() / 3600
	last, err := tx.LastGroup(ctx, n.AccountID, n.Type, n.StatusID)
	if err != nil {
		return "", err
	}
	if began, ok := ParseID(strings.TrimPrefix(last, prefix)); ok && hour-int64(began) < groupSpan {
		return last, nil
	}
	return fmt.Sprintf("%s%d", prefix, hour), nil
}
