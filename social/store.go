package social

import (
	"context"
	"time"
)

// Page asks for one page of a list ordered by id, newest first. Zero values mean no bound; Limit is always set.
// MinID asks for the page just above it (Mastodon's three cursors: behaviours.md §2).
type Page struct {
	MaxID, SinceID, MinID ID
	Limit                 int
}

// Follow is one edge of the follow graph; pending until the target agrees.
type Follow struct {
	ID                  ID
	AccountID, TargetID ID // follower, followed
	URI                 string
	Pending             bool
	HideBoosts, Notify  bool     // see FollowTerms
	Languages           []string // empty is all
	CreatedAt           time.Time
}

// Favourite is one like.
type Favourite struct {
	ID                  ID
	AccountID, StatusID ID
	URI                 string // "" for likes made here
	CreatedAt           time.Time
}

// HomeEntry puts a status into one feed: a person's home, or the list whose id AccountID is. Via says why it stands there:
// "self", "follow", "boost:acct", "tag:name".
type HomeEntry struct {
	AccountID, StatusID ID
	BoostOfID           ID
	Via                 string
}

// NotificationType is Mastodon's word for what happened.
type NotificationType string

// Notification types.
const (
	NotifyMention       NotificationType = "mention"
	NotifyReblog        NotificationType = "reblog"
	NotifyFavourite     NotificationType = "favourite"
	NotifyFollow        NotificationType = "follow"
	NotifyFollowRequest NotificationType = "follow_request"
	NotifyUpdate        NotificationType = "update" // a boosted post was changed
	NotifyStatus        NotificationType = "status" // somebody posted of whom every post was asked for
)

// Notification tells AccountID that FromID did something, about StatusID when not 0.
type Notification struct {
	ID                ID
	AccountID, FromID ID
	Type              NotificationType
	StatusID          ID
	SubjectID         ID // of the severance, report or warning that it is about; 0 otherwise
	CreatedAt         time.Time
	Filtered          bool   // waits in a request until the person wants to hear of the sender
	GroupKey          string // the same for what may be shown as one; "" when it stands alone
}

// Recipient is one inbox with the accounts behind it.
type Recipient struct {
	Inbox    string
	Accounts []Account // never empty; order of id
}

// AccountStore keeps accounts. Lookups return ErrNotFound.
type AccountStore interface {
	AccountByID(ctx context.Context, id ID) (Account, error)
	AccountByURI(ctx context.Context, uri string) (Account, error)
	// AccountByHandle ignores case; domain "" is this instance.
	AccountByHandle(ctx context.Context, username, domain string) (Account, error)
	AccountsByID(ctx context.Context, ids []ID) (map[ID]Account, error)
	AccountsByURI(ctx context.Context, uris []string) (map[string]Account, error)
	LocalAccounts(ctx context.Context) ([]Account, error) // people, by id; without the instance actor
	// SearchAccounts finds accounts of whom each word of q begins the username or a word of the display name, without case.
	// Who has q as username comes first, then the best known.
	SearchAccounts(ctx context.Context, q string, limit int) ([]Account, error)
	// InsertAccount returns ErrConflict when the URI or the handle is taken. privatePEM is "" for remote accounts.
	InsertAccount(ctx context.Context, a Account, privatePEM string) error
	// UpdateAccount replaces what a remote actor document or a profile form can change; counters of remote accounts too.
	UpdateAccount(ctx context.Context, a Account) error
	PrivateKey(ctx context.Context, id ID) (pem string, err error)
	// SigningKey is what tells whether the private key of a local account is still the one: its owner's URI, and the id and
	// public half of the key.
	SigningKey(ctx context.Context, id ID) (owner string, k Key, err error)
	// RenameAccount gives an account another handle. ErrConflict when somebody else has it.
	RenameAccount(ctx context.Context, id ID, username, domain string) error
}

