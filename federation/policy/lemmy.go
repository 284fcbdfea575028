package policy

import "orrery/federation/rules"

// Lemmy is federation.md §13.3.1: a conversation belongs to the community in which it was begun. What people do in it goes to the
// community, which announces every activity to all who follow it, so that all have the same posts and votes. Every server has
// one community, and whoever follows a person who begins a conversation there gets it announced like its followers.
func Lemmy() Policy {
	return Policy{
		Name:      "lemmy",
		Upstream:  Program{"lemmy", "0.19.11"},
		Traits:    Traits{Form: FormLemmy, Owners: OwnedByCommunity, LikesAnywhere: true, LooksFirst: true, ThreadDepth: 100},
		Knobs:     Knobs{BoostFallOff: 40},
		Accept:    acceptLemmy,
		Forward:   forwardNothing,
		HandOn:    handOn,
		Reach:     withRelays(reachLemmy),
		Liked:     likedInThread,
		FirstSeen: firstSeenUpwards,
		Opened:    openedNever,
	}
}

// acceptLemmy believes a community about its own conversations, if somebody here follows it or the conversation is known.
func acceptLemmy(r Received) Decision {
	switch {
	case r.Owner == OwnerHere && !r.Fetched:
		return Decision{true, rules.AcceptOwnThread}
	case r.Fetched || !r.HandedOn:
		return acceptMastodon41(r)
	case r.CarrierFollowed || r.InThread:
		return Decision{true, rules.AcceptHandedOn}
	}
	return Decision{false, rules.DropUnrelated}
}

// reachLemmy gives the community everything and, besides, tells the named, whom a reply answers, and the author's followers.
func reachLemmy(p Post) []Deliver {
	if steps, ok := reachNoNote(p); ok {
		return steps
	}
	if p.Visibility == Direct {
		return []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}}
	}
	var steps []Deliver
	if p.Owner == OwnerElsewhere && p.Visibility.Distributable() {
		steps = append(steps, Deliver{Whom: ThreadOwner, Rule: rules.DeliverThreadOwner})
	}
	steps = append(steps, Deliver{Whom: Mentioned, Rule: rules.DeliverMention})
	if p.AnswersRemote && p.Visibility.Distributable() {
		steps = append(steps, Deliver{Whom: ParentAuthor, Rule: rules.DeliverParentAuthor})
	}
	return append(steps, Deliver{Whom: Followers, Rule: rules.DeliverFollowers})
}

// likedInThread tells the owner of the conversation, who hands it on; without one, the author.
func likedInThread(l Liking) []Deliver {
	switch l.Owner {
	case OwnerHere:
		return nil
	case OwnerElsewhere:
		return []Deliver{{Whom: ThreadOwner, Rule: rules.DeliverThreadOwner}}
	}
	return likedAuthor(l)
}
