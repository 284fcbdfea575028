package rules

// Delivery: why an inbox gets a copy.
const (
	DeliverFollowers     ID = "deliver.followers"
	DeliverMention       ID = "deliver.mention"
	DeliverParentAuthor  ID = "deliver.parent-author"
	DeliverParentFollow  ID = "deliver.parent-followers"
	DeliverInteracted    ID = "deliver.interacted"
	DeliverBoostedAuthor ID = "deliver.boosted-author"
	DeliverLikedAuthor   ID = "deliver.liked-author"
	DeliverFollowTarget  ID = "deliver.follow-target"
	DeliverFollower      ID = "deliver.follower"
	DeliverGaveUp        ID = "deliver.gave-up"
	DeliverRefused       ID = "deliver.refused"
	DeliverRetry         ID = "deliver.retry"
	DeliverNamedLately   ID = "deliver.named-lately"
)

// Verification of the request that carried an activity.
const (
	SigOK               ID = "sig.ok"
	SigMissing          ID = "sig.missing"
	SigParse            ID = "sig.parse"
	SigIncomplete       ID = "sig.incomplete"
	SigAlgorithm        ID = "sig.algorithm"
	SigStale            ID = "sig.stale"
	SigFuture           ID = "sig.future"
	SigDateInvalid      ID = "sig.date-invalid"
	SigDateNotCovered   ID = "sig.date-not-covered"
	SigTargetNotCovered ID = "sig.target-not-covered"
	SigHostNotCovered   ID = "sig.host-not-covered"
	SigDigestNotCovered ID = "sig.digest-not-covered"
	SigDigestMissing    ID = "sig.digest-missing"
	SigDigestAlgorithm  ID = "sig.digest-algorithm"
	SigDigestMalformed  ID = "sig.digest-malformed"
	SigDigestMismatch   ID = "sig.digest-mismatch"
	SigMismatch         ID = "sig.mismatch"
	SigUnknownActor     ID = "sig.unknown-actor-leaves"
	KeyNotFound         ID = "key.not-found"
	KeyUnreachable      ID = "key.unreachable"
	KeyRefreshed        ID = "key.rotated"
	KeyLocal            ID = "key.local"
	LDSOK               ID = "lds.ok"
	LDSInvalid          ID = "lds.invalid"
	LDSWrongType        ID = "lds.wrong-type"
	LDSExpired          ID = "lds.expired"
	LDSGuard            ID = "lds.guard"
	LDSUnsafe           ID = "lds.unsafe-to-forward"
	OriginActorMismatch ID = "origin.actor-mismatch"
	OriginLDSWrongActor ID = "origin.document-signed-by-another"
	OriginMismatch      ID = "origin.host-mismatch"
	OriginLocalActor    ID = "origin.local-actor"
	OriginTooLarge      ID = "origin.too-large"
	OriginUnknownInbox  ID = "origin.unknown-inbox"
	OriginAnotherActor  ID = "origin.another-actor"
)

// Reading the envelope.
const (
	JSONMalformed      ID = "json.malformed"
	JSONNotObject      ID = "json.not-an-object"
	JSONTooDeep        ID = "json.too-deep"
	JSONContext        ID = "json.context-unsupported"
	DropUnknownType    ID = "drop.unknown-type"
	DropUnsupportedObj ID = "drop.unsupported-object"
	DropNoObject       ID = "drop.no-object"
)

