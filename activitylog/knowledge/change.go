package knowledge

import (
	"fmt"

	"orrery/federation/rules"
)

// Change is something that might have been otherwise. Verified is nil as long as nobody has tried it out: the log cannot.
type Change struct {
	Kind     ChangeKind `json:"kind"`
	Sentence string     `json:"sentence"`
	Verified *bool      `json:"verified"` // null: it was not tried
	// On is the server whose people do it, or whose knob it is; Whom the actor it is about; Knob and Value a setting.
	On    string `json:"on,omitempty"`
	Whom  string `json:"whom,omitempty"`
	Knob  string `json:"knob,omitempty"`
	Value string `json:"value,omitempty"`
}

// ChangeKind says what is changed.
type ChangeKind string

// The kinds, roughly from cheap to dear.
const (
	Keep    ChangeKind = "keep"    // the author does not delete it
	Set     ChangeKind = "set"     // another value of a knob
	Follow  ChangeKind = "follow"  // somebody on a server follows an actor, from the beginning
	Name    ChangeKind = "name"    // the author names somebody on a server
	Search  ChangeKind = "search"  // somebody on a server looks the address up
	Look    ChangeKind = "open"    // somebody on a server opens the thread, a quarter of an hour later
	Without ChangeKind = "without" // nobody on a server follows an actor
)

// changes lists what may alter the outcome, the cheapest first.
func (t *trail) changes(a Answer) []Change {
	switch {
	case a.Of != Post && a.State.Has():
		return t.changesOfNumber(a)
	case a.State.Has():
		return t.changesOfPresence()
	case a.State == Withheld, a.State == Gone && a.Rule != rules.AcceptByAuthor:
		return nil
	case a.State == Gone:
		return []Change{{Kind: Keep, Sentence: fmt.Sprintf("If %s had not deleted it, %s would have it still.", t.names.Person(t.p.author), t.s.Name)}}
	}
	var all []Change
	if t.parent != nil && t.parent.home != "" {
		all = append(all, t.knobs(a.Rule)...)
	}
	author := t.names.Person(t.p.author)
	if t.p.visibility != "direct" {
		if _, follows := t.r.follower(t.s.Host, t.p.author, t.p.pos); !follows {
			all = append(all, t.follow(t.p.author))
		}
	}
	if t.parent != nil && t.p.open() && hostOf(t.parent.author) != t.s.Host && t.parent.author != t.p.author {
		if _, follows := t.r.follower(t.s.Host, t.parent.author, t.p.pos); !follows {
			all = append(all, t.follow(t.parent.author))
		}
	}
	all = append(all, Change{Kind: Name, On: t.s.Name, Sentence: fmt.Sprintf("If %s had named somebody on %s in it, it would have been sent there.", author, t.s.Name)})
	if t.p.open() {
		all = append(all, Change{Kind: Search, On: t.s.Name, Sentence: fmt.Sprintf("If anyone on %s looked its address up, %s would fetch it.", t.s.Name, t.s.Name)})
	}
	return all
}

func (t *trail) follow(whom string) Change {
	return Change{Kind: Follow, On: t.s.Name, Whom: whom, Sentence: fmt.Sprintf("If anyone on %s followed %s, it would be there.", t.s.Name, t.names.Person(whom))}
}

// knobs are the settings that the rule which decided speaks of.
func (t *trail) knobs(rule rules.ID) []Change {
	set := func(server, knob, value, words string) []Change {
		return []Change{{Kind: Set, On: server, Knob: knob, Value: value, Sentence: words}}
	}
	switch rule {
	case rules.ForwardOff:
		return set(t.parent.home, "forwarding", "on", fmt.Sprintf("If %s passed replies on, it would be there.", t.parent.home))
	case rules.ForwardNoSignature:
		return set(t.p.home, "document-signature", "on", fmt.Sprintf("If %s signed its documents, %s could pass it on.", t.p.home, t.parent.home))
	case rules.LimitSameHost:
		return set(t.s.Name, "fetch-same-host", "off", fmt.Sprintf("If %s fetched listed replies from any server, it would be there.", t.s.Name))
	case rules.LimitFive:
		return set(t.s.Name, "fetch-replies", "500", fmt.Sprintf("If %s fetched more of the listed replies, it would be there.", t.s.Name))
	case rules.ListFirstFive:
		return set(t.parent.home, "replies-embedded", "500", fmt.Sprintf("If %s listed more replies, it would be there.", t.parent.home))
	}
	return nil
}

// changesOfPresence are what would have kept the post away.
func (t *trail) changesOfPresence() []Change {
	var all []Change
	if t.p.home == t.s.Name {
		return nil
	}
	for _, whom := range t.influential() {
		if _, follows := t.r.follower(t.s.Host, whom, Now); follows {
			all = append(all, Change{Kind: Without, On: t.s.Name, Whom: whom,
				Sentence: fmt.Sprintf("If nobody on %s followed %s, it would not be there.", t.s.Name, t.names.Person(whom))})
		}
	}
	return all
}

// influential are the actors whose followers get the post: its author, whom it answers, who boosts it.
func (t *trail) influential() []string {
	all := []string{t.p.author}
	if t.parent != nil && t.parent.author != t.p.author {
		all = append(all, t.parent.author)
	}
	all = append(all, missing(t.now.reacts["boost"], all)...)
	if t.parent != nil {
		all = append(all, missing(t.r.moment(t.parent, Now).reacts["boost"], all)...)
	}
	return all
}

// changesOfNumber are what would let a server count more.
func (t *trail) changesOfNumber(a Answer) []Change {
	if a.Has {
		return nil
	}
	var all []Change
	if a.Of == Boosts {
		for _, who := range a.Missing {
			if a.Actor != "" && who != a.Actor || hostOf(who) == t.s.Host {
				continue
			}
			if _, follows := t.r.follower(t.s.Host, who, Now); !follows {
				all = append(all, Change{Kind: Follow, On: t.s.Name, Whom: who,
					Sentence: fmt.Sprintf("If anyone on %s followed %s, that boost would be counted there.", t.s.Name, t.names.Person(who))})
			}
		}
	}
	if hostOf(t.p.author) == t.s.Host {
		return all
	}
	return append(all, Change{Kind: Look, On: t.s.Name,
		Sentence: fmt.Sprintf("If somebody on %s opened the post some time later, %s would ask for the number where the post lives.", t.s.Name, t.s.Name)})
}
