package rules

// How other servers take what is sent to them.
const (
	DeliverUnavailable    ID = "deliver.unavailable"
	DeliverAvailableAgain ID = "deliver.available-again"
	DeliverCircuitOpen    ID = "deliver.circuit-open"
	DeliverFollowedLately ID = "deliver.followed-lately"
	DeliverSuspended      ID = "deliver.suspended-left-out"
)

var delivery = []Rule{
	{DeliverUnavailable, Deliver, "That server took nothing on seven different days, so nothing is sent there until it is heard of again.", "federation.md §8.6"},
	{DeliverAvailableAgain, Deliver, "The server that was left out took something or sent something itself, so it gets everything again.", "federation.md §8.6"},
	{DeliverSuspended, Deliver, "Somebody whom this server suspended gets nothing but deletions.", "federation.md §8.1 (4.4)"},
	{DeliverFollowedLately, Deliver, "Somebody whom the person followed, or asked to, within two days learns of their changed profile.", "federation.md §8.3 (4.3)"},
	{DeliverCircuitOpen, Deliver, "Ten tries in a row failed at that inbox, so it is left alone for a minute and this try counts as failed.", "federation.md §8.5"},
}
