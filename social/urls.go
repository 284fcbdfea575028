package social

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
)

// URLs mints the addresses of one instance. Everything that mints holds one; there is no global. A URI is minted once, at
// creation, and stored: nobody computes it again.
type URLs struct {
	Origin string // "https://alpha.test", without a trailing slash
	// Numeric names new accounts, and what belongs to them, by number instead of by name (federation.md §2.1).
	Numeric bool
	// KeyDocuments gives new keys addresses, and documents, of their own (federation.md §13.3.4).
	KeyDocuments bool
	// Copies says that pictures of other servers are shown by copies of ours; see Copied.
	Copies bool
}

// Host is the origin's host[:port], the domain of this instance's handles.
func (u URLs) Host() string {
	_, host, _ := strings.Cut(u.Origin, "://")
	return host
}

// Account is the actor URI of a new account.
func (u URLs) Account(username string, id ID) string {
	if u.Numeric {
		return u.numbered(id)
	}
	return u.Origin + "/users/" + username
}

func (u URLs) numbered(id ID) string { return u.Origin + "/ap/users/" + id.String() }

// Key is the id of a new account's key. Where accounts have numbers a key is named after itself, so that it can be changed.
func (u URLs) Key(actor, publicPEM string) string {
	if u.KeyDocuments {
		return actor + "/main-key"
	}
	if !u.Numeric {
		return actor + "#main-key"
	}
	sum := sha256.Sum256([]byte(publicPEM))
	return actor + "#rsa-" + hex.EncodeToString(sum[:8])
}

// FeaturedCollections is the list of an account's collections of accounts, which has a number in either scheme.
func (u URLs) FeaturedCollections(a Account) string {
	return u.numbered(a.ID) + "/featured_collections"
}

// Context is the collection of a conversation that a began with the post status.
func (u URLs) Context(a Account, status ID) string {
	return u.Origin + "/contexts/" + a.ID.String() + "-" + status.String()
}

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

// TagOf is the page of a's own posts with a hashtag.
func (u URLs) TagOf(a Account, name string) string {
	return u.Profile(a.Username) + "/tagged/" + url.PathEscape(name)
}

// Emoji is the address of an emoji of this instance, that which it was given when it was made.
func (u URLs) Emoji(e Emoji) string {
	if e.URI != "" {
		return e.URI
	}
	return u.Origin + "/emojis/" + e.ID.String()
}

// SharedInbox is where other servers deliver for everybody here.
func (u URLs) SharedInbox() string { return u.Origin + "/inbox" }

// InstanceActor is the actor of the instance itself.
func (u URLs) InstanceActor() string { return u.Origin + "/actor" }

// IsLocal reports whether uri is on this instance: same host and port, without case.
func (u URLs) IsLocal(uri string) bool {
	return strings.EqualFold(HostOf(uri), u.Host())
}

// String is the decimal form, as in URLs and JSON.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads a decimal id; false when it is none.
func ParseID(s string) (ID, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return ID(n), err == nil && n > 0
}
