package rules

// Followers synchronisation.
const (
	LimitFollowersDigest     ID = "limit.followers-digest"
	DropSyncUnreadable       ID = "drop.followers-unreadable"
	DropSyncForeign          ID = "drop.followers-foreign"
	AcceptFollowersEqual     ID = "accept.followers-equal"
	FetchFollowers           ID = "fetch.followers-list"
	LimitFollowersIncomplete ID = "limit.followers-incomplete"
	AcceptFollowListed       ID = "accept.follow-listed"
	DeliverFollowDisowned    ID = "deliver.follow-disowned"
	DropFollowUnlisted       ID = "drop.follow-unlisted"
)

var synchronisation = []Rule{
	{LimitFollowersDigest, Deliver, "Somebody with 25,000 followers or more sends no digest of them along.", "federation.md §8.7 (4.6)"},
	{DropSyncUnreadable, Accept, "The digest of followers that came along cannot be read, so it is ignored.", "federation.md §14.5/150"},
	{DropSyncForeign, Accept, "The digest of followers that came along is not about the sender, so it is ignored.", "federation.md §14.5/149"},
	{AcceptFollowersEqual, Accept, "The sender’s server and this one agree on who follows from here.", "federation.md §8.7"},
	{FetchFollowers, Fetch, "The sender’s server counts other followers from here than this one, so its list is read.", "federation.md §8.7"},
	{LimitFollowersIncomplete, Fetch, "The list of followers is not the one that was announced, or too long, so nobody’s follow is ended by it.", "federation.md §8.7"},
	{AcceptFollowListed, Accept, "The other server lists a follow that was still waiting here, so it holds now.", "federation.md §8.7"},
	{DeliverFollowDisowned, Deliver, "The other server lists a follow that nobody here knows of, so it is taken back there.", "federation.md §8.7"},
	{DropFollowUnlisted, Accept, "The other server does not list a follow that holds here, so it is ended.", "federation.md §8.7"},
}
