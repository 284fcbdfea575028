package scenarios

import (
	"context"
	"fmt"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/clientapi"
)

// Stage is a run that has come to its end, while its lab is still there to be asked.
type Stage struct{ r *run }

// Posts are the names that the script gave to posts, in the order in which they were written.
func (s *Stage) Posts() []string { return s.r.written() }

// Servers are the names of the servers, in the order of the script.
func (s *Stage) Servers() []string {
	var names []string
	for _, x := range s.r.lab.Plan.Servers {
		names = append(names, x.Name)
	}
	return names
}

// URI is the address of a post of the script, "" when there is none.
func (s *Stage) URI(post string) string {
	if p := s.r.posts[post]; p != nil {
		return p.uri
	}
	return ""
}

// Public reports whether anybody may see a post of the script.
func (s *Stage) Public(post string) bool { return s.r.posts[post] != nil && s.r.posts[post].public }

// Parent is the post that a post of the script answers, and author who wrote it; "" when there is none.
func (s *Stage) Parent(post string) (parent, author string) {
	if p := s.r.posts[post]; p != nil {
		return p.parent, p.author.name
	}
	return "", ""
}

// Known is what the log cannot tell of the servers.
func (s *Stage) Known() []knowledge.Server { return knownOf(s.r.lab) }

// Log is everything that was recorded.
func (s *Stage) Log() *activitylog.Log { return s.r.lab.Log }

// Knowledge is what the log says of who knows what, read to its end.
func (s *Stage) Knowledge(ctx context.Context) (*knowledge.Record, error) {
	return s.r.rec.who, s.r.rec.read(ctx)
}

// Shown asks a server for a post by its client API, as each of its people in turn until one is shown it. asked is false
// when nobody lives there.
func (s *Stage) Shown(ctx context.Context, post, server string) (found clientapi.Status, shown, asked bool, err error) {
	p := s.r.posts[post]
	if p == nil {
		return found, false, false, fmt.Errorf("the run has no post %s", post)
	}
	for _, x := range s.r.lab.Plan.People {
		if x.Server != server {
			continue
		}
		found, shown, err = known(ctx, s.r.people[x.Name], p)
		if lockedOut(err) {
			continue
		}
		if err != nil || shown {
			return found, shown, true, err
		}
		// Nor does it tell that the author blocks everybody who could be asked.
		hidden, err := s.r.lab.Hidden(ctx, x.Name, p.author.name)
		if err != nil {
			return found, false, true, err
		}
		asked = asked || !hidden
	}
	return found, false, asked, nil
}
