// Package activitylog records what crosses an instance's federation boundary, as it was on the wire, and reads it back.
//
// Three words: an Exchange is one HTTP request and, later, its Answer (or a local action, which has no wire); facts say
// what was found or decided about it; an Entry is all of that folded for reading. The request is never edited, the answer
// is written once, and what is learned later is a later fact. A newcomer's usual mistake is to record after judging: what
// is refused must be in the log too.
package activitylog

import (
	"context"
	"encoding/json"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// Direction says which way a request went, seen from the instance.
type Direction string

// Directions. Local is something that a person of this instance did and that may cause exchanges.
const (
	In    Direction = "in"
	Out   Direction = "out"
	Local Direction = "local"
)

// Kinds of exchanges, as in the log's JSON. Action is the kind of local actions.
const (
	Delivery  = "delivery"
	Fetch     = "fetch"
	Key       = "key"
	WebFinger = "webfinger"
	NodeInfo  = "nodeinfo"
	Other     = "other"
	Action    = "action"
)

// Badges mark an entry in lists.
const (
	Forwarded = "forwarded"
	Retry     = "retry"
	Duplicate = "duplicate"
	GapFill   = "gap-fill"
)

// Field is one header line.
type Field struct{ Name, Value string }

// Content is a body as kept: bytes by their SHA-256, cut at the size limit when Truncated.
type Content struct {
	SHA256    string // hex, of the bytes kept; "" when there is no body
	Size      int    // on the wire, also when truncated
	Truncated bool
	Bytes     []byte // nil in lists
}

// Exchange is one request. It is immutable once appended.
type Exchange struct {
	ID          observe.ExchangeID
	Instance    string // name of the instance whose log this is
	Peer        string // host[:port] of the other side, "" when unknown
	Direction   Direction
	Kind        string
	Method, URL string
	Header      []Field // in the order of the wire
	Body        Content
	At          time.Time
	Attempt     int
	Cause, Root observe.ExchangeID // 0 when nothing recorded led to it
	Pair        string             // equal on both sides of one request within a lab
	Rule        rules.ID           // why it was made (outgoing)
	Carrier     string             // outgoing: actor whose key signs
	Activity    Summary
}

// Answer is how an exchange ended. Status is 0 when the network failed, and Err says how.
type Answer struct {
	Status int
	Header []Field
	Body   Content
	Err    string
	Took   time.Duration
}

// Summary is read leniently from a body for listing; empty fields mean that the body did not say.
type Summary struct {
	ID         string   `json:"id"`
	Type       string   `json:"type"`
	Actor      string   `json:"actor"`
	Object     string   `json:"object"`
	ObjectType string   `json:"object_type"`
	InReplyTo  string   `json:"in_reply_to"`
	To         []string `json:"to"`
	Cc         []string `json:"cc"`
	Excerpt    string   `json:"-"` // of public and unlisted posts, for sentences
}

// Empty reports whether nothing could be read.
func (s Summary) Empty() bool { return s.ID == "" && s.Type == "" && s.Actor == "" && s.Object == "" }

// Fact is one recorded fact.
type Fact struct {
	Pos         int64
	Exchange    observe.ExchangeID // 0: about the instance
	Cause, Root observe.ExchangeID
	At          time.Time
	Kind        string
	Rule        rules.ID
	Object      string          // URI it is about, "" when none
	Detail      json.RawMessage // the observe fact
}

// State is what facts and answers made of an exchange; it is what lists are filtered by.
type State struct {
	Carrier string // actor whose key carried the request
	Author  string // actor who is held to have written the activity
	Outcome observe.Outcome
	Rule    rules.ID // of the decision
	Badges  []string
}

// Entry is an exchange with its answer and facts, folded for reading.
type Entry struct {
	Pos      int64 // newest position that touched it; the id of stream events
	Exchange Exchange
	Answer   *Answer // nil while waiting
	State    State
	Facts    []Fact // by position
}

// Filter selects entries. Zero fields do not narrow.
type Filter struct {
	Server, Peer, Type, Actor, Object string // Actor matches actor, carrier or author
	Kind, Outcome, Query              string
	Directions                        []Direction
	// OnceFor leaves out incoming requests from these hosts: inside a lab the sender's entry stands for both sides.
	OnceFor []string
	// Wire narrows to what went between two instances of a Log, by name, either way; a Source knows nothing of it.
	Wire          [2]string
	Cause, Root   observe.ExchangeID
	Before, After observe.ExchangeID // exclusive
	Since         int64              // entries touched after this position, oldest change first
	Limit         int                // 1..200, 50 when 0
}

// Appender writes the log inside a transaction; every call takes the next position. An empty field of a State leaves what
// the entry has.
type Appender interface {
	// AppendExchange writes x with the facts about it and the answer to it, as far as they are known; a is nil while it waits.
	AppendExchange(ctx context.Context, x Exchange, facts []Fact, a *Answer, s State) error
	AppendAnswer(ctx context.Context, id observe.ExchangeID, a Answer, s State) error
	// AppendFacts writes facts about id (0: about the instance) and, when id is not 0, updates the entry's state.
	AppendFacts(ctx context.Context, id observe.ExchangeID, facts []Fact, s State) error
}

// Source is the log of one instance. Bodies are loaded by Entry only.
type Source interface {
	Entries(ctx context.Context, f Filter) ([]Entry, error)
	Entry(ctx context.Context, id observe.ExchangeID) (Entry, error) // ErrNoEntry
	EntryByPair(ctx context.Context, pair string, d Direction) (Entry, error)
	// FactsAbout returns the facts about an object URI, by position.
	FactsAbout(ctx context.Context, object string) ([]Fact, error)
	// FactsSince returns facts of the given kinds after a position, by position; all kinds when none is given.
	FactsSince(ctx context.Context, pos int64, kinds []string, limit int) ([]Fact, error)
	LastPosition(ctx context.Context) (int64, error)
}

// Sequencer hands out log positions, shared by every instance of a lab.
type Sequencer interface {
	// Hold waits until nobody else is between a first append and the end of its transaction, so that positions become
	// visible in order. next returns one position after the other; release must be called when the transaction has ended.
	Hold() (next func() int64, release func())
}
