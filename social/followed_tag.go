package social

import (
	"context"
	"time"
)

// FollowedTag is a hashtag whose public posts come into a person's home, whoever writes them.
type FollowedTag struct {
	ID        ID
	AccountID ID
	Tag       string // normalised
	CreatedAt time.Time
}

// FollowedTagStore keeps them.
type FollowedTagStore interface {
	// FollowTag does nothing when it is so already.
	FollowTag(ctx context.Context, t FollowedTag) error
	// UnfollowTag also takes out of the home what stands there for the tag alone.
	UnfollowTag(ctx context.Context, account ID, tag string) error
	// FollowedTags are paged by id, newest first.
	FollowedTags(ctx context.Context, account ID, p Page) ([]FollowedTag, error)
	// FollowsTags says which of tags account follows.
	FollowsTags(ctx context.Context, account ID, tags []string) (map[string]bool, error)
}
