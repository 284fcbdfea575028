package rules

// Rules of what the people who run a server decide, of accounts that end or move, and of reports.
const (
	OriginDomainRefused  ID = "origin.domain-refused"
	OriginGoneInbox      ID = "origin.gone-inbox"
	OriginSuspendedActor ID = "origin.suspended-actor"

	AcceptDeparture ID = "accept.departure"
	AcceptMove      ID = "accept.move"
	AcceptReport    ID = "accept.report"

	DropMoveOfAnother  ID = "drop.move-of-another"
	DropMoveTooSoon    ID = "drop.move-too-soon"
	DropMoveNotVouched ID = "drop.move-not-vouched"
	DropReportsRefused ID = "drop.reports-refused"
	DropReportNobody   ID = "drop.report-nobody"
	DropAccountDeleted ID = "drop.account-deleted"
	DropDomainEnded    ID = "drop.domain-suspended"

	DeliverReported        ID = "deliver.reported"
	DeliverReportForwarded ID = "deliver.report-forwarded"
	DeliverReporters       ID = "deliver.reporters"
	DeliverEverybody       ID = "deliver.everybody"
	DeliverBlockers        ID = "deliver.blockers"
	DeliverDomainRefused   ID = "deliver.domain-refused"

	FetchMoveTarget ID = "fetch.move-target"
	LimitDomain     ID = "limit.domain-refused"
	LimitMedia      ID = "limit.media-refused"
)

var moderation = []Rule{
	{OriginDomainRefused, Verify, "This server does not speak with that server: it is suspended here, or was not allowed by name.", "federation.md §5.5 step 1, §11"},
	{OriginGoneInbox, Verify, "The person whose inbox this was has left for good.", "federation.md §4.0 step 1"},
	{OriginSuspendedActor, Verify, "The account is suspended here: of what it does, only deletions, refusals, changes and what it takes back count.", "federation.md §4.0 step 5"},

	{AcceptDeparture, Accept, "The account ended itself, so everything of it is removed here.", "federation.md §4.3"},
	{AcceptMove, Accept, "The person lives on under another account, which says so too; its followers here follow that one.", "federation.md §4.11"},
	{AcceptReport, Accept, "Somebody elsewhere complains about a person of this server; its moderators are told.", "federation.md §4.10"},
	{DropMoveOfAnother, Accept, "Only the person may move their own account.", "federation.md §4.11"},
	{DropMoveTooSoon, Accept, "The account moved within the last seven days already.", "federation.md §4.11"},
	{DropMoveNotVouched, Accept, "The new account cannot be had, or does not say that it was the old one.", "federation.md §4.11"},
	{DropReportsRefused, Accept, "This server takes no reports from that server.", "federation.md §4.10, §11"},
	{DropAccountDeleted, Accept, "The account was deleted here, by its person or by those who run this server, and what it had went with it.", "federation.md §11"},
	{DropDomainEnded, Accept, "This server was told not to speak with that server any more, so what its people wrote was removed.", "federation.md §11"},
	{DropReportNobody, Accept, "The report names no person of this server, and no posts that answer one.", "federation.md §4.10"},

	{DeliverReported, Deliver, "The report is about a person of that server, and who reported wants it to know.", "federation.md §8.3"},
	{DeliverReportForwarded, Deliver, "The reported posts answer somebody on that server, and who reported wants it to know.", "federation.md §8.3"},
	{DeliverReporters, Deliver, "Somebody there reported the account, so they hear what became of it.", "federation.md §8.3"},
	{DeliverEverybody, Deliver, "An account ends, so every server that may know it is told, in its own time.", "federation.md §8.3"},
	{DeliverBlockers, Deliver, "Somebody there blocks the account that moves, and may want to block the new one too.", "federation.md §4.11, §8.3"},
	{DeliverDomainRefused, Deliver, "This server does not speak with that server, so it is left out.", "federation.md §11"},

	{FetchMoveTarget, Fetch, "The account that somebody moved to is read, to see whether it says so too.", "federation.md §4.11"},
	{LimitMedia, Fetch, "Pictures, films and sounds of that server are refused here, so the post only links to them.", "federation.md §11"},
	{LimitDomain, Fetch, "Nothing is looked up on a server that this one does not speak with.", "federation.md §11"},
}
