package social

import (
	"context"
	"time"
)

// Relationship is how an account stands to another, as Mastodon's clients ask; the zero value is two strangers.
type Relationship struct {
	ID ID // the other

	Following, Requested     bool
	ShowingBoosts, Notifying bool     // of a follow that holds
	Languages                []string // of a follow that holds; empty is all
	FollowedBy, RequestedBy  bool

	Blocking, BlockedBy         bool
	DomainBlocking              bool      // the other lives on a domain that the account blocks for itself
	DomainBlockedBy             bool      // the account lives on a domain that the other blocks for itself
	Muting, MutingNotifications bool      //
	MutingExpiresAt             time.Time // zero when it does not end
	Endorsed                    bool
	Note                        string // to oneself
}

// HiddenFrom reports whether the other keeps the account away from what it writes for everybody (federation.md §10.4).
func (r Relationship) HiddenFrom() bool { return r.BlockedBy || r.DomainBlockedBy }

// Unwanted reports whether the account asked not to meet the other in timelines and threads (federation.md §10.3).
func (r Relationship) Unwanted() bool {
	return r.Blocking || r.BlockedBy || r.DomainBlocking || r.Muting
}

// RelationStore reads how accounts stand to each other.
type RelationStore interface {
	// Relationships says in one query how account stands to those of others that exist.
	Relationships(ctx context.Context, account ID, others []ID) (map[ID]Relationship, error)
	// RelationshipsWith says in one query how those of others that exist stand to account; ID is theirs.
	RelationshipsWith(ctx context.Context, others []ID, account ID) (map[ID]Relationship, error)
}

// Relationships returns how viewer stands to each of others, in their order.
func (r *Reader) Relationships(ctx context.Context, viewer ID, others []ID) ([]Relationship, error) {
	found, err := r.Store.Relationships(ctx, viewer, others)
	if err != nil {
		return nil, err
	}
	out := make([]Relationship, len(others))
	for i, id := range others {
		out[i] = found[id]
		out[i].ID = id
	}
	return out, nil
}

func relationship(ctx context.Context, s Store, actor, target ID) (Relationship, error) {
	rs, err := (&Reader{Store: s}).Relationships(ctx, actor, []ID{target})
	if err != nil {
		return Relationship{}, err
	}
	return rs[0], nil
}
