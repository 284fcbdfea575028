package policy

import "orrery/federation/rules"

// Owners says who hands on what happens in a conversation, where somebody does.
type Owners string

// The zero value is nobody.
const (
	OwnedByCommunity Owners = "community" // a Group, by Announces of activities (federation.md §13.3.1)
	OwnedByBeginner  Owners = "beginner"  // who began it, by Adds to its history (§13.3.2)
)

// Whose is where the owner of a conversation lives.
type Whose string

// Owners of a conversation; "" when it has none.
const (
	OwnerHere      Whose = "here"
	OwnerElsewhere Whose = "elsewhere"
)

// ThreadOwner is who owns the conversation.
const ThreadOwner Whom = "thread-owner"

// Happened is what is known of something that happened in a conversation whose owner lives here.
type Happened struct {
	Visibility Visibility // of the post concerned
	Blocked    bool       // the owner blocks who did it
}

// handOn hands everything on that everybody may see, unless the owner wants nothing of who did it.
func handOn(h Happened) Decision {
	switch {
	case h.Blocked:
		return Decision{false, rules.ForwardOwnerBlocks}
	case !h.Visibility.Distributable():
		return Decision{false, rules.ForwardNotPublic}
	}
	return Decision{true, rules.ForwardThreadOwner}
}
