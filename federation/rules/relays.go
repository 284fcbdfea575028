package rules

// Relays.
const (
	DeliverRelay        ID = "deliver.relay"
	DeliverRelayFollow  ID = "deliver.relay-subscription"
	AcceptRelayAnswer   ID = "accept.relay-answer"
	AcceptRelayAnnounce ID = "accept.relay-announce"
)

var relays = []Rule{
	{DeliverRelay, Deliver, "A relay that this server subscribes to gets everything public.", "federation.md §8.4"},
	{DeliverRelayFollow, Deliver, "A relay is asked to pass posts on, or no longer to, in its inbox.", "federation.md §8.4"},
	{AcceptRelayAnswer, Accept, "A relay answers the request to subscribe.", "federation.md §8.4"},
	{AcceptRelayAnnounce, Accept, "A relay’s boost only tells of a post: the post is fetched, and no boost is shown.", "federation.md §14.4/110"},
}
