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
	{FaultStopped, Deliver, "The scenario stopped this server: it answers nobody and does nothing.", "contracts.md 20"},
	{FaultStarted, Deliver, "The scenario started this server again: it goes on where it was.", "contracts.md 20"},
	{FaultCut, Deliver, "The scenario cut the wire between two servers.", "contracts.md 20"},
	{FaultHealed, Deliver, "The scenario put the wire between two servers right.", "contracts.md 20"},
	{FaultSlow, Deliver, "The scenario made the wire between two servers slow.", "contracts.md 20"},
	{FaultDrop, Deliver, "The scenario lets the next such message break off on its way; its sender notices.", "contracts.md 20"},
	{FaultLose, Deliver, "The scenario lets the next such message vanish as if it had been taken; nobody notices.", "contracts.md 20"},
	{FaultClock, Verify, "The scenario made this server's clock wrong, or right again.", "contracts.md 20"},
	{FaultKeyRotated, Verify, "The scenario gave a person a new key.", "federation.md §2.5"},
	{DeliverByHand, Deliver, "Somebody wrote this message by hand and sent it as it stands.", "contracts.md 20"},
}
