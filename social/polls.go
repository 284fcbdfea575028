package social

import (
	"context"
	"errors"
	"time"
)

// Timing of polls (federation.md §3.2, §9.7, §16.3).
const (
	PollRest  = 3 * time.Minute // from the first new vote until others are told of the tallies
	PollStale = time.Minute     // after which the poll of another server is read again when somebody looks
	pollGrace = 5 * time.Minute // after its end, for the last tallies of another server's poll to arrive
)

// Polls are the rules for voting and for the end of polls. Safe for concurrent use.
type Polls struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	// Refetch reads the poll of another server again, signed as viewer, and keeps what it says; nil when there is no network.
	Refetch func(ctx context.Context, viewer ID, s Status) error
}

// Show is the status as viewer sees it, with its poll read again where it lives if it was last read more than a minute ago
// and may have changed since (federation.md §9.7). ErrNotFound when there is no poll that viewer may see.
func (p *Polls) Show(ctx context.Context, viewer, id ID) (StatusView, error) {
	reader := &Reader{Store: p.Store}
	v, err := reader.Status(ctx, viewer, id)
	if err != nil {
		return v, err
	}
	if v.Poll == nil {
		return v, ErrNotFound
	}
	if viewer == 0 || v.Status.Local || p.Refetch == nil || !p.stale(v.Poll) {
		return v, nil
	}
	if err := p.Refetch(ctx, viewer, v.Status); err != nil {
		return v, nil // what is known is shown, and the log has why it is not newer
	}
	return reader.Status(ctx, viewer, id)
}

func (p *Polls) stale(poll *Poll) bool {
	final := !poll.ExpiresAt.IsZero() && !poll.FetchedAt.Before(poll.ExpiresAt)
	return !final && p.Now().Sub(poll.FetchedAt) > PollStale
}

// Vote chooses for voter. Errors: ErrNotFound (out of sight, or no poll), ErrInvalid (own poll, over, no such choice, several
// choices where one is asked for, voted before).
func (p *Polls) Vote(ctx context.Context, voter, id ID, choices []int) error {
	v, err := (&Reader{Store: p.Store}).Status(ctx, voter, id)
	if err != nil {
		return err
	}
	if v.Poll == nil {
		return ErrNotFound
	}
	if err := p.allowed(v, voter, choices); err != nil {
		return err
	}
	votes := make([]PollVote, len(choices))
	for i, c := range choices {
		votes[i] = PollVote{ID: p.NewID(), StatusID: id, AccountID: voter, Choice: c, CreatedAt: p.Now()}
	}
	err = p.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		first, err := tx.InsertVotes(ctx, votes)
		if err != nil {
			return err
		}
		if v.Status.Local {
			return p.changed(ctx, tx, v.Status, *v.Poll)
		}
		for _, vote := range votes {
			if err := tx.AppendEvent(ctx, Event{Kind: PollVoted, Actor: voter, Subject: id, Object: vote.ID, At: p.Now()}); err != nil {
				return err
			}
		}
		if !first || v.Poll.ExpiresAt.IsZero() {
			return nil
		}
		return appendEnd(ctx, tx, v.Status, *v.Poll, p.Now())
	})
	if errors.Is(err, ErrConflict) {
		return votingProblem("You have voted in this poll already: a vote cannot be changed.")
	}
	return err
}

func (p *Polls) allowed(v StatusView, voter ID, choices []int) error {
	switch {
	case v.Author.ID == voter:
		return votingProblem("This poll is your own: let others vote.")
	case v.Poll.Over(p.Now()):
		return votingProblem("This poll is over: look at its result.")
	case len(choices) == 0:
		return votingProblem("Nothing is chosen: choose an answer first.")
	case len(choices) > 1 && !v.Poll.Multiple:
		return votingProblem("Only one answer can be chosen here: choose the one you like best.")
	}
	for i, c := range choices {
		if c < 0 || c >= len(v.Poll.Options) {
			return votingProblem("There is no such answer: choose one of those listed.")
		}
		for _, other := range choices[:i] {
			if other == c {
				return votingProblem("One answer is chosen twice: choose each once.")
			}
		}
	}
	return nil
}

func votingProblem(message string) error {
	return &Error{Kind: ErrInvalid, Field: "choices", Message: message}
}

// Receive counts the vote of a remote account in a poll of this server. ErrConflict when it counts no more: voted before.
func (p *Polls) Receive(ctx context.Context, tx Tx, s Status, poll Poll, voter ID, choice int, uri string) error {
	vote := PollVote{ID: p.NewID(), StatusID: s.ID, AccountID: voter, Choice: choice, URI: uri, CreatedAt: p.Now()}
	if _, err := tx.InsertVotes(ctx, []PollVote{vote}); err != nil {
		return err
	}
	return p.changed(ctx, tx, s, poll)
}

// changed lets others know of new tallies in three minutes, unless that is under way or the tallies are secret.
func (p *Polls) changed(ctx context.Context, tx Tx, s Status, poll Poll) error {
	if poll.HideTotals {
		return nil
	}
	now := p.Now()
	if mine, err := tx.ClaimTelling(ctx, s.ID, now.Add(-PollRest), now); err != nil || !mine {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: PollChanged, Actor: s.AccountID, Subject: s.ID, At: now, Rest: PollRest})
}

// appendEnd leaves the end of a poll for its time.
func appendEnd(ctx context.Context, tx Tx, s Status, poll Poll, now time.Time) error {
	e := Event{Kind: PollEnded, Actor: s.AccountID, Subject: s.ID, Object: ID(poll.ExpiresAt.UnixMilli()), At: now, Rest: poll.ExpiresAt.Sub(now)}
	if !s.Local {
		e.Rest += pollGrace
	}
	return tx.AppendEvent(ctx, e)
}

// EndOf reports whether e is the end that the poll has now.
// A nil poll is gone.
func EndOf(e Event, poll *Poll) bool {
	return poll != nil && !poll.ExpiresAt.IsZero() && ID(poll.ExpiresAt.UnixMilli()) == e.Object
}

// TellEnd notifies the author, when that is somebody here, and everybody here who voted. Doing it again changes nothing.
func (p *Polls) TellEnd(ctx context.Context, tx Tx, s Status) error {
	voters, err := tx.Voters(ctx, s.ID)
	if err != nil {
		return err
	}
	told := []ID{}
	if s.Local {
		told = append(told, s.AccountID)
	}
	for _, a := range voters {
		if a.Local() {
			told = append(told, a.ID)
		}
	}
	for _, id := range told {
		n := Notification{ID: p.NewID(), AccountID: id, FromID: s.AccountID, Type: NotifyPoll, StatusID: s.ID, CreatedAt: p.Now()}
		if err := tx.InsertNotification(ctx, n); err != nil {
			return err
		}
	}
	return nil
}
