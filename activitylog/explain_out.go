package activitylog

import (
	"encoding/json"
	"slices"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// sent tells an outgoing delivery.
func sent(e Entry, n Names) string {
	x := e.Exchange
	from, to := n.Server(x.Instance), n.Server(x.Peer)
	what := thing(x.Activity, n)
	var s string
	switch passed, waiting := slices.Contains(e.State.Badges, Forwarded), e.Answer == nil; {
	case passed && waiting:
		s = from + " is passing " + what + " on to " + to
	case passed:
		s = from + " passed " + what + " on to " + to
	case waiting:
		s = from + " is sending " + what + " to " + to
	default:
		s = from + " sent " + what + " to " + to
	}
	if x.Attempt > 1 {
		s += " again (" + ordinal(x.Attempt) + " try)"
	}
	return s + because(e, n) + "." + ended(e, to)
}

// because gives the reason of a delivery, from the fact that planned it and from its rule.
func because(e Entry, n Names) string {
	x := e.Exchange
	var q observe.Queued
	detail(e.Facts, &q)
	rule := x.Rule
	if rule == "" {
		rule = q.Rule
	}
	names, many := people(q.For)
	if n.Shy {
		names, many = "", false
	}
	follow := orText(names, "somebody") + " there follows "
	if many {
		follow = names + " there follow "
	}
	switch rule {
	case rules.DeliverFollowers:
		return ", because " + follow + n.Person(x.Activity.Actor)
	case rules.ForwardParentFollowers:
		return ", because " + follow + n.Person(carrier(e)) + ", whose post it answers"
	case rules.DeliverParentFollow:
		if author, ok := n.AuthorOf(x.Activity.InReplyTo); ok {
			return ", because " + follow + author + ", whose post it answers"
		}
		return ", because " + follow + "the author of the post it answers"
	case rules.DeliverMention:
		return ", because it names " + orText(names, "somebody there")
	case rules.DeliverNamedLately:
		return ", because " + n.Person(x.Activity.Actor) + " named " + orText(names, "somebody there") + " in a post of the last two days"
	case rules.DeliverFollowedLately:
		return ", because " + n.Person(x.Activity.Actor) + " followed " + orText(names, "somebody there") + " within two days, or asked to"
	case rules.DeliverParentAuthor:
		if author, ok := n.AuthorOf(x.Activity.InReplyTo); ok {
			return ", because it answers a post by " + author
		}
		return ", because it answers a post by " + orText(names, "somebody there")
	case rules.DeliverInteracted:
		return ", because somebody there boosted, liked or answered the post"
	case rules.DeliverBoostedAuthor:
		return ", to tell " + orText(names, "somebody there") + ", who wrote the boosted post"
	case rules.DeliverLikedAuthor:
		return ", to tell " + orText(names, "somebody there") + ", who wrote the post"
	case rules.DeliverQuotedAuthor:
		if x.Activity.Type == "QuoteRequest" {
			return ", to ask " + orText(names, "the author")
		}
		return ", to tell " + orText(names, "somebody there") + ", who wrote the quoted post"
	case rules.DeliverQuoter:
		return ", to tell " + orText(names, "somebody there") + ", who quotes the post"
	case rules.DeliverFollowTarget:
		if x.Activity.Type != "Follow" {
			return ", to tell " + orText(names, "the person who was followed")
		}
		return ", to ask " + n.Person(x.Activity.Object)
	case rules.DeliverFollower:
		return ", to answer " + orText(names, "the person") + ", who asked to follow"
	}
	if why := Clause(rule); why != "" {
		return ": " + why
	}
	return ""
}

// ended tells how the other side took a delivery, when that was not well, and what follows.
func ended(e Entry, to string) string {
	if e.Answer == nil {
		return ""
	}
	var s string
	switch {
	case e.Answer.Err != "":
		s = " " + to + " could not be reached: " + Plain(e.Answer.Err, 160) + "."
	case e.Answer.Status >= 500:
		s = " " + to + " answered " + answered(e.Answer) + ": it cannot take it now."
	case e.Answer.Status >= 300:
		s = " " + to + " refused it with " + answered(e.Answer) + "."
	default:
		return ""
	}
	var r observe.Retried
	if !detail(e.Facts, &r) {
		return s
	}
	if r.Rule != rules.DeliverRetry {
		return s + " " + rules.Sentence(r.Rule)
	}
	next, err := time.Parse(time.RFC3339Nano, r.NextAt)
	if err != nil {
		return s + " It is tried again later."
	}
	return s + " It is tried again on " + next.UTC().Format("2 January at 15:04:05") + " UTC."
}

// lookedUp tells an outgoing GET.
func lookedUp(e Entry, n Names) string {
	x := e.Exchange
	me, there := n.Server(x.Instance), n.Server(x.Peer)
	var s string
	switch rule := x.Rule; {
	case x.Kind == Key || rule == rules.FetchKey:
		s = me + " looked up " + n.KeyOf(x.URL) + " at " + there + ", to check a signature"
	case x.Kind == WebFinger || rule == rules.FetchWebFinger:
		s = me + " asked " + there + " for " + n.Document(x.URL) + ", to be sure of the handle"
	case x.Kind == NodeInfo:
		s = me + " asked " + there + " what software it runs"
	case rule == rules.FetchActor:
		s = me + " looked " + n.Person(x.URL) + " up at " + there + ", not having met them before"
	case rule == rules.FetchActorAgain:
		s = me + " read " + n.Document(x.URL) + " at " + there + " again, to have it fresh"
	case rule == rules.FetchCounts:
		s = me + " asked " + there + " for " + n.Document(x.URL)
	default:
		s = me + " fetched " + n.Document(x.URL) + " from " + there
		if why := Clause(rule); why != "" {
			s += ": " + why
		}
	}
	s += "."
	switch a := e.Answer; {
	case a == nil:
		return s + " No answer yet."
	case a.Err != "":
		return s + " " + there + " could not be reached: " + Plain(a.Err, 160) + "."
	case a.Status >= 400:
		return s + " " + there + " answered " + answered(a) + "."
	}
	return s
}

// carrier is the actor whose key carried a request.
func carrier(e Entry) string {
	if e.State.Carrier != "" {
		return e.State.Carrier
	}
	return e.Exchange.Carrier
}

// detail decodes the last fact of v's kind into v, which is a pointer to a fact; false when there is none.
func detail(facts []Fact, v observe.Fact) bool {
	for _, f := range slices.Backward(facts) {
		if f.Kind == v.Kind() {
			return json.Unmarshal(f.Detail, v) == nil
		}
	}
	return false
}

func ordinal(n int) string {
	words := []string{"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
		"eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"}
	if n > 0 && n < len(words) {
		return words[n]
	}
	return "another"
}
