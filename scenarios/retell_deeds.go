package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/lab"
	"orrery/scenarios/play"
)

// factOf is the first fact of a kind among an entry's.
func factOf[T any](e activitylog.Entry, kinds ...string) (v T, ok bool) {
	for _, f := range e.Facts {
		for _, k := range kinds {
			if f.Kind == k && json.Unmarshal(f.Detail, &v) == nil {
				return v, true
			}
		}
	}
	return v, false
}

// deed is the line for a local action: "" for what leaves no trace, a comment for what cannot be told.
func (t *teller) deed(ctx context.Context, e activitylog.Entry) (string, error) {
	a := e.Exchange.Activity
	who, post, whom := t.people[a.Actor], t.posts[a.Object], t.someone(a.Object)
	if who == "" {
		return comment("%s, who is not of this lab’s people: %s", activitylog.Plain(a.Actor, 80), a.Type), nil
	}
	about := func(verb, noun string) string {
		if noun == "" {
			return comment("%s %s something that this script does not know", who, verb)
		}
		return who + " " + verb + " " + noun
	}
	switch a.Type {
	case "Create":
		if l, ok := factOf[observe.Learned](e, observe.Learned{}.Kind()); ok {
			return t.wrote(ctx, e.Exchange.Instance, who, l)
		}
		return t.voted(ctx, who)
	case "Announce":
		return about("boosts", post), nil
	case "Like":
		return about("likes", post), nil
	case "Delete":
		return about("deletes", post), nil
	case "View":
		return about("opens", post), nil
	case "Update":
		if post == "" {
			return comment("%s changed their profile", who), nil
		}
		return t.edited(ctx, e.Exchange.Instance, who, a.Object)
	case "Add":
		return about("pins", post), nil
	case "Remove":
		return about("unpins", post), nil
	case "Follow":
		return about("follows", whom), nil
	case "Accept":
		return about("accepts", whom), nil
	case "Reject":
		return about("rejects", whom), nil
	case "Move":
		return t.moved(ctx, e.Exchange.Instance, who)
	case "QuoteRequest": // goes with the quoting post
		return "", nil
	case "Block":
		t.blocks[who+" "+whom] = true
		return about("blocks", whom), nil
	case "Undo":
		return t.undone(e, who, post, whom), nil
	case "Search":
		return t.searched(who, a.Object), nil
	}
	return comment("%s: %s", who, activitylog.Plain(a.Type, 40)), nil
}

func comment(format string, args ...any) string {
	return "# " + strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
}

// someone is the person or server that an address is of; the address of a follow begins with its follower's.
func (t *teller) someone(object string) string {
	if name := t.people[object]; name != "" {
		return name
	}
	for uri, name := range t.people {
		if strings.HasPrefix(object, uri+"#") || strings.HasPrefix(object, uri+"/follow") {
			return name
		}
	}
	return t.server(object)
}

// server is the lab's server of a host, "" when there is none.
func (t *teller) server(host string) string {
	for _, h := range t.lab.Hosts {
		if strings.EqualFold(host, h.Instance.Host()) {
			return h.Name
		}
	}
	return ""
}

// undone is what an Undo took back: a fact says so of likes and boosts, and of the others what went before.
func (t *teller) undone(e activitylog.Entry, who, post, whom string) string {
	if r, ok := factOf[observe.Reacted](e, observe.Reacted{Ended: true}.Kind()); ok && t.posts[r.Object] != "" {
		return who + " undoes " + r.What + " of " + t.posts[r.Object]
	}
	switch {
	case whom != "" && (e.Exchange.Activity.ObjectType == "Block" || t.blocks[who+" "+whom]):
		delete(t.blocks, who+" "+whom)
		return who + " unblocks " + whom
	case whom != "":
		return who + " unfollows " + whom
	case post != "" && e.Exchange.Activity.ObjectType == "Announce":
		return who + " undoes boost of " + post
	case post != "" && e.Exchange.Activity.ObjectType == "Like":
		return who + " undoes like of " + post
	}
	return comment("%s took something back", who)
}

// searched is a search for a post or person of the lab.
func (t *teller) searched(who, q string) string {
	if name := t.posts[q]; name != "" {
		return who + " searches for " + name
	}
	if name := t.people[q]; name != "" {
		return who + " searches for " + name
	}
	user, host, _ := strings.Cut(strings.TrimPrefix(q, "@"), "@")
	if u, err := url.Parse(q); err == nil && u.Host != "" { // the address of a page
		for uri, name := range t.posts {
			if there, err := url.Parse(uri); err == nil && there.Host == u.Host && last(there.Path) == last(u.Path) {
				return who + " searches for " + name
			}
		}
		user, host = strings.TrimPrefix(last(u.Path), "@"), u.Host
	}
	for _, p := range t.lab.Plan.People {
		h := t.lab.Host(p.Server)
		if strings.EqualFold(p.Name, user) && h != nil && (strings.EqualFold(host, p.Server) || strings.EqualFold(host, h.Instance.Host())) {
			return who + " searches for " + p.Name
		}
	}
	return comment("%s searched for %s", who, activitylog.Plain(q, 80))
}

