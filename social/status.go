package social

import "time"

// Visibility says who may see a status, in Mastodon's words.
type Visibility string

// Visibilities. Limited is a received status that was addressed to people it does not name; nobody can choose it.
const (
	Public   Visibility = "public"
	Unlisted Visibility = "unlisted"
	Private  Visibility = "private"
	Direct   Visibility = "direct"
	Limited  Visibility = "limited"
)

// Distributable reports whether anybody may see it: public or unlisted.
func (v Visibility) Distributable() bool { return v == Public || v == Unlisted }

// Status is a post, local or remote, as kept. A boost is a status with BoostOfID and no content.
type Status struct {
	ID        ID
	URI       string // ActivityPub id, unique
	URL       string // page, may be empty for remote ones
	AccountID ID
	// ReplyToID is 0 when it is no reply or the parent is not known; ReplyToURI then says what it answers.
	ReplyToID  ID
	ReplyToURI string
	// ReplyToAccountID is whom it answers. In an author's own thread it stays the person first answered (federation.md §8.2).
	ReplyToAccountID ID
	BoostOfID        ID
	Visibility       Visibility
	Content          string // sanitised on output; HTML as received, or as formatted from Source
	Source           string // what a local author typed
	SpoilerText      string
	Sensitive        bool
	Language         string
	ObjectType       string // Note, Question, Article …; "" for boosts
	Conversation     string // URI
	Local            bool
	CreatedAt        time.Time
	EditedAt         time.Time // zero when never edited
	DeletedAt        time.Time // set while its deletion is still being announced; such rows are invisible

	// RepliesCount and what follows are what is known here; Boosts and Favourites say what is shown.
	RepliesCount, BoostsCount, FavouritesCount int64
	Origin                                     OriginCounts
	RepliesFetchedAt                           time.Time // when all its replies were asked for last; zero for never

	Stamp int64 // grows with each change of it or of what belongs to it; see Shelf

	Poll     *Poll     // written with the status; filled on reading by Reader only
	Mentions []Mention // written with the status; filled on reading only by loaders that say so
	Tags     []string  // normalised
	// QuotePolicy is what its author said; Quotable is what holds.
	QuotePolicy QuotePolicy
	// Attachments are written with the status; only what has just arrived or is being edited has them here.
	Attachments []Attachment
}

// Reply reports whether it answers something, known or not.
func (s Status) Reply() bool { return s.ReplyToID != 0 || s.ReplyToURI != "" }

// Mention is one addressed account. Silent ones were addressed without being named in the text.
type Mention struct {
	AccountID ID
	Silent    bool
}

// Draft is what a local author submits.
type Draft struct {
	Text, SpoilerText, Language string
	Visibility                  Visibility // "" for the author's default
	Sensitive                   bool
	ReplyTo                     ID
	MediaIDs                    []ID               // the author's uploads, in order
	MediaChanges                map[ID]MediaChange `json:"-"` // in an edit: what changes about those of them
	Poll                        *PollDraft         // nil for none
	IdempotencyKey              string             // "" for none; remembered for one hour
	Quote                       ID
	QuotePolicy                 QuotePolicy // "" for the author's default, in an edit for what holds

	QuoteURL string `json:"-"` // page of the quoted post, for software that knows no quotes; set by Statuses
}

// Tombstone and suppression are how a deletion that comes first is remembered; see federation.md §4.0.
const SuppressFor = 6 * time.Hour
