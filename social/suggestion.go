package social

import (
	"context"
	"slices"
)

// Where a suggestion comes from.
const (
	SuggestedByFriends  = "friends_of_friends" // people whom one follows follow them
	SuggestedPopularity = "most_followed"      // many people here follow them
)

// Suggestion is somebody whom a person may want to follow.
type Suggestion struct {
	Account Account
	Sources []string
}

// SuggestionStore finds people for account: who want to be found, are neither limited, suspended nor moved, and whom account
// neither is, follows, asked to, blocks, mutes nor dismissed.
type SuggestionStore interface {
	// FriendsOfFriends are followed by those whom account follows, by most first.
	FriendsOfFriends(ctx context.Context, account ID, limit int) ([]ID, error)
	// MostFollowed are followed by most people of this instance.
	MostFollowed(ctx context.Context, account ID, limit int) ([]ID, error)
	DismissSuggestion(ctx context.Context, account, target ID) error
}

// Suggestions are at most limit people for account, friends of friends first.
func Suggestions(ctx context.Context, r *Reader, account ID, limit int) ([]Suggestion, error) {
	friends, err := r.Store.FriendsOfFriends(ctx, account, limit)
	if err != nil {
		return nil, err
	}
	popular, err := r.Store.MostFollowed(ctx, account, limit)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(friends)
	for _, id := range popular {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	ids = ids[:min(len(ids), max(limit, 0))]
	people, err := r.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []Suggestion
	for _, id := range ids {
		a, ok := people[id]
		if !ok {
			continue
		}
		s := Suggestion{Account: a}
		if slices.Contains(friends, id) {
			s.Sources = append(s.Sources, SuggestedByFriends)
		}
		if slices.Contains(popular, id) {
			s.Sources = append(s.Sources, SuggestedPopularity)
		}
		out = append(out, s)
	}
	return out, nil
}