// Keeping or dropping.
const (
	AcceptFollowsAuthor  ID = "accept.follows-author"
	AcceptRelayed        ID = "accept.relayed-by-followed"
	AcceptRelay          ID = "accept.relay"
	AcceptRepliesToKnown ID = "accept.replies-to-known"
	AcceptAddressed      ID = "accept.addressed"
	AcceptFetched        ID = "accept.fetched"
	AcceptLocalObject    ID = "accept.concerns-local-post"
	AcceptFollow         ID = "accept.follow"
	AcceptFollowPending  ID = "accept.follow-pending"
	AcceptFollowAgain    ID = "accept.follow-again"
	AcceptAnswer         ID = "accept.answer-to-follow"
	AcceptByAuthor       ID = "accept.by-author"
	AcceptUndo           ID = "accept.undo"
	AcceptUpdate         ID = "accept.update"
	DropUnrelated        ID = "drop.unrelated"
	DropDuplicate        ID = "drop.duplicate"
	DropOtherOwner       ID = "drop.other-owner"
	DropDeletedBefore    ID = "drop.deleted-before"
	DropNotLocal         ID = "drop.not-local"
	DropUnknownObject    ID = "drop.unknown-object"
	DropNotAnnounceable  ID = "drop.not-announceable"
	DropUndoneBefore     ID = "drop.undone-before"
	DropInvalid          ID = "drop.invalid"
	DropOutdated         ID = "drop.outdated"
	DropEditUndated      ID = "drop.edit-undated"
	DropEditConverted    ID = "drop.edit-converted"
	RejectFollow         ID = "drop.follow-refused"
	FaultGaveUp          ID = "fault.gave-up"
)

// Passing on.
const (
	ForwardParentFollowers ID = "forward.parent-followers"
	ForwardDeleteBooster   ID = "forward.delete-to-sharers"
	ForwardUpdateSharers   ID = "forward.update-to-sharers"
	ForwardNoSignature     ID = "forward.no-document-signature"
	ForwardNotLocalParent  ID = "forward.parent-not-local"
	ForwardNotPublic       ID = "forward.not-public"
	ForwardOff             ID = "forward.switched-off"
	ForwardNobody          ID = "forward.nobody-left"
)

// Looking up.
const (
	FetchKey             ID = "fetch.key"
	FetchActor           ID = "fetch.actor"
	FetchActorAgain      ID = "fetch.actor-again"
	FetchWebFinger       ID = "fetch.webfinger"
	FetchCounts          ID = "fetch.actor-counts"
	FetchMissingAncestor ID = "fetch.missing-ancestor"
	FetchAnnounced       ID = "fetch.announced-object"
	FetchRepliesFirst    ID = "fetch.replies-first-sight"
	FetchSearched        ID = "fetch.searched"
	FetchObject          ID = "fetch.object-by-reference"
	LimitSameHost        ID = "limit.same-host"
	LimitFive            ID = "limit.five"
	ListAuthorOnly       ID = "list.author-only"
	ListFirstFive        ID = "list.first-five"
)

// What is known, and the last rung when something is not.
const (
	LearnLocal     ID = "learn.local"
	LearnDelivered ID = "learn.delivered"
	LearnForwarded ID = "learn.forwarded"
	LearnGapFilled ID = "learn.gap-filled"
	LearnFetched   ID = "learn.fetched"
	LearnSearched  ID = "learn.searched"
	WhyNoRoute     ID = "why.no-route"
)

