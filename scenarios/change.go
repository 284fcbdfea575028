package scenarios

import (
	"slices"
	"time"

	"orrery/activitylog/knowledge"
	"orrery/scenarios/play"
)

// change makes of a file another one in which c holds, or a vary of it. ok is false when the script has nobody who could do
// it.
func change(file *play.File, c knowledge.Change, q Asked, people map[string]string) (altered *play.File, vary *play.Vary, ok bool) {
	vary = &play.Vary{Title: play.Text{Value: c.Sentence}}
	whom := people[c.Whom]
	switch c.Kind {
	case knowledge.Follow:
		who := inhabitant(file, c.On, whom)
		if who == "" || whom == "" {
			return nil, nil, false
		}
		vary.Follows = []*play.Edge{{Follower: personRef(who), Followed: personRef(whom)}}
	case knowledge.Set:
		for _, s := range file.Servers {
			if s.Name.Name == c.On {
				with := *s
				with.Knobs = append(with.Knobs[:len(with.Knobs):len(with.Knobs)], play.Knob{Name: c.Knob, Value: play.Ref{Name: c.Value}})
				vary.Servers = []*play.Server{&with}
			}
		}
		ok = len(vary.Servers) > 0
		return file, vary, ok
	case knowledge.Search, knowledge.Look:
		who := inhabitant(file, c.On, "")
		if who == "" {
			return nil, nil, false
		}
		if c.Kind == knowledge.Search {
			l := &play.Searches{For: play.AnyRef{Ref: play.Ref{Node: play.Node{Kind: "post"}, Name: q.Post}}}
			l.Who = personRef(who)
			vary.Lines = []play.Line{l, &play.Settle{}}
			return file, vary, true
		}
		l := &play.Opens{Post: postRef(q.Post)}
		l.Who = personRef(who)
		vary.Lines = []play.Line{&play.Wait{For: play.Duration(20 * time.Minute)}, l, &play.Settle{}}
	case knowledge.Keep, knowledge.Name:
		return rewritten(file, c, q), nil, true
	case knowledge.Without:
		for _, e := range file.Follows {
			if e.Followed.Name == whom && home(file, e.Follower.Name) == c.On {
				vary.Follows = append(vary.Follows, &play.Edge{Follower: e.Follower, Followed: e.Followed, Without: true})
			}
		}
		altered, found := unfollowing(file, c.On, whom)
		return altered, vary, found || len(vary.Follows) > 0
	default:
		return nil, nil, false
	}
	return file, vary, true
}

// rewritten is the file without the deletion of a post, or with a text that names somebody.
func rewritten(file *play.File, c knowledge.Change, q Asked) *play.File {
	named := inhabitant(file, c.On, "")
	again := *file
	again.Blocks = nil
	for _, b := range file.Blocks {
		s, ok := b.(*play.Step)
		if !ok {
			continue // other varies have no part in it
		}
		step := *s
		step.Lines = nil
		for _, l := range s.Lines {
			switch l := l.(type) {
			case *play.Deletes:
				if c.Kind == knowledge.Keep && l.Post.Name == q.Post {
					continue
				}
			case *play.Posts:
				if c.Kind == knowledge.Name && l.As != nil && l.As.Name == q.Post {
					with := *l
					with.Text.Value = "@" + named + " " + with.Text.Value
					step.Lines = append(step.Lines, &with)
					continue
				}
			case *play.Replies:
				if c.Kind == knowledge.Name && l.As != nil && l.As.Name == q.Post {
					with := *l
					with.Text.Value = "@" + named + " " + with.Text.Value
					step.Lines = append(step.Lines, &with)
					continue
				}
			}
			step.Lines = append(step.Lines, l)
		}
		again.Blocks = append(again.Blocks, &step)
	}
	return &again
}

// unfollowing is the file without the lines in which somebody of a server follows whom; found is false when there are none.
func unfollowing(file *play.File, server, whom string) (again *play.File, found bool) {
	altered := *file
	altered.Blocks = nil
	for _, b := range file.Blocks {
		if s, ok := b.(*play.Step); ok {
			step := *s
			step.Lines = slices.DeleteFunc(slices.Clone(s.Lines), func(l play.Line) bool {
				f, ok := l.(*play.Follows)
				return ok && f.Whom.Name == whom && home(file, f.Actor().Name) == server
			})
			found = found || len(step.Lines) < len(s.Lines)
			b = &step
		}
		altered.Blocks = append(altered.Blocks, b)
	}
	return &altered, found
}

// inhabitant is the first person of a server but one; "" when there is none.
func inhabitant(file *play.File, server, but string) string {
	for _, p := range file.People {
		if p.Server.Name == server && p.Name.Name != but {
			return p.Name.Name
		}
	}
	return ""
}

// home is the server of a person.
func home(file *play.File, name string) string {
	for _, p := range file.People {
		if p.Name.Name == name {
			return p.Server.Name
		}
	}
	return ""
}

func personRef(name string) play.PersonRef { return play.PersonRef{Ref: play.Ref{Name: name}} }
func postRef(name string) play.PostRef     { return play.PostRef{Ref: play.Ref{Name: name}} }
