package play

import "fmt"

// Assertion is a check: an `expect` (its failure fails the run) or an `observe` (it only records the outcome).
type Assertion struct {
	Row
	Observe   bool      `json:"observe,omitempty"`
	Condition Condition `json:"condition"`
	Overall   bool      `json:"overall,omitempty"` // counts and absences look at the whole run, not at the step
	Because   *RuleRef  `json:"because,omitempty"` // the rule that must have decided it
}

// Condition is what a check asks. String returns it in canonical form.
type Condition interface {
	fmt.Stringer
	Position() (line, column int)
	// countable reports whether `overall` means anything here.
	countable() bool
}

// The conditions.
type (
	// OnServers asks whether every post is on every server, or with Not, on none of them.
	OnServers struct {
		Node
		Posts   []PostRef   `json:"posts"`
		Not     bool        `json:"not,omitempty"`
		Servers []ServerRef `json:"servers"`
	}
	// Counter asks what the servers display. What is "likes" or "boosts".
	Counter struct {
		Node
		What   string        `json:"what"`
		Post   PostRef       `json:"post"`
		Counts []ServerCount `json:"counts"`
	}
	// Delivery asks for a successful POST to an inbox, or with Forward, for one that was passed on by a server that is not
	// the author's. SignedBy owns the key of the HTTP signature, WrittenBy the document.
	Delivery struct {
		Node
		Forward     bool       `json:"forward,omitempty"`
		Activity    Activity   `json:"activity"`
		From        ServerRef  `json:"from"`
		To          ServerRef  `json:"to"`
		SharedInbox bool       `json:"shared_inbox,omitempty"` // never with Forward
		SignedBy    *PersonRef `json:"signed_by,omitempty"`
		WrittenBy   *PersonRef `json:"written_by,omitempty"`
	}
	// NoDelivery asks that there was none, to To or to anybody.
	NoDelivery struct {
		Node
		Forward  bool       `json:"forward,omitempty"`
		Activity Activity   `json:"activity"`
		To       *ServerRef `json:"to,omitempty"`
	}
	// Fetches asks for at least N GETs of a post or of its replies collection; with Exactly, for N and no more.
	Fetches struct {
		Node
		Exactly bool      `json:"exactly,omitempty"`
		N       int       `json:"n"`
		From    ServerRef `json:"from"`
		To      ServerRef `json:"to"`
		Replies bool      `json:"replies,omitempty"`
		Post    PostRef   `json:"post"`
	}
	// Deliveries asks for exactly N deliveries of anything between any two servers.
	Deliveries struct {
		Node
		N int `json:"n"`
	}
	// NothingSent asks that a server made no delivery.
	NothingSent struct {
		Node
		By ServerRef `json:"by"`
	}
)

// Activity is KIND(NAME). Of is a post, except for Follow, Accept and Reject, and for the Undo of a follow: there it is the
// person who was followed.
type Activity struct {
	Node
	Type string `json:"type"`
	Of   AnyRef `json:"of"`
}

// ServerCount is one `S n` of a Counter.
type ServerCount struct {
	Server ServerRef `json:"server"`
	N      int       `json:"n"`
}

func (*OnServers) countable() bool   { return false }
func (*Counter) countable() bool     { return false }
func (*Delivery) countable() bool    { return false }
func (*NoDelivery) countable() bool  { return true }
func (*Fetches) countable() bool     { return true }
func (*Deliveries) countable() bool  { return true }
func (*NothingSent) countable() bool { return true }

// activityKinds maps each activity a check may name to the nouns its argument may be.
func activityKinds(name string) (nouns []string, ok bool) {
	switch name {
	case "Create", "Announce", "Like", "Delete", "Update":
		return []string{post}, true
	case "Follow", "Accept", "Reject":
		return []string{person}, true
	case "Undo":
		return []string{post, person}, true
	}
	return nil, false
}
