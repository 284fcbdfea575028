package social

import (
	"net/url"
	"strings"
)

// Place is what an address of this instance leads to: an account by name or by number, or a post.
type Place struct {
	Username string // "" when the account has a number
	Account  ID
	Status   ID // 0 for the account itself
}

// Route reads uri as the router does, false when it is of another server or leads to neither an account nor a post. So
// people and posts here are found in whatever form another server writes their address (federation.md §2.1).
func (u URLs) Route(uri string) (Place, bool) {
	if u.Origin == "" || !u.IsLocal(uri) {
		return Place{}, false
	}
	parsed, err := url.Parse(uri)
	if err != nil {
		return Place{}, false
	}
	segments := strings.Split(strings.Trim(parsed.Path, "/"), "/")
	var p Place
	var rest []string
	switch {
	case segments[0] == "users" && len(segments) >= 2:
		p.Username, rest = segments[1], segments[2:]
	case segments[0] == "ap" && len(segments) >= 3 && segments[1] == "users":
		var ok bool
		if p.Account, ok = ParseID(segments[2]); !ok {
			return Place{}, false
		}
		rest = segments[3:]
	case strings.HasPrefix(segments[0], "@"):
		p.Username, rest = segments[0][1:], segments[1:]
		if len(rest) == 1 {
			rest = []string{"statuses", rest[0]}
		}
	}
	if p.Account == 0 && !ValidUsername(p.Username) {
		return Place{}, false
	}
	if len(rest) == 2 && rest[0] == "statuses" {
		var ok bool
		if p.Status, ok = ParseID(rest[1]); ok {
			return p, true
		}
	}
	return p, len(rest) == 0
}
