package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"orrery/clientapi"
	"orrery/scenarios/play"
)

// act does what a person does, through the client API of their own server.
func (r *outside) act(ctx context.Context, a play.Action) error {
	who := r.people[a.Actor().Name]
	on := func(ref play.PostRef, do func(id string) error) error {
		id, err := r.local(ctx, who, r.posts[ref.Name])
		if err != nil {
			return err
		}
		return refused(who, do(id))
	}
	switch a := a.(type) {
	case *play.Posts:
		return r.write(ctx, who, written{text: a.Text, visibly: a.Visibly, as: a.As, warning: a.Warning, poll: a.Poll})
	case *play.Replies:
		return r.write(ctx, who, written{text: a.Text, visibly: a.Visibly, as: a.As, warning: a.Warning, poll: a.Poll, parent: r.posts[a.To.Name]})
	case *play.Boosts:
		return on(a.Post, func(id string) error { _, err := who.api.Boost(ctx, id, string(a.Visibly)); return err })
	case *play.Likes:
		return on(a.Post, func(id string) error { _, err := who.api.Favourite(ctx, id); return err })
	case *play.Undoes:
		undo := who.api.Unfavourite
		if a.What == "boost" {
			undo = who.api.Unboost
		}
		return on(a.Post, func(id string) error { _, err := undo(ctx, id); return err })
	case *play.Edits:
		n := clientapi.NewStatus{Status: r.mentions(who, a.Text.Value)}
		if a.Warning != nil {
			n.SpoilerText = a.Warning.Value
		}
		return on(a.Post, func(id string) error { _, err := who.api.Edit(ctx, id, n); return err })
	case *play.Deletes:
		return on(a.Post, func(id string) error { _, err := who.api.Delete(ctx, id); return err })
	case *play.Opens:
		return on(a.Post, func(id string) error { _, err := who.api.Context(ctx, id); return err })
	case *play.Searches:
		q := ""
		if p := r.posts[a.For.Name]; p != nil {
			q = p.uri
		} else if p := r.people[a.For.Name]; p != nil {
			q = "@" + p.name + "@" + p.host
		}
		_, err := who.api.Search(ctx, q, true)
		return refused(who, err)
	case *play.Follows:
		return r.relate(ctx, who, r.people[a.Whom.Name], who.api.Follow)
	case *play.Unfollows:
		return r.relate(ctx, who, r.people[a.Whom.Name], who.api.Unfollow)
	}
	return unfit("this deed is not done with real servers")
}

// write publishes, and remembers the post under its name.
func (r *outside) write(ctx context.Context, who *person, w written) error {
	if w.poll != nil {
		return unfit("polls are not written with real servers")
	}
	n := clientapi.NewStatus{Status: r.mentions(who, w.text.Value), Visibility: string(w.visibly)}
	if n.Visibility == "" {
		n.Visibility = string(play.Public)
	}
	if w.warning != nil {
		n.SpoilerText = w.warning.Value
	}
	if w.parent != nil {
		id, err := r.local(ctx, who, w.parent)
		if err != nil {
			return err
		}
		n.InReplyToID = id
	}
	s, err := who.api.Post(ctx, n)
	if err != nil {
		return refused(who, err)
	}
	if s.URI == "" || s.ID == "" {
		return fmt.Errorf("%s took a post and does not say under which address", who.server)
	}
	if w.as != nil {
		r.posts[w.as.Name] = &post{name: w.as.Name, uri: s.URI, author: who, public: n.Visibility == "public" || n.Visibility == "unlisted", n: len(r.posts)}
	}
	return nil
}

// mentions writes declared people as their accounts are called.
func (r *outside) mentions(who *person, text string) string {
	inner := &run{people: r.people}
	return inner.mentions(who, text)
}

