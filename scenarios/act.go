package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"orrery/clientapi"
	"orrery/scenarios/play"
)

// act does what a person does, as their app would: the post is looked up on their own server first.
func (r *screens) act(ctx context.Context, a play.Action) (found string, err error) {
	who := r.people[a.Actor().Name]
	switch a := a.(type) {
	case *play.Posts:
		return "", r.write(ctx, who, written{text: a.Text, visibly: a.Visibly, as: a.As, warning: a.Warning, poll: a.Poll})
	case *play.Replies:
		return "", r.write(ctx, who, written{text: a.Text, visibly: a.Visibly, as: a.As, warning: a.Warning, poll: a.Poll, parent: r.posts[a.To.Name]})
	case *play.Quotes:
		return "", r.write(ctx, who, written{text: a.Text, visibly: a.Visibly, as: a.As, warning: a.Warning, poll: a.Poll, quoted: r.posts[a.Post.Name]})
	case *play.Edits:
		return "", r.edit(ctx, who, a)
	case *play.Boosts:
		return "", r.on(ctx, who, a.Post, func(id string) error {
			_, err := who.api.Boost(ctx, id, string(a.Visibly))
			return err
		})
	case *play.Likes:
		return "", r.on(ctx, who, a.Post, func(id string) error { _, err := who.api.Favourite(ctx, id); return err })
	case *play.Undoes:
		return "", r.on(ctx, who, a.Post, func(id string) error {
			undo := who.api.Unfavourite
			if a.What == "boost" {
				undo = who.api.Unboost
			}
			_, err := undo(ctx, id)
			return err
		})
	case *play.Deletes:
		return "", r.on(ctx, who, a.Post, func(id string) error { _, err := who.api.Delete(ctx, id); return err })
	case *play.Opens:
		return "", r.on(ctx, who, a.Post, func(id string) error { _, err := who.api.Context(ctx, id); return err })
	case *play.Searches:
		return r.search(ctx, who, a.For)
	case *play.Follows:
		return "", r.relate(ctx, who, r.people[a.Whom.Name], true, who.api.Follow)
	case *play.Unfollows:
		return "", r.relate(ctx, who, r.people[a.Whom.Name], false, who.api.Unfollow)
	}
	return "", r.actMore(ctx, who, a)
}

// written is a post to be: parent is what it answers, quoted what it shows.
type written struct {
	text           play.Text
	visibly        play.Visibility
	as             *play.PostRef
	warning        *play.Text
	poll           *play.Poll
	parent, quoted *post
}

// pollOpen is how long a poll takes votes when the script does not say.
const pollOpen = 24 * time.Hour

// write publishes, perhaps as an answer, and remembers the post under its name.
func (r *screens) write(ctx context.Context, who *person, w written) error {
	n := clientapi.NewStatus{Status: r.mentions(who, w.text.Value), Visibility: string(w.visibly)}
	if n.Visibility == "" {
		n.Visibility = string(play.Public)
	}
	if w.warning != nil {
		n.SpoilerText = w.warning.Value
	}
	p := &post{author: who, public: n.Visibility == string(play.Public) || n.Visibility == string(play.Unlisted)}
	if w.poll != nil {
		n.Poll = &clientapi.NewPoll{ExpiresIn: cmp.Or(time.Duration(w.poll.For), pollOpen), Multiple: w.poll.Several}
		for _, o := range w.poll.Options {
			n.Poll.Options = append(n.Poll.Options, o.Value)
		}
		p.options = n.Poll.Options
	}
	var err error
	if w.parent != nil {
		p.parent = w.parent.name
		if n.InReplyToID, err = r.local(ctx, who, w.parent); err != nil {
			return err
		}
	}
	if w.quoted != nil {
		if n.QuotedStatusID, err = r.local(ctx, who, w.quoted); err != nil {
			return err
		}
	}
	s, err := who.api.Post(ctx, n)
	if err != nil {
		return refused(who, err)
	}
	if s.URI == "" || s.ID == "" {
		return fmt.Errorf("%s took a post and does not say under which address", who.server)
	}
	if p.uri = s.URI; w.as != nil {
		p.name, p.n = w.as.Name, len(r.posts)
		r.posts[p.name] = p
	}
	return nil
}

