package knowledge

import (
	"fmt"
	"slices"

	"orrery/activitylog"
	"orrery/federation/rules"
)

// way is a way of coming to know posts that only some policies add.
type way struct {
	id, question string // the question is about one server
	rules        []rules.ID
	rung         func(t *trail, c Cell, w way, q Rung) Rung
}

// ways lists them. What the log does not show a server to do is not asked about it.
func ways() []way {
	return []way{
		{"owner-here", "Does the owner of the conversation live on %s, who is told of all that happens in it?", []rules.ID{rules.AcceptOwnThread}, (*trail).told},
		{"handed-on", "Did the owner of the conversation hand it on to %s?", []rules.ID{rules.LearnHandedOn, rules.AcceptHandedOn}, (*trail).handedOn},
		{"history", "Did %s read it in the history of the conversation?", []rules.ID{rules.LearnHistory}, (*trail).came},
		{"walked", "Did %s read the thread below a post that came to it, reply by reply?", []rules.ID{rules.LearnThreadWalk}, (*trail).came},
		{"polled", "Did a program beside %s find it in a thread that it asked for?", []rules.ID{rules.LearnExternal}, (*trail).came},
		{"relayed", "Did a relay pass it on to %s?", []rules.ID{rules.AcceptRelay, rules.AcceptRelayAnnounce}, (*trail).relayed},
	}
}

// added are the rungs of what the server's policy adds, and one for whatever brought the post without any of the others.
func (t *trail) added(c Cell, asked []Rung) []Rung {
	var rungs []Rung
	for _, w := range ways() {
		if !slices.ContainsFunc(w.rules, func(id rules.ID) bool { return t.r.used[t.s.Name][id] }) {
			continue
		}
		q := rung(w.id, fmt.Sprintf(w.question, t.s.Name))
		if t.p.home == t.s.Name {
			q = q.na("it was written here")
		} else {
			q = w.rung(t, c, w, q)
		}
		rungs = append(rungs, q)
	}
	if yes := func(q Rung) bool { return q.Answer == Yes }; !c.State.Has() || slices.ContainsFunc(asked, yes) || slices.ContainsFunc(rungs, yes) {
		return rungs
	}
	// A quote is told to who is quoted and fetches what it quotes; a profile fetches what is pinned on it.
	q := rung("other", "Did it come another way, for a quote or a profile?")
	q.Answer, q.Accepted, q.Rule, q.Evidence, q.Words = Yes, Yes, c.How, some(c.Entry), c.Word
	return append(rungs, q)
}

// told is about what reached the owner of the conversation because they are that.
func (t *trail) told(_ Cell, _ way, q Rung) Rung {
	return t.deliveries(q, t.sentBecause(rules.DeliverThreadOwner))
}

// handedOn is about what an owner sent, wrapped or not.
func (t *trail) handedOn(c Cell, w way, q Rung) Rung {
	if q = t.deliveries(q, t.sentBecause(rules.ForwardThreadOwner, rules.ForwardUnwrapped, rules.ForwardListeners)); q.Answer == Yes {
		return q
	}
	return t.came(c, w, q) // from an owner who keeps no log here
}

// came is about what was learned by one of the rules of the way.
func (t *trail) came(c Cell, w way, q Rung) Rung {
	if c.State.Has() && slices.Contains(w.rules, c.How) {
		q.Answer, q.Accepted, q.Rule, q.Evidence = Yes, Yes, c.How, some(c.Entry)
	}
	return q
}

// relayed is about what a relay sent; those outside a lab keep no log here.
func (t *trail) relayed(_ Cell, w way, q Rung) Rung {
	if q = t.deliveries(q, t.sentBecause(rules.DeliverRelaySubscriber)); q.Answer == Yes {
		return q
	}
	for _, kind := range []string{"Create", "Announce"} {
		for _, e := range t.arrived(kind) {
			if d, ok := decision(e, t.p.uri); ok && slices.Contains(w.rules, d.Rule) {
				q.Answer, q.Delivered, q.Accepted, q.Rule, q.Evidence = Yes, Yes, Yes, d.Rule, IDs{e.Exchange.ID}
				return q
			}
		}
	}
	return q
}

// sentBecause are the deliveries of the post to the server that were made by one of the rules.
func (t *trail) sentBecause(why ...rules.ID) []activitylog.Entry {
	return slices.DeleteFunc(t.sent("", "Create"), func(e activitylog.Entry) bool { return !slices.Contains(why, e.Exchange.Rule) })
}

func (t *trail) deliveries(q Rung, sent []activitylog.Entry) Rung {
	if len(sent) == 0 {
		return q
	}
	q.Answer, q.Words = Yes, t.names.Server(hostOf(sent[0].Exchange.Carrier))+" sent it"
	q.Delivered, q.Accepted, q.Rule, q.Evidence = t.ticks(sent, "Create")
	return q
}
