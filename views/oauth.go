package views

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"orrery/social"
)

// AppRequest is what a program asks of a person. Query brings the request back when a form of the page is sent.
type AppRequest struct {
	App, Website string
	Redirect     string // where the answer goes
	Scopes       []string
	Query        string
}

// AppSignIn is the sign-in form as it was sent. People are whom a lab offers to be on this server.
type AppSignIn struct {
	Username string
	Wrong    Wrong
	People   []Person
}

// Permissions is who acts for a person, and where they are signed in. Current is the hash of the session that looks.
type Permissions struct {
	Apps     []social.Permission
	Sessions []social.Session
	Current  string
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)

// PolicyToward is Policy for a page whose forms end at redirect: browsers hold form-action against redirects too. On the
// web the whole scheme is allowed, as programs send on from the address they registered to another of theirs (Elk does, from
// its server to the page somebody uses); for others it is the scheme of the program.
func PolicyToward(redirect string) string {
	to := "'self'"
	switch scheme, _, ok := strings.Cut(redirect, ":"); {
	case redirect == social.OutOfBand || !ok || !wordOf(scheme):
	case strings.EqualFold(scheme, "http"):
		to += " http: https:"
	default:
		to += " " + strings.ToLower(scheme) + ":"
	}
	return strings.Replace(Policy(false), "form-action 'self'", "form-action "+to, 1)
}

// wordOf reports whether s can be a scheme, so that nothing else gets into the policy.
func wordOf(s string) bool {
	return s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789+.-") == ""
}

// goes says where the answer goes.
func (a AppRequest) goes() string {
	if a.Redirect == social.OutOfBand {
		return "You will get a code to copy into the app."
	}
	u, err := url.Parse(a.Redirect)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && plainHost.MatchString(u.Host) {
		return "Afterwards you are sent to " + u.Host + "."
	}
	scheme, _, _ := strings.Cut(a.Redirect, ":")
	return "Afterwards your browser opens the program that answers to “" + scheme + ":”."
}

// site is the program's page without what surrounds its host, "" when it gave none.
func (a AppRequest) site() string {
	u, err := url.Parse(a.Website)
	if err != nil {
		return ""
	}
	return u.Host
}

func (a AppRequest) to(path string) string { return path + "?" + a.Query }

// scopeMeans says in words what a program with scope may do.
func scopeMeans(scope string) string {
	switch scope {
	case "read":
		return "See everything that you can see, private posts too"
	case "write":
		return "Do everything that you can do: post, delete, favourite, follow, change your profile"
	case "follow":
		return "See and change whom you follow, mute and block"
	case "push":
		return "Get your notifications while it is closed"
	case "profile":
		return "See who you are: name and picture, nothing more"
	case "admin:read":
		return "See everything that moderators of this server see"
	case "admin:write":
		return "Do everything that moderators of this server may do"
	}
	parts := strings.Split(scope, ":")
	thing := strings.ReplaceAll(parts[len(parts)-1], "_", " ")
	if said, ok := scopeThings[parts[len(parts)-1]]; ok {
		thing = said
	}
	admin := ""
	if parts[0] == "admin" {
		parts, admin = parts[1:], ", as a moderator of this server"
	}
	if parts[0] == "read" {
		return "See " + thing + admin
	}
	return "Change " + thing + admin
}

// scopeThings are the things of the finer scopes, where their own name says too little.
var scopeThings = map[string]string{
	"accounts": "accounts and profiles", "blocks": "whom you block", "follows": "whom you follow", "mutes": "whom you mute",
	"search": "what a search finds", "statuses": "posts", "media": "pictures and sounds", "conversations": "your conversations",
	"lists": "your lists", "filters": "your filters", "bookmarks": "your bookmarks", "favourites": "your favourites",
	"notifications": "your notifications", "collections": "your collections", "reports": "reports",
}

// appName is what a program calls itself; tokens that no program asked for come from the command line or a lab.
func appName(a social.App) string {
	if a.Name == "" {
		return "The command line or the lab"
	}
	return a.Name
}

func dayOf(t time.Time) string { return t.UTC().Format("2 January 2006") }

// times is "once", "twice", "3 times".
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}
