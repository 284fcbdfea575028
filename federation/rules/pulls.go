package rules

// Going and getting: threads that people open, pinned posts, what is read again, and where it ends.
const (
	AcceptRefreshed     ID = "accept.refreshed"
	FetchThreadOpened   ID = "fetch.thread-opened"
	FetchThreadReply    ID = "fetch.thread-reply"
	LearnThreadOpened   ID = "learn.thread-opened"
	LimitOpenedYoung    ID = "limit.opened-young"
	LimitOpenedLately   ID = "limit.opened-lately"
	LimitCrawl          ID = "limit.crawl"
	FetchFeatured       ID = "fetch.featured"
	FetchFeaturedTags   ID = "fetch.featured-tags"
	FetchPinned         ID = "fetch.pinned"
	AcceptFeatured      ID = "accept.featured"
	DropOtherCollection ID = "drop.other-collection"
	DropGone            ID = "drop.gone-from-its-server"
	LimitDiscoveries    ID = "limit.discoveries"
	LimitActorsFound    ID = "limit.actors-found"
	FetchActorQuietly   ID = "fetch.actor-quietly"
	AcceptCounts        ID = "accept.counts"
)

// pulls are the rules of looking things up beyond what every policy shares.
var pulls = []Rule{
	{AcceptRefreshed, Accept, "The post was known here already and was read again, so its words and numbers are fresh.", "federation.md §9.0"},
	{AcceptCounts, Accept, "Its words are the same; the numbers that its server states are taken.", "federation.md §4.2 step 4, §9.6"},
	{FetchActorQuietly, Fetch, "A person who has not been looked up for a week posts; they are looked up again within six hours.", "federation.md §9.8"},
	{FetchThreadOpened, Fetch, "Somebody here opened the thread, so this post, or a page of the replies to it, is read to find further replies.", "federation.md §9.5"},
	{FetchThreadReply, Fetch, "A thread that somebody here opened lists this reply, so it is fetched.", "federation.md §9.5"},
	{LimitOpenedYoung, Fetch, "The post is younger than five minutes: its replies are not asked for yet.", "federation.md §9.5"},
	{LimitOpenedLately, Fetch, "The replies to the post were asked for within the last quarter of an hour.", "federation.md §9.5"},
	{LimitCrawl, Fetch, "The search below an opened post has met a thousand posts or read five hundred pages; it ends here.", "federation.md §9.5"},
	{LearnThreadOpened, Learn, "It was fetched because somebody here opened a thread that lists it.", "federation.md §13.2b/11"},
	{FetchFeatured, Fetch, "The posts that a person pinned are looked up whenever the person is.", "federation.md §9.3"},
	{FetchFeaturedTags, Fetch, "The hashtags on a person's profile are looked up whenever the person is.", "federation.md §9.3"},
	{FetchPinned, Fetch, "A post that a person pinned is read, also if it is known.", "federation.md §9.3"},
	{AcceptFeatured, Accept, "The person may change what is on their own profile.", "federation.md §4.12"},
	{DropOtherCollection, Accept, "It concerns a collection other than the person's pinned posts; Mastodon keeps no others.", "federation.md §4.12"},
	{DropGone, Accept, "Its own server does not have it any more, so it is deleted here too.", "federation.md §9.0"},
	{LimitDiscoveries, Fetch, "One request has led to a thousand posts within five minutes; no more are fetched.", "federation.md §9.1"},
	{LimitActorsFound, Fetch, "One request has led to four hundred people within five minutes; no more are looked up.", "federation.md §16.3"},
}
