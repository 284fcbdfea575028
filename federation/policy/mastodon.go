package policy

import "orrery/federation/rules"

// Mastodon is how the current Mastodon spreads conversations: 4.7, with everything that 4.1 did not do yet.
func Mastodon() Policy {
	return Policy{
		Name:     "mastodon",
		Upstream: Program{"mastodon", "4.7.0"},
		Traits: Traits{
			Form: FormCurrent, NumericURIs: true, SignedBoosts: true, ContentTypes: true, OriginCounts: true, Contexts: true, Quotes: true,
			UpdateCreates: true, ConvertedEdits: true, LateThreads: true, LooksFirst: true, ProvenIDs: true, FirstPages: true, GoneStatuses: true, DoubleKnock: true, FreshRedirects: true, SeveralKeys: true, Proofs: true, NeutralRefusals: true, SyncLimit: 25_000,
			SyncCompletely: true, GoneSenders: true, SkipsSuspended: true, TellsFollowed: true, QuietRefresh: true, GoneActors: true, Unreachable: true, Renames: true, NamedHandles: true,
		},
		Knobs: Knobs{
			DocumentSignature: true, Forwarding: true, RepliesEmbedded: 5, FetchReplies: 5, FetchSameHost: true, FetchAll: true, PageCutoff: 5, BoostFallOff: 80, FollowerSync: true,
		},
		Accept:    acceptMastodon,
		Forward:   forwardMastodon,
		Reach:     withRelays(reachMastodon),
		Liked:     likedAuthor,
		FirstSeen: firstSeenMastodon,
		Opened:    openedMastodon,
	}
}

// acceptMastodon is the related-to-local rule, which since 4.7 asks more of what is not public (federation.md §4.1 step 4,
// §4.4 step 1): a private post counts for followers and the addressed, a direct one for the addressed alone.
func acceptMastodon(r Received) Decision {
	switch {
	case r.Type != "Create", r.Fetched, r.Visibility.Distributable():
		return acceptMastodon41(r)
	case r.Visibility == Private && r.AuthorFollowed:
		return Decision{true, rules.AcceptFollowsAuthor}
	case r.Visibility == Private && r.CarrierFollowed:
		return Decision{true, rules.AcceptRelayed}
	case r.Addressed:
		return Decision{true, rules.AcceptAddressed}
	}
	return Decision{false, rules.DropUnrelated}
}

// reachMastodon is federation.md §8.2 as it is since 4.3: the boosted author is one of those whom a boost reaches, in the
// inbox that everything else goes to, and hears of its end there.
func reachMastodon(p Post) []Deliver {
	if steps, ok := reachNoNote(p); ok {
		return steps
	}
	steps := reachMastodon41(p)
	if p.QuotesRemote {
		steps = append(steps, Deliver{Whom: QuotedAuthor, Rule: rules.DeliverQuotedAuthor})
	}
	return steps
}
