package policy

import "orrery/federation/rules"

// Mastodon41 is how Mastodon 4.1 spreads conversations, the version that the article's experiments ran on.
func Mastodon41() Policy {
	return Policy{
		Name:     "mastodon-4.1",
		Upstream: Program{"mastodon", "4.1.6"},
		Traits:   Traits{Form: Form41, CollectionsInInbox: true},
		Knobs: Knobs{
			DocumentSignature: true, Forwarding: true, RepliesEmbedded: 5, FetchReplies: 5, FetchSameHost: true, PageCutoff: 5, BoostFallOff: 40, FollowerSync: true,
		},
		Accept:    acceptMastodon41,
		Forward:   forwardMastodon,
		Reach:     withRelays(reachMastodon41),
		Liked:     likedAuthor,
		FirstSeen: firstSeenMastodon,
		Opened:    openedMastodon,
	}
}

// acceptMastodon41 is the related-to-local rule, the same for every visibility (federation.md §4.1 step 4, §4.4 step 1).
func acceptMastodon41(r Received) Decision {
	switch {
	case r.Fetched:
		return Decision{true, rules.AcceptFetched}
	case r.AuthorFollowed:
		return Decision{true, rules.AcceptFollowsAuthor}
	case r.CarrierFollowed:
		return Decision{true, rules.AcceptRelayed}
	case r.Relayed:
		return Decision{true, rules.AcceptRelay}
	case r.Type == "Announce":
		return Decision{r.LocalObject, pick(r.LocalObject, rules.AcceptLocalObject)}
	case r.AnswersKnown:
		return Decision{true, rules.AcceptRepliesToKnown}
	case r.Addressed:
		return Decision{true, rules.AcceptAddressed}
	}
	return Decision{false, rules.DropUnrelated}
}

func pick(yes bool, rule rules.ID) rules.ID {
	if yes {
		return rule
	}
	return rules.DropUnrelated
}

// forwardMastodon is the table of federation.md §7; only the direct parent counts.
func forwardMastodon(k Kept) Decision {
	switch {
	case k.Type == "Create" && !k.ParentLocal, k.Type != "Create" && !k.ParentLocal && !k.Shared:
		return Decision{false, rules.ForwardNotLocalParent}
	case !k.Visibility.Distributable():
		return Decision{false, rules.ForwardNotPublic}
	case k.Unsafe:
		return Decision{false, rules.LDSUnsafe}
	case !k.Signed:
		return Decision{false, rules.ForwardNoSignature}
	case k.Type == "Delete":
		return Decision{true, rules.ForwardDeleteBooster}
	case k.Type == "Update":
		return Decision{true, rules.ForwardUpdateSharers}
	}
	return Decision{true, rules.ForwardParentFollowers}
}

// reachMastodon41 is federation.md §8.2 for 4.1: the boosted author gets a copy of their own. That copy is made by the
// boost alone: its Undo goes to the reach, which for a boost is the followers, so an author whom no follower of the booster
// lives with never hears of it.
func reachMastodon41(p Post) []Deliver {
	followers := Deliver{Whom: Followers, Rule: rules.DeliverFollowers}
	if p.Type == "Announce" || p.Type == "Undo" {
		steps := []Deliver{followers}
		if p.Type == "Announce" && !p.BoostedFollowsBooster {
			steps = append(steps, Deliver{Whom: BoostedAuthor, Personal: true, Rule: rules.DeliverBoostedAuthor})
		}
		return steps
	}
	if p.Type == "Tallies" {
		return reachTallies(p)
	}
	steps := []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}}
	open := p.Visibility.Distributable()
	if open && p.AnswersRemote {
		steps = append(steps, Deliver{Whom: ParentAuthor, Rule: rules.DeliverParentAuthor})
	}
	if p.Visibility != Direct {
		steps = append(steps, followers)
	}
	if open && p.AnswersLocal {
		steps = append(steps, Deliver{Whom: ParentFollowers, Rule: rules.DeliverParentFollow})
	}
	if p.Type == "Delete" || open {
		steps = append(steps, Deliver{Whom: Interacted, Rule: rules.DeliverInteracted})
	}
	return steps
}

// firstSeenMastodon is federation.md §9.1 and §9.2. The limits of replies come from the knobs of the instance.
func firstSeenMastodon(s Seen) []Fetch {
	var steps []Fetch
	if s.UnknownParent {
		steps = append(steps, Fetch{What: "parent", Rule: rules.FetchMissingAncestor})
	}
	if s.ListsReplies {
		steps = append(steps, Fetch{What: "replies", Rule: rules.FetchRepliesFirst})
	}
	return steps
}
