// Package social is the domain: people, posts, follows, timelines and their rules. It knows no protocol, no SQL and no HTTP.
//
// Services (Accounts, Statuses, Follows, Reactions) hold the rules and change things; Reader loads what people see;
// Store is what they need kept, satisfied by package storage. A newcomer's usual mistake is to send something from here:
// a change writes an Event in its transaction, and federation/outbox turns events into activities.
package social

import "time"

// ID is a snowflake: milliseconds since the Unix epoch << 16 | sequence. The order of ids is the order of creation.
type ID int64

// Account is a person, bot or group, of this instance or another.
type Account struct {
	ID       ID
	Username string // as its owner spells it
	Domain   string // "" for accounts of this instance, else host[:port]
	// URI is the ActivityPub id; URL the profile page. Both are minted once and stored.
	URI, URL     string
	ActorType    string // Person, Service, Group, Application, Organization
	DisplayName  string
	Note         string // HTML for remote accounts, plain text for local ones
	Locked       bool   // approves followers by hand
	Discoverable bool

	InboxURL, SharedInboxURL, OutboxURL     string
	FollowersURL, FollowingURL, FeaturedURL string
	KeyID, PublicKeyPEM                     string
	FeaturedTagsURL                         string
	AvatarURL, HeaderURL                    string // remote, as claimed; not fetched
	AvatarKey, HeaderKey                    string // files kept here; "" when none is. URLs.File makes addresses of them
	AvatarDescription, HeaderDescription    string // text instead of the picture

	Fields             []Field
	AlsoKnownAs        []string // actor URIs that are the same person, as they say
	AttributionDomains []string // hosts of pages that may name them as their author
	Indexable          bool     // may be found by full text search
	Memorial           bool
	HideCollections    bool // nobody is told whom they follow and who follows them
	// What apps are to leave out of the profile: the page of media, answers on that page, and what is featured.
	HideMedia, HideMediaReplies, HideFeatured bool

	FollowersCount, FollowingCount, StatusesCount int64
	CreatedAt                                     time.Time
	FetchedAt                                     time.Time // when the remote document was last read; zero for local accounts
	LastStatusAt                                  time.Time // zero when it never posted

	Revision ID // names the last change of a local profile; 0 when it never changed

	Stamp int64 // grows with each change of what is kept of it; see Shelf

	Standing
	Waiting   bool // to be let in (User.Pending): nobody else sees it yet
	MovedToID ID   // the account that its owner uses instead, 0 for none

	// Emojis and Moved are what belongs to an account when it is shown; only Reader fills them.
	Emojis []Emoji
	Moved  *Account
}

// Field is one line of the table in a profile.
type Field struct {
	Name       string    `json:"name"`
	Value      string    `json:"value"`                // HTML for remote accounts, plain text for local ones
	VerifiedAt time.Time `json:"verified_at,omitzero"` // when the page linked to was seen to link back; zero if never
}

// Local reports whether a belongs to this instance.
func (a Account) Local() bool { return a.Domain == "" }

// Acct is the short handle shown to people of this instance: "alice", or "berta@techhub.test".
func (a Account) Acct() string {
	if a.Local() {
		return a.Username
	}
	return a.Username + "@" + a.Domain
}

// Name is the display name, or the username when there is none.
func (a Account) Name() string {
	if a.DisplayName != "" {
		return a.DisplayName
	}
	return a.Username
}

// PreferredInbox is the shared inbox when there is one, else the personal one (federation.md §8.1).
func (a Account) PreferredInbox() string {
	if a.SharedInboxURL != "" {
		return a.SharedInboxURL
	}
	return a.InboxURL
}

// InvalidDomain is where the handles of accounts stand who lost theirs to another; see InvalidHandle.
const InvalidDomain = "handle.invalid"

// InvalidHandle reports whether a lost its handle to another account and has not proved a new one (federation.md §1.2).
func (a Account) InvalidHandle() bool { return a.Domain == InvalidDomain }

// Bot reports whether a says that it is a program.
func (a Account) Bot() bool { return a.ActorType == "Service" || a.ActorType == "Application" }

// Group reports whether a is a Group actor, whose followers are addressed when it is mentioned.
func (a Account) Group() bool { return a.ActorType == "Group" }

// InstanceActorID is the account of the instance itself, as in Mastodon.
const InstanceActorID ID = -99

// User is somebody who can sign in.
type User struct {
	AccountID    ID
	PasswordHash string // argon2id PHC string; "" when no password was set (a lab's people)
	CreatedAt    time.Time
	// Posting defaults, and how they like to read; see Accounts.Prefer.
	DefaultVisibility Visibility
	DefaultSensitive  bool
	DefaultLanguage   string
	ExpandMedia       string // MediaDefault, MediaShowAll, MediaHideAll
	ExpandSpoilers    bool
	AutoplayGIFs      bool
	DefaultQuotes     QuotePolicy // who may quote what they post, "" for everybody
	// Languages are those of the posts that the public timelines show them; none is all.
	Languages []string
	// Role is what they are on this server; DisabledAt is when they were kept from signing in, zero when they were not.
	Role       Role
	DisabledAt time.Time
	Pending    bool // waits for somebody who runs the server to let them in
	// Email, Reason and AppID are from joining: an address in small letters to which nothing is sent, why, and by which program.
	Email, Reason string
	AppID         ID
}

// ValidUsername reports whether name may be taken by a local account: 1 to 30 of a-z, A-Z, 0-9 and "_".
func ValidUsername(name string) bool {
	if len(name) == 0 || len(name) > 30 {
		return false
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return true
}
