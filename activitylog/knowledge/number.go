package knowledge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// number answers why a server shows so many likes or boosts, or whether it counts one of them (observatory.md §4b, §4c).
func (t *trail) number(ctx context.Context, a *Answer) error {
	c := t.r.cell(t.now, t.s.Name)
	a.State, a.How, a.At = c.State, c.Word, c.At
	if !c.State.Has() {
		found, err := t.absence(ctx, c)
		if err != nil {
			return err
		}
		a.Rule, a.Evidence, a.Inferred = found.rule, found.evidence, found.inferred
		a.Sentence = fmt.Sprintf("%s does not have the post, so it shows no number: %s.", t.s.Name, found.text)
		a.Rungs = t.ladder(c)
		a.Changes = t.changes(*a)
		return nil
	}
	what, count := "like", c.Likes
	if a.Of == Boosts {
		what, count = "boost", c.Boosts
	}
	all := t.now.reacts[what]
	if a.Missing = missing(all, count.Here); t.names.Shy {
		a.Missing = nil // who likes what is not for everybody
	}
	a.Rungs = t.countLadder(c, count, what, a.Actor)
	for i := range a.Rungs {
		if a.Rungs[i].Evidence == nil {
			a.Rungs[i].Evidence = IDs{}
		}
	}
	drop, dropped := t.droppedReaction(what, a.Actor)
	switch {
	case dropped.Exchange.ID != 0 && (a.Actor != "" && !slices.Contains(count.Here, a.Actor) || a.Actor == "" && count.Shown < count.Full):
		a.Rule, a.Evidence = drop.Rule, IDs{dropped.Exchange.ID}
	case count.Stated && a.Actor == "":
		a.Rule = rules.LearnCounted
	case what == "like":
		a.Rule = rules.DeliverLikedAuthor
	case t.p.home == t.s.Name:
		a.Rule = rules.DeliverBoostedAuthor
	default:
		a.Rule = rules.DeliverFollowers
	}
	if a.Actor != "" {
		t.one(a, count, what)
	} else {
		t.total(a, count, what)
	}
	for _, g := range a.Rungs {
		if g.ID != "known" && g.Answer == Yes && len(a.Evidence) == 0 {
			a.Evidence = g.Evidence
		}
	}
	a.Changes = t.changes(*a)
	return nil
}

// one answers about the reaction of one actor.
func (t *trail) one(a *Answer, count Count, what string) {
	who := t.names.Person(a.Actor)
	a.Has = slices.Contains(count.Here, a.Actor)
	for _, e := range t.now.on[t.s.Name].here[what] {
		if e.actor == a.Actor && a.Has {
			a.Rule, a.Evidence = e.rule, some(e.exchange)
		}
	}
	a.Sentence = fmt.Sprintf("%s counts the %s by %s.", t.s.Name, what, who)
	if !a.Has {
		a.Sentence = fmt.Sprintf("%s never heard of the %s by %s.", t.s.Name, what, who)
		if len(a.Evidence) > 0 {
			a.Sentence = fmt.Sprintf("%s was told of the %s by %s and did not keep it.", t.s.Name, what, who)
		}
	}
}

// total answers about the number of all.
func (t *trail) total(a *Answer, count Count, what string) {
	a.Has, a.Shown, a.Full = count.Shown == count.Full, &count.Shown, &count.Full
	a.Sentence = fmt.Sprintf("%s shows %s", t.s.Name, many(count.Shown, what))
	switch {
	case count.Shown == count.Full:
		a.Sentence += ", which is all there are."
	case len(a.Missing) > 0:
		names := make([]string, len(a.Missing))
		for i, m := range a.Missing {
			names[i] = t.names.Person(m)
		}
		a.Sentence += fmt.Sprintf(" of %d: it does not know of %s.", count.Full, list(names))
	case count.Stated:
		a.Sentence += fmt.Sprintf(", and there are %d: the number that was stated is an old one.", count.Full)
	default:
		a.Sentence += fmt.Sprintf(" of %d.", count.Full)
	}
}

// missing are who reacts and is not among here, sorted.
func missing(all map[string]event, here []string) []string {
	var out []string
	for actor := range all {
		if !slices.Contains(here, actor) {
			out = append(out, actor)
		}
	}
	slices.Sort(out)
	return out
}

