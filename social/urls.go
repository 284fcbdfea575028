package social

import (
	"net/url"
	"strconv"
	"strings"
)

// URLs mints the addresses of one instance. Everything that mints holds one; there is no global. A URI is minted once, at
// creation, and stored: nobody computes it again.
type URLs struct{ Origin string } // "https://alpha.test", without a trailing slash

// Host is the origin's host[:port], the domain of this instance's handles.
func (u URLs) Host() string {
	_, host, _ := strings.Cut(u.Origin, "://")
	return host
}

// Account is the actor URI of a new account, in the scheme of names (profile 4.1).
func (u URLs) Account(username string) string { return u.Origin + "/users/" + username }

// Profile is the page of a local account.
func (u URLs) Profile(username string) string { return u.Origin + "/@" + username }

// Status is the URI of a new status of a.
func (u URLs) Status(a Account, id ID) string { return a.URI + "/statuses/" + id.String() }

// StatusPage is the page of a status, local or remote, on this instance.
func (u URLs) StatusPage(a Account, id ID) string {
	return u.Origin + "/@" + a.Acct() + "/" + id.String()
}

// Tag is the page of a hashtag.
func (u URLs) Tag(name string) string { return u.Origin + "/tags/" + url.PathEscape(name) }

// File is the address of a file kept here, "" for the key "".
func (u URLs) File(key string) string {
	if key == "" {
		return ""
	}
	return u.Origin + "/system/" + key
}

// SharedInbox is where other servers deliver for everybody here.
func (u URLs) SharedInbox() string { return u.Origin + "/inbox" }

// InstanceActor is the actor of the instance itself.
func (u URLs) InstanceActor() string { return u.Origin + "/actor" }

// IsLocal reports whether uri is on this instance: same host and port, without case.
func (u URLs) IsLocal(uri string) bool {
	p, err := url.Parse(uri)
	return err == nil && strings.EqualFold(p.Host, u.Host())
}

// String is the decimal form, as in URLs and JSON.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads a decimal id; false when it is none.
func ParseID(s string) (ID, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return ID(n), err == nil && n > 0
}
