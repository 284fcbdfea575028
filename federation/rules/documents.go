package rules

// Documents of other servers: who is met, under which name, and what is looked up for it.
const (
	FetchMovedTo    ID = "fetch.moved-to"
	FetchHandleLost ID = "fetch.handle-lost"
	FetchMention    ID = "fetch.mention-again"
	LimitSubdomains ID = "limit.subdomains"
	LearnRenamed    ID = "learn.renamed"
	LearnActorGone  ID = "learn.actor-gone"
)

var documents = []Rule{
	{FetchMovedTo, Fetch, "A person says that they moved, so the account they moved to is looked up.", "federation.md §2.5"},
	{FetchHandleLost, Fetch, "Another account has proved that this handle is its own now, so the one that had it is read again.", "federation.md §1.2"},
	{FetchMention, Fetch, "Somebody whom a post names could not be reached, so they are looked up again, up to seven times.", "federation.md §14.3/74"},
	{LimitSubdomains, Fetch, "Accounts on ten subdomains of one domain were met within a minute, so no account on another is.", "federation.md §1.2"},
	{LearnRenamed, Learn, "The account has another handle now, which WebFinger proves.", "federation.md §14.3/92"},
	{LearnActorGone, Learn, "The account's own server says that it is gone for good.", "federation.md §2.5"},
}
