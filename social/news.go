package social

import "context"

// News is what those who watch at this moment are told. It is kept nowhere: who was not there finds it in timelines and
// notifications. Who may see what it speaks of is asked again when it is passed on.
type News struct {
	Kind    NewsKind `json:"k"`
	Subject ID       `json:"s,omitempty"` // status, notification, talk or announcement
	// Feeds are the homes (by account) and lists into which a status came, in which an edited one stands, or from which a
	// deleted one went; of all other news the accounts concerned.
	Feeds []ID `json:"f,omitempty"`
	// Public: a status that everybody may watch as well.
	Public bool `json:"p,omitempty"`
	// Tokens are the hashes of those that have ended.
	Tokens []string `json:"t,omitempty"`
	// Word is the reaction to an announcement that changed.
	Word string `json:"w,omitempty"`
}

// NewsKind says what the news is of.
type NewsKind string

// Kinds of news.
const (
	NewsArrived      NewsKind = "arrived" // a status
	NewsEdited       NewsKind = "edited"
	NewsDeleted      NewsKind = "deleted"
	NewsNotification NewsKind = "notification"
	NewsTalk         NewsKind = "talk"
	NewsMerged       NewsKind = "merged"  // notifications of an accepted request stand among the others now
	NewsFilters      NewsKind = "filters" // a person's filters are others now
	NewsRevoked      NewsKind = "revoked" // tokens
	NewsBarred       NewsKind = "barred"  // accounts that may not sign in any more
	NewsAnnounced    NewsKind = "announced"
	NewsWithdrawn    NewsKind = "withdrawn" // an announcement
	NewsReacted      NewsKind = "reacted"   // to an announcement
)

// NewsStore tells news, in every process that serves from this database.
type NewsStore interface {
	// Tell tells n once the transaction is committed, and nothing when it is not.
	Tell(ctx context.Context, n News) error
	// FeedsWith are the homes and lists in which status, or a boost of it, stands.
	FeedsWith(ctx context.Context, status ID) ([]ID, error)
}

// tellArrived tells those before whose eyes status came by entries, and everybody who watches what is public.
func tellArrived(ctx context.Context, tx Tx, status Status, entries []HomeEntry, public bool) error {
	if len(entries) == 0 && !public {
		return nil
	}
	n := News{Kind: NewsArrived, Subject: status.ID, Public: public}
	for _, e := range entries {
		n.Feeds = append(n.Feeds, e.AccountID)
	}
	return tx.Tell(ctx, n)
}

// tellEdited tells those who have status before their eyes that it says something else now.
func tellEdited(ctx context.Context, tx Tx, author Account, status Status) error {
	feeds, err := tx.FeedsWith(ctx, status.ID)
	if err != nil {
		return err
	}
	return tx.Tell(ctx, News{Kind: NewsEdited, Subject: status.ID, Feeds: feeds, Public: watchable(author, status)})
}

// watchable reports whether a status goes to the public streams: no boost, and public, of somebody not silenced
// (federation.md §10.1).
func watchable(author Account, status Status) bool {
	return status.Visibility == Public && status.BoostOfID == 0 && !author.Silenced()
}
