package social

import (
	"context"
	"time"
)

// ExternalPost is a post of another server that people here have before them, and whose thread can be asked for.
type ExternalPost struct {
	ID        ID
	URI, URL  string
	CreatedAt time.Time
	CheckedAt time.Time // when its thread was asked for last; zero: never
}

// ExternalStore is what a program beside the server remembers that asks other servers for threads (federation.md §13.3.7).
type ExternalStore interface {
	// ExternalPosts are the public and unlisted posts of other servers that stand in somebody's home, boosted or not, or that
	// somebody here answered, newest first.
	ExternalPosts(ctx context.Context, limit int) ([]ExternalPost, error)
	NoteExternal(ctx context.Context, id ID, at time.Time) error
}

// Due reports whether the thread of p may be asked for at now: the older the post, the more seldom.
func (p ExternalPost) Due(now time.Time) bool {
	age, rest := now.Sub(p.CreatedAt), time.Hour
	switch {
	case age <= time.Hour:
		rest = time.Minute
	case age <= 24*time.Hour:
		rest = 10 * time.Minute
	}
	return p.CheckedAt.IsZero() || now.Sub(p.CheckedAt) >= rest
}
