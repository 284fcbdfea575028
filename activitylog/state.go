package activitylog

import (
	"slices"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

func objectOf(f observe.Fact) string {
	switch f := f.(type) {
	case observe.Learned:
		return f.Object
	case observe.Decided:
		return f.Object
	case observe.Queued:
		return f.Activity
	case observe.Followed:
		return f.Follower
	case observe.Skipped:
		return f.Target
	case observe.Reacted:
		return f.Object
	case observe.Counted:
		return f.Object
	case observe.Edited:
		return f.Object
	case observe.Removed:
		return f.Object
	case observe.Suspended:
		return f.Account
	}
	return ""
}

// learn folds a fact into the state.
func (s *State) learn(f observe.Fact) {
	switch f := f.(type) {
	case observe.Verified:
		if f.Owner != "" {
			s.Carrier = f.Owner
		}
		if !f.OK {
			s.Rule = f.Rule
		}
	case observe.DocumentVerified:
		if f.OK {
			s.Author = f.Author
		}
	case observe.Decided:
		s.Outcome, s.Rule = f.Outcome, f.Rule
		if f.Rule == rules.DropDuplicate {
			s.badge(Duplicate)
		}
	case observe.Retried:
		s.Rule = f.Rule
	}
	if s.Carrier != "" && s.Author != "" && s.Carrier != s.Author {
		s.badge(Forwarded)
	}
}

// settle folds an answer into a state that no decision has settled. awaited: success alone decides nothing.
func (s *State) settle(a Answer, awaited bool) {
	switch {
	case a.Err != "", a.Status >= 500:
		s.Outcome = observe.Failed
	case a.Status >= 400:
		s.Outcome = observe.Rejected
	case s.Outcome == observe.Pending && !awaited:
		s.Outcome = observe.Accepted
	}
}

func (s *State) badge(b string) {
	if !slices.Contains(s.Badges, b) {
		s.Badges = append(s.Badges, b)
	}
}

func (s State) clone() State {
	s.Badges = slices.Clone(s.Badges)
	return s
}
