package rules

// Polls: who hears of votes and tallies, which votes count, when a poll is read again.
const (
	DeliverPollAuthor ID = "deliver.poll-author"
	DeliverVoters     ID = "deliver.voters"
	AcceptVote        ID = "accept.vote"
	AcceptTallies     ID = "accept.poll-tallies"
	DropPollOver      ID = "drop.poll-over"
	DropVotedBefore   ID = "drop.voted-before"
	FetchPoll         ID = "fetch.poll"
)

var polls = []Rule{
	{DeliverPollAuthor, Deliver, "A vote goes to the author of the poll and to nobody else.", "federation.md §3.2"},
	{DeliverVoters, Deliver, "Somebody who voted in the poll, or boosted it, learns how it stands.", "federation.md §3.2"},
	{AcceptVote, Accept, "It is a vote in a poll of this server; it is counted and never shown as a post.", "federation.md §3.2"},
	{AcceptTallies, Accept, "The post reads as before; how many voted for what is brought up to date.", "federation.md §4.2 step 4"},
	{DropPollOver, Accept, "It is a vote in a poll that is over, so it does not count.", "federation.md §14.3/79"},
	{DropVotedBefore, Accept, "It is a vote of somebody who has voted already, so it does not count.", "federation.md §14.3/78"},
	{FetchPoll, Fetch, "A person looks at a poll that was last read more than a minute ago.", "federation.md §9.7"},
}
