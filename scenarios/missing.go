package scenarios

import "orrery/scenarios/play"

// missing says which post a line needs that an earlier, failed line should have written; "" when there is none.
func (r *run) missing(l play.Line) string {
	for _, name := range postsIn(l) {
		if r.posts[name] == nil && r.people[name] == nil {
			return name + " was never written: the line that should have written it failed"
		}
	}
	if a, ok := l.(*play.Assertion); ok {
		if k, ok := a.Condition.(*play.Answered); ok {
			if _, sent := r.answers[k.Attachment.Name]; !sent {
				return k.Attachment.Name + " was not sent"
			}
		}
	}
	return ""
}

// postsIn are the posts that a line is about; some of the names may be of people.
func postsIn(l play.Line) []string {
	switch l := l.(type) {
	case *play.Replies:
		return []string{l.To.Name}
	case *play.Quotes:
		return []string{l.Post.Name}
	case *play.Boosts:
		return []string{l.Post.Name}
	case *play.Likes:
		return []string{l.Post.Name}
	case *play.Undoes:
		return []string{l.Post.Name}
	case *play.Edits:
		return []string{l.Post.Name}
	case *play.Deletes:
		return []string{l.Post.Name}
	case *play.Votes:
		return []string{l.Post.Name}
	case *play.Pins:
		return []string{l.Post.Name}
	case *play.Opens:
		return []string{l.Post.Name}
	case *play.Searches:
		return []string{l.For.Name}
	case *play.Assertion:
		return postsOf(l.Condition)
	}
	return nil
}

// postsOf are the posts, or people, that a condition is about.
func postsOf(c play.Condition) []string {
	var names []string
	list := func(posts []play.PostRef) []string {
		for _, p := range posts {
			names = append(names, p.Name)
		}
		return names
	}
	switch c := c.(type) {
	case *play.OnServers:
		return list(c.Posts)
	case *play.InTimeline:
		return list(c.Posts)
	case *play.State:
		return list(c.Posts)
	case *play.Shows:
		return []string{c.Post.Name}
	case *play.Counter:
		if c.Person == nil {
			return []string{c.Post.Name}
		}
	case *play.Notified:
		if c.About != nil {
			return []string{c.About.Name}
		}
	case *play.Fetches:
		return []string{c.Post.Name}
	case *play.Delivery:
		return []string{c.Activity.Of.Name}
	case *play.NoDelivery:
		return []string{c.Activity.Of.Name}
	case *play.Decision:
		if c.About != nil {
			return []string{c.About.Name}
		}
	}
	return nil
}
