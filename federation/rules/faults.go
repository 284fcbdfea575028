package rules

// What a scenario makes go wrong, and what somebody sends by hand.
const (
	FaultStopped    ID = "fault.stopped"
	FaultStarted    ID = "fault.started"
	FaultCut        ID = "fault.cut"
	FaultHealed     ID = "fault.healed"
	FaultSlow       ID = "fault.slow"
	FaultDrop       ID = "fault.drop-next"
	FaultLose       ID = "fault.lose-next"
	FaultClock      ID = "fault.clock"
	FaultKeyRotated ID = "fault.key-rotated"
	DeliverByHand   ID = "deliver.by-hand"
)

var faults = []Rule{
	{FaultStopped, Deliver, "The scenario stopped this server: it answers nobody and does nothing.", "federation.md §8.5"},
	{FaultStarted, Deliver, "The scenario started this server again: it goes on where it was.", "federation.md §8.5"},
	{FaultCut, Deliver, "The scenario cut the wire between two servers.", "federation.md §8.5"},
	{FaultHealed, Deliver, "The scenario put the wire between two servers right.", "federation.md §8.5"},
	{FaultSlow, Deliver, "The scenario made the wire between two servers slow.", "federation.md §8.5"},
	{FaultDrop, Deliver, "The scenario lets the next such message break off on its way; its sender notices.", "federation.md §8.5"},
	{FaultLose, Deliver, "The scenario lets the next such message vanish as if it had been taken; nobody notices.", "federation.md §8.5"},
	{FaultClock, Verify, "The scenario made this server's clock wrong, or right again.", "federation.md §8.5"},
	{FaultKeyRotated, Verify, "The scenario gave a person a new key.", "federation.md §2.5"},
	{DeliverByHand, Deliver, "Somebody wrote this message by hand and sent it as it stands.", "federation.md §8.5"},
}
