package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"orrery/clientapi"
	"orrery/scenarios/play"
)

// counter asks for the counts that servers show.
func (r *screens) counter(ctx context.Context, c *play.Counter) (finding, error) {
	f := finding{ok: true}
	var found []string
	for _, n := range c.Counts {
		got, said, err := r.count(ctx, c, n.Server.Name)
		if err != nil {
			return f, err
		}
		if said != "" {
			f.ok = false
			found = append(found, n.Server.Name+" "+said)
			continue
		}
		found = append(found, fmt.Sprintf("%s %d", n.Server, got))
		f.ok = f.ok && got == int64(n.N)
	}
	f.found = strings.Join(found, ", ")
	return f, nil
}

// count is one server's number, or why it has none.
func (r *screens) count(ctx context.Context, c *play.Counter, server string) (n int64, none string, err error) {
	if c.Person != nil {
		return r.countPeople(ctx, c, server)
	}
	s, there, err := r.look(ctx, r.posts[c.Post.Name], server)
	if err != nil || !there || s.URI == "" {
		return 0, "does not have it", err
	}
	switch {
	case c.What == "likes":
		return s.FavouritesCount, "", nil
	case c.What == "boosts":
		return s.ReblogsCount, "", nil
	case c.What == "replies":
		return s.RepliesCount, "", nil
	case s.Poll == nil:
		return 0, "shows no poll", nil
	case c.Option == nil:
		return s.Poll.VotesCount, "", nil
	}
	i := slices.IndexFunc(s.Poll.Options, func(o clientapi.PollOption) bool { return o.Title == c.Option.Value })
	if i < 0 || s.Poll.Options[i].VotesCount == nil {
		return 0, "does not show the votes for it", nil
	}
	return *s.Poll.Options[i].VotesCount, "", nil
}

func (r *screens) countPeople(ctx context.Context, c *play.Counter, server string) (n int64, none string, err error) {
	who, whom := r.viewer(server), r.people[c.Person.Name]
	if who == nil {
		return 0, "has nobody who could be asked", nil
	}
	id, err := r.account(ctx, who, whom, false)
	var unknown *cannotError
	if errors.As(err, &unknown) {
		return 0, "does not know " + whom.name, nil
	}
	if err != nil {
		return 0, "", err
	}
	a, err := who.api.Account(ctx, id)
	if err != nil {
		return 0, "", err
	}
	if c.What == "following" {
		return a.FollowingCount, "", nil
	}
	return a.FollowersCount, "", nil
}
