package policy

// Form names how documents, their JSON-LD contexts, signatures and local text are written.
type Form string

// Forms.
const (
	Form41      Form = "mastodon-4.1"
	FormCurrent Form = "mastodon"
	// The others write documents as Mastodon 4.1 does, but for what their traits say, and sign requests in their own way.
	FormGoToSocial Form = "gotosocial"
	FormMisskey    Form = "misskey"
	FormPleroma    Form = "pleroma"
	FormLemmy      Form = "lemmy"
	FormHubzilla   Form = "hubzilla"
)

// Traits are what a program of a certain version understands and says, apart from how it spreads conversations: the rows
// of federation.md §0.1. The zero value, with a Form, is Mastodon 4.1; everything here came later, but CollectionsInInbox,
// which went.
type Traits struct {
	// Form is in whose manner documents, texts and signatures are written.
	Form Form
	// NumericURIs gives accounts that are made from now on an address by number, /ap/users/ID (§2.1).
	NumericURIs bool
	// SignedBoosts adds a document signature to public and unlisted Announces (§6.2).
	SignedBoosts bool
	// CollectionsInInbox takes a Collection of activities as its items, last to first (§4.0 worker step 1).
	CollectionsInInbox bool
	// ContentTypes refuses fetched documents that do not come as ActivityPub (§9.0).
	ContentTypes bool
	// OriginCounts shows likes and boosts of remote posts as their own server counts them (§9.6).
	OriginCounts bool
	// Contexts gives every conversation begun here a collection of its posts (§2.3).
	Contexts bool
	// Quotes understands and asks for quotes with approval (§4.13, FEP-044f).
	Quotes bool
	// UpdateCreates keeps the Update of a post that is unknown and younger than a day as if it were its Create (§4.2).
	UpdateCreates bool
	// ConvertedEdits changes posts made of foreign object types too (§4.2).
	ConvertedEdits bool
	// LateThreads brings a reply into homes once its thread has been found (§9.1).
	LateThreads bool
	// LooksFirst asks for a missing parent only if it has not become known meanwhile (§9.1).
	LooksFirst bool
	// ProvenIDs reads a document again at its own id when it was found at another address (§9.0).
	ProvenIDs bool
	// FirstPages reads the first page of replies alone where a post embeds a list that only names that page (§9.2).
	FirstPages bool
	// GoneStatuses deletes a known public post whose address answers 404 (§9.0).
	GoneStatuses bool
	// DoubleKnock repeats a request that was refused with 400 or 401, signed as RFC 9421 (§5.2).
	DoubleKnock bool
	// FreshRedirects signs a redirected request anew; else the first signature is sent again (§5.1).
	FreshRedirects bool
	// SeveralKeys takes every key that an actor lists, Multikeys too (§2.5, FEP-521a); else the first of publicKey.
	SeveralKeys bool
	// Proofs believes an integrity proof (eddsa-jcs-2022, mldsa44-jcs-2024) when somebody else carried a document (§6.6, FEP-8b32).
	Proofs bool
	// NeutralRefusals counts a permanent refusal neither as success nor as failure of a host (§8.6).
	NeutralRefusals bool
	// GoneSenders takes 401 as final when the account that signed is gone for good, as its key is then (§8.5).
	GoneSenders bool
	// SkipsSuspended sends nothing but deletions to suspended accounts elsewhere (§8.1).
	SkipsSuspended bool
	// TellsFollowed tells of a changed profile whom the person followed or asked to follow within two days (§8.3).
	TellsFollowed bool
	// SyncLimit is the number of followers from which on no Collection-Synchronization is sent; 0 for no limit (§8.7).
	SyncLimit int
	// SyncCompletely ends follows that the other side does not list only when its list is complete, over at most ten
	// pages; else one page is believed (§8.7).
	SyncCompletely bool
	// QuietRefresh reads an actor again, some time within six hours, who posts a week after being read last (§9.8).
	QuietRefresh bool
	// GoneActors deletes an account whose document answers 410, not only one whose WebFinger does (§2.5, §1.2).
	GoneActors bool
	// Unreachable answers 503, not 401, when a key cannot be had for reasons of the network (§5.6).
	Unreachable bool
	// NamedHandles believes the handle that an actor document states itself, once WebFinger proves it (FEP-2c59, §1.2).
	NamedHandles bool
	// Renames gives an account the new name that its server has proved by WebFinger (§14.3/92).
	Renames bool

	// KeyDocuments gives every key an address and a document of its own, /users/NAME/main-key (§13.3.4).
	KeyDocuments bool
	// SecondTarget repeats a refused look-up whose address has a query, signed without it (§13.3.4).
	SecondTarget bool
	// Approvals understands who may answer a post, and lets a reply wait until the author of what it answers allows it (§13.3.4).
	Approvals bool
	// OwnIDs takes an activity only if its id lies on the host of its actor (§13.3.5).
	OwnIDs bool
	// LikesAnywhere counts likes of any known post, not only of posts of this instance, and tells of likes between
	// neighbours (§13.3.5, §13.3.6).
	LikesAnywhere bool
	// LikesAddressed writes to and cc into likes (§13.3.6).
	LikesAddressed bool
	// Reactions writes an emoji into likes (§13.3.5).
	Reactions bool
	// SignsForRelays puts the document signature only into what goes to relays (§13.3.5).
	SignsForRelays bool
	// AddressesAnswered addresses a reply to whom it answers, named or not (§13.3.6).
	AddressesAnswered bool
	// Owners says who hands on what happens in a conversation (§13.3.1, §13.3.2).
	Owners Owners
	// SignsReactions puts document signatures into likes too, so that they can be handed on (§13.3.2).
	SignsReactions bool
	// ThreadDepth is how many steps away from a post that came here others are still looked up; 0 for any number.
	ThreadDepth int
	// Relays is a relay and nothing else (§8.4).
	Relays bool
	// SubscribesRelay subscribes to the lab's relay (§8.4).
	SubscribesRelay bool
}
