package policy

import "orrery/federation/rules"

// Relays are the inboxes of the relays that the instance subscribes to.
const Relays Whom = "relays"

// withRelays adds to what reach says that relays get everything public (federation.md §8.4).
func withRelays(reach func(Post) []Deliver) func(Post) []Deliver {
	return func(p Post) []Deliver {
		steps := reach(p)
		if p.Relays && p.Visibility == Public && !p.Waits {
			steps = append(steps, Deliver{Whom: Relays, Rule: rules.DeliverRelay})
		}
		return steps
	}
}
