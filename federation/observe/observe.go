// Package observe names the facts that federation announces while an activity crosses an instance.
//
// It is the whole surface between federation and whoever watches, as net/http/httptrace is for HTTP. Federation states
// facts; it does not know of rows, storage or streams. With Nop in place of the recorder every federation test still
// passes: that is what keeps the two apart. A newcomer's usual mistake is to return a decision *to* the observer.
package observe

import (
	"context"
	"strconv"

	"orrery/federation/rules"
)

// ExchangeID names one recorded HTTP exchange or one local action; the only id type of the log. 0 is none.
type ExchangeID int64

// String is the decimal form used in JSON and URLs.
func (id ExchangeID) String() string { return strconv.FormatInt(int64(id), 10) }

// Observer is told facts. It must be quick and must not fail the caller.
type Observer interface {
	Observe(ctx context.Context, f Fact)
}

// Nop watches nothing.
type Nop struct{}

// Observe does nothing.
func (Nop) Observe(context.Context, Fact) {}

// Fact is one of the types below. Kind is the word stored in the log.
type Fact interface{ Kind() string }

// Verified is the outcome of checking a request's signature (draft-cavage-http-signatures-12 §2.5).
type Verified struct {
	Rule   rules.ID `json:"rule"`
	KeyID  string   `json:"key_id,omitempty"`
	Owner  string   `json:"owner,omitempty"` // actor URI of the key's owner
	OK     bool     `json:"ok"`
	Report any      `json:"report,omitempty"` // signature.Report, for the inspector
}

// DocumentVerified is the outcome of checking a document's own signature (RsaSignature2017).
type DocumentVerified struct {
	Rule    rules.ID `json:"rule"`
	Creator string   `json:"creator,omitempty"`
	Author  string   `json:"author,omitempty"`
	OK      bool     `json:"ok"`
	Detail  string   `json:"detail,omitempty"`
}

// Decided says what was done with an activity, and by which rule.
type Decided struct {
	Rule    rules.ID          `json:"rule"`
	Outcome Outcome           `json:"outcome"`
	Object  string            `json:"object,omitempty"`
	Inputs  map[string]string `json:"inputs,omitempty"` // what the rule looked at
}

// Outcome is the word for what became of an exchange.
type Outcome string

// Outcomes, as in the log's JSON.
const (
	Pending  Outcome = "pending"
	Accepted Outcome = "accepted"
	Dropped  Outcome = "dropped"
	Rejected Outcome = "rejected"
	Failed   Outcome = "failed"
)

// Learned says that this instance now knows an object it did not know before, and how it came to.
type Learned struct {
	Rule       rules.ID `json:"rule"` // learn.*
	Object     string   `json:"object"`
	ObjectType string   `json:"object_type,omitempty"`
	InReplyTo  string   `json:"in_reply_to,omitempty"`
	Author     string   `json:"author,omitempty"`
	Excerpt    string   `json:"excerpt,omitempty"`    // public and unlisted posts only
	Visibility string   `json:"visibility,omitempty"` // of posts
	Version    string   `json:"version,omitempty"`    // of posts that were edited before; see Edited
}

// Queued says that work follows: a delivery, a forward, a look-up.
type Queued struct {
	Rule     rules.ID `json:"rule"`
	What     string   `json:"what"` // "deliver", "forward", "fetch"
	Target   string   `json:"target"`
	Activity string   `json:"activity,omitempty"`
	For      []string `json:"for,omitempty"` // handles that make this inbox a recipient, at most five
}

// Skipped says that work which a reader might expect does not follow, and why.
type Skipped struct {
	Rule   rules.ID `json:"rule"`
	What   string   `json:"what"`
	Target string   `json:"target,omitempty"`
}

// Retried says what comes after a delivery that did not succeed.
type Retried struct {
	Rule    rules.ID `json:"rule"` // deliver.retry, deliver.refused, deliver.gave-up
	Attempt int      `json:"attempt"`
	NextAt  string   `json:"next_at,omitempty"` // RFC 3339
}

// Availability says that another server counts as gone from now on, or no longer does.
type Availability struct {
	Rule  rules.ID `json:"rule"` // deliver.unavailable, deliver.available-again
	Host  string   `json:"host"`
	Days  int      `json:"days"` // on how many it took nothing
	Again bool     `json:"again,omitempty"`
}

// Mended says that two servers did not agree on a follow, and what was done about it.
type Mended struct {
	Rule   rules.ID `json:"rule"` // accept.follow-listed, deliver.follow-disowned, drop.follow-unlisted
	For    []string `json:"for"`  // the follower
	Target string   `json:"target"`
}

// Faulted says that something was made to go wrong, or right again: by a scenario, not by the software.
type Faulted struct {
	Rule   rules.ID `json:"rule"`             // fault.*
	Peer   string   `json:"peer,omitempty"`   // host at the other end, of a link
	Person string   `json:"person,omitempty"` // whose key it is
	By     string   `json:"by,omitempty"`     // a duration
	What   string   `json:"what,omitempty"`   // the activity that will be dropped or lost
}

// Followed says that a follow began or ended. These facts are never pruned: Why needs the graph at any time.
type Followed struct {
	Follower string `json:"follower"`
	Target   string `json:"target"`
	Ended    bool   `json:"ended,omitempty"`
}

// Kinds, as stored.
func (Verified) Kind() string         { return "verified" }
func (DocumentVerified) Kind() string { return "document-verified" }
func (Decided) Kind() string          { return "decided" }
func (Learned) Kind() string          { return "learned" }
func (Queued) Kind() string           { return "queued" }
func (Skipped) Kind() string          { return "skipped" }
func (Retried) Kind() string          { return "retried" }
func (Availability) Kind() string     { return "availability" }
func (Mended) Kind() string           { return "mended" }
func (Faulted) Kind() string          { return "fault" }
func (f Followed) Kind() string {
	if f.Ended {
		return "follow.ended"
	}
	return "follow.established"
}

// RuleOf returns the rule that a fact names, "" when it names none.
func RuleOf(f Fact) rules.ID {
	switch f := f.(type) {
	case Verified:
		return f.Rule
	case DocumentVerified:
		return f.Rule
	case Decided:
		return f.Rule
	case Learned:
		return f.Rule
	case Suspended:
		return f.Rule
	case Queued:
		return f.Rule
	case Skipped:
		return f.Rule
	case Retried:
		return f.Rule
	case Mended:
		return f.Rule
	case Availability:
		return f.Rule
	case Faulted:
		return f.Rule
	case Reacted:
		return f.Rule
	case Counted:
		return f.Rule
	case Removed:
		return f.Rule
	}
	return ""
}
