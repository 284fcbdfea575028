package rules

// Preview cards: the pages that posts link to.
const (
	FetchCard    ID = "fetch.preview-card"
	FetchOEmbed  ID = "fetch.preview-embed"
	FetchCreator ID = "fetch.preview-author"
)

var cards = []Rule{
	{FetchCard, Fetch, "A post links to a page; within a minute its beginning is read, unsigned, to show what it says of itself.", "federation.md §4.1 step 7"},
	{FetchOEmbed, Fetch, "The page that a post links to names a document that says more about it.", "federation.md §4.1 step 7"},
	{FetchCreator, Fetch, "The page that a post links to names somebody of the fediverse as its author; they are looked up, to see whether they say so too.", "federation.md §2.2"},
}
