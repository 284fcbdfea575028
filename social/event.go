package social

import "time"

// Event is something that happened here and that others may have to be told. It is written in the transaction of the
// change it tells of and carried out later, once, by whoever plans deliveries.
type Event struct {
	Kind    EventKind `json:"kind"`
	Actor   ID        `json:"actor"`            // who did it
	Subject ID        `json:"subject"`          // status or account it was done to
	Object  ID        `json:"object,omitempty"` // row id of the follow or favourite, for ids of activities; revision of the profile
	URI     string    `json:"uri,omitempty"`    // activity URI of the follow concerned
	To      string    `json:"to,omitempty"`     // inbox of the relay concerned
	At      time.Time `json:"at"`
	// Rest is how long after At others are told, so that what changes several times in a row is told once.
	Rest time.Duration `json:"-"`
}

// EventKind says what happened.
type EventKind string

// Kinds of events.
const (
	StatusPublished  EventKind = "status.published"  // Subject is the status; boosts included
	StatusDeleted    EventKind = "status.deleted"    // the row stays, marked, until the announcement is planned
	FavouriteAdded   EventKind = "favourite.added"   // Subject is the status
	FavouriteRemoved EventKind = "favourite.removed" //
	FollowRequested  EventKind = "follow.requested"  // Actor asks, Subject is asked
	FollowAccepted   EventKind = "follow.accepted"   // Actor is the one followed, Subject the follower
	FollowRejected   EventKind = "follow.rejected"   //
	FollowRemoved    EventKind = "follow.removed"    // Actor unfollows Subject
	AccountUpdated   EventKind = "account.updated"   // Actor changed their profile; Object is its revision
)
