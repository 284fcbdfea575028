package rules

// Going and getting: threads that people open, pinned posts, what is read again, and where it ends.
const (
	AcceptRefreshed   ID = "accept.refreshed"
	LimitDiscoveries  ID = "limit.discoveries"
	LimitActorsFound  ID = "limit.actors-found"
	FetchActorQuietly ID = "fetch.actor-quietly"
	AcceptCounts      ID = "accept.counts"
)

// pulls are the rules of looking things up beyond what every policy shares.
var pulls = []Rule{
	{AcceptRefreshed, Accept, "The post was known here already and was read again, so its words and numbers are fresh.", "federation.md §9.0"},
	{AcceptCounts, Accept, "Its words are the same; the numbers that its server states are taken.", "federation.md §4.2 step 4, §9.6"},
	{FetchActorQuietly, Fetch, "A person who has not been looked up for a week posts; they are looked up again within six hours.", "federation.md §9.8"},
	{LimitDiscoveries, Fetch, "One request has led to a thousand posts within five minutes; no more are fetched.", "federation.md §9.1"},
	{LimitActorsFound, Fetch, "One request has led to four hundred people within five minutes; no more are looked up.", "federation.md §16.3"},
}