// local finds the id that a post has on who's server.
func (r *outside) local(ctx context.Context, who *person, p *post) (string, error) {
	s, ok, err := known(ctx, who, p)
	if err != nil {
		return "", refused(who, err)
	}
	if !ok {
		return "", cannot("%s does not show %s to %s", who.server, p.name, who.name)
	}
	return s.ID, nil
}

// relate looks a person up on who's server and follows or unfollows them.
func (r *outside) relate(ctx context.Context, who, whom *person, do func(context.Context, string) (clientapi.Relationship, error)) error {
	acct := whom.name
	if who.host != whom.host {
		acct += "@" + whom.host
	}
	a, err := who.api.AccountLookup(ctx, acct)
	var answer *clientapi.ResponseError
	if errors.As(err, &answer) && answer.Status == http.StatusNotFound {
		found, err := who.api.Search(ctx, "@"+whom.name+"@"+whom.host, true)
		if err != nil {
			return refused(who, err)
		}
		if len(found.Accounts) == 0 {
			return cannot("%s does not find %s", who.server, acct)
		}
		a = found.Accounts[0]
	} else if err != nil {
		return refused(who, err)
	}
	_, err = do(ctx, a.ID)
	return refused(who, err)
}

// check judges what servers show; nothing else can be known of them.
func (r *outside) check(ctx context.Context, a *play.Assertion, done *Line) {
	var ok bool
	var err error
	switch c := a.Condition.(type) {
	case *play.OnServers:
		ok, done.Found, err = r.onServers(ctx, c)
	case *play.Counter:
		ok, done.Found, err = r.counter(ctx, c)
	default:
		err = unfit("it is about the wire or about decisions, and real servers show no log of these")
	}
	if err == nil && a.Because != nil {
		err = unfit("%s; which rule decided so, real servers do not tell", done.Found)
	}
	found := done.Found
	r.judged(done, err)
	switch {
	case err != nil:
	case ok:
		done.Found = found
	case a.Observe:
		done.Status, done.Found = Differs, found
	default:
		done.Status, done.Found = Failed, found
	}
}

// shown asks a server for a post, as each of its people in turn until one is shown it.
func (r *outside) shown(ctx context.Context, p *post, server string) (s clientapi.Status, there bool, err error) {
	asked := false
	for _, who := range r.sorted() {
		if who.server != server {
			continue
		}
		asked = true
		if s, there, err = known(ctx, who, p); err != nil || there {
			return s, there, err
		}
	}
	if !asked {
		return s, false, unfit("nobody of the script lives on %s, so nobody can look there", server)
	}
	return s, false, nil
}

func (r *outside) onServers(ctx context.Context, c *play.OnServers) (ok bool, found string, err error) {
	ok = true
	for _, p := range c.Posts {
		for _, s := range c.Servers {
			_, there, err := r.shown(ctx, r.posts[p.Name], s.Name)
			if err != nil {
				return false, "", err
			}
			word := map[bool]string{true: "is on", false: "is not on"}[there]
			if found != "" {
				found += "; "
			}
			found += p.Name + " " + word + " " + s.Name
			ok = ok && there != c.Not
		}
	}
	return ok, found, nil
}

func (r *outside) counter(ctx context.Context, c *play.Counter) (ok bool, found string, err error) {
	if c.Person != nil || (c.What != "likes" && c.What != "boosts" && c.What != "replies") {
		return false, "", unfit("of real servers only the numbers of likes, boosts and replies are asked")
	}
	ok = true
	for _, n := range c.Counts {
		s, there, err := r.shown(ctx, r.posts[c.Post.Name], n.Server.Name)
		if err != nil {
			return false, "", err
		}
		got := map[string]int64{"likes": s.FavouritesCount, "boosts": s.ReblogsCount, "replies": s.RepliesCount}[c.What]
		if found != "" {
			found += ", "
		}
		if !there {
			ok, found = false, found+n.Server.Name+" does not have it"
			continue
		}
		found += fmt.Sprintf("%s %d", n.Server.Name, got)
		ok = ok && got == int64(n.N)
	}
	return ok, found, nil
}