func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// wrote is the line for a post, which gets a name.
func (t *teller) wrote(ctx context.Context, server, who string, l observe.Learned) (string, error) {
	parent, answers := t.posts[l.InReplyTo], l.InReplyTo != ""
	kind := "post"
	if answers {
		kind = "reply"
	}
	w, err := t.words(ctx, server, l.Object, l.Excerpt, 0)
	if err != nil {
		return "", err
	}
	if answers && parent == "" {
		return comment("%s answered a post that this script does not know", who), nil
	}
	t.count[kind]++
	name := fmt.Sprintf("%s%d", kind, t.count[kind])
	t.posts[l.Object] = name
	line := who + " posts " + quoted(t.mentions(w.Text)) + " as " + name
	if of := t.posts[w.Quoted]; of != "" && !answers {
		line = who + " quotes " + of + " with " + quoted(t.mentions(w.Text)) + " as " + name
	}
	if answers {
		line = who + " replies to " + parent + " with " + quoted(t.mentions(w.Text)) + " as " + name
	}
	if v := l.Visibility; v != "" && v != string(play.Public) {
		line += " visibly " + v
	}
	if w.Warning != "" {
		line += " warning " + quoted(w.Warning)
	}
	if len(w.Poll) > 0 {
		t.polls = append(t.polls, l.Object)
		var answers []string
		for _, a := range w.Poll {
			answers = append(answers, quoted(a))
		}
		line += " poll " + strings.Join(answers, ", ")
	}
	if w.Several {
		line += " several"
	}
	return line, nil
}

// voted tells in which poll somebody voted, and what: the first of those whose vote is not told yet.
func (t *teller) voted(ctx context.Context, who string) (string, error) {
	for _, uri := range t.polls {
		if t.votes[who+" "+uri] {
			continue
		}
		chosen, err := t.lab.Votes(ctx, who, uri)
		if err != nil {
			return "", err
		}
		if len(chosen) == 0 {
			continue
		}
		t.votes[who+" "+uri] = true
		for i, c := range chosen {
			chosen[i] = quoted(c)
		}
		return who + " votes for " + strings.Join(chosen, ", ") + " in " + t.posts[uri], nil
	}
	return "", nil // another choice of a vote that was told
}

// moved tells where somebody moved to.
func (t *teller) moved(ctx context.Context, server, who string) (string, error) {
	st, err := t.lab.Stands(ctx, server, who)
	if err != nil {
		return "", err
	}
	if to := t.people[st.MovedTo]; to != "" {
		return who + " moves to " + to, nil
	}
	return comment("%s moved away", who), nil
}

// quiet is the line for what stands in no log.
func (t *teller) quiet(q lab.Quiet) string {
	switch {
	case q.Kind == "mutes" && t.people[q.What] != "":
		return q.Who + " mutes " + t.people[q.What]
	case q.Kind == "follows" && plainWord.MatchString(q.What):
		return q.Who + " follows tag " + q.What
	}
	return comment("%s %s %s", q.Who, q.Kind, activitylog.Plain(q.What, 80))
}

// plainWord is a hashtag that a script can name.
var plainWord = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// words reads what a post said in its nth version from its own server. Of one that was deleted only the log's excerpt is left.
func (t *teller) words(ctx context.Context, server, uri, excerpt string, n int) (lab.Told, error) {
	w, there, err := t.lab.Told(ctx, server, uri)
	if err != nil {
		return w, err
	}
	if !there {
		w.Text = excerpt
	} else if n < len(w.Before) {
		w.Text = w.Before[n]
	}
	w.Text = strings.ToValidUTF8(w.Text, "?")
	if r := []rune(w.Text); len(r) > 400 { // a line of a script is no longer
		w.Text = string(r[:400])
	}
	if w.Text == "" {
		w.Text = "(what it said is not known any more)"
	}
	return w, nil
}

// edited is the line for a change of a post's words.
func (t *teller) edited(ctx context.Context, server, who, uri string) (string, error) {
	t.edits[uri]++
	w, err := t.words(ctx, server, uri, "", t.edits[uri])
	if err != nil {
		return "", err
	}
	line := who + " edits " + t.posts[uri] + " to " + quoted(t.mentions(w.Text))
	if w.Warning != "" {
		line += " warning " + quoted(w.Warning)
	}
	return line, nil
}

// aMention is "@name", perhaps with a server behind it.
var aMention = regexp.MustCompile(`@([A-Za-z0-9_]+)(?:@([A-Za-z0-9.:-]*[A-Za-z0-9]))?`)

// mentions writes mentions as a script has them: people of the lab by their name alone; nobody else is named.
func (t *teller) mentions(text string) string {
	return aMention.ReplaceAllStringFunc(text, func(m string) string {
		parts := aMention.FindStringSubmatch(m)
		for _, p := range t.lab.Plan.People {
			h := t.lab.Host(p.Server)
			if strings.EqualFold(parts[1], p.Name) && h != nil && (parts[2] == "" || strings.EqualFold(parts[2], p.Server) || strings.EqualFold(parts[2], h.Instance.Host())) {
				return "@" + p.Name
			}
		}
		if parts[2] != "" {
			return m // the language leaves it alone
		}
		return parts[1]
	})
}
