// Package work is the durable work that federation leaves for later: the kinds of jobs, what each carries, and how one is
// enqueued with its cause.
//
// Inbox, outbox and pull do not know each other; they meet here. A newcomer's usual mistake is to do at once what should
// be a job: everything asynchronous is a job, so that a crash loses nothing and a stepped lab can take turns.
package work

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/internal/jobs"
)

// Kinds of jobs.
const (
	Apply   = "inbox.apply"    // Received
	Plan    = "outbox.plan"    // social.Event, enqueued by storage with the event
	Forward = "outbox.forward" // Forwarding
	Deliver = "outbox.deliver" // Delivery
	Trickle = "outbox.trickle" // Delivery of low priority: after everything else, and given up sooner
	Chore   = "social.chore"   // social.Chore, enqueued by storage
	Parent  = "pull.parent"    // Missing
	Replies = "pull.replies"   // Listed
	Reply   = "pull.reply"     // One
	Refresh = "pull.actor"     // One: read an actor again
	Quiet   = "pull.quiet"     // One: read an actor again who is stale
	Mention = "pull.mention"   // Mentioned
	// Make and Expire are Upload: make what was uploaded, delete it if no post has it.
	Make   = "media.make"
	Expire = "media.expire"
	// Publish is Upload too: publish the post of this id that was scheduled.
	Publish = "social.publish"
	// Import is Upload as well: do the next rows of the import of this id.
	Import = "social.import"
	// Refollow is One: people here follow an actor anew whose keys are all new.
	Refollow     = "inbox.refollow"
	Crawl        = "pull.crawl"         // Crawling
	Crawled      = "pull.crawled"       // Found
	QuoteCheck   = "pull.quote"         // Quoting: find what a post quotes, and prove that its author agrees
	Link         = "pull.link"          // Linking: read the page behind the link of a post
	Featured     = "pull.featured"      // One: what an actor pinned
	FeaturedTags = "pull.featured-tags" // One: the hashtags on the profile of an actor
	// HandOn is HandingOn, History is One: the list of what happened in a conversation.
	HandOn  = "outbox.hand-on"
	History = "pull.history"
	// External is a round of the program beside the server that asks for threads, ExternalThread one thread, as One at the
	// address of its answer, ExternalPost one post of it, as One.
	External       = "pull.external"
	ExternalThread = "pull.external-thread"
	ExternalPost   = "pull.external-post"
	// PushNotification is social.Push, enqueued by storage with the notification.
	PushNotification = "push.notification"
)

// Queues.
const (
	Push    = "push"
	Pull    = "pull"
	Ingress = "ingress"
	Media   = "media"
)

// Received is an activity that was let in and waits to be applied.
type Received struct {
	Exchange  observe.ExchangeID `json:"exchange"`
	Body      string             `json:"body"` // SHA-256
	Signer    int64              `json:"signer"`
	SignerURI string             `json:"signer_uri"`
	Actor     string             `json:"actor"`              // as claimed, for the log
	Personal  int64              `json:"personal,omitempty"` // owner of the personal inbox it came to
}

// Delivery is one activity on its way to one inbox.
type Delivery struct {
	Body     string   `json:"body"` // SHA-256
	Inbox    string   `json:"inbox"`
	Signer   int64    `json:"signer"` // account whose key signs the request
	Rule     rules.ID `json:"rule"`
	Activity string   `json:"activity"` // id
	// Always tries a server that counts as gone too.
	Always bool `json:"always,omitempty"`
	// Followers is the Collection-Synchronization header as it was when this was planned. If it is outdated when a retry
	// takes it along, the recipient reads the present list and finds nothing to end.
	Followers string `json:"followers,omitempty"`
}

// Forwarding is a received activity to be passed on to the followers of people here.
type Forwarding struct {
	Body     string   `json:"body"`     // SHA-256 of the document as it will be sent
	Carriers []int64  `json:"carriers"` // local accounts whose followers get it; the first signs
	Except   string   `json:"except"`   // inbox of its author, who has it
	Rule     rules.ID `json:"rule"`
	Activity string   `json:"activity"`
	Object   string   `json:"object"` // the post concerned
	Low      bool     `json:"low,omitempty"`
}

