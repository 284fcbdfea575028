package knowledge

import (
	"fmt"
	"slices"
	"strings"

	"orrery/federation/rules"
)

// ladder asks, in the order of observatory.md §4a and federation.md §13.2b, every way by which the post can come to the
// server, and last the ways that only some policies know, where the log shows that the server's does.
func (t *trail) ladder(c Cell) []Rung {
	rungs := []Rung{
		t.rungHere(), t.rungParentHere(), t.rungFollowed(), t.rungForwarded(), t.rungMentioned(),
		t.rungDescendant(), t.rungFirstSeen(), t.rungListed(c), t.rungBoosted(), t.rungSearched(c), t.rungOpened(c),
	}
	rungs = append(rungs, t.added(c, rungs)...)
	for i := range rungs {
		if rungs[i].Evidence == nil {
			rungs[i].Evidence = IDs{}
		}
	}
	return rungs
}

func rung(id, question string) Rung {
	return Rung{ID: id, Question: question, Answer: No, Delivered: None, Accepted: None}
}

func (r Rung) na(words string) Rung {
	r.Answer, r.Words = None, words
	return r
}

// open reports whether anybody may see the post; a log from before visibility was recorded does not say.
func (p *post) open() bool {
	return p.visibility == "" || p.visibility == "public" || p.visibility == "unlisted"
}

func (t *trail) rungHere() Rung {
	q := rung("here", fmt.Sprintf("Was it written on %s?", t.s.Name))
	if e, ok := t.p.learned(t.s.Name); ok && e.rule == rules.LearnLocal {
		q.Answer, q.Rule, q.Evidence = Yes, e.rule, some(e.exchange)
	} else if t.p.home == t.s.Name { // it was, and was deleted
		q.Answer, q.Rule = Yes, rules.LearnLocal
	}
	return q
}

// pushed fills in what became of the deliveries from a server.
func (t *trail) pushed(q Rung, from string) Rung {
	sent := t.sent(from, "Create")
	if len(sent) == 0 {
		return q
	}
	var evidence IDs
	var rule rules.ID
	q.Delivered, q.Accepted, rule, evidence = t.ticks(sent, "Create")
	if q.Rule == "" {
		q.Rule = rule
	}
	q.Evidence = append(q.Evidence, evidence...)
	return q
}

func (t *trail) rungParentHere() Rung {
	q := rung("parent-here", fmt.Sprintf("Does the author of what it answers live on %s?", t.s.Name))
	switch {
	case t.p.parent == "":
		return q.na("it answers nothing")
	case t.p.home == t.s.Name:
		return q.na("it was written here")
	case hostOf(t.p.parent) != t.s.Host && (t.parent == nil || hostOf(t.parent.author) != t.s.Host):
		return q
	case !t.p.open():
		q.Words = "it is not public, and then only a mention counts"
		return q
	}
	q.Answer = Yes
	return t.pushed(q, t.p.home)
}

func (t *trail) rungFollowed() Rung {
	q := rung("followed", fmt.Sprintf("Did anybody on %s follow %s when it was written?", t.s.Name, t.names.Person(t.p.author)))
	switch {
	case t.p.home == t.s.Name:
		return q.na("it was written here")
	case t.p.visibility == "direct":
		return q.na("a direct post goes to whom it names, follower or not")
	}
	f, ok := t.r.follower(t.s.Host, t.p.author, t.p.pos)
	if !ok {
		return q
	}
	q.Answer, q.Evidence = Yes, some(f.exchange)
	q.Words = t.someone(f.follower) + " follows " + t.names.Person(t.p.author)
	return t.pushed(q, t.p.home)
}

// someone is a follower's name, unless the reader may not know.
func (t *trail) someone(actor string) string {
	if t.names.Shy {
		return "somebody there"
	}
	return t.names.Person(actor)
}

func (t *trail) rungForwarded() Rung {
	q := rung("forwarded", fmt.Sprintf("Did anybody on %s follow whom it answers, so that that person’s server passes it on?", t.s.Name))
	switch {
	case t.p.parent == "":
		return q.na("it answers nothing")
	case t.p.home == t.s.Name:
		return q.na("it was written here")
	case t.parent == nil || t.parent.home == "":
		return q.na("the server of what it answers keeps no log here")
	case t.parent.home == t.s.Name:
		return q.na("the answered person lives here: it is sent here anyway")
	case !t.p.open():
		return q.na("only public and unlisted replies are passed on")
	}
	f, ok := t.r.follower(t.s.Host, t.parent.author, t.p.pos)
	if !ok {
		return q
	}
	q.Answer, q.Evidence = Yes, some(f.exchange)
	q.Words = t.someone(f.follower) + " follows " + t.names.Person(t.parent.author)
	if q = t.pushed(q, t.parent.home); q.Delivered != None {
		return q
	}
	if e, skipped := t.p.skipped(t.parent.home, "forward"); skipped {
		q.Words += "; " + t.parent.home + " had it and did not pass it on"
		q.Rule, q.Evidence = e.rule, append(q.Evidence, some(e.exchange)...)
	} else if _, there := t.p.learned(t.parent.home); !there {
		q.Words += "; " + t.parent.home + " does not have it itself"
	}
	return q
}

