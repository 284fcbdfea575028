package observe

import "orrery/federation/rules"

// Reacted says that this instance counts somebody's like or boost of a post from now on, or no longer does. With Learned and
// Removed it tells what a server shows at any time.
type Reacted struct {
	Rule   rules.ID `json:"rule"` // learn.local or learn.delivered
	What   string   `json:"what"` // "like" or "boost"
	Object string   `json:"object"`
	Actor  string   `json:"actor"`
	Ended  bool     `json:"ended,omitempty"`
}

// Counted says that the likes and boosts which a post's own server states are believed and shown from now on. What was not
// stated is nil and stays as it was.
type Counted struct {
	Rule   rules.ID `json:"rule"` // learn.counted
	Object string   `json:"object"`
	Likes  *int64   `json:"likes,omitempty"`
	Boosts *int64   `json:"boosts,omitempty"`
}

// Edited says that this instance has a newer version of a post from now on.
type Edited struct {
	Object string `json:"object"`
	At     string `json:"at"` // the version's own date, RFC 3339 in whole seconds: equal on all servers that have it
}

// Removed says that this instance has a post no longer.
type Removed struct {
	Rule   rules.ID `json:"rule"` // accept.by-author, accept.departure, drop.gone-from-its-server and such
	Object string   `json:"object"`
}

// Suspended says that an account is suspended on this instance from now on, or no longer is: while it is, what is kept of it
// is shown to nobody. Like follows, these facts are never pruned.
type Suspended struct {
	Rule    rules.ID `json:"rule"` // learn.suspended
	Account string   `json:"account"`
	Ended   bool     `json:"ended,omitempty"`
}

// Kinds, as stored.
func (f Reacted) Kind() string {
	if f.Ended {
		return "reaction.ended"
	}
	return "reacted"
}
func (Counted) Kind() string { return "counted" }
func (Edited) Kind() string  { return "edited" }
func (Removed) Kind() string { return "removed" }
func (f Suspended) Kind() string {
	if f.Ended {
		return "suspension.ended"
	}
	return "suspended"
}
