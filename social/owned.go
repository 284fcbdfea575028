package social

import (
	"context"
	"time"
)

// Thread is a conversation with an owner: an actor who hands on all that happens in it to everybody concerned. Who begins a
// conversation owns it, or the community in which it was begun (federation.md §13.3.1, §13.3.2).
type Thread struct {
	ID      ID
	RootID  ID     // the post that began it
	Owner   string // URI of the actor
	History string // address of the list of what the owner handed on; "" for a community
}

// Listener is an actor elsewhere who read a thread without being one of its owner's connections, and is told of what happens
// in it for a while (federation.md §13.3.3).
type Listener struct {
	Thread    ID
	Actor     string
	Inbox     string
	ExpiresAt time.Time
}

// ThreadStore keeps conversations that have owners. Lookups return ErrNotFound.
type ThreadStore interface {
	// InsertThread adds a thread and its root; nothing happens when the root has one.
	InsertThread(ctx context.Context, t Thread) error
	// JoinThread adds a post to a thread, once.
	JoinThread(ctx context.Context, thread, status ID) error
	ThreadByID(ctx context.Context, id ID) (Thread, error)
	ThreadOf(ctx context.Context, status ID) (Thread, error)
	ThreadByHistory(ctx context.Context, history string) (Thread, error)
	// ThreadPeople are those elsewhere who wrote in a thread, by id.
	ThreadPeople(ctx context.Context, thread ID) ([]Account, error)
	// KeepItem appends what the owner handed on; Items are the newest so many, oldest first.
	KeepItem(ctx context.Context, thread, id ID, document string) error
	Items(ctx context.Context, thread ID, limit int) ([]string, error)
	// NoteReader remembers that an actor's program understands histories of threads; Readers are those of actors whose does.
	NoteReader(ctx context.Context, actor string) error
	Readers(ctx context.Context, actors []string) (map[string]bool, error)
	// Listen notes a listener, or that it listens longer. Listeners are those at now.
	Listen(ctx context.Context, l Listener) error
	Listeners(ctx context.Context, thread ID, now time.Time) ([]Listener, error)
	// Deafen ends all listening at an inbox that is gone.
	Deafen(ctx context.Context, inbox string) error
}

// ThreadItems is how much of its history a thread shows.
const ThreadItems = 200

// History is the address of a new thread's list.
func (u URLs) History(root ID) string { return u.Origin + "/threads/" + root.String() }