// UserStore keeps those who can sign in, their sessions and tokens. Secrets are stored as SHA-256 only.
type UserStore interface {
	InsertUser(ctx context.Context, u User) error
	UserByAccount(ctx context.Context, id ID) (User, error)
	SetPassword(ctx context.Context, account ID, hash string) error
	InsertSession(ctx context.Context, s Session) error
	SessionByHash(ctx context.Context, hash string) (Session, error)
	DeleteSession(ctx context.Context, hash string) error
	// DeleteSessionsBut ends all of an account's but the one of that hash.
	DeleteSessionsBut(ctx context.Context, account ID, hash string) error
	InsertToken(ctx context.Context, t Token) error
	TokenByHash(ctx context.Context, hash string) (Token, error)
	DeleteToken(ctx context.Context, hash string) error
	InsertApp(ctx context.Context, a App) error
	AppByClientID(ctx context.Context, clientID string) (App, error)
	AppByID(ctx context.Context, id ID) (App, error)
	// CountAttempt adds one attempt for key in the window that started at or before now and returns how many there
	// are now; a window older than span starts anew.
	CountAttempt(ctx context.Context, key string, now time.Time, span time.Duration) (int, error)
	Attempts(ctx context.Context, key string, now time.Time, span time.Duration) (int, error)
	// TakeBackAttempt counts one less for key.
	TakeBackAttempt(ctx context.Context, key string) error
	ClearAttempts(ctx context.Context, key string) error
}

// StatusStore keeps statuses. Lookups skip deleted ones and return ErrNotFound.
type StatusStore interface {
	StatusByID(ctx context.Context, id ID) (Status, error)
	StatusByURI(ctx context.Context, uri string) (Status, error)
	StatusesByID(ctx context.Context, ids []ID) (map[ID]Status, error)
	// StatusDeleted returns a status marked as deleted, with mentions.
	StatusDeleted(ctx context.Context, id ID) (Status, error)
	// InsertStatus writes the status with its mentions, tags and attachments and raises the counters that follow from it: the author's
	// statuses, the parent's replies, the boosted one's boosts. A known URI gives ErrConflict and changes nothing.
	InsertStatus(ctx context.Context, s Status) error
	// MarkDeleted hides the status and its boosts, takes the counters back, removes home entries and notifications, and tells
	// that.
	// It returns the ids of the boosts that went with it.
	MarkDeleted(ctx context.Context, id ID, at time.Time) ([]ID, error)
	// PurgeStatus removes a marked row for good, unless an open report names it: moderators still need to see that.
	PurgeStatus(ctx context.Context, id ID) error
	// AdoptReplies links statuses that waited for uri to their parent, counts them, and returns their ids.
	AdoptReplies(ctx context.Context, uri string, parent Status) ([]ID, error)
	Mentions(ctx context.Context, ids []ID) (map[ID][]Mention, error)
	Tags(ctx context.Context, ids []ID) (map[ID][]string, error)
	AddMention(ctx context.Context, id ID, m Mention, v Visibility) error
	// UpdateStatus sets what an edit may change: content, source, warning, sensitivity, language, type, date of the edit, mentions and tags.
	// ErrConflict when a later edit is kept.
	UpdateStatus(ctx context.Context, s Status) error
	// MentionedLately are the remote accounts, at most limit, that author's last statuses since then mention, by id.
	MentionedLately(ctx context.Context, author ID, since time.Time, statuses, limit int) ([]Account, error)
	// Ancestors are ordered from the root down, at most limit; Descendants depth first, replies by id, at most limit of them
	// and depth levels below id.
	Ancestors(ctx context.Context, id ID, limit int) ([]ID, error)
	Descendants(ctx context.Context, id ID, limit, depth int) ([]ID, error)
	// SelfReplies are the author's own public and unlisted direct replies, OtherReplies everybody else's, after minID, by id.
	SelfReplies(ctx context.Context, id ID, minID ID, limit int) ([]Status, error)
	OtherReplies(ctx context.Context, id ID, minID ID, limit int) ([]Status, error)
	// LocalSharers are the people of this instance who boosted or quoted status, the first to do so first.
	LocalSharers(ctx context.Context, status ID) ([]ID, error)
	BoostBy(ctx context.Context, account, status ID) (Status, error)
	// StatusIDByIdempotencyKey returns ErrNotFound unless account used key at or after since.
	StatusIDByIdempotencyKey(ctx context.Context, account ID, key string, since time.Time) (ID, error)
	PutIdempotencyKey(ctx context.Context, account ID, key string, status ID, at time.Time) error
	CountLocalStatuses(ctx context.Context) (int64, error)
	// PublicOutbox lists an author's public and unlisted statuses and boosts for the outbox collection.
	Outbox(ctx context.Context, account ID, p Page) ([]Status, error)
}

