package lab

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"orrery/social"
)

// Quiet is something that a person did and that no server is told of, so that it stands in no log. Only what holds still is
// known.
type Quiet struct {
	At   time.Time
	Who  string // the name of a person of the plan
	Kind string // "mutes" a person, or "follows" a hashtag
	What string // the URI of the person, the hashtag
}

// mostQuiet is how many of a kind are read for each person.
const mostQuiet = 80

// Quietly lists what people did quietly, oldest first.
func (l *Lab) Quietly(ctx context.Context) ([]Quiet, error) {
	var all []Quiet
	for _, p := range l.Plan.People {
		a, h, err := l.Account(ctx, p.Name)
		if err != nil {
			return nil, fmt.Errorf("look up %s: %w", p.Name, err)
		}
		store, page := h.Instance.Services.Store, social.Page{Limit: mostQuiet}
		mutes, err := store.Mutes(ctx, a.ID, page)
		if err != nil {
			return nil, fmt.Errorf("whom %s mutes: %w", p.Name, err)
		}
		for _, m := range mutes {
			whom, err := store.AccountByID(ctx, m.TargetID)
			if errors.Is(err, social.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("whom %s mutes: %w", p.Name, err)
			}
			all = append(all, Quiet{m.CreatedAt, p.Name, "mutes", whom.URI})
		}
		tags, err := store.FollowedTags(ctx, a.ID, page)
		if err != nil {
			return nil, fmt.Errorf("which hashtags %s follows: %w", p.Name, err)
		}
		for _, t := range tags {
			all = append(all, Quiet{t.CreatedAt, p.Name, "follows", t.Tag})
		}
	}
	slices.SortStableFunc(all, func(a, b Quiet) int { return a.At.Compare(b.At) })
	return all, nil
}

// Votes are the answers that a person chose in the poll of a post, as their own server keeps them; nil when none.
func (l *Lab) Votes(ctx context.Context, name, uri string) ([]string, error) {
	a, h, err := l.Account(ctx, name)
	if err != nil {
		return nil, err
	}
	store := h.Instance.Services.Store
	s, err := store.StatusByURI(ctx, uri)
	if errors.Is(err, social.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read post %s: %w", uri, err)
	}
	polls, err := store.Polls(ctx, []social.ID{s.ID})
	if err != nil {
		return nil, fmt.Errorf("read poll of %s: %w", uri, err)
	}
	votes, err := store.OwnVotes(ctx, a.ID, []social.ID{s.ID})
	if err != nil {
		return nil, fmt.Errorf("what %s chose in %s: %w", name, uri, err)
	}
	var chosen []string
	p := polls[s.ID]
	titles := p.Titles()
	for _, i := range votes[s.ID] {
		if i < len(titles) {
			chosen = append(chosen, titles[i])
		}
	}
	return chosen, nil
}
