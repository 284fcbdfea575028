package rules

// Rules of who may answer (GoToSocial).
const (
	DeliverForApproval ID = "deliver.for-approval"
	DeliverReplyAnswer ID = "deliver.reply-answer"

	AcceptReplyAnswer   ID = "accept.reply-answer"
	DropReplyRefused    ID = "drop.reply-refused"
	DropReplyUnapproved ID = "drop.reply-unapproved"

	FetchReplyApproval ID = "fetch.reply-approval"
)

// approvals are the rules of replies that their addressee must allow.
var approvals = []Rule{
	{DeliverForApproval, Deliver, "Only some people may answer that post, so the reply goes to its author alone until they allow it.", "federation.md §13.3.4"},
	{DeliverReplyAnswer, Deliver, "Whoever answered is told whether they may.", "federation.md §13.3.4"},

	{AcceptReplyAnswer, Accept, "The author of what was answered says whether the reply may stand.", "federation.md §13.3.4"},
	{DropReplyRefused, Accept, "The author of what it answers lets only followers and those named in it answer.", "federation.md §13.3.4"},
	{DropReplyUnapproved, Accept, "Only some people may answer that post, and nothing proves that its author allowed this reply.", "federation.md §13.3.4"},

	{FetchReplyApproval, Fetch, "The reply says that the author of what it answers allowed it, so their server is asked.", "federation.md §13.3.4"},
}
