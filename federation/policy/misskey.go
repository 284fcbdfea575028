package policy

import "orrery/federation/rules"

// Misskey is federation.md §13.3.5: it keeps every valid post, passes none on, and tells the followers of who likes.
func Misskey() Policy {
	return Policy{
		Name:     "misskey",
		Upstream: Program{"misskey", "2025.4.0"},
		Traits: Traits{
			Form: FormMisskey, OwnIDs: true, LikesAnywhere: true, Reactions: true, SignsForRelays: true, LooksFirst: true,
			ThreadDepth: 256, QuietRefresh: true,
		},
		Knobs:     Knobs{DocumentSignature: true, RepliesEmbedded: 5, BoostFallOff: 40},
		Accept:    acceptEverything,
		Forward:   forwardNothing,
		Reach:     withRelays(reachMisskey),
		Liked:     likedMisskey,
		FirstSeen: firstSeenUpwards,
		Opened:    openedNever,
	}
}

// acceptEverything asks for no relation to anybody here.
func acceptEverything(r Received) Decision {
	if r.Fetched {
		return Decision{true, rules.AcceptFetched}
	}
	return Decision{true, rules.AcceptAnything}
}

// reachMisskey is whom a note names, answers or boosts, and the followers of its author.
func reachMisskey(p Post) []Deliver {
	if steps, ok := reachNoNote(p); ok {
		return steps
	}
	if p.Visibility == Direct {
		return []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}}
	}
	steps := []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}}
	if p.AnswersRemote {
		steps = append(steps, Deliver{Whom: ParentAuthor, Rule: rules.DeliverParentAuthor})
	}
	return append(steps, Deliver{Whom: Followers, Rule: rules.DeliverFollowers})
}

// likedMisskey tells the author and, unless the note is direct, the followers of who likes it.
func likedMisskey(l Liking) []Deliver {
	steps := []Deliver{{Whom: LikedAuthor, Rule: rules.DeliverLikedAuthor}}
	if l.Visibility != Direct {
		steps = append(steps, Deliver{Whom: Followers, Rule: rules.DeliverLikersFollowers})
	}
	return steps
}

// firstSeenUpwards looks for what a post answers and for nothing below it.
func firstSeenUpwards(s Seen) []Fetch {
	if s.UnknownParent {
		return []Fetch{{What: "parent", Rule: rules.FetchMissingAncestor}}
	}
	return nil
}

// openedNever looks nothing up because somebody looks at a thread.
func openedNever(Opening) Decision { return Decision{} }