// on does something to a post under the id it has on who's server.
func (r *screens) on(ctx context.Context, who *person, ref play.PostRef, do func(id string) error) error {
	id, err := r.local(ctx, who, r.posts[ref.Name])
	if err != nil {
		return err
	}
	return refused(who, do(id))
}

// local finds the id that a post has on who's server, without letting the server ask around.
func (r *screens) local(ctx context.Context, who *person, p *post) (string, error) {
	s, ok, err := known(ctx, who, p)
	switch {
	case err != nil:
		return "", refused(who, err)
	case ok:
		return s.ID, nil
	}
	return "", r.unseen(ctx, who, p)
}

// known looks a post up by its address, among what the server has.
func known(ctx context.Context, who *person, p *post) (clientapi.Status, bool, error) {
	results, err := who.api.Search(ctx, p.uri, false)
	if err != nil {
		return clientapi.Status{}, false, err
	}
	for _, s := range results.Statuses {
		if s.URI == p.uri {
			return s, true, nil
		}
	}
	return clientapi.Status{}, false, nil
}

// relate looks a person up by their handle and follows or unfollows them.
func (r *screens) relate(ctx context.Context, who, whom *person, resolve bool, do func(context.Context, string) (clientapi.Relationship, error)) error {
	id, err := r.account(ctx, who, whom, resolve)
	if err != nil {
		return err
	}
	_, err = do(ctx, id)
	return refused(who, err)
}

// is reports whether a server means this person by an account. Some programs do not tell the address of an account.
func (p *person) is(a clientapi.Account) bool {
	return a.URI == p.uri || a.URI == "" && (a.URL == p.uri || strings.EqualFold(a.Acct, p.name) || strings.EqualFold(a.Acct, p.name+"@"+p.host))
}

// account finds the id that whom has on who's server; only with resolve does the server ask around.
func (r *screens) account(ctx context.Context, who, whom *person, resolve bool) (string, error) {
	acct := whom.name
	if who.server != whom.server {
		acct += "@" + whom.host
	}
	a, err := who.api.AccountLookup(ctx, acct)
	var answer *clientapi.ResponseError
	switch {
	case err == nil && whom.is(a):
		return a.ID, nil
	case err != nil && (!errors.As(err, &answer) || answer.Status != http.StatusNotFound):
		return "", refused(who, err)
	case resolve:
		results, err := who.api.Search(ctx, "@"+whom.name+"@"+whom.host, true)
		if err != nil {
			return "", refused(who, err)
		}
		for _, a := range results.Accounts {
			if whom.is(a) {
				return a.ID, nil
			}
		}
	}
	return "", cannot("%s's server does not know %s: let %s follow or search for them first", who.name, whom.name, who.name)
}

// mentions writes declared people as who must write them: with their host when they live elsewhere. Where a mention begins
// and ends is what play.Check holds it to be.
func (r *screens) mentions(who *person, text string) string {
	var b strings.Builder
	before := ' '
	for rest := text; rest != ""; {
		c, size := utf8.DecodeRuneInString(rest)
		name := ""
		if c == '@' && !unicode.IsLetter(before) && !unicode.IsDigit(before) && !strings.ContainsRune("_-.+@/", before) {
			name = handle(rest[size:])
		}
		after := rest[size+len(name):]
		if p, ok := r.people[name]; ok && !strings.HasPrefix(after, "@") && !strings.HasPrefix(after, "_") {
			b.WriteString("@" + p.name)
			if p.server != who.server {
				b.WriteString("@" + p.host)
			}
			rest, before = after, 'a'
			continue
		}
		b.WriteString(rest[:size])
		rest, before = rest[size:], c
	}
	return b.String()
}

// handle is the longest name at the beginning of s.
func handle(s string) string {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return s[:i]
		}
	}
	return s
}
