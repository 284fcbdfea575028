package views

import (
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode"

	"orrery/social"
)

// Look is how a page of Social sees things: the house around it, and how to make text of others harmless.
type Look struct {
	Page
	URLs social.URLs
	Host string // domain of this instance's handles, with its port
	// Attach says that pictures can be attached to posts and profiles, Films that films and sounds can.
	Attach, Films bool
	Quotes        bool // this server knows quotes
	// Filters is where the viewer's filters count on this page; "" for nowhere.
	Filters social.FilterContext
	// Words is the text of a post, Note the text about an account: safe HTML, whoever wrote it. Brief makes one line of
	// plain text out of HTML.
	Words func(*social.StatusView) string
	Note  func(social.Account) string
	// Field is the value of a line of an account's table, as Note.
	Field func(social.Account, social.Field) string
	Brief func(html string) string
	// Wrong is why something that was done on this page was refused; its Form names the place (refused).
	Wrong Wrong
}

// hue is the colour of an account's server.
func (l Look) hue(a social.Account) string {
	if a.Local() {
		return HueClass(l.Hue)
	}
	return HueClass(Hue(a.Domain))
}

// handle is the full one: what somebody on another server would type.
func (l Look) handle(a social.Account) string {
	if a.Local() {
		return "@" + a.Username + "@" + l.Host
	}
	return "@" + a.Acct()
}

func profilePath(a social.Account) string { return "/@" + a.Acct() }

func statusPath(v *social.StatusView) string {
	return profilePath(v.Author) + "/" + v.Status.ID.String()
}

// logOf is what the log knows about an object. Social and Observatory link to each other by address only.
func logOf(uri string) string { return "/lab/log?object=" + url.QueryEscape(uri) }

func logBy(actor string) string { return "/lab/log?actor=" + url.QueryEscape(actor) }

// initial stands for a picture: the first letter or digit of the name, else of the username.
func initial(a social.Account) string {
	for _, name := range []string{a.DisplayName, a.Username} {
		for _, r := range name {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return string(unicode.ToUpper(r))
			}
		}
	}
	return "?"
}

// me reports whether the viewer is a.
func (l Look) me(a social.Account) bool { return l.Viewer != nil && l.Viewer.ID == a.ID }

// ago is how long ago t was, short: "now", "5 min", "3 h", "2 d", then the date. static/app.js says the same.
func ago(now, t time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute: // also what comes from servers whose clock is ahead
		return "now"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	case d < 7*24*time.Hour:
		return strconv.Itoa(int(d/(24*time.Hour))) + " d"
	}
	return t.UTC().Format("2 Jan 2006")
}

func absolute(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }

func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// tally is a number beside an action; none is shown for zero.
func tally(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// many is "1 follower", "0 followers", "2 followers".
func many(n int64, one, more string) string {
	return strconv.FormatInt(n, 10) + " " + plural(n, one, more)
}

func plural(n int64, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// audience is a visibility in words.
func audience(v social.Visibility) string {
	switch v {
	case social.Public:
		return "Public"
	case social.Unlisted:
		return "Unlisted"
	case social.Private:
		return "Followers only"
	case social.Direct:
		return "Only people mentioned"
	}
	return "Limited"
}

// audienceMeans says what a visibility promises, for those who choose one or wonder.
func audienceMeans(v social.Visibility) string {
	switch v {
	case social.Public:
		return "everybody, in all timelines"
	case social.Unlisted:
		return "everybody, but not in public timelines"
	case social.Private:
		return "followers and people mentioned"
	case social.Direct:
		return "nobody but people mentioned"
	}
	return "some people whom its server chose"
}

// TagPath is the page of a hashtag.
func TagPath(name string) string { return "/tags/" + url.PathEscape(name) }

func logSearch(q string) string { return "/lab/log?q=" + url.QueryEscape(q) }

func actorQuery(l Look) string { return "actor=" + url.QueryEscape(l.Viewer.URI) }

// offers reports whether a lab offers people of this server to be.
func (l Look) offers() bool {
	return slices.ContainsFunc(l.People, func(p Person) bool { return p.Server == l.Server })
}

// fieldAt is a line of a's table, an empty one where there is none.
func fieldAt(a social.Account, i int) social.Field {
	if i < len(a.Fields) {
		return a.Fields[i]
	}
	return social.Field{}
}
