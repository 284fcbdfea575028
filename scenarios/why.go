package scenarios

import (
	"context"
	"errors"
	"fmt"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// rung is the last thing that is known of why a post is not on a server. rule is "" when it is too early to say.
type rung struct {
	rule     rules.ID
	text     string
	evidence []activitylog.Entry
}

// why asks the log why a post is not on a server (contracts.md 29). What only follows from what did not happen is too early
// to say while there is work left to do.
func (r *run) why(ctx context.Context, server string, p *post) (rung, error) {
	a, err := r.rec.who.Why(ctx, knowledge.Question{Object: p.uri, Server: server}, r.rec.names)
	if errors.Is(err, knowledge.ErrUnknown) {
		return rung{rule: rules.WhyNoRoute, text: "no rule leads there"}, nil
	}
	if err != nil {
		return rung{}, err
	}
	if a.Has {
		return rung{text: "it is kept there, but nobody there may see it"}, nil
	}
	if a.Inferred {
		for _, h := range r.lab.Hosts {
			due, _, _, err := h.Instance.Pending(ctx)
			if err != nil {
				return rung{}, fmt.Errorf("pending work of %s: %w", h.Name, err)
			}
			if due > 0 {
				return rung{text: "there is work left to do: settle before asking why"}, nil
			}
		}
	}
	found := rung{rule: a.Rule, text: a.Reason}
	for _, id := range a.Evidence {
		if e, ok := r.rec.entry(id); ok {
			found.evidence = append(found.evidence, e)
		}
	}
	return found, nil
}

// Asked is a question about a run, in the words of the script.
type Asked struct {
	Post, Server string
	Of           string // knowledge.Post, Likes or Boosts
	By           string // a person, of one like or boost; "" for the number
}

// Why answers a question about the run's end, from the log alone: no change is tried out. See the function Why.
func (s *Stage) Why(ctx context.Context, q Asked) (knowledge.Answer, error) {
	p := s.r.posts[q.Post]
	if p == nil {
		return knowledge.Answer{}, fmt.Errorf("the run has no post %q; it has %s", q.Post, listed(s.r.written()))
	}
	full := knowledge.Question{Object: p.uri, Server: q.Server, Of: q.Of}
	if q.By != "" {
		who := s.r.people[q.By]
		if who == nil {
			return knowledge.Answer{}, fmt.Errorf("nobody in the run is called %q", q.By)
		}
		full.Actor = who.uri
	}
	if err := s.r.rec.read(ctx); err != nil {
		return knowledge.Answer{}, err
	}
	a, err := s.r.rec.who.Why(ctx, full, s.r.rec.names)
	if errors.Is(err, knowledge.ErrUnknown) {
		return a, fmt.Errorf("there is no server %q in the run; there are %s", q.Server, listed(s.Servers()))
	}
	return a, err
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	s := names[0]
	for _, n := range names[1:] {
		s += ", " + n
	}
	return s
}

// Explained is an answer with what its evidence says.
type Explained struct {
	knowledge.Answer
	Sentences map[string]string `json:"sentences"` // of the entries, by id
	// Tried are the changes that were tried out, in their order; the last is Change when that altered the outcome.
	Tried []knowledge.Change `json:"tried,omitempty"`
}

// Why runs a file and says why a post, like, boost or number is as it is on a server when the run has ended. Changes that may
// alter that are tried out, each in a run of its own, until one does; Change is nil when none of them does. o.Limits hold for
// each run, its real time for all together; a run that reaches one ends in a *LimitError.
func Why(ctx context.Context, file *play.File, q Asked, o Options) (Explained, error) {
	o, done, err := o.prepared(file)
	if err != nil {
		return Explained{}, err
	}
	defer done()
	if err := o.Limits.Check(file); err != nil {
		return Explained{}, err
	}
	ctx, cancel := o.Limits.limited(ctx)
	defer cancel()
	o.Keep = nil
	var a Explained
	people := map[string]string{} // by address
	runs := 0
	ask := func(file *play.File, vary *play.Vary, f func(ctx context.Context, s *Stage) error) error {
		o.Ask = whole(f)
		_, err := perform(ctx, file, vary, o, runs)
		runs++
		return o.Limits.reached(ctx, file, err)
	}
	if err := ask(file, nil, func(ctx context.Context, s *Stage) (err error) {
		for name, p := range s.r.people {
			people[p.uri] = name
		}
		if a.Answer, err = s.Why(ctx, q); err != nil {
			return err
		}
		a.Sentences, err = s.sentences(ctx, a.Answer)
		return err
	}); err != nil {
		return a, err
	}
	a.Change = nil
	for _, c := range a.Changes {
		changed, vary, ok := change(file, c, q, people)
		if !ok {
			continue
		}
		var then knowledge.Answer
		if err := ask(changed, vary, func(ctx context.Context, s *Stage) (err error) {
			then, err = s.Why(ctx, q)
			return err
		}); err != nil {
			return a, fmt.Errorf("try out %q: %w", c.Sentence, err)
		}
		altered := otherwise(a.Answer, then)
		c.Verified = &altered
		if a.Tried = append(a.Tried, c); altered {
			a.Change = &c
			break
		}
	}
	return a, nil
}

// otherwise reports whether a change altered what was asked about.
func otherwise(before, after knowledge.Answer) bool {
	if before.Shown != nil && after.Shown != nil {
		return *before.Shown != *after.Shown
	}
	return before.Has != after.Has || (before.Shown == nil) != (after.Shown == nil)
}

// sentences are what the log says of the entries that an answer names.
func (s *Stage) sentences(ctx context.Context, a knowledge.Answer) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range a.Entries() {
		e, err := s.r.lab.Log.Entry(ctx, id)
		if errors.Is(err, activitylog.ErrNoEntry) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[id.String()] = activitylog.Sentence(e, s.r.rec.names)
	}
	return out, nil
}
