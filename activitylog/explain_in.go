package activitylog

import (
	"net/url"
	"slices"

	"orrery/federation/observe"
)

// received tells an incoming delivery: what came, who carried it, and what became of it.
func received(e Entry, n Names) string {
	x := e.Exchange
	me := n.Server(x.Instance)
	from := n.Server(sender(e))
	what := thing(x.Activity, n)
	brought := what + " from " + from
	if slices.Contains(e.State.Badges, Forwarded) {
		brought = what + ", carried by " + n.Person(carrier(e)) + "’s server " + from + ","
		if n.ServerOf(carrier(e)) != from {
			brought = what + ", carried by " + n.Person(carrier(e)) + ","
		}
	}
	why := Clause(e.State.Rule)
	if why != "" {
		why = ": " + why
	}
	switch e.State.Outcome {
	case observe.Accepted:
		return me + " received " + brought + " and " + tookIt(x.Activity.Type) + why + "."
	case observe.Dropped:
		return me + " received " + brought + " and dropped it" + why + "."
	case observe.Rejected:
		return me + " refused " + brought + withStatus(e) + why + "."
	case observe.Failed:
		return me + " could not judge " + brought + withStatus(e) + why + "."
	}
	return me + " received " + brought + " and has not decided about it yet."
}

// tookIt is the verb of success: posts are kept, wishes are carried out.
func tookIt(activityType string) string {
	if activityType == "Create" || activityType == "Announce" {
		return "kept it"
	}
	return "took it"
}

func withStatus(e Entry) string {
	if e.Answer == nil || e.Answer.Status == 0 {
		return ""
	}
	return " (" + answered(e.Answer) + ")"
}

// sender is the host that an incoming request came from, as far as its signature tells.
func sender(e Entry) string {
	if e.Exchange.Peer != "" {
		return e.Exchange.Peer
	}
	u, err := url.Parse(e.State.Carrier)
	if err != nil {
		return ""
	}
	return u.Host
}

// served tells an incoming GET.
func served(e Entry, n Names) string {
	x := e.Exchange
	me, from := n.Server(x.Instance), n.Server(sender(e))
	what := n.Document(x.URL)
	switch a := e.Answer; {
	case a == nil:
		return from + " is asking " + me + " for " + what + "."
	case a.Status >= 400:
		why := Clause(e.State.Rule)
		if why != "" {
			why = ": " + why
		}
		return me + " did not give " + from + " " + what + withStatus(e) + why + "."
	case x.Kind == NodeInfo:
		return me + " told " + from + " what software it runs."
	}
	return me + " gave " + what + " to " + from + "."
}
