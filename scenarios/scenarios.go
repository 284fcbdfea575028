// Package scenarios runs `.play` files over a lab of memory and judges them: people act through the client API, and what
// the file expects is compared with the log of every server and with what the servers show.
//
// It leaves the language to package play and everything that happens to the instances. It ships a set of scenarios.
//
// How a vary is judged: the whole file runs again in a fresh lab, its lines are only reported as same or changed, and then
// the vary's own lines continue its last step, so that `observe exactly 4 fetches …` may look at what that step did. Since
// nothing else can decide there, an `observe` of a vary that does not hold fails the vary.
//
// What a newcomer gets wrong: an action does no background work. Until `settle` or `wait`, nothing has left the server.
package scenarios

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"orrery/activitylog"
	"orrery/federation/policy"
	"orrery/lab"
	"orrery/scenarios/play"
)

// Options say where and how a scenario runs. The zero value runs it on SQLite in a temporary folder.
type Options struct {
	Dir string // of the databases; "" is a temporary folder that is removed
	// Database gives other addresses than SQLite files in Dir. It is asked once for each server and run (the file itself and
	// each vary are runs) and must name an empty database every time.
	Database func(name string) string
	Policy   string // overrides the policy of every server; their knobs stay
	Seed     uint64
	Log      *slog.Logger // nil discards
	// Limits end a run that takes too much; the zero value has none.
	Limits Limits
	// Trace notes what each line made, for those who want to explain it. It takes time.
	Trace bool
	// At is told the line that is about to be carried out; vary is "" in the file's own run. May be nil.
	At func(vary string, line int)
	// Keep is given the merged log of each run before the lab is closed; vary is "" for the file itself. May be nil.
	Keep func(ctx context.Context, vary string, log *activitylog.Log) error
	// Ask is given each finished run before its lab is closed, as Keep is. May be nil.
	Ask func(ctx context.Context, vary string, s *Stage) error
}

// Run runs a file that play.Load found nothing wrong with, and each of its varies. An error means that it could not be
// run or judged; a scenario that does not hold is a Result that has not passed.
func Run(ctx context.Context, file *play.File, o Options) (Result, error) {
	o, done, err := o.prepared(file)
	if err != nil {
		return Result{}, err
	}
	defer done()
	if err := o.Limits.Check(file); err != nil {
		return Result{}, err
	}
	ctx, cancel := o.Limits.limited(ctx)
	defer cancel()
	res := Result{Name: file.Path, Title: file.Title(), About: file.About(), Policy: cmp.Or(o.Policy, Policies(file)), Seed: o.Seed}
	main, err := perform(ctx, file, nil, o, 0)
	if o.Limits.late(ctx) && err != nil {
		return Result{}, &LimitError{file.Path, 1, o.Limits.tooLate()}
	}
	if err != nil {
		return Result{}, fmt.Errorf("run %s: %w", file.Path, err)
	}
	res.Steps, res.Passed, res.Stopped = main.steps, holds(main.steps...), main.stopped
	for i, v := range file.Varies() {
		if res.Stopped != "" {
			break // the vary would come no further
		}
		again, err := perform(ctx, file, v, o, i+1)
		if o.Limits.late(ctx) && err != nil {
			res.Stopped, res.Passed = (&LimitError{file.Path, v.Line, o.Limits.tooLate()}).Error(), false
			break
		}
		if err != nil {
			return Result{}, fmt.Errorf("run vary %q of %s: %w", v.Title.Value, file.Path, err)
		}
		own := again.steps[len(again.steps)-1]
		again.steps = again.steps[:len(again.steps)-1]
		compare(main.steps, again.steps)
		vary := Vary{Title: v.Title.Value, Passed: holds(own), Steps: again.steps, Lines: own.Lines}
		res.Varies = append(res.Varies, vary)
		res.Passed = res.Passed && vary.Passed
		res.Stopped = again.stopped
	}
	return res, nil
}

