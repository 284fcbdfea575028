package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"orrery/activitylog"
	"orrery/federation/rules"
)

// ErrUnknown is a question about a post or server that the log never heard of.
var ErrUnknown = errors.New("not in the log")

// What may be asked about a post: whether it is there, or how many like or boost it.
const (
	Post   = "post"
	Likes  = "likes"
	Boosts = "boosts"
)

// Question asks why a server shows what it shows.
type Question struct {
	Object string // address of a post
	Server string // name or host
	Of     string // Post, Likes or Boosts; "" is Post
	Actor  string // whose like or boost; "" for the number of all
}

// Tick is yes, no, or does not apply.
type Tick string

// The ticks.
const (
	Yes  Tick = "yes"
	No   Tick = "no"
	None Tick = "n/a"
)

// IDs name entries of the log; in JSON they are decimal strings.
type IDs []activitylog.ID

// MarshalJSON implements json.Marshaler.
func (ids IDs) MarshalJSON() ([]byte, error) {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = id.String()
	}
	return json.Marshal(words)
}

// UnmarshalJSON implements json.Unmarshaler.
func (ids *IDs) UnmarshalJSON(b []byte) error {
	var words []string
	if err := json.Unmarshal(b, &words); err != nil {
		return err
	}
	for _, w := range words {
		n, err := strconv.ParseInt(w, 10, 64)
		if err != nil {
			return fmt.Errorf("entry %q: %w", w, err)
		}
		*ids = append(*ids, activitylog.ID(n))
	}
	return nil
}

// Rung is one step of the ladder (observatory.md §4, federation.md §13.2b): a question, its answer, and the entries that
// prove it. Delivered and Accepted stay None where nothing is sent for that reason.
type Rung struct {
	ID        string   `json:"id"`
	Question  string   `json:"question"`
	Answer    Tick     `json:"answer"`
	Delivered Tick     `json:"delivered"`
	Accepted  Tick     `json:"accepted"`
	Words     string   `json:"words,omitempty"` // what was found
	Rule      rules.ID `json:"rule,omitempty"`
	Evidence  IDs      `json:"evidence"`
}

// Answer says whether and why.
type Answer struct {
	Object   string     `json:"object"`
	Server   string     `json:"server"`
	Of       string     `json:"of"`
	Actor    string     `json:"actor,omitempty"`
	Has      bool       `json:"has"` // the post, or the like or boost; of a number, whether it is complete
	State    State      `json:"state"`
	How      string     `json:"how"` // in a word or two
	At       *time.Time `json:"at,omitempty"`
	Shown    *int64     `json:"shown,omitempty"` // of a number
	Full     *int64     `json:"full,omitempty"`
	Missing  []string   `json:"missing,omitempty"` // actors who are not counted there
	Sentence string     `json:"sentence"`
	Reason   string     `json:"reason,omitempty"` // why it is not there, in a few words
	Rule     rules.ID   `json:"rule,omitempty"`   // that decided
	Because  string     `json:"because,omitempty"`
	Evidence IDs        `json:"evidence"`
	Rungs    []Rung     `json:"rungs"`
	// Inferred says that nothing recorded decided it: it follows from what did not happen, and work that is still under way
	// may change it.
	Inferred bool    `json:"inferred,omitempty"`
	Change   *Change `json:"change,omitempty"` // the cheapest that may alter the outcome

	// Changes are all that may, the cheapest first.
	Changes []Change `json:"-"`
}

// Why answers q from the log. Errors: ErrUnknown.
func (r *Record) Why(ctx context.Context, q Question, n activitylog.Names) (Answer, error) {
	s, ok := r.server(q.Server)
	if !ok {
		return Answer{}, fmt.Errorf("server %s: %w", q.Server, ErrUnknown)
	}
	p := r.posts[q.Object]
	if p == nil || p.author == "" {
		return Answer{}, fmt.Errorf("post %s: %w", q.Object, ErrUnknown)
	}
	t, err := r.trail(ctx, p, s, n)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Object: p.uri, Server: s.Name, Of: q.Of, Actor: q.Actor, Evidence: IDs{}}
	switch q.Of {
	case Likes, Boosts:
		err = t.number(ctx, &a)
	case Post, "":
		a.Of = Post
		err = t.presence(ctx, &a)
	default:
		return a, fmt.Errorf("%q of a post: %w", q.Of, ErrUnknown)
	}
	if err != nil {
		return a, err
	}
	a.Because = rules.Sentence(a.Rule)
	if a.Rule == "" {
		a.Because = ""
	}
	if len(a.Changes) > 0 {
		a.Change = &a.Changes[0]
	}
	return a, nil
}

// presence answers whether and why the post is there.
func (t *trail) presence(ctx context.Context, a *Answer) error {
	c := t.r.cell(t.now, t.s.Name)
	a.Has, a.State, a.How, a.At = c.State.Has(), c.State, c.Word, c.At
	a.Rungs = t.ladder(c)
	if a.Has {
		a.Rule = c.How
		a.Evidence = t.arrival(ctx, c)
		a.Sentence = fmt.Sprintf("%s has it: %s.", t.s.Name, c.Word)
	} else {
		found, err := t.absence(ctx, c)
		if err != nil {
			return err
		}
		a.Rule, a.Evidence, a.Inferred, a.Reason = found.rule, found.evidence, found.inferred, found.text
		a.Sentence = fmt.Sprintf("%s does not have it: %s.", t.s.Name, found.text)
		if c.State == Withheld {
			a.Sentence = fmt.Sprintf("%s does not show it: %s.", t.s.Name, found.text)
		}
	}
	a.Changes = t.changes(*a)
	return nil
}

// Entries are all entries that the answer names, each once.
func (a Answer) Entries() IDs {
	var all IDs
	add := func(ids IDs) {
		for _, id := range ids {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	add(a.Evidence)
	for _, g := range a.Rungs {
		add(g.Evidence)
	}
	return all
}
