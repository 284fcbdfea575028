package policy

import "orrery/federation/rules"

// LikedAuthor is who wrote what is liked.
const LikedAuthor Whom = "liked-author"

// Liking is what is known of a post that somebody here likes, or no longer likes.
type Liking struct {
	Visibility Visibility // of the post
	Owner      Whose      // of its conversation
}

// likedAuthor tells the author alone, in their own inbox.
func likedAuthor(Liking) []Deliver {
	return []Deliver{{Whom: LikedAuthor, Personal: true, Rule: rules.DeliverLikedAuthor}}
}