// TombstoneStore remembers what must not come back.
type TombstoneStore interface {
	// InsertTombstone remembers that account deleted uri.
	InsertTombstone(ctx context.Context, account ID, uri string, at time.Time) error
	ForgetTombstones(ctx context.Context, account ID) error
	// Suppress remembers that account took uri back before it arrived (D() in federation.md §4.0).
	Suppress(ctx context.Context, account ID, uri string, until time.Time) error
	Suppressed(ctx context.Context, account ID, uri string, now time.Time) (bool, error)
	// TakenBack reports whether anybody deleted uri, or account took it back before it arrived.
	TakenBack(ctx context.Context, account ID, uri string, now time.Time) (bool, error)
}

// FollowStore keeps the follow graph.
type FollowStore interface {
	// InsertFollow raises both counters unless pending. ErrConflict when the pair exists.
	InsertFollow(ctx context.Context, f Follow) error
	FollowBetween(ctx context.Context, account, target ID) (Follow, error)
	FollowByURI(ctx context.Context, uri string) (Follow, error)
	// UpdateFollow sets URI, Pending and the terms, keeping the counters right.
	UpdateFollow(ctx context.Context, f Follow) error
	DeleteFollow(ctx context.Context, account, target ID) error
	// Followers and Following are paged by follow id, newest first; pending ones left out.
	Followers(ctx context.Context, account ID, p Page) ([]Follow, error)
	Following(ctx context.Context, account ID, p Page) ([]Follow, error)
	FollowRequests(ctx context.Context, target ID, p Page) ([]Follow, error)
	// FollowsBy are at most limit follows and requests of account, by id.
	FollowsBy(ctx context.Context, account ID, limit int) ([]Follow, error)
	// LocalFollowers are the ids of this instance's people who follow account.
	LocalFollowers(ctx context.Context, account ID) ([]ID, error)
	HasLocalFollower(ctx context.Context, account ID) (bool, error)
	// RemoteFollowers are the remote followers of account, by id.
	RemoteFollowers(ctx context.Context, account ID) ([]Account, error)
	// FollowedLately are the remote accounts, at most limit, that account follows since then, or has asked to when pending; by id.
	FollowedLately(ctx context.Context, account ID, since time.Time, pending bool, limit int) ([]Account, error)
	// Follows says for each of targets whether account follows it (true) or has asked (false); absent when neither.
	Follows(ctx context.Context, account ID, targets []ID) (map[ID]bool, error)
	// FamiliarFollowers are at most limit of those whom account follows and who follow target, but those who tell nobody whom
	// they follow; the latest to follow target first.
	FamiliarFollowers(ctx context.Context, account, target ID, limit int) ([]ID, error)
	// FollowedBy says which of others follow account.
	FollowedBy(ctx context.Context, account ID, others []ID) (map[ID]bool, error)
}

// ReactionStore keeps likes.
type ReactionStore interface {
	// InsertFavourite raises the counter; ErrConflict when it exists.
	InsertFavourite(ctx context.Context, f Favourite) error
	FavouriteBetween(ctx context.Context, account, status ID) (Favourite, error)
	DeleteFavourite(ctx context.Context, account, status ID) error
	// Marks says what account did with each of ids, those apart with which it did nothing, and whether it has any filters.
	Marks(ctx context.Context, account ID, ids []ID) (marks map[ID]Marks, filters bool, err error)
	FavouritedBy(ctx context.Context, status ID, p Page) ([]ID, error)
	BoostedBy(ctx context.Context, status ID, p Page) ([]ID, error)
	// Interacted are the remote accounts that boosted, quoted, liked or answered status, by id.
	Interacted(ctx context.Context, status ID) ([]Account, error)
}

// TimelineStore keeps home timelines and reads all of them.
type TimelineStore interface {
	InsertHome(ctx context.Context, entries []HomeEntry) error
	// RemoveFromHome removes the posts of author from account's home, after an unfollow.
	RemoveFromHome(ctx context.Context, account, author ID) error
	// ClearFromHome removes everything that author wrote, boosted, or is named in, and boosts of it, after a block or mute.
	ClearFromHome(ctx context.Context, account, author ID) error
	// BackfillHome adds the newest n distributable posts of author to account's home, after a follow.
	BackfillHome(ctx context.Context, account, author ID, n int) error
	Home(ctx context.Context, account ID, p Page) ([]HomeEntry, error)
	// SeenAtHome says which of readers have status, or a boost of it, among their newest home entries.
	SeenAtHome(ctx context.Context, readers []ID, status ID, newest int) (map[ID]bool, error)
	// PublicTimeline lists public posts: no boosts, no replies to others, nobody whom viewer (0: anybody) asked not to meet;
	// onlyLocal and onlyRemote narrow it.
	PublicTimeline(ctx context.Context, viewer ID, f PublicFilter, p Page) ([]ID, error)
	// TagTimeline lists public posts with a hashtag, replies included, the same people left out.
	TagTimeline(ctx context.Context, viewer ID, f TagFilter, p Page) ([]ID, error)
	// AccountTimeline lists what viewer may see of author's posts.
	AccountTimeline(ctx context.Context, author ID, f AccountFilter, p Page) ([]ID, error)
	SearchTags(ctx context.Context, prefix string, limit int) ([]string, error)
}

