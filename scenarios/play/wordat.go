package play

import "strings"

// WordAt is the row of the table that says what a line of the file means, and the line in canonical form. Of a check it is
// the row of its condition.
func WordAt(f *File, line int) (w Word, source string, ok bool) {
	for l := range f.rows() {
		if n, _ := l.Position(); n != line {
			continue
		}
		group, word := wordOf(l)
		for _, w := range Words() {
			if w.Group == group && w.Word == word {
				return w, l.String(), true
			}
		}
	}
	return Word{}, "", false
}

// wordOf is the group and word under which the table has a line.
func wordOf(l Line) (group, word string) {
	switch l := l.(type) {
	case *Assertion:
		return "conditions", wordOfCondition(l.Condition)
	case *FollowsTag:
		return "people", strings.TrimSuffix(l.Kind, "-tag")
	case Action:
		return "people", l.row().Kind
	case *Governs:
		return "servers", l.Kind
	case *Settle, *Wait:
		return "waits", l.row().Kind
	case *Stop, *Link, *Skew, *Rotate:
		return "faults", l.row().Kind
	}
	return "teaching", l.row().Kind
}

func wordOfCondition(c Condition) string {
	switch c := c.(type) {
	case *OnServers:
		return "is on"
	case *InTimeline:
		return "is in timeline"
	case *State:
		return "is edited"
	case *Shows:
		return "shows"
	case *Counter:
		switch {
		case c.Option != nil:
			return "votes for"
		case c.Person != nil:
			return "followers of"
		}
		return "likes of"
	case *Relation:
		return "is following"
	case *Account:
		return "is known"
	case *Moved:
		return "has moved"
	case *Notified:
		return "is notified"
	case *Delivery:
		if c.Forward {
			return "forward"
		}
		return "delivery"
	case *NoDelivery:
		return "no delivery"
	case *Fetches:
		return "fetches"
	case *Deliveries:
		return "exactly"
	case *NothingSent:
		return "nothing sent"
	case *Decision:
		return "decision"
	}
	return "answer"
}
