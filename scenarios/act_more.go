package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"orrery/clientapi"
	"orrery/lab"
	"orrery/scenarios/play"
)

// actMore does what people do with others, with polls, their profile and by hand.
func (r *run) actMore(ctx context.Context, who *person, a play.Action) (found string, err error) {
	switch a := a.(type) {
	case *play.Votes:
		return "", r.vote(ctx, who, a)
	case *play.Pins:
		do := who.api.Pin
		if a.Kind == "unpins" {
			do = who.api.Unpin
		}
		return "", r.on(ctx, who, a.Post, func(id string) error { _, err := do(ctx, id); return err })
	case *play.Regards:
		return "", r.regard(ctx, who, a)
	case *play.FollowsTag:
		return "", refused(who, who.api.TagAction(ctx, a.Tag.Name, strings.TrimSuffix(strings.TrimSuffix(a.Kind, "-tag"), "s")))
	case *play.Moves:
		return "", r.lab.Move(ctx, who.name, a.To.Name)
	case *play.Sends:
		return r.send(ctx, who, a)
	}
	return "", fmt.Errorf("nobody can do %T", a)
}

// edit replaces what a post says; a poll stays as it is.
func (r *run) edit(ctx context.Context, who *person, a *play.Edits) error {
	n := clientapi.NewStatus{Status: r.mentions(who, a.Text.Value)}
	if a.Warning != nil {
		n.SpoilerText = a.Warning.Value
	}
	return r.on(ctx, who, a.Post, func(id string) error { _, err := who.api.Edit(ctx, id, n); return err })
}

func (r *run) search(ctx context.Context, who *person, what play.AnyRef) (found string, err error) {
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

func (r *run) vote(ctx context.Context, who *person, a *play.Votes) error {
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
func (r *run) regard(ctx context.Context, who *person, a *play.Regards) error {
	whom := r.people[a.Whom.Name]
	if whom == nil {
		do := who.api.BlockDomain
		if a.Kind == "unblocks" {
			do = who.api.UnblockDomain
		}
		return refused(who, do(ctx, r.lab.Host(a.Whom.Name).Instance.Host()))
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

// send delivers an attachment by hand. What is wrong with the answer is for checks to say.
func (r *run) send(ctx context.Context, who *person, a *play.Sends) (string, error) {
	body := ""
	for _, x := range r.file.Attachments {
		if x.Name == a.Attachment.Name {
			body = x.Data
		}
	}
	status, err := r.lab.SendByHand(ctx, who.name, a.To.Name, []byte(r.filled(body)), a.Flaw)
	r.answers[a.Attachment.Name] = sent{status}
	if status == 0 && err != nil {
		return "it was not answered", nil
	}
	return fmt.Sprintf("answered %d", status), err
}

// filled puts addresses for the names in braces: {alice}, {hello}, {academy}, {now}.
func (r *run) filled(body string) string {
	pairs := []string{"{now}", r.lab.Clock.Now().UTC().Format(time.RFC3339)}
	for name, p := range r.people {
		pairs = append(pairs, "{"+name+"}", p.uri)
	}
	for name, p := range r.posts {
		pairs = append(pairs, "{"+name+"}", p.uri)
	}
	for _, h := range r.lab.Hosts {
		pairs = append(pairs, "{"+h.Name+"}", h.Instance.Config.Origin)
	}
	return strings.NewReplacer(pairs...).Replace(body)
}

// govern is what those who run a server do.
func (r *run) govern(ctx context.Context, g *play.Governs) error {
	by, whom := g.By.Name, g.Whom.Name
	if r.lab.Stopped(by) {
		return cannot("%s is stopped", by)
	}
	switch g.Kind {
	case "subscribes":
		return r.lab.Subscribe(ctx, by, whom)
	case "unsubscribes":
		return r.lab.Unsubscribe(ctx, by, whom)
	}
	verdict := lab.Verdict(strings.TrimSuffix(g.Kind, "s"))
	if r.people[whom] != nil {
		return r.lab.JudgePerson(ctx, by, whom, verdict)
	}
	switch g.Kind {
	case "blocks":
		verdict = lab.Suspend
	case "unblocks":
		verdict = lab.Unsuspend
	}
	return r.lab.JudgeServer(ctx, by, whom, verdict)
}

// fault makes something go wrong, or right again.
func (r *run) fault(ctx context.Context, l play.Line) error {
	switch l := l.(type) {
	case *play.Stop:
		if l.Kind == "stop" {
			return r.lab.Stop(ctx, l.Server.Name)
		}
		return r.lab.Restart(ctx, l.Server.Name)
	case *play.Skew:
		by, err := time.ParseDuration(l.By.Name)
		if err != nil {
			return fmt.Errorf("the checker let %q pass as a duration: %w", l.By.Name, err)
		}
		return r.lab.Skew(ctx, l.Server.Name, by)
	case *play.Rotate:
		return r.lab.Rotate(ctx, l.Person.Name)
	case *play.Link:
		if err := r.link(ctx, l, l.From.Name, l.To.Name); err != nil || l.OneWay {
			return err
		}
		return r.link(ctx, l, l.To.Name, l.From.Name)
	}
	return fmt.Errorf("nobody can do %T", l)
}

func (r *run) link(ctx context.Context, l *play.Link, from, to string) error {
	switch l.Kind {
	case "cut":
		return r.lab.Cut(ctx, from, to)
	case "heal":
		return r.lab.Heal(ctx, from, to)
	case "slow":
		return r.lab.Slow(ctx, from, to, time.Duration(l.By))
	case "drop":
		return r.lab.Drop(ctx, from, to, l.Activity)
	}
	return r.lab.Lose(ctx, from, to, l.Activity)
}
