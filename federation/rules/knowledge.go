package rules

// What servers know of each other's posts beyond the posts themselves.
const (
	LearnCounted   ID = "learn.counted"
	LearnSuspended ID = "learn.suspended"
)

// knowledge are the rules of what is known and counted.
var knowledge = []Rule{
	{LearnCounted, Learn, "The post's own server states how many like and boost it, and its numbers are shown here.", "federation.md §9.6"},
	{LearnSuspended, Learn, "Its author is suspended here: what is kept of them is shown to nobody.", "federation.md §11"},
}
