package rules

// Blocks.
const (
	DeliverBlocked      ID = "deliver.blocked-account"
	AcceptBlock         ID = "accept.block"
	RejectFollowBlocked ID = "drop.follow-blocked"
)

// relations are the rules of what people do to each other beyond following.
var relations = []Rule{
	{DeliverBlocked, Deliver, "A block, and its end, goes to the inbox of the person concerned and to nobody else.", "federation.md §8.3"},
	{AcceptBlock, Accept, "Somebody blocks a person of this server: follows between them end, and they see nothing new of each other.", "federation.md §4.9"},
	{RejectFollowBlocked, Accept, "The person blocks whoever asks, or their server, so the request is refused.", "federation.md §4.6"},
}