func (t *trail) rungMentioned() Rung {
	q := rung("mentioned", fmt.Sprintf("Is anybody on %s named in it?", t.s.Name))
	if t.p.home == t.s.Name {
		return q.na("it was written here")
	}
	for _, e := range t.entries {
		if a := e.Exchange.Activity; a.Type == "Create" && a.Object == t.p.uri {
			for _, to := range slices.Concat(a.To, a.Cc) {
				if hostOf(to) == t.s.Host && !strings.HasSuffix(to, "/followers") {
					q.Answer, q.Words = Yes, t.names.Person(to)+" is named"
					return t.pushed(q, t.p.home)
				}
			}
		}
	}
	return q
}

func (t *trail) rungDescendant() Rung {
	q := rung("descendant", fmt.Sprintf("Did an answer to it reach %s, so that the gap was filled?", t.s.Name))
	if t.p.home == t.s.Name {
		return q.na("it was written here")
	}
	own, known := t.p.learned(t.s.Name)
	for _, uri := range t.r.below(t.p.uri) {
		d := t.r.posts[uri]
		if e, ok := d.learned(t.s.Name); ok && (!known || e.pos < own.pos) {
			q.Answer, q.Evidence = Yes, some(e.exchange)
			q.Words = "an answer by " + t.names.Person(d.author) + " is there"
			if known && own.rule == rules.LearnGapFilled {
				q.Accepted, q.Rule, q.Evidence = Yes, own.rule, append(q.Evidence, some(own.exchange)...)
			}
			return q
		}
	}
	return q
}

// below are the posts that answer uri, or answer these.
func (r *Record) below(uri string) []string {
	all := []string{uri}
	for i := 0; i < len(all) && len(all) < 10_000; i++ {
		for _, p := range r.order {
			if p.parent == all[i] && p.author != "" && !slices.Contains(all, p.uri) {
				all = append(all, p.uri)
			}
		}
	}
	return all[1:]
}

// firstSeen is whether the server read what the post answers at a time when its server had this post already.
func (t *trail) firstSeen() (event, bool) {
	if t.parent == nil || t.parent.home == t.s.Name {
		return event{}, false
	}
	e, ok := t.parent.learned(t.s.Name)
	return e, ok && e.pos > t.p.pos && e.rule != rules.LearnLocal
}

func (t *trail) rungFirstSeen() Rung {
	q := rung("first-seen", fmt.Sprintf("Did %s first see what it answers when it existed already?", t.s.Name))
	if t.p.parent == "" {
		return q.na("it answers nothing")
	}
	if e, ok := t.firstSeen(); ok {
		q.Answer, q.Evidence, q.Rule = Yes, some(e.exchange), e.rule
		q.Words = "what it answers came here later: " + Word(e.rule)
	}
	return q
}

func (t *trail) rungListed(c Cell) Rung {
	q := rung("listed", "Was it among the few listed replies that are fetched at first sight?")
	if _, ok := t.firstSeen(); !ok {
		return q.na("there was no first sight after it was written")
	}
	if e, skipped := t.p.skipped(t.s.Name, "fetch"); skipped {
		q.Words, q.Rule, q.Evidence = "it was listed and left out", e.rule, some(e.exchange)
	}
	if c.State.Has() && c.How == rules.LearnFetched {
		q.Answer, q.Accepted, q.Rule, q.Evidence = Yes, Yes, c.How, some(c.Entry)
	}
	return q
}

func (t *trail) rungBoosted() Rung {
	q := rung("boosted", fmt.Sprintf("Did a boost bring it to %s?", t.s.Name))
	if t.p.home == t.s.Name {
		return q.na("it was written here")
	}
	sent := t.sent("", "Announce")
	if len(sent) == 0 {
		return q
	}
	q.Answer = Yes
	q.Delivered, q.Accepted, q.Rule, q.Evidence = t.ticks(sent, "Announce")
	q.Words = "boosted by " + t.names.Person(sent[0].Exchange.Activity.Actor)
	return q
}

func (t *trail) rungSearched(c Cell) Rung {
	return t.rungLearned(c, rung("searched", fmt.Sprintf("Did somebody on %s look its address up?", t.s.Name)), rules.LearnSearched)
}

func (t *trail) rungOpened(c Cell) Rung {
	q := t.rungLearned(c, rung("opened", fmt.Sprintf("Did somebody on %s open the thread, so that all its replies were asked for?", t.s.Name)), rules.LearnThreadOpened)
	if q.Answer == No && t.p.parent == "" {
		return q.na("it answers nothing")
	}
	return q
}

func (t *trail) rungLearned(c Cell, q Rung, how rules.ID) Rung {
	if c.State.Has() && c.How == how {
		q.Answer, q.Accepted, q.Rule, q.Evidence = Yes, Yes, how, some(c.Entry)
	}
	return q
}
