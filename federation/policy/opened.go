package policy

import (
	"time"

	"orrery/federation/rules"
)

// When the replies to a post are asked for because somebody opened its thread (federation.md §9.5).
const (
	openedAge      = 5 * time.Minute
	openedCoolDown = 15 * time.Minute
)

// Opening is what is known of a post of another server when a person here opens its thread, or a crawl finds it below one.
type Opening struct {
	Visibility Visibility
	Age        time.Duration
	Asked      bool          // its replies were asked for before,
	Since      time.Duration // so long ago
}

// openedMastodon asks for the replies to what everybody may see, once it is five minutes old, every quarter of an hour. What
// is not for everybody is no matter of it: the decision names no rule then.
func openedMastodon(o Opening) Decision {
	switch {
	case !o.Visibility.Distributable():
		return Decision{}
	case o.Age < openedAge:
		return Decision{false, rules.LimitOpenedYoung}
	case o.Asked && o.Since < openedCoolDown:
		return Decision{false, rules.LimitOpenedLately}
	}
	return Decision{true, rules.FetchThreadOpened}
}
