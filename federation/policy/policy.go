// Package policy decides how conversations spread between servers: who gets what, what is kept, what is passed on, what
// is looked up.
//
// A Policy is knobs plus pure hooks. Hooks look at facts and return decisions or steps, each naming its rule; inbox,
// outbox and pull carry them out. So a policy is a table test, and everything it does explains itself. A newcomer's usual
// mistake is to decide in inbox or outbox "because Mastodon does so": it belongs here.
package policy

import "orrery/federation/rules"

// Policy is one program's way of spreading conversations. There is one value per instance; copies are independent.
type Policy struct {
	Name     string // "mastodon-4.1"
	Upstream Program
	Traits
	Knobs

	// Accept keeps or drops a received Create or Announce.
	Accept func(Received) Decision
	// Forward says whether an activity that was kept is passed on to the followers of the thread's author.
	Forward func(Kept) Decision
	// HandOn says whether something that happened in a conversation is handed on by its owner, who lives here; nil where
	// conversations have no owners.
	HandOn func(Happened) Decision
	// Reach lists who is told of a local status, boost or deletion, in the order in which the reason is given.
	Reach func(Post) []Deliver
	// Liked lists who is told that somebody here likes a post, or no longer likes it.
	Liked func(Liking) []Deliver
	// FirstSeen lists what is looked up when a status becomes known.
	FirstSeen func(Seen) []Fetch
	// Opened says whether all replies to a remote status are asked for because its thread was opened; the knob fetch-all
	// can forbid it.
	Opened func(Opening) Decision
}

// Program is whose behaviour a policy is.
type Program struct{ Name, Version string }

// Visibility mirrors social's words; policy knows no other package.
type Visibility string

// Visibilities.
const (
	Public   Visibility = "public"
	Unlisted Visibility = "unlisted"
	Private  Visibility = "private"
	Direct   Visibility = "direct"
)

// Distributable reports whether anybody may see it.
func (v Visibility) Distributable() bool { return v == Public || v == Unlisted }

// Decision is a yes or no with its rule.
type Decision struct {
	Yes  bool
	Rule rules.ID
}

// Received is what is known of an arriving Create or Announce when it must be kept or dropped.
type Received struct {
	Type            string // Create, Announce
	Visibility      Visibility
	Fetched         bool  // this instance asked for it
	AuthorFollowed  bool  // somebody here follows the actor
	CarrierFollowed bool  // somebody here follows who carried it, when that is not the actor
	Relayed         bool  // a relay that this instance subscribes to carried it
	AnswersKnown    bool  // it answers a known post whose author lives here or is followed from here
	HandedOn        bool  // the owner of the conversation carried it
	InThread        bool  // it answers a post of a known conversation with an owner,
	Owner           Whose // who lives there,
	AuthorOwns      bool  // and is the author
	AnswersLocal    bool  // it answers a post of this instance
	Addressed       bool  // to or cc has a person of this instance, or it came to a personal inbox
	LocalObject     bool  // an Announce of a post of this instance
	Answering       Answering
}

// Kept is what is known of an activity that was newly applied.
type Kept struct {
	Type        string // Create, Delete, Update
	Visibility  Visibility
	Signed      bool // it carries a document signature that is safe to pass on
	Unsafe      bool // it carries one that is not
	ParentLocal bool // it answers a post written here
	Shared      bool // a local account boosted it (deletions and changes)
}

// Post is what is known of a local status when its reach is planned.
type Post struct {
	Type          string // Create, Announce, Delete, Undo, Update; Tallies when only a poll of it changed
	Visibility    Visibility
	AnswersRemote bool  // a reply to an account elsewhere
	AnswersLocal  bool  // a reply to another account of this instance
	QuotesRemote  bool  // it quotes a post of an account elsewhere
	Relays        bool  // the instance subscribes to relays
	Owner         Whose // who owns the conversation
	Root          bool  // it began the conversation
	Waits         bool  // whom it answers has not allowed it yet
	// BoostedFollowsBooster is whether the author of the boosted post follows the booster.
	BoostedFollowsBooster bool
}

// Whom names a set of accounts.
type Whom string

// Sets of accounts, seen from a local status.
const (
	Followers       Whom = "followers"
	Mentioned       Whom = "mentioned"
	ParentAuthor    Whom = "parent-author"
	ParentFollowers Whom = "parent-followers"
	Interacted      Whom = "interacted"
	BoostedAuthor   Whom = "boosted-author"
	Boosters        Whom = "boosters"
	Voters          Whom = "voters" // in its poll
	QuotedAuthor    Whom = "quoted-author"
)

// Deliver is one step: send to those accounts, for that reason.
type Deliver struct {
	Whom     Whom
	Personal bool // to the personal inbox instead of the preferred one
	Rule     rules.ID
}

// Seen is what is known of a status that has just become known.
type Seen struct {
	Visibility    Visibility
	UnknownParent bool // it answers something not known here
	ListsReplies  bool // its document tells of replies to it
	History       bool // its document tells where the history of its conversation is
	Fetched       bool // this instance asked for it
	Walked        bool // it was found by looking around another post
}

// Fetch is one step: look something up, for that reason.
type Fetch struct {
	What     string // "parent", "replies", "thread", "history"
	Max      int    // of replies
	SameHost bool   // only replies on the post's own host
	Rule     rules.ID
}
