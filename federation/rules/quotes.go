package rules

// Quotes with consent.
const (
	DeliverQuotedAuthor     ID = "deliver.quoted-author"
	DeliverQuoter           ID = "deliver.quoter"
	AcceptQuoteRequest      ID = "accept.quote-request"
	AcceptQuoteAnswer       ID = "accept.quote-answer"
	AcceptQuoteEnded        ID = "accept.quote-ended"
	AcceptQuoteProved       ID = "accept.quote-proved"
	DropQuoteDenied         ID = "drop.quote-denied"
	DropQuoteUnproved       ID = "drop.quote-unproved"
	DropNotQuoting          ID = "drop.not-quoting"
	FetchQuoted             ID = "fetch.quoted"
	FetchQuoteInstrument    ID = "fetch.quote-instrument"
	FetchQuoteAuthorization ID = "fetch.quote-authorization"
)

var quotes = []Rule{
	{DeliverQuotedAuthor, Deliver, "The author of the quoted post gets the post that quotes it, and is asked for consent in their personal inbox.", "federation.md §4.13, §8.2"},
	{DeliverQuoter, Deliver, "Whoever quotes a post learns what its author says to that: yes, no, or no longer.", "federation.md §4.13"},
	{AcceptQuoteRequest, Accept, "The author lets people like this one quote the post, so the quote is approved.", "federation.md §4.13"},
	{AcceptQuoteAnswer, Accept, "It answers the question, asked from here, whether a post may be quoted.", "federation.md §4.13"},
	{AcceptQuoteEnded, Accept, "The author of the quoted post takes the consent back, so the quote is no longer shown.", "federation.md §4.13"},
	{AcceptQuoteProved, Accept, "The consent of the quoted author was read on their own server, so the quote is shown.", "federation.md §4.13"},
	{DropQuoteDenied, Accept, "The author of the post does not let this person quote it, so the answer is no.", "federation.md §14.5/148"},
	{DropQuoteUnproved, Accept, "The consent that the quoting post names does not say so, or is not there: the quote is not shown.", "federation.md §4.13"},
	{DropNotQuoting, Accept, "It asks for consent for a post that does not quote what it names, or that somebody else wrote.", "federation.md §4.13"},
	{FetchQuoted, Fetch, "A post quotes one that is not known here, so that is fetched.", "federation.md §4.13"},
	{FetchQuoteInstrument, Fetch, "Somebody asks to quote a post of this server with a post that is not known here, so that is fetched.", "federation.md §4.13"},
	{FetchQuoteAuthorization, Fetch, "A post says that the author of what it quotes agrees; their server is asked whether that is so.", "federation.md §4.13"},
}
