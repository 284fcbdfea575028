package scenarios

import (
	"context"
	"fmt"
	"strings"
	"time"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/lab"
	"orrery/scenarios/play"
)

// mostRetold bounds a script that is made of what was done: each deed takes up to three lines.
const mostRetold = 120

// teller makes a script of what people did by hand.
type teller struct {
	lab    *lab.Lab
	people map[string]string // names by address
	posts  map[string]string // likewise
	lines  []string
	count  map[string]int // of names given to posts, by their first word
	edits  map[string]int // of a post, so far
	blocks map[string]bool
	polls  []string        // addresses of posts with one
	votes  map[string]bool // that were told, by who and which poll
	last   time.Time
	left   int // deeds that found no room
}

// Retell makes a script of what was done in a lab by hand: servers, people and follows as they were set up, then each deed in
// the order of the log with a settle after it, and what is known in the end as expectations. What the language has no word
// for stands as a comment. The script is in canonical form and has no mistakes; it is an error when that cannot be.
func Retell(ctx context.Context, l *lab.Lab) ([]byte, error) {
	t := &teller{lab: l, people: map[string]string{}, posts: map[string]string{}, count: map[string]int{}, edits: map[string]int{}, blocks: map[string]bool{}, votes: map[string]bool{}}
	for _, p := range l.Plan.People {
		a, _, err := l.Account(ctx, p.Name)
		if err != nil {
			return nil, fmt.Errorf("look up %s: %w", p.Name, err)
		}
		t.people[a.URI] = p.Name
	}
	deeds, err := t.deeds(ctx)
	if err != nil {
		return nil, err
	}
	var follows []string
	for _, e := range deeds {
		if e.Exchange.ID > l.SetUpUntil {
			break
		}
		follower, followed := t.people[e.Exchange.Activity.Actor], t.people[e.Exchange.Activity.Object]
		if e.Exchange.Activity.Type == "Follow" && follower != "" && followed != "" {
			follows = append(follows, "  "+follower+" -> "+followed)
		}
	}
	quiet, err := l.Quietly(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range deeds {
		if e.Exchange.ID <= l.SetUpUntil {
			continue
		}
		for ; len(quiet) > 0 && quiet[0].At.Before(e.Exchange.At); quiet = quiet[1:] {
			t.add(t.quiet(quiet[0]), quiet[0].At)
		}
		if err := t.tell(ctx, e); err != nil {
			return nil, err
		}
	}
	for _, q := range quiet {
		t.add(t.quiet(q), q.At)
	}
	if err := t.remaining(ctx); err != nil {
		return nil, err
	}
	ends, err := t.ends(ctx)
	if err != nil {
		return nil, err
	}
	return canonical(t.script(follows, ends))
}

// deeds are the local actions of all servers, oldest first.
func (t *teller) deeds(ctx context.Context) ([]activitylog.Entry, error) {
	var all []activitylog.Entry
	f := activitylog.Filter{Limit: activitylog.MaxLimit, Directions: []activitylog.Direction{activitylog.Local}, After: 1}
	for {
		page, err := t.lab.Log.Entries(ctx, f)
		if err != nil {
			return nil, err
		}
		for i := len(page) - 1; i >= 0; i-- {
			all = append(all, page[i])
		}
		if len(page) < f.Limit {
			return all, nil
		}
		f.After = page[0].Exchange.ID
	}
}

// tell adds the lines of one deed.
func (t *teller) tell(ctx context.Context, e activitylog.Entry) error {
	if t.count["deed"] == mostRetold {
		t.left++
		return nil
	}
	line, err := t.deed(ctx, e)
	if err == nil && line != "" {
		t.add(line, e.Exchange.At)
	}
	return err
}

// add puts a deed behind the others, with a wait before it when nothing had happened for a while.
func (t *teller) add(line string, at time.Time) {
	if t.count["deed"] == mostRetold {
		t.left++
		return
	}
	if gap := at.Sub(t.last).Truncate(time.Second); !t.last.IsZero() && gap >= 30*time.Second {
		t.lines = append(t.lines, "wait "+play.Duration(gap).String())
	}
	t.last = at
	t.lines = append(t.lines, line)
	if !strings.HasPrefix(line, "#") {
		t.count["deed"]++
		t.lines = append(t.lines, "settle")
	}
}

// remaining tells the votes in polls of the voter's own server, which no log has.
func (t *teller) remaining(ctx context.Context) error {
	for _, p := range t.lab.Plan.People {
		for range t.polls {
			line, err := t.voted(ctx, p.Name)
			if err != nil {
				return err
			}
			if line != "" {
				t.add(line, t.last)
			}
		}
	}
	return nil
}

// ends says which servers have which posts, of those that anybody may see.
func (t *teller) ends(ctx context.Context) ([]string, error) {
	record := knowledge.NewRecord(t.lab.Log)
	if err := record.Read(ctx); err != nil {
		return nil, err
	}
	var lines []string
	for _, uri := range record.Posts(knowledge.Now) {
		row, ok := record.Row(uri, knowledge.Now)
		name := t.posts[uri]
		if !ok || name == "" || row.Visibility != "public" && row.Visibility != "unlisted" {
			continue // "is on" asks what people are shown, and of these not everybody is
		}
		words := map[string][]string{}
		for _, c := range row.Cells {
			word := name + " is not on"
			switch {
			case c.State == knowledge.Gone:
				word = name + " is deleted on"
			case c.State.Has():
				shown, err := t.lab.Shows(ctx, c.Server, uri)
				if err != nil {
					return nil, err
				}
				if !shown {
					continue // they have it and may not show it to anybody
				}
				word = name + " is on"
			}
			words[word] = append(words[word], c.Server)
		}
		for _, word := range []string{name + " is on", name + " is deleted on", name + " is not on"} {
			if servers := words[word]; len(servers) > 0 {
				lines = append(lines, "expect "+word+" "+strings.Join(servers, ", "))
			}
		}
	}
	return lines, nil
}

func (t *teller) script(follows, ends []string) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("scenario \"What was done by hand\"\nabout \"Saved from a lab. Its deeds are played again, and should lead to the same.\"\n\nservers")
	for _, s := range t.lab.Plan.Servers {
		if !s.Policy.Relays { // a lab has its relay by itself
			say("  %s runs %s", s.Name, s.Policy.Name)
		}
	}
	say("\npeople")
	for _, p := range t.lab.Plan.People {
		line := "  " + p.Name + " on " + p.Server
		if p.Locked {
			line += " locked"
		}
		if p.Display != "" {
			line += " as " + quoted(p.Display)
		}
		say("%s", line)
	}
	if len(follows) > 0 {
		say("\nfollows\n%s", strings.Join(follows, "\n"))
	}
	say("\nstep \"What people did\"")
	if len(t.lines) == 0 {
		t.lines = []string{"# Nobody has done anything yet.", "settle"}
	}
	if t.left > 0 {
		t.lines = append(t.lines, fmt.Sprintf("# %d more deeds are left out: a script holds %d.", t.left, mostRetold))
	}
	for _, l := range t.lines {
		say("  %s", l)
	}
	if t.lines[len(t.lines)-1][0] == '#' {
		say("  settle")
	}
	if len(ends) > 0 && t.left == 0 {
		say("\nstep \"What came of it\"")
		for _, l := range ends {
			say("  %s", l)
		}
	}
	return b.String()
}

// canonical brings a script into its one form.
func canonical(script string) ([]byte, error) {
	f, problems := play.Load("lab.play", []byte(script), Vocabulary())
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("what was done cannot be told as a script: %w", err)
	}
	return play.Format(f), nil
}

func quoted(s string) string { return play.Text{Value: s}.String() }
