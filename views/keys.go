package views

// key is one line of the legend. static/app.js acts on them, and static/log.js on some in the log; a test holds the
// three together.
type key struct{ keys, does string }

// keysOf lists the keys that do something on a page of p, Mastodon's own first.
func keysOf(p Page) []key {
	var keys []key
	if p.Place == "log" {
		return append(keys,
			key{"j k", "next, previous entry"}, key{"enter", "open the entry"}, key{"esc", "close it, leave a field"}, key{"/ s", "filter"},
			key{"space", "pause, go on"}, key{"g a", "activity log"}, key{"g k", "who knows what"}, key{"g c", "scenarios"}, key{"?", "this list"})
	}
	if p.Server != "" {
		keys = append(keys,
			key{"j k", "next, previous post"}, key{"enter o", "open the post"}, key{"p", "open its author's profile"},
			key{"x", "show or hide what is behind a warning"}, key{"e", "open its first picture or link"},
			key{"/ s", "search"}, key{"g l", "local timeline"}, key{"g t", "federated timeline"}, key{"g e", "explore"})
	}
	if p.Viewer != nil {
		keys = append(keys,
			key{"n", "write a post"}, key{"r", "reply"}, key{"b", "boost"}, key{"f", "favourite"},
			key{"g h", "home"}, key{"g n", "notifications"}, key{"g u", "your profile"},
			key{"g r", "follow requests"}, key{"g f", "favourites"}, key{"g b", "people you block"}, key{"g m", "people you mute"})
	}
	return append(keys, key{"g a", "activity log"}, key{"g k", "who knows what"}, key{"g c", "scenarios"}, key{"i", "inspect the post: how did it get here?"}, key{"esc", "leave a field"}, key{"?", "this list"})
}

// door is where the brand mark leads.
func (p Page) door() string {
	if p.Server == "" {
		return "/lab"
	}
	return "/"
}

// site is the word beside the brand mark.
func (p Page) site() string {
	if p.Server == "" {
		return "Orrery"
	}
	return p.Server
}
