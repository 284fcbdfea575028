package policy

import "orrery/federation/rules"

// reachTallies is who learns how a poll stands: those named, boosters, voters and followers, unless the post is direct
// (federation.md §3.2).
func reachTallies(p Post) []Deliver {
	steps := []Deliver{
		{Whom: Mentioned, Rule: rules.DeliverMention}, {Whom: Boosters, Rule: rules.DeliverVoters}, {Whom: Voters, Rule: rules.DeliverVoters},
	}
	if p.Visibility != Direct {
		steps = append(steps, Deliver{Whom: Followers, Rule: rules.DeliverFollowers})
	}
	return steps
}

// reachNoNote is who learns of what is no note: how a poll stands, and a boost or its end, which go to the author of what was
// boosted and to the followers of who boosts it. ok is false for notes.
func reachNoNote(p Post) (steps []Deliver, ok bool) {
	switch p.Type {
	case "Tallies":
		return reachTallies(p), true
	case "Announce", "Undo":
		return []Deliver{{Whom: BoostedAuthor, Rule: rules.DeliverBoostedAuthor}, {Whom: Followers, Rule: rules.DeliverFollowers}}, true
	}
	return nil, false
}
