package scenarios

import (
	"context"
	"fmt"
	"strings"
	"time"

	"orrery/activitylog/knowledge"
	"orrery/lab"
	"orrery/scenarios/play"
)

// act does what a person does: with their app, and what no app can do with the lab's help.
func (r *run) act(ctx context.Context, a play.Action) (found string, err error) {
	who := r.people[a.Actor().Name]
	switch a := a.(type) {
	case *play.Moves:
		return "", r.lab.Move(ctx, who.name, a.To.Name)
	case *play.Sends:
		return r.send(ctx, who, a)
	}
	return r.screens.act(ctx, a)
}

// whyUnseen is why somebody is not shown a post, by the log.
func (r *run) whyUnseen(ctx context.Context, who *person, p *post) error {
	if err := r.rec.read(ctx); err != nil {
		return err
	}
	if k := r.rec.cell(who.server, p.uri); k.State.Has() {
		return cannot("%s may not see %s on %s", who.name, p.name, who.server)
	} else if k.State == knowledge.Gone {
		return cannot("%s was deleted, and %s has taken it away", p.name, who.server)
	}
	return cannot("%s's server does not know %s yet: settle first, or let %s search for it", who.name, p.name, who.name)
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
