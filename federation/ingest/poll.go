package ingest

import (
	"context"
	"errors"
	"strings"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/vocab"
	"orrery/social"
)

// vote takes an answer to a poll of this server that names one of its choices: it is counted, or not, and never kept as a
// post (federation.md §3.2). What names something else and says nothing is no post either (§14.3/77). ballot reports that out
// is what became of it.
func (g *Ingest) vote(ctx context.Context, tx Tx, n vocab.Note, voter social.Account, parent *social.Status) (ballot bool, out Outcome, err error) {
	if parent == nil || !parent.Local || n.Name == "" || n.Converted {
		return false, Outcome{}, nil
	}
	polls, err := tx.Polls(ctx, []social.ID{parent.ID})
	poll, ok := polls[parent.ID]
	if err != nil || !ok {
		return false, Outcome{}, err
	}
	for choice, o := range poll.Options {
		if o.Title == n.Name {
			out, err := g.ballot(ctx, tx, n, voter, *parent, poll, choice)
			return true, out, err
		}
	}
	return strings.TrimSpace(n.Content) == "" && len(n.Attachments) == 0, Drop(rules.DropInvalid, n.ID), nil
}

func (g *Ingest) ballot(ctx context.Context, tx Tx, n vocab.Note, voter social.Account, s social.Status, poll social.Poll, choice int) (Outcome, error) {
	if poll.Over(g.Now()) {
		return Drop(rules.DropPollOver, s.URI), nil
	}
	switch err := g.Polls.Receive(ctx, tx, s, poll, voter.ID, choice, n.ID); {
	case errors.Is(err, social.ErrConflict):
		return Drop(rules.DropVotedBefore, s.URI), nil
	case err != nil:
		return Outcome{}, err
	}
	return Outcome{Outcome: observe.Accepted, Rule: rules.AcceptVote, Object: s.URI}, nil
}

// tallies keeps what is told of the poll of s, if it is still the same question, and reports whether it had one
// (federation.md §4.2 step 4).
func (g *Ingest) tallies(ctx context.Context, tx Tx, s social.Status, told *social.Poll) (bool, error) {
	if s.Local || told == nil {
		return false, nil
	}
	polls, err := tx.Polls(ctx, []social.ID{s.ID})
	known, ok := polls[s.ID]
	if err != nil || !ok || !known.SameQuestion(told) {
		return false, err
	}
	news := *told
	news.StatusID, news.FetchedAt = s.ID, g.Now()
	return true, tx.UpdateTallies(ctx, news)
}