func many(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// list joins names for a sentence; long ones are cut.
func list(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d others", len(names)-most)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// countLadder are the ways by which likes or boosts are counted on a server. With an actor the rungs are about theirs alone.
func (t *trail) countLadder(c Cell, count Count, what, actor string) []Rung {
	type source struct{ own, others []event }
	var from source
	here := t.now.on[t.s.Name].here[what]
	for _, who := range count.Here {
		if actor != "" && who != actor {
			continue
		}
		if hostOf(who) == t.s.Host {
			from.own = append(from.own, here[who])
		} else {
			from.others = append(from.others, here[who])
		}
	}
	home := rung("author-here", fmt.Sprintf("Does the post’s author live on %s, where everybody’s %s is told?", t.s.Name, what))
	if hostOf(t.p.author) == t.s.Host {
		home.Answer = Yes
		home = t.reactions(home, what, actor)
	}
	own := rung("own", fmt.Sprintf("Did people of %s %s it?", t.s.Name, what))
	fill(&own, from.own, what)
	told := rung("told", fmt.Sprintf("Was %s told of a %s by somebody elsewhere?", t.s.Name, what))
	fill(&told, from.others, what)
	told = t.reactions(told, what, actor)
	if told.Delivered != None {
		told.Answer = Yes
	}
	rungs := []Rung{t.rungKnown(c), home, own, told}
	if what == "boost" {
		rungs = append(rungs, t.rungBoosterFollowed(actor))
	}
	return append(rungs, t.rungStated(count, what))
}

func fill(q *Rung, events []event, what string) {
	if len(events) == 0 {
		return
	}
	q.Answer, q.Words = Yes, many(int64(len(events)), what)
	for _, e := range events {
		if len(q.Evidence) < mostEvidence {
			q.Evidence = append(q.Evidence, some(e.exchange)...)
		}
		q.Rule = e.rule
	}
}

func (t *trail) rungKnown(c Cell) Rung {
	q := rung("known", fmt.Sprintf("Does %s have the post?", t.s.Name))
	if c.State.Has() {
		q.Answer, q.Rule, q.Evidence, q.Words = Yes, c.How, some(c.Entry), c.Word
	}
	return q
}

// activityOf is the type of the activity of a reaction.
func activityOf(what string) string {
	if what == "boost" {
		return "Announce"
	}
	return "Like"
}

// reactions fills in what became of the deliveries of likes or boosts to the server.
func (t *trail) reactions(q Rung, what, actor string) Rung {
	sent := slices.DeleteFunc(t.sent("", activityOf(what)), func(e activitylog.Entry) bool {
		return e.Exchange.Activity.Type != activityOf(what) || actor != "" && e.Exchange.Activity.Actor != actor
	})
	if len(sent) == 0 {
		return q
	}
	rule := q.Rule
	var evidence IDs
	q.Delivered, q.Accepted, q.Rule, evidence = t.ticks(sent, activityOf(what))
	if q.Rule == "" {
		q.Rule = rule
	}
	for _, id := range evidence {
		if !slices.Contains(q.Evidence, id) && len(q.Evidence) < mostEvidence {
			q.Evidence = append(q.Evidence, id)
		}
	}
	return q
}

// droppedReaction is a like or boost that arrived and was not kept.
func (t *trail) droppedReaction(what, actor string) (observe.Decided, activitylog.Entry) {
	for _, e := range slices.Backward(t.arrived(activityOf(what))) {
		if e.Exchange.Activity.Type != activityOf(what) || actor != "" && e.Exchange.Activity.Actor != actor {
			continue
		}
		if d, ok := decision(e, t.p.uri); ok && d.Outcome != observe.Accepted && d.Rule != rules.DropDuplicate {
			return d, e
		}
	}
	return observe.Decided{}, activitylog.Entry{}
}

func (t *trail) rungBoosterFollowed(actor string) Rung {
	q := rung("booster-followed", fmt.Sprintf("Does anybody on %s follow somebody elsewhere who boosts it?", t.s.Name))
	var words []string
	for _, who := range missing(t.now.reacts["boost"], nil) {
		if hostOf(who) == t.s.Host || actor != "" && who != actor {
			continue
		}
		if f, ok := t.r.follower(t.s.Host, who, Now); ok {
			q.Answer = Yes
			words = append(words, t.someone(f.follower)+" follows "+t.names.Person(who))
			if len(q.Evidence) < mostEvidence {
				q.Evidence = append(q.Evidence, some(f.exchange)...)
			}
		}
	}
	q.Words = list(words)
	return q
}

func (t *trail) rungStated(count Count, what string) Rung {
	q := rung("stated", fmt.Sprintf("Does %s show the number that the post’s own server states?", t.s.Name))
	if hostOf(t.p.author) == t.s.Host {
		return q.na("it is the post’s own server")
	}
	if !count.Stated {
		return q
	}
	q.Answer, q.Rule = Yes, rules.LearnCounted
	for _, e := range slices.Backward(t.p.there[t.s.Name]) {
		if n := e.likes; e.kind == (observe.Counted{}).Kind() {
			if what == "boost" {
				n = e.boosts
			}
			if n != nil {
				q.Words, q.Evidence = "it said "+many(*n, what)+" when it was asked last", some(e.exchange)
				break
			}
		}
	}
	return q
}
