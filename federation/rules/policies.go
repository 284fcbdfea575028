package rules

// What other programs than Mastodon do.
const (
	DeliverLikersFollowers ID = "deliver.likers-followers"
	DeliverLikedAudience   ID = "deliver.liked-audience"
	OriginOtherHostID      ID = "origin.id-on-another-host"
	OriginCarrier          ID = "origin.carried-refused"
	OriginNotTheAuthor     ID = "origin.not-the-author"
	AcceptAnything         ID = "accept.no-relation-asked"
	AcceptKnownObject      ID = "accept.known-object"
	ForwardNever           ID = "forward.never"
	FetchCarried           ID = "fetch.carried"
	FetchThreadWalk        ID = "fetch.thread-walk"
	LearnThreadWalk        ID = "learn.thread-walk"
	FetchExternalThread    ID = "fetch.external-thread"
	FetchExternalPost      ID = "fetch.external-post"
	LearnExternal          ID = "learn.external-pull"
	DeliverRelaySubscriber ID = "deliver.relay-subscriber"
	AcceptRelayFollow      ID = "accept.relay-follow"
	AcceptToRelay          ID = "accept.to-relay"
	DropNotForRelay        ID = "drop.not-for-relay"
	DeliverThreadOwner     ID = "deliver.thread-owner"
	AcceptOwnThread        ID = "accept.own-thread"
	AcceptHandedOn         ID = "accept.handed-on"
	DropNotThroughOwner    ID = "drop.not-through-owner"
	DropNotTheOwner        ID = "drop.not-the-owner"
	DropHandedBack         ID = "drop.handed-back"
	ForwardThreadOwner     ID = "forward.thread-owner"
	ForwardOwnerBlocks     ID = "forward.owner-blocks"
	ForwardUnwrapped       ID = "forward.unwrapped"
	ForwardListeners       ID = "forward.thread-listeners"
	FetchHistory           ID = "fetch.history"
	LearnHandedOn          ID = "learn.handed-on"
	LearnHistory           ID = "learn.history"
	LimitFresh             ID = "limit.fresh"
	LimitDepth             ID = "limit.depth"
	SigSecondTarget        ID = "sig.second-target"
)

var policies = []Rule{
	{DeliverLikersFollowers, Deliver, "The followers of who likes a post are told of the like.", "federation.md §13.3.5, §13.3.6"},
	{DeliverLikedAudience, Deliver, "Whom the liked post was addressed to is told of the like.", "federation.md §13.3.6"},
	{OriginOtherHostID, Verify, "The activity has an id on another server than its actor's, so anybody could have written it.", "federation.md §13.3.5"},
	{OriginCarrier, Verify, "Somebody else than the activity's actor signed the request, and this server takes nothing from carriers.", "federation.md §13.3.6"},
	{OriginNotTheAuthor, Verify, "The post that was read at its own server is by somebody else than the activity says.", "federation.md §13.3.6"},
	{AcceptAnything, Accept, "This server keeps every valid post and boost that reaches it, whether or not it concerns anybody here.", "federation.md §13.3.5, §13.3.6"},
	{AcceptKnownObject, Accept, "The post is known here, and this server counts everybody's likes of it.", "federation.md §13.3.5, §13.3.6"},
	{ForwardNever, Forward, "This server passes nothing on.", "federation.md §13.3"},
	{SigSecondTarget, Verify, "The request was refused with the query in its signature, so it was signed once more without.", "federation.md §13.3.4"},
	{FetchCarried, Fetch, "Somebody else carried it, so it is read at its own server instead of being believed.", "federation.md §13.3.6, observatory.md §4d"},
	{FetchThreadWalk, Fetch, "A post came to be known here, so the thread below it is read, reply by reply.", "federation.md §13.3.4"},
	{LearnThreadWalk, Learn, "It was fetched because the thread below a post was read when that post became known.", "federation.md §13.3.4"},
	{FetchExternalThread, Fetch, "A program beside the server asks the post's own server for the whole thread, by the API that apps use.", "federation.md §13.3.7"},
	{FetchExternalPost, Fetch, "The thread that a program beside the server asked for has this post, which is not known here, so it is searched for.", "federation.md §13.3.7"},
	{LearnExternal, Learn, "A program beside the server found it in a thread that it asked for, and searched for it here.", "federation.md §13.2b/12"},
	{DeliverRelaySubscriber, Forward, "A relay passes everything public on to every server that subscribes to it.", "federation.md §8.4, §13.4"},
	{AcceptRelayFollow, Accept, "A relay takes every server that asks to subscribe.", "federation.md §8.4"},
	{AcceptToRelay, Accept, "A subscriber gave something public to the relay, to be passed on.", "federation.md §8.4"},
	{DropNotForRelay, Accept, "A relay passes on what a subscriber's people said in public, and nothing else.", "federation.md §8.4"},
	{DeliverThreadOwner, Deliver, "Whoever owns the conversation gets all that happens in it, and hands it on.", "federation.md §13.3.1, §13.3.2"},
	{AcceptOwnThread, Accept, "It answers a post in a conversation that somebody here owns, and is told to the owner to be handed on.", "federation.md §13.3.1, §13.3.2"},
	{AcceptHandedOn, Accept, "The owner of the conversation handed it on.", "federation.md §13.3.1, §13.3.2"},
	{DropNotThroughOwner, Accept, "It happened in a conversation whose owner did not hand it on.", "federation.md §13.3.2"},
	{DropNotTheOwner, Accept, "Only the owner of a conversation can hand on what happens in it, and this was somebody else.", "federation.md §13.3.1, §13.3.2"},
	{DropHandedBack, Accept, "Somebody here did it; the owner of the conversation hands it back like to everybody else.", "federation.md §13.3.1"},
	{ForwardThreadOwner, Forward, "The owner of a conversation hands on what happens in it to everybody who follows it or wrote in it.", "federation.md §13.3.1, §13.3.2"},
	{ForwardOwnerBlocks, Forward, "The owner of the conversation blocks who did it, so it is not handed on.", "federation.md §13.3.2"},
	{ForwardUnwrapped, Forward, "Their program knows no histories of conversations, so the owner passes it on to them as it was written.", "federation.md §13.3.2"},
	{ForwardListeners, Forward, "They read the conversation lately without following its owner, so they are told what happens in it.", "federation.md §13.3.3"},
	{FetchHistory, Fetch, "The conversation has a history, which its owner keeps; it is read to find what happened before.", "federation.md §13.3.2"},
	{LearnHandedOn, Learn, "It became known because the owner of the conversation handed it on.", "federation.md §13.3.1, §13.3.2"},
	{LearnHistory, Learn, "It stood in the history of the conversation.", "federation.md §13.3.2"},
	{LimitFresh, Fetch, "The post was read within the last two hours, so its thread is not read again.", "federation.md §13.3.4"},
	{LimitDepth, Fetch, "It lies too many steps away from the post that came here, so it is not looked up.", "federation.md §13.3.4 to §13.3.6"},
}