// HandingOn is something that happened in a conversation whose owner lives here, to be handed on.
type HandingOn struct {
	Thread   int64  `json:"thread"`
	Body     string `json:"body"` // SHA-256 of the activity
	Activity string `json:"activity"`
	Type     string `json:"type"`
	Object   string `json:"object"`         // the post concerned
	Page     string `json:"page,omitempty"` // the post itself, when the activity brings one that began a conversation
}

// Missing is a post that something known answers.
type Missing struct {
	URI   string `json:"uri"`
	Depth int    `json:"depth,omitempty"` // steps away from the post that came here
}

// Listed is what a post says of its replies: addresses, or where the list is.
type Listed struct {
	Status     string   `json:"status"` // URI of the post
	URIs       []string `json:"uris,omitempty"`
	Collection string   `json:"collection,omitempty"`
	Depth      int      `json:"depth,omitempty"` // as in Missing
}

// Mentioned is an account that a post names and that could not be reached.
type Mentioned struct {
	Status  string `json:"status"`  // URI of the post
	Account string `json:"account"` // URI
}

// Upload is an attachment that was uploaded here.
type Upload struct {
	ID int64 `json:"id"`
}

// Linking is a post with a link.
type Linking struct {
	Status int64  `json:"status"`
	URL    string `json:"url"`
}

// One is one thing to fetch.
type One struct {
	URI   string `json:"uri"`
	Depth int    `json:"depth,omitempty"` // as in Missing; 0 where it does not matter
}

// Crawling is the next request of a crawl: a page of the replies to a post, or the post itself. Without a post it is the
// end.
type Crawling struct {
	Crawl  int64    `json:"crawl"`
	Status string   `json:"status,omitempty"` // URI of the post whose replies are read
	Page   string   `json:"page,omitempty"`
	Items  []string `json:"items,omitempty"` // what the pages before listed
	Root   bool     `json:"root,omitempty"`  // the post is the one that was opened
	Walk   bool     `json:"walk,omitempty"`  // nobody opened it: it has just become known
}

// Found is a reply that a crawl found.
type Found struct {
	Crawl int64  `json:"crawl"`
	URI   string `json:"uri"`
	Walk  bool   `json:"walk,omitempty"` // as in Crawling
}

// Tx is the transaction in which work is left.
type Tx interface {
	InsertJob(ctx context.Context, j jobs.Job) error
}

// Enqueue leaves a job in tx, to be done from at on, caused by what ctx is about. target is a URI of the host concerned.
func Enqueue(ctx context.Context, tx Tx, kind, queue, target string, at time.Time, payload any) error {
	j, err := Job(ctx, kind, queue, target, at, payload)
	if err == nil {
		err = tx.InsertJob(ctx, j)
	}
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	return nil
}

// Job is what Enqueue leaves, for who leaves many at once.
func Job(ctx context.Context, kind, queue, target string, at time.Time, payload any) (jobs.Job, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return jobs.Job{}, fmt.Errorf("write what job %s carries: %w", kind, err)
	}
	cause := observe.CauseOf(ctx)
	host := ""
	if u, err := url.Parse(target); err == nil {
		host = u.Host
	}
	return jobs.Job{
		Kind: kind, Queue: queue, Host: host, Payload: body, RunAt: at, Cause: int64(cause.Exchange), Root: int64(cause.Root),
	}, nil
}

// Read decodes the payload of j; a payload that cannot be read never can be, so the error is permanent.
func Read[T any](j jobs.Job) (T, error) {
	var v T
	if err := json.Unmarshal(j.Payload, &v); err != nil {
		return v, jobs.Permanent(fmt.Errorf("read payload of job %s %d: %w", j.Kind, j.ID, err))
	}
	return v, nil
}

// Cause is what led to j.
func Cause(j jobs.Job) observe.Cause {
	return observe.Cause{Exchange: observe.ExchangeID(j.Cause), Root: observe.ExchangeID(j.Root)}
}