// prepared fills in what o leaves open, and makes a folder for the databases if there is none; done removes it.
func (o Options) prepared(file *play.File) (full Options, done func(), err error) {
	done = func() {}
	if !file.VirtualTime() {
		return o, done, fmt.Errorf("%s asks for the real clock, and scenarios run on a clock that is moved by hand: take the line \"time real\" away", file.Path)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Dir == "" && o.Database == nil {
		if o.Dir, err = os.MkdirTemp("", "orrery-play-"); err != nil {
			return o, done, fmt.Errorf("make a folder for %s: %w", file.Path, err)
		}
		dir := o.Dir
		done = func() { _ = os.RemoveAll(dir) }
	}
	return o, done, nil
}

// perform runs the file once in a lab of its own. With a vary, the last of the steps holds the vary's own lines.
func perform(ctx context.Context, file *play.File, vary *play.Vary, o Options, n int) (*run, error) {
	plan, err := planOf(file, vary, o.Policy)
	if err != nil {
		return nil, err
	}
	dir := o.Dir
	if o.Database == nil {
		dir = filepath.Join(o.Dir, fmt.Sprintf("run%d", n))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	l, err := lab.NewMemory(ctx, plan, lab.Memory{Dir: dir, Database: o.Database, Seed: o.Seed, Keys: lab.FixedKeys(), Log: o.Log})
	if err != nil {
		return nil, fmt.Errorf("set up the servers: %w", err)
	}
	defer l.Close()
	r, err := newRun(ctx, file, l)
	if err != nil {
		return nil, err
	}
	title := ""
	if vary != nil {
		title = vary.Title.Value
	}
	r.limits, r.tracing = o.Limits, o.Trace
	r.tell = func(line int) {
		if o.At != nil {
			o.At(title, line)
		}
	}
	r.watch()
	for _, s := range file.Steps() {
		if err := r.step(ctx, s.Title.Value, s.Lines); err != nil {
			return nil, err
		}
	}
	if vary != nil {
		r.deciding = true
		if err := r.lines(ctx, title, vary.Lines); err != nil {
			return nil, err
		}
	}
	if o.Ask != nil {
		if err := o.Ask(ctx, title, &Stage{r}); err != nil {
			return nil, err
		}
	}
	if o.Trace {
		r.explain()
	}
	if o.Keep == nil {
		return r, nil
	}
	return r, o.Keep(ctx, title, l.Log)
}

// named is a policy that a server may declare: those for people, or that of a relay, which no override changes.
func named(name string) (policy.Policy, error) {
	if relay := policy.RelayServer(); name == relay.Name {
		return relay, nil
	}
	return policy.Named(name)
}

// planOf is the lab that the file declares, as the vary changes it.
func planOf(file *play.File, vary *play.Vary, override string) (lab.Plan, error) {
	var plan lab.Plan
	servers, people, follows := file.Servers, file.People, file.Follows
	if vary != nil {
		servers = overridden(servers, vary.Servers, func(s *play.Server) string { return s.Name.Name })
		people = overridden(people, vary.People, func(p *play.Person) string { return p.Name.Name })
		follows = slices.Clone(follows)
		for _, e := range vary.Follows {
			if !e.Without {
				follows = append(follows, e)
				continue
			}
			follows = slices.DeleteFunc(follows, func(f *play.Edge) bool {
				return f.Follower.Name == e.Follower.Name && f.Followed.Name == e.Followed.Name
			})
		}
	}
	for _, s := range servers {
		name := s.Policy.Name
		p, err := named(name)
		if override != "" && !p.Relays {
			p, err = policy.Named(override)
		}
		if err != nil {
			return plan, fmt.Errorf("%s:%d: %s: %w", file.Path, s.Line, s.Name, err)
		}
		for _, k := range s.Knobs {
			if err := p.Set(k.Name, k.Value.Name); err != nil {
				return plan, fmt.Errorf("%s:%d: %s: %w", file.Path, s.Line, s.Name, err)
			}
		}
		plan.Servers = append(plan.Servers, lab.Server{Name: s.Name.Name, Policy: p})
	}
	for _, p := range people {
		person := lab.Person{Name: p.Name.Name, Server: p.Server.Name, Locked: p.Locked}
		if p.Display != nil {
			person.Display = p.Display.Value
		}
		plan.People = append(plan.People, person)
	}
	for _, e := range follows {
		plan.Follows = append(plan.Follows, lab.Edge{Follower: e.Follower.Name, Followed: e.Followed.Name})
	}
	return plan, nil
}

// overridden is list with what a vary declares again replaced, and what it adds at the end.
func overridden[T any](list, again []T, name func(T) string) []T {
	list = slices.Clone(list)
	for _, a := range again {
		i := slices.IndexFunc(list, func(x T) bool { return name(x) == name(a) })
		if i < 0 {
			list = append(list, a)
			continue
		}
		list[i] = a
	}
	return list
}

// Policies names what the servers of a file run, each once, with commas.
func Policies(file *play.File) string {
	var names []string
	for _, s := range file.Servers {
		if !slices.Contains(names, s.Policy.Name) {
			names = append(names, s.Policy.Name)
		}
	}
	return strings.Join(names, ", ")
}