// general are the rules that every policy and feature shares; a feature with rules of its own has them in its own file.
var general = []Rule{
	{DeliverFollowers, Deliver, "The author's followers get it, one copy per server that shares an inbox.", "federation.md §8.2"},
	{DeliverMention, Deliver, "A person named in the post gets it, follower or not.", "federation.md §8.2"},
	{DeliverParentAuthor, Deliver, "A public reply always goes to the server of the person it answers, named or not.", "federation.md §8.2"},
	{DeliverParentFollow, Deliver, "A reply to somebody on the same server also goes to that person's followers.", "federation.md §8.2"},
	{DeliverInteracted, Deliver, "Servers whose people boosted, liked or answered the post learn of its change.", "federation.md §8.2"},
	{DeliverBoostedAuthor, Deliver, "The author of a boosted post is told, in their own inbox, unless they follow the booster.", "federation.md §8.2 (4.1)"},
	{DeliverLikedAuthor, Deliver, "A like goes to the author of the post and to nobody else.", "federation.md §8.3"},
	{DeliverFollowTarget, Deliver, "A follow request goes to the inbox of the person to be followed.", "federation.md §8.3"},
	{DeliverFollower, Deliver, "The answer to a follow request goes to the inbox of the person who asked.", "federation.md §8.3"},
	{DeliverNamedLately, Deliver, "Somebody whom the person named in a post of the last two days learns of their changed profile.", "federation.md §8.3"},
	{DeliverRetry, Deliver, "The other server did not take it; the delivery is tried again later.", "federation.md §8.5"},
	{DeliverRefused, Deliver, "The other server refused it for good; it is not sent again.", "federation.md §8.5"},
	{DeliverGaveUp, Deliver, "The other server did not take it in any of the tries that were made; it is not sent again.", "federation.md §8.5"},

	{SigOK, Verify, "The request's signature matches the key of its sender.", "federation.md §5.3"},
	{SigMissing, Verify, "The request carries no signature.", "federation.md §5.6"},
	{SigParse, Verify, "The Signature header cannot be read.", "federation.md §5.6"},
	{SigIncomplete, Verify, "The Signature header names no key or holds no signature.", "federation.md §5.6"},
	{SigAlgorithm, Verify, "The signature uses an algorithm that Mastodon does not take.", "federation.md §5.3"},
	{SigStale, Verify, "The request was signed too long ago.", "federation.md §5.3"},
	{SigFuture, Verify, "The request claims to be signed in the future.", "federation.md §5.3"},
	{SigDateInvalid, Verify, "The Date header is not an HTTP date.", "federation.md §5.6"},
	{SigDateNotCovered, Verify, "The signature does not cover when the request was made.", "federation.md §5.3"},
	{SigTargetNotCovered, Verify, "The signature covers neither the target nor the body.", "federation.md §5.3"},
	{SigHostNotCovered, Verify, "The signature does not cover the host.", "federation.md §5.3"},
	{SigDigestNotCovered, Verify, "The signature does not cover the body's digest.", "federation.md §5.3"},
	{SigDigestMissing, Verify, "The signed Digest header is missing.", "federation.md §5.6"},
	{SigDigestAlgorithm, Verify, "The Digest header has no SHA-256 value.", "federation.md §5.6"},
	{SigDigestMalformed, Verify, "The Digest header's value is not a SHA-256 digest in base64.", "federation.md §5.6"},
	{SigDigestMismatch, Verify, "The body is not the one that was signed: its digest differs.", "federation.md §5.6"},
	{SigMismatch, Verify, "The signature does not match the sender's key, not even after looking the key up again.", "federation.md §5.5"},
	{SigUnknownActor, Verify, "Somebody unknown here removes or changes themselves: nothing to do, so nothing is checked.", "federation.md §4.0 step 3"},
	{KeyNotFound, Verify, "The key that the signature names cannot be found.", "federation.md §5.6"},
	{KeyUnreachable, Verify, "The server that holds the key cannot be reached.", "federation.md §5.6"},
	{KeyRefreshed, Verify, "The kept key did not fit, so the sender's document was read again and had a new one.", "federation.md §5.5 step 6"},
	{KeyLocal, Verify, "The request claims to be signed with a key of this very server.", "federation.md §5.5 step 3"},
	{LDSOK, Verify, "The document's own signature holds: its author vouches for it, whoever carried it.", "federation.md §6.3"},
	{LDSInvalid, Verify, "Somebody else carried it and its document signature does not hold.", "federation.md §6.3"},
	{LDSWrongType, Verify, "The document signature is of a kind that Mastodon does not check.", "federation.md §6.3"},
	{LDSExpired, Verify, "The document signature has expired.", "federation.md §6.3"},
	{LDSGuard, Verify, "The document is built so that checking its signature would cost too much.", "federation.md §16.2"},
	{LDSUnsafe, Verify, "Passing the document on could change its meaning, so its signature is set aside.", "federation.md §6.4"},
	{OriginActorMismatch, Verify, "Somebody else's request carries it and nothing vouches for its author.", "federation.md §4.0 step 4"},
	{OriginLDSWrongActor, Verify, "The document is signed by somebody who is not its actor.", "federation.md §6.3"},
	{OriginMismatch, Verify, "The object claims an address on a server that its actor does not belong to.", "federation.md §4.0"},
	{OriginLocalActor, Verify, "It claims to come from a person of this very server.", "federation.md §4.0 step 5"},
	{OriginTooLarge, Verify, "The body is larger than one mebibyte.", "contracts.md (all profiles)"},
	{OriginUnknownInbox, Verify, "Nobody of that name lives here.", "federation.md §4.0"},
	{OriginAnotherActor, Verify, "Only the person may change their own profile, and this is somebody else's.", "federation.md §4.2 step 2"},

	{JSONMalformed, Read, "The body is not JSON.", "federation.md §14.2/43"},
	{JSONNotObject, Read, "The body is JSON but not an object.", "federation.md §14.2/44"},
	{JSONTooDeep, Read, "The body is nested more than a hundred levels deep.", "federation.md §14.2/54"},
	{JSONContext, Read, "The document does not say that it speaks ActivityStreams.", "federation.md §14.2/45"},
	{DropUnknownType, Read, "Mastodon knows no activity of this type.", "federation.md §14.2/47"},
	{DropUnsupportedObj, Read, "Mastodon keeps no object of this type.", "federation.md §4.1"},
	{DropNoObject, Read, "The activity has no object.", "federation.md §4"},

	{AcceptFollowsAuthor, Accept, "Somebody here follows the author.", "federation.md §4.1 (a)"},
	{AcceptRelayed, Accept, "It was passed on by somebody whom a person here follows.", "federation.md §4.1 (a)"},
	{AcceptRelay, Accept, "It came through a relay that this server subscribes to.", "federation.md §4.1 (b)"},
	{AcceptRepliesToKnown, Accept, "It answers a post by a person of this server, or by somebody whom a person here follows.", "federation.md §4.1 (c)"},
	{AcceptAddressed, Accept, "It is addressed to a person of this server.", "federation.md §4.1 (d)"},
	{AcceptFetched, Accept, "This server asked for it.", "federation.md §9.0"},
	{AcceptLocalObject, Accept, "It concerns a post of this server.", "federation.md §4.4, §4.5"},
	{AcceptFollow, Accept, "The person does not lock their account, so the follow holds at once.", "federation.md §4.6"},
	{AcceptFollowPending, Accept, "The person approves followers by hand, so the request waits.", "federation.md §4.6"},
	{AcceptFollowAgain, Accept, "The follow was known already; its address is updated and it is confirmed once more.", "federation.md §4.6"},
	{AcceptAnswer, Accept, "It answers a follow request that was sent from here.", "federation.md §4.7"},
	{AcceptByAuthor, Accept, "The author may take back what they wrote.", "federation.md §4.3"},
	{AcceptUndo, Accept, "The person takes back what they did before.", "federation.md §4.8"},
	{AcceptUpdate, Accept, "The author may change what they wrote, and themselves.", "federation.md §4.2"},
	{DropUnrelated, Accept, "Nobody here follows the author or is addressed, and it answers no post known here.", "federation.md §4.1"},
	{DropDuplicate, Accept, "It was known here already.", "federation.md §4.14"},
	{DropOtherOwner, Accept, "A post of that address is known here and belongs to somebody else.", "federation.md §4.1"},
	{DropDeletedBefore, Accept, "Its deletion came first.", "federation.md §4.3"},
	{DropUndoneBefore, Accept, "It was taken back before it arrived.", "federation.md §4.8"},
	{DropNotLocal, Accept, "It concerns a person or post of another server.", "federation.md §4.5, §4.6"},
	{DropUnknownObject, Accept, "The post it is about is not known here.", "federation.md §4.5"},
	{DropNotAnnounceable, Accept, "Only public and unlisted posts can be boosted by others.", "federation.md §4.4"},
	{DropInvalid, Accept, "It lacks something that Mastodon needs.", "federation.md §4.0 step 8"},
	{DropOutdated, Accept, "A later change of the post arrived first.", "federation.md §4.2 step 4"},
	{DropEditUndated, Accept, "It does not say when the post was changed, so its text does not count.", "federation.md §4.2 step 4"},
	{DropEditConverted, Accept, "Until 4.5 Mastodon takes no change of what it shows as a title and a link.", "federation.md §4.2 step 3"},
	{RejectFollow, Accept, "The person cannot be followed.", "federation.md §4.6"},
	{FaultGaveUp, Accept, "This server could not act on it, however often it tried.", "federation.md §4.0 step 8"},

	{ForwardParentFollowers, Forward, "It answers a post of this server, so its author's server passes it on to that author's followers.", "federation.md §7"},
	{ForwardDeleteBooster, Forward, "The post was boosted or answered here, so its deletion is passed on to those who may have seen it through this server.", "federation.md §7"},
	{ForwardUpdateSharers, Forward, "The post was boosted or answers one of this server, so its change is passed on to those who may have seen it through this server.", "federation.md §7"},
	{ForwardNoSignature, Forward, "It carries no document signature, so nobody could trust a copy.", "federation.md §7"},
	{ForwardNotLocalParent, Forward, "The post it answers was not written here.", "federation.md §7"},
	{ForwardNotPublic, Forward, "Only public and unlisted replies are passed on.", "federation.md §7"},
	{ForwardOff, Forward, "This server is set not to pass replies on.", "federation.md §15.3"},
	{ForwardNobody, Forward, "Every server of the followers has it already.", "federation.md §7"},

	{FetchKey, Fetch, "The key that signed the request is looked up.", "federation.md §5.5"},
	{FetchActor, Fetch, "A person not met before is looked up.", "federation.md §2.5"},
	{FetchActorAgain, Fetch, "A person who is known is looked up again, so that what is shown of them is fresh.", "federation.md §9.8"},
	{FetchWebFinger, Fetch, "The person's handle is checked with their server.", "federation.md §1.2"},
	{FetchCounts, Fetch, "The totals of posts, followers and followed are looked up.", "federation.md §2.5"},
	{FetchMissingAncestor, Fetch, "The post it answers is not known here, so it is fetched.", "federation.md §9.1"},
	{FetchAnnounced, Fetch, "The boosted post is not known here, so it is fetched.", "federation.md §9.3"},
	{FetchRepliesFirst, Fetch, "A post seen for the first time lists replies; up to five from its own server are fetched.", "federation.md §9.2"},
	{FetchSearched, Fetch, "A person asked for this address.", "federation.md §9.4"},
	{FetchObject, Fetch, "The activity only names its object, so the object is fetched.", "federation.md §4.1 step 2"},
	{LimitSameHost, Fetch, "Replies on another server than the post's are not fetched.", "federation.md §9.2"},
	{LimitFive, Fetch, "No more than five replies are fetched at first sight.", "federation.md §9.2"},
	{ListAuthorOnly, Fetch, "The embedded list of replies holds only those of the post's own author.", "federation.md §3.7"},
	{ListFirstFive, Fetch, "The embedded list of replies holds only the first five.", "federation.md §3.7"},

	{LearnLocal, Learn, "It was written here.", "federation.md §13.2b/1"},
	{LearnDelivered, Learn, "Its author's server delivered it.", "federation.md §13.2b/3"},
	{LearnForwarded, Learn, "Another server passed it on.", "federation.md §13.2b/6"},
	{LearnGapFilled, Learn, "It was fetched because something known here answers it.", "federation.md §13.2b/7"},
	{LearnFetched, Learn, "It was fetched because somebody boosted it or a post listed it.", "federation.md §13.2b/8"},
	{LearnSearched, Learn, "It was fetched because a person here asked for it.", "federation.md §13.2b/9"},
	{WhyNoRoute, Explain, "No rule brought it here: nobody here follows or is named, nobody passed it on, and nothing known here answers it.", "federation.md §13.2b"},
}