// TagFilter says which hashtags, normalised, a timeline of them wants: one of Any, every one of All, and none of None.
type TagFilter struct {
	Any, All, None        []string
	OnlyLocal, OnlyRemote bool
	OnlyMedia             bool
}

// AccountFilter narrows an account's timeline. Visibilities are those that the viewer may see without being mentioned.
type AccountFilter struct {
	Viewer                        ID
	Visibilities                  []Visibility
	ExcludeReplies, ExcludeBoosts bool
	OnlyMedia                     bool // posts of their own with attachments
	Tag                           string
}

// PublicFilter narrows the public timeline.
type PublicFilter struct{ OnlyLocal, OnlyRemote, OnlyMedia bool }

// NotificationFilter narrows a list of notifications.
type NotificationFilter struct {
	Types, Exclude []NotificationType // no Types means every type
	From           ID                 // only by this account; 0 for all
	Filtered       bool               // those that wait in requests too
}

// NotificationStore keeps notifications.
type NotificationStore interface {
	// InsertNotification does nothing when the same one exists, and else tells and pushes it, unless it
	// waits in a request.
	InsertNotification(ctx context.Context, n Notification) error
	NotificationByID(ctx context.Context, account, id ID) (Notification, error)
	Notifications(ctx context.Context, account ID, f NotificationFilter, p Page) ([]Notification, error)
	DeleteNotification(ctx context.Context, account, id ID) error
	ClearNotifications(ctx context.Context, account ID) error
	// DeleteNotificationsFrom removes all that from told account.
	DeleteNotificationsFrom(ctx context.Context, account, from ID) error
	// DeleteNotificationsBetween removes what from told account about status (0 for follows) of a type.
	DeleteNotificationsBetween(ctx context.Context, account, from ID, t NotificationType, status ID) error
}

// EventStore records events. AppendEvent makes durable work of the event in the current transaction.
type EventStore interface {
	AppendEvent(ctx context.Context, e Event) error
}

// Tx is everything the domain reads and writes, inside one transaction or, for reading, outside.
type Tx interface {
	AccountStore
	KeyStore
	UserStore
	GrantStore
	StatusStore
	ConversationStore
	UsageStore
	TombstoneStore
	FollowStore
	RelationStore
	HomeStore
	ListStore
	FollowedTagStore
	TalkStore
	NotificationPolicyStore
	NotificationGroupStore
	BlockStore
	UserDomainBlockStore
	MuteStore
	RegardStore
	BookmarkStore
	MarkerStore
	ScheduledStore
	FilterStore
	PreferenceStore
	ReactionStore
	TimelineStore
	NotificationStore
	PollStore
	PushStore
	HistoryStore
	EventStore
	NewsStore
	StandingStore
	StaffStore
	SettingStore
	ImportStore
	SignUpStore
	CarryStore
	DomainStore
	DeedStore
	AttachmentStore
	RemoteFileStore
	EmojiStore
	HostStore
	RelayStore
	OriginStore
	CrawlStore
	ExternalStore
	ThreadStore
	ApprovalStore
	ChoreStore
	PurgeStore
	SeveranceStore
	ReportStore
	WarningStore
	PinStore
	QuoteStore
	AnnouncementStore
	SiteStore
	TrendStore
	TaxonomyStore
	MeasureStore
	SuggestionStore
	PostSearchStore
	CardStore
	PartStore
	StampStore
	SenderStore
}

// Store adds transactions. storage.Store implements it; tests use the real one on SQLite.
type Store interface {
	Tx
	// Atomically commits everything fn does through tx, or nothing. fn must not keep tx, must do no network, and after tx
	// returned an error other than ErrNotFound or ErrConflict must return it.
	Atomically(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// State names what is committed: between two calls with the same answer nothing changed, whichever process wrote.
	State(ctx context.Context) (string, error)
}
