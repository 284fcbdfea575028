package policy

import "orrery/federation/rules"

// Pleroma is federation.md §13.3.6: it delivers to whom a post addresses, whoever a reply answers among them, tells many of
// likes, and reads threads upwards and downwards.
func Pleroma() Policy {
	return Policy{
		Name:     "pleroma",
		Upstream: Program{"pleroma", "2.5.5"},
		Traits: Traits{
			Form: FormPleroma, LikesAnywhere: true, LikesAddressed: true, AddressesAnswered: true, ThreadDepth: 100, LooksFirst: true,
		},
		Knobs:     Knobs{Carried: CarriedOrigin, RepliesEmbedded: 5, FetchReplies: 100, BoostFallOff: 40},
		Accept:    acceptEverything,
		Forward:   forwardNothing,
		Reach:     withRelays(reachPleroma),
		Liked:     likedPleroma,
		FirstSeen: firstSeenMastodon,
		Opened:    openedNever,
	}
}

// reachPleroma is whom the document addresses. A deletion also goes to whoever reacted: they are known to have the post.
func reachPleroma(p Post) []Deliver {
	if steps, ok := reachNoNote(p); ok {
		return steps
	}
	steps := []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}}
	if p.AnswersRemote {
		steps = append(steps, Deliver{Whom: ParentAuthor, Rule: rules.DeliverParentAuthor})
	}
	if p.Visibility != Direct {
		steps = append(steps, Deliver{Whom: Followers, Rule: rules.DeliverFollowers})
	}
	if p.Type == "Delete" {
		steps = append(steps, Deliver{Whom: Interacted, Rule: rules.DeliverInteracted})
	}
	return steps
}

// likedPleroma tells the author, and of a public post also the followers of who likes it and whom the post addressed.
func likedPleroma(l Liking) []Deliver {
	if !l.Visibility.Distributable() {
		return []Deliver{{Whom: LikedAuthor, Personal: true, Rule: rules.DeliverLikedAuthor}}
	}
	return []Deliver{
		{Whom: LikedAuthor, Rule: rules.DeliverLikedAuthor}, {Whom: Followers, Rule: rules.DeliverLikersFollowers},
		{Whom: Mentioned, Rule: rules.DeliverLikedAudience},
	}
}
