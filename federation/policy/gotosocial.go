package policy

import (
	"time"

	"orrery/federation/rules"
)

// GoToSocial is federation.md §13.3.4: posts go to whom they are addressed and nobody passes anything on; instead a server
// that meets a post reads the whole thread around it.
func GoToSocial() Policy {
	return Policy{
		Name:     "gotosocial",
		Upstream: Program{"gotosocial", "0.20.0"},
		Traits: Traits{
			Form: FormGoToSocial, KeyDocuments: true, SecondTarget: true, ThreadDepth: 512, LooksFirst: true, Approvals: true,
		},
		Knobs: Knobs{
			Carried: CarriedOrigin, RepliesEmbedded: 0, RepliesEveryone: true, FetchReplies: 0, FetchAll: true, PageCutoff: 500,
			BoostFallOff: 40, SecureMode: true,
		},
		Accept:    acceptGoToSocial,
		Forward:   forwardNothing,
		Reach:     withRelays(reachAddressed),
		Liked:     likedAuthor,
		FirstSeen: firstSeenGoToSocial,
		Opened:    openedGoToSocial,
	}
}

// acceptGoToSocial keeps what concerns somebody here: who follows its author, whom it addresses, whose post it answers.
func acceptGoToSocial(r Received) Decision {
	switch {
	case r.Answering == AnswerRefused:
		return Decision{false, rules.DropReplyRefused}
	case r.Answering == AnswerUnproved:
		return Decision{false, rules.DropReplyUnapproved}
	case r.Fetched:
		return Decision{true, rules.AcceptFetched}
	case r.AuthorFollowed:
		return Decision{true, rules.AcceptFollowsAuthor}
	case r.Relayed:
		return Decision{true, rules.AcceptRelay}
	case r.Type == "Announce":
		return Decision{r.LocalObject, pick(r.LocalObject, rules.AcceptLocalObject)}
	case r.AnswersLocal:
		return Decision{true, rules.AcceptRepliesToKnown}
	case r.Addressed:
		return Decision{true, rules.AcceptAddressed}
	}
	return Decision{false, rules.DropUnrelated}
}

// forwardNothing passes nothing on: the program has no inbox forwarding.
func forwardNothing(Kept) Decision { return Decision{false, rules.ForwardNever} }

// reachAddressed is who stands in to and cc: the named and, if their collection is there, the followers. Whom a reply
// answers gets it only by being named.
func reachAddressed(p Post) []Deliver {
	if steps, ok := reachNoNote(p); ok {
		return steps
	}
	if p.Waits {
		return []Deliver{{Whom: ParentAuthor, Rule: rules.DeliverForApproval}}
	}
	if p.Visibility == Direct {
		return []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}}
	}
	return []Deliver{{Whom: Mentioned, Rule: rules.DeliverMention}, {Whom: Followers, Rule: rules.DeliverFollowers}}
}

// firstSeenGoToSocial looks upwards and then, below a post that it did not come upon by such a look, downwards.
func firstSeenGoToSocial(s Seen) []Fetch {
	var steps []Fetch
	if s.UnknownParent {
		steps = append(steps, Fetch{What: "parent", Rule: rules.FetchMissingAncestor})
	}
	if !s.Walked && s.ListsReplies && s.Visibility.Distributable() {
		steps = append(steps, Fetch{What: "thread", Rule: rules.FetchThreadWalk})
	}
	return steps
}

// freshGoToSocial is how long a post counts as fresh.
const freshGoToSocial = 2 * time.Hour

// openedGoToSocial reads a thread again whose post is not fresh any more.
func openedGoToSocial(o Opening) Decision {
	since := o.Age
	if o.Asked {
		since = o.Since
	}
	switch {
	case !o.Visibility.Distributable():
		return Decision{}
	case since < freshGoToSocial:
		return Decision{false, rules.LimitFresh}
	}
	return Decision{true, rules.FetchThreadOpened}
}
