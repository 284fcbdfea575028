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
	// Counter asks what the servers display. What is likes, boosts, replies or votes of a post, or with Option, the votes
	// for one answer; followers or following of a person.
	Counter struct {
		Node
		What   string        `json:"what"`
		Option *Text         `json:"option,omitempty"`
		Post   PostRef       `json:"post,omitzero"`
		Person *PersonRef    `json:"person,omitempty"` // instead of Post
		Counts []ServerCount `json:"counts"`
	}
	// InTimeline asks whether posts are among the newest of a timeline: home of a person; local, public or a tag, as a
	// person or anybody at a server sees it.
	InTimeline struct {
		Node
		Posts    []PostRef `json:"posts"`
		Not      bool      `json:"not,omitempty"`
		Timeline string    `json:"timeline"` // home, local, public or tag
		Tag      *Ref      `json:"tag,omitempty"`
		Of       AnyRef    `json:"of"`
	}
	// State asks whether posts are edited, deleted or pinned, as servers see it.
	State struct {
		Node
		Posts   []PostRef   `json:"posts"`
		Not     bool        `json:"not,omitempty"`
		Is      string      `json:"is"`
		Servers []ServerRef `json:"servers"`
	}
	// Shows asks whether servers show a text in a post: what it says, or its warning.
	Shows struct {
		Node
		Post    PostRef     `json:"post"`
		Not     bool        `json:"not,omitempty"`
		Text    Text        `json:"text"`
		Servers []ServerRef `json:"servers"`
	}
	// Relation asks how one person stands to another, as the server of the first sees it.
	Relation struct {
		Node
		Who  PersonRef `json:"who"`
		Not  bool      `json:"not,omitempty"`
		Is   string    `json:"is"` // following, followed, waiting, asked, blocking or muting
		Whom PersonRef `json:"whom"`
	}
	// Account asks how servers see a person: known, silenced or suspended.
	Account struct {
		Node
		Who     PersonRef   `json:"who"`
		Not     bool        `json:"not,omitempty"`
		Is      string      `json:"is"`
		Servers []ServerRef `json:"servers"`
	}
	// Moved asks whether servers show that a person uses another account now.
	Moved struct {
		Node
		Who     PersonRef   `json:"who"`
		Not     bool        `json:"not,omitempty"`
		To      PersonRef   `json:"to"`
		Servers []ServerRef `json:"servers"`
	}
	// Notified asks whether a person has been told of something.
	Notified struct {
		Node
		Who   PersonRef  `json:"who"`
		Not   bool       `json:"not,omitempty"`
		Of    string     `json:"of"` // one of Notifications
		By    *PersonRef `json:"by,omitempty"`
		About *PostRef   `json:"about,omitempty"`
	}
	// Answered asks with which status an attachment that was sent was answered, the last time.
	Answered struct {
		Node
		Attachment Ref `json:"attachment"`
		Status     int `json:"status"`
	}
	// Decision asks whether a server decided something by a rule.
	Decision struct {
		Node
		No    bool      `json:"no,omitempty"`
		Rule  RuleRef   `json:"rule"`
		On    ServerRef `json:"on"`
		About *AnyRef   `json:"about,omitempty"`
	}
	// Delivery asks for a successful POST to an inbox, or with Forward, for one that was passed on by a server that is not
	// the author's, or with Failed, for one that was tried and not taken. SignedBy owns the key of the HTTP signature,
	// WrittenBy the document.
	Delivery struct {
		Node
		Failed      bool       `json:"failed,omitempty"` // never with Forward
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

// Activity is KIND(NAME). Of is a post, or of Follow, Accept, Reject, Block and Flag, and of what undoes them, the person whom
// they are about; of Move, Update and Delete, the person who changes.
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

// Notifications are the words for what people are told of.
var Notifications = []string{"mention", "boost", "like", "follow", "follow-request", "poll", "edit", "quote", "post"}

func (*InTimeline) countable() bool  { return false }
func (*State) countable() bool       { return false }
func (*Shows) countable() bool       { return false }
func (*Relation) countable() bool    { return false }
func (*Account) countable() bool     { return false }
func (*Moved) countable() bool       { return false }
func (*Notified) countable() bool    { return false }
func (*Answered) countable() bool    { return false }
func (*Decision) countable() bool    { return true }
func (*OnServers) countable() bool   { return false }
func (*Counter) countable() bool     { return false }
func (*Delivery) countable() bool    { return false }
func (*NoDelivery) countable() bool  { return true }
func (*Fetches) countable() bool     { return true }
func (*Deliveries) countable() bool  { return true }
func (*NothingSent) countable() bool { return true }

// kindsOfActivity are the activities that a check or a fault may name.
var kindsOfActivity = []string{"Create", "Announce", "Like", "Follow", "Accept", "Reject", "Undo", "Delete", "Update", "Block", "Move", "Flag", "Add", "Remove", "QuoteRequest"}

// activityKinds maps each activity a check may name to the nouns its argument may be.
func activityKinds(name string) (nouns []string, ok bool) {
	switch name {
	case "Create", "Announce", "Like", "Add", "Remove", "QuoteRequest":
		return []string{post}, true
	case "Follow", "Accept", "Reject", "Block", "Move", "Flag":
		return []string{person}, true
	case "Delete", "Update":
		return []string{post, person}, true
	case "Undo":
		return []string{post, person}, true
	}
	return nil, false
}
