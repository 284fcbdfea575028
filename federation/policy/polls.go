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
