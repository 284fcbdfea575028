package policy

import (
	"time"

	"orrery/federation/rules"
)

// Hubzilla is federation.md §13.3.2 and §13.3.3: who begins a conversation owns it. Others tell the owner alone what they do in
// it, and the owner adds it to the history of the conversation and tells everybody concerned.
func Hubzilla() Policy {
	return Policy{
		Name:     "hubzilla",
		Upstream: Program{"hubzilla", "10.2"},
		Traits:   Traits{Form: FormHubzilla, Owners: OwnedByBeginner, LikesAnywhere: true, SignsReactions: true, SignedBoosts: true, LooksFirst: true},
		Knobs: Knobs{
			DocumentSignature: true, RepliesEmbedded: 5, FetchAll: true, BoostFallOff: 40, CompatForward: true, ListenersExpire: 30 * 24 * time.Hour,
		},
		Accept:    acceptHubzilla,
		Forward:   forwardNothing,
		HandOn:    handOn,
		Reach:     withRelays(reachHubzilla),
		Liked:     likedInThread,
		FirstSeen: firstSeenHubzilla,
		Opened:    openedMastodon,
	}
}

// acceptHubzilla takes what happens in somebody else's conversation from its owner alone.
func acceptHubzilla(r Received) Decision {
	switch {
	case r.Fetched:
		return Decision{true, rules.AcceptFetched}
	case r.HandedOn:
		return Decision{true, rules.AcceptHandedOn}
	case r.Owner == OwnerHere:
		return Decision{true, rules.AcceptOwnThread}
	case r.Owner == OwnerElsewhere && !r.AuthorOwns:
		return Decision{false, rules.DropNotThroughOwner}
	}
	return acceptMastodon41(r)
}

// reachHubzilla tells the owner alone of what is done in a conversation; what its own owner does there is handed on like
// anything else. Conversations that nobody owns, begun by other programs, are answered as Misskey does.
func reachHubzilla(p Post) []Deliver {
	open := p.Visibility.Distributable() && p.Type != "Tallies"
	switch {
	case open && p.Owner == OwnerElsewhere:
		return []Deliver{{Whom: ThreadOwner, Rule: rules.DeliverThreadOwner}}
	case open && p.Owner == OwnerHere && !p.Root:
		return []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}}
	}
	return reachMisskey(p)
}

// firstSeenHubzilla reads the history of a conversation that it came upon, or else looks upwards.
func firstSeenHubzilla(s Seen) []Fetch {
	if s.History && s.Fetched && !s.Walked {
		return []Fetch{{What: "history", Rule: rules.FetchHistory}}
	}
	return firstSeenUpwards(s)
}
