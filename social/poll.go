package social

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"orrery/social/richtext"
)

// Limits of polls made here (federation.md §12.3). Those of others may have MaxRemoteOptions.
const (
	MinPollOptions   = 2
	MaxPollOptions   = 4
	MaxOptionLength  = 50 // as a person counts characters
	MinPollTime      = 5 * time.Minute
	MaxPollTime      = 2629746 * time.Second // a month
	MaxRemoteOptions = 500
)

// Poll is a question with answers to choose from. It belongs to one status and has its id.
type Poll struct {
	StatusID   ID
	Options    []PollOption
	Multiple   bool      // more than one answer may be chosen
	HideTotals bool      // nobody sees the tallies before it is over
	ExpiresAt  time.Time // zero when it never ends, which only polls of others do
	Voters     int64     // -1 when not known
	// FetchedAt is when the poll of another server was last read there; zero when it only came with its post.
	FetchedAt time.Time
	// Own are the viewer's choices, by position; filled by Reader only.
	Own []int
}

// PollOption is one answer.
type PollOption struct {
	Title string
	Votes int64
}

// Over reports whether nobody may vote any more.
func (p *Poll) Over(now time.Time) bool { return !p.ExpiresAt.IsZero() && !now.Before(p.ExpiresAt) }

// Secret reports whether the tallies are hidden for now.
func (p *Poll) Secret(now time.Time) bool { return p.HideTotals && !p.Over(now) }

// Votes is how many votes there are; with several choices that is more than voters.
func (p *Poll) Votes() int64 {
	var n int64
	for _, o := range p.Options {
		n += o.Votes
	}
	return n
}

// Titles are the answers in order.
func (p *Poll) Titles() []string {
	out := make([]string, len(p.Options))
	for i, o := range p.Options {
		out[i] = o.Title
	}
	return out
}

// SameQuestion reports whether votes for one are votes for the other. Either may be nil.
func (p *Poll) SameQuestion(other *Poll) bool {
	if p == nil || other == nil {
		return p == other
	}
	return p.Multiple == other.Multiple && slices.Equal(p.Titles(), other.Titles())
}

// PollVote is one choice of one account.
type PollVote struct {
	ID, StatusID, AccountID ID
	Choice                  int
	URI                     string // "" for votes made here
	CreatedAt               time.Time
}

// PollStore keeps polls. InsertStatus writes a status' Poll with it; the rest is here.
type PollStore interface {
	// Polls are those of the statuses that have one.
	Polls(ctx context.Context, ids []ID) (map[ID]Poll, error)
	// ReplacePoll sets the poll of a status and forgets every vote when the question is another; nil removes it.
	ReplacePoll(ctx context.Context, id ID, p *Poll) error
	// UpdateTallies sets what the poll's own server counts, when it ends, and FetchedAt.
	UpdateTallies(ctx context.Context, p Poll) error
	// InsertVotes counts the votes of one account; first says that it had none before. ErrConflict when one of them, or in a
	// poll of one choice any, is known; then the caller gives the transaction up.
	InsertVotes(ctx context.Context, votes []PollVote) (first bool, err error)
	// VoteByID returns ErrNotFound when the vote is gone.
	VoteByID(ctx context.Context, id ID) (PollVote, error)
	// OwnVotes are account's choices in the polls of ids, in order.
	OwnVotes(ctx context.Context, account ID, ids []ID) (map[ID][]int, error)
	// Voters are all who voted, by id.
	Voters(ctx context.Context, id ID) ([]Account, error)
	// ClaimTelling notes that others will be told of new tallies, unless that was noted after since.
	ClaimTelling(ctx context.Context, id ID, since, now time.Time) (bool, error)
}

// Events of polls.
const (
	PollVoted   EventKind = "poll.voted"   // Object is the vote; told to the poll's author, elsewhere
	PollChanged EventKind = "poll.changed" // there are new votes; Actor is the poll's author
	PollEnded   EventKind = "poll.ended"   // Object is when, in milliseconds; another end was set meanwhile when it is not the poll's
)

// NotifyPoll tells voters and author that a poll is over.
const NotifyPoll NotificationType = "poll"

// PollDraft is the question of a Draft.
type PollDraft struct {
	Options              []string
	Multiple, HideTotals bool
	ExpiresIn            time.Duration
}

// check also drops empty options and the white space around the others.
func (d *PollDraft) check() error {
	var options []string
	for _, o := range d.Options {
		if o = strings.TrimSpace(o); o != "" {
			options = append(options, o)
		}
	}
	d.Options = options
	refuse := func(format string, args ...any) error {
		return &Error{Kind: ErrInvalid, Field: "poll", Message: fmt.Sprintf(format, args...)}
	}
	if len(options) < MinPollOptions || len(options) > MaxPollOptions {
		return refuse("A poll has %d to %d choices: this one has %d.", MinPollOptions, MaxPollOptions, len(options))
	}
	for i, o := range options {
		if n := richtext.Characters(o); n > MaxOptionLength {
			return refuse("The choice %q is %d characters too long: at most %d are possible.", o, n-MaxOptionLength, MaxOptionLength)
		}
		if slices.Contains(options[:i], o) {
			return refuse("The choice %q is there twice: make each one different.", o)
		}
	}
	if d.ExpiresIn < MinPollTime || d.ExpiresIn > MaxPollTime {
		return refuse("A poll runs from five minutes to one month: choose a time between.")
	}
	return nil
}

// poll is the new poll of status id.
func (d *PollDraft) poll(id ID, now time.Time) *Poll {
	p := &Poll{StatusID: id, Multiple: d.Multiple, HideTotals: d.HideTotals, ExpiresAt: now.Add(d.ExpiresIn).Truncate(time.Millisecond)}
	for _, o := range d.Options {
		p.Options = append(p.Options, PollOption{Title: o})
	}
	return p
}
