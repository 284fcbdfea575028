package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"orrery/clientapi"
	"orrery/scenarios/play"
)

// actMore does what people do with others, with polls and their profile.
func (r *screens) actMore(ctx context.Context, who *person, a play.Action) error {
	switch a := a.(type) {
	case *play.Votes:
		return r.vote(ctx, who, a)
	case *play.Pins:
		do := who.api.Pin
		if a.Kind == "unpins" {
			do = who.api.Unpin
		}
		return r.on(ctx, who, a.Post, func(id string) error { _, err := do(ctx, id); return err })
	case *play.Regards:
		return r.regard(ctx, who, a)
	case *play.FollowsTag:
		return refused(who, who.api.TagAction(ctx, a.Tag.Name, strings.TrimSuffix(strings.TrimSuffix(a.Kind, "-tag"), "s")))
	}
	return fmt.Errorf("nobody can do %T", a)
}

// edit replaces what a post says; a poll stays as it is.
func (r *screens) edit(ctx context.Context, who *person, a *play.Edits) error {
	n := clientapi.NewStatus{Status: r.mentions(who, a.Text.Value)}
	if a.Warning != nil {
		n.SpoilerText = a.Warning.Value
	}
	return r.on(ctx, who, a.Post, func(id string) error { _, err := who.api.Edit(ctx, id, n); return err })
}

func (r *screens) search(ctx context.Context, who *person, what play.AnyRef) (found string, err error) {
	if whom := r.people[what.Name]; whom != nil {
		_, err := r.account(ctx, who, whom, true)
		return "", err
	}
	results, err := who.api.Search(ctx, r.posts[what.Name].uri, true)
	if err == nil && len(results.Statuses) == 0 {
		found = "nothing was found"
	}
	return found, refused(who, err)
}

func (r *screens) vote(ctx context.Context, who *person, a *play.Votes) error {
	p := r.posts[a.Post.Name]
	s, ok, err := known(ctx, who, p)
	if err != nil {
		return refused(who, err)
	}
	if !ok || s.Poll == nil {
		return cannot("%s's server does not know the poll of %s: settle first", who.name, p.name)
	}
	var choices []int
	for _, t := range a.For {
		choices = append(choices, slices.Index(p.options, t.Value))
	}
	_, err = who.api.Vote(ctx, s.Poll.ID, choices...)
	return refused(who, err)
}

// regard is what a person does about another, or about everybody of a server.
func (r *screens) regard(ctx context.Context, who *person, a *play.Regards) error {
	whom := r.people[a.Whom.Name]
	if whom == nil {
		do := who.api.BlockDomain
		if a.Kind == "unblocks" {
			do = who.api.UnblockDomain
		}
		return refused(who, do(ctx, r.host(a.Whom.Name)))
	}
	return r.relate(ctx, who, whom, a.Kind == "blocks" || a.Kind == "mutes", func(ctx context.Context, id string) (clientapi.Relationship, error) {
		switch a.Kind {
		case "accepts":
			return who.api.AuthorizeFollow(ctx, id)
		case "rejects":
			return who.api.RejectFollow(ctx, id)
		}
		return who.api.AccountAction(ctx, id, strings.TrimSuffix(a.Kind, "s"))
	})
}
