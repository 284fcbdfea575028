package activitylog

import (
	"net/url"
	"slices"
	"strings"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// Academy is the log as ActivityPub.Academy shows it to one person (observatory.md §1.1): what they send, what comes to their
// own inbox, and what comes to the shared inbox and names them or a list of followers that they are on. It recorded nothing
// else, which is why a reply that names nobody is missing there although it arrived.
type Academy struct {
	Server string // name of the person's server
	Actor  string // the person
	// Follows reports whether the person follows an actor.
	Follows func(actor string) bool
}

// Hides says in a sentence why e is not shown, or "" when it is.
func (a Academy) Hides(e Entry) string {
	x := e.Exchange
	switch {
	case x.Instance != a.Server:
		return "It is in another server’s log."
	case x.Direction == Local:
		return "It happened on the server itself, and only what is sent and received is shown."
	case x.Kind != Delivery:
		return "It is a look-up, and only activities are shown."
	case x.Direction == Out && carrier(e) != a.Actor:
		return "Somebody else sent it."
	case x.Direction == Out:
		return ""
	case e.State.Outcome == observe.Rejected, e.State.Rule == rules.SigUnknownActor:
		return "It was refused before the log saw it."
	}
	u, err := url.Parse(x.URL)
	personal, perr := url.Parse(a.Actor)
	switch {
	case err != nil || perr != nil:
		return "Its address cannot be read."
	case u.Path == personal.Path+"/inbox":
		return ""
	case u.Path != "/inbox":
		return "It came to somebody else’s inbox."
	case slices.ContainsFunc(slices.Concat(x.Activity.To, x.Activity.Cc), a.reaches):
		return ""
	}
	return "It names neither the person nor a list of followers that they are on."
}

// reaches reports whether an address among the recipients stands for the person.
func (a Academy) reaches(to string) bool {
	if to == a.Actor || strings.HasPrefix(to, a.Actor+"/") {
		return true
	}
	whose, ok := strings.CutSuffix(to, "/followers")
	return ok && a.Follows(whose)
}
