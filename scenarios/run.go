package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/rules"
	"orrery/lab"
	"orrery/scenarios/play"
)

// run is one lab in which a file is carried out, line by line.
type run struct {
	*screens
	lab      *lab.Lab
	rec      *record
	began    time.Time
	from     mark // where the present step begins
	deciding bool // these are the vary's own lines
	steps    []Step
	file     *play.File
	limits   Limits
	at       int    // the line that is carried out
	stopped  string // which limit was reached; nothing is done after that
	tell     func(line int)
	limit    *LimitError
	tracing  bool
	traces   []traced
	answers  map[string]sent // of attachments, the last time
}

// sent is what became of an attachment.
type sent struct{ status int }

// person is somebody declared, with the client they act with.
type person struct {
	name, server, host, uri string
	api                     *clientapi.Client
}

// post is something that the script had written.
type post struct {
	name, uri, parent string // parent is the name of the post it answers
	author            *person
	public            bool     // public or unlisted
	options           []string // of its poll
	n                 int      // the how manyth named post it is
}

func newRun(ctx context.Context, file *play.File, l *lab.Lab) (*run, error) {
	r := &run{
		screens: &screens{people: map[string]*person{}, posts: map[string]*post{}},
		lab:     l, file: file, rec: newRecord(l), answers: map[string]sent{},
		tell:  func(int) {},
		began: l.Clock.Now(),
	}
	r.look, r.unseen, r.viewer = r.shown, r.whyUnseen, r.inhabitant
	r.host = func(server string) string { return l.Host(server).Instance.Host() }
	r.anybody = func(server string) *clientapi.Client {
		return &clientapi.Client{BaseURL: l.Host(server).Instance.Config.Origin, HTTP: l.Client()}
	}
	for _, p := range l.Plan.People {
		account, h, err := l.Account(ctx, p.Name)
		if err != nil {
			return nil, err
		}
		token, _, err := l.Token(ctx, p.Name)
		if err != nil {
			return nil, fmt.Errorf("sign %s in: %w", p.Name, err)
		}
		r.people[p.Name] = &person{
			name: p.Name, server: p.Server, host: h.Instance.Host(), uri: account.URI,
			api: &clientapi.Client{BaseURL: h.Instance.Config.Origin, Token: token, HTTP: l.Client()},
		}
	}
	return r, nil
}

// inhabitant is the first person of a server, nil when nobody lives there.
func (r *run) inhabitant(server string) *person {
	for _, x := range r.lab.Plan.People {
		if x.Server == server {
			return r.people[x.Name]
		}
	}
	return nil
}

// step carries out a step; what counts and absences look at begins here.
func (r *run) step(ctx context.Context, title string, lines []play.Line) error {
	if r.stopped != "" {
		return r.lines(ctx, title, lines)
	}
	if err := r.rec.read(ctx); err != nil {
		return err
	}
	r.from = r.rec.now()
	return r.lines(ctx, title, lines)
}

func (r *run) lines(ctx context.Context, title string, lines []play.Line) error {
	s := Step{Title: title, Lines: []Line{}}
	before := r.rec.now() // a trace has read everything until here
	for i, l := range lines {
		r.at, _ = l.Position()
		r.tell(r.at)
		if r.stopped != "" {
			s.Lines = append(s.Lines, Line{Line: r.at, Source: l.String(), Kind: ActionLine, Status: Inapplicable, Found: "the run was stopped before"})
			continue
		}
		done, err := r.line(ctx, l)
		if err == nil || ctx.Err() != nil {
			err = cmp.Or(r.tooMuch(ctx), err)
		}
		var limit *LimitError
		if errors.As(err, &limit) {
			r.limit = limit
			r.stopped, done.Status, done.Found, err = limit.Error(), Failed, limit.What, nil
		} else if err == nil {
			before, err = r.trace(ctx, done.Kind, i, before)
		}
		if err != nil {
			return fmt.Errorf("line %d, %s: %w", r.at, l, err)
		}
		s.Lines = append(s.Lines, done)
	}
	r.steps = append(r.steps, s)
	return nil
}

// line carries out one line. An error means that the run cannot go on.
func (r *run) line(ctx context.Context, l play.Line) (Line, error) {
	n, _ := l.Position()
	done := Line{Line: n, Source: l.String(), Status: Passed, Kind: TeachLine}
	switch l := l.(type) {
	case play.Action:
		return done, r.do(&done, ActionLine, r.missing(l), func() (string, error) {
			if home := r.people[l.Actor().Name].server; r.lab.Stopped(home) {
				return "", cannot("%s is stopped, so %s cannot do anything there", home, l.Actor().Name)
			}
			return r.act(ctx, l)
		})
	case *play.Governs:
		return done, r.do(&done, ActionLine, "", func() (string, error) { return "", r.govern(ctx, l) })
	case *play.Stop, *play.Link, *play.Skew, *play.Rotate:
		return done, r.do(&done, FaultLine, "", func() (string, error) { return "", r.fault(ctx, l) })
	case *play.Settle:
		return done, r.settle(ctx, &done, time.Duration(l.Within))
	case *play.Wait:
		done.Kind = WaitLine
		if left := r.limits.Virtual - r.lab.Clock.Now().Sub(r.began); r.limits.Virtual > 0 && time.Duration(l.For) > left {
			return done, &LimitError{r.file.Path, n, fmt.Sprintf("the run was stopped: more than %s of the lab's time would have passed", r.limits.Virtual)}
		}
		return done, r.restless(&done, r.lab.Advance(ctx, time.Duration(l.For)))
	case *play.Assertion:
		done.Kind, done.Expected = CheckLine, l.Condition.String()
		return done, r.check(ctx, l, &done)
	}
	return done, r.teach(ctx, l, &done)
}

// do carries something out a second after what was before; what cannot be done fails the line and not the run.
func (r *run) do(done *Line, kind, missing string, act func() (found string, err error)) error {
	if done.Kind = kind; missing != "" {
		done.Status, done.Found = Inapplicable, missing
		return nil
	}
	r.lab.Tick()
	found, err := act()
	var cannot *cannotError
	var refused *lab.RefusedError
	switch {
	case errors.As(err, &cannot):
		done.Status, done.Found = Failed, cannot.sentence
	case errors.As(err, &refused):
		done.Status, done.Found = Failed, refused.Sentence
	default:
		done.Found = found
		return err
	}
	return nil
}

// settle fails the line when it takes longer than within, or for ever.
func (r *run) settle(ctx context.Context, done *Line, within time.Duration) error {
	done.Kind = WaitLine
	began := r.lab.Clock.Now()
	if err := r.restless(done, r.lab.Settle(ctx)); err != nil {
		return err
	}
	if took := r.lab.Clock.Now().Sub(began); within > 0 && took > within {
		done.Status, done.Found = Failed, fmt.Sprintf("it took %s", took)
	}
	return nil
}

// restless turns a lab that does not settle into a line that fails and says what keeps moving.
func (r *run) restless(done *Line, err error) error {
	var never *lab.RestlessError
	if errors.As(err, &never) {
		done.Status, done.Found = Failed, never.Error()
		return nil
	}
	return err
}

// check judges an assertion and fills in its line.
func (r *run) check(ctx context.Context, a *play.Assertion, done *Line) error {
	if missing := r.missing(a); missing != "" {
		done.Status, done.Found = Inapplicable, missing
		return nil
	}
	if err := r.rec.read(ctx); err != nil {
		return err
	}
	f, err := r.judge(ctx, a)
	if err != nil {
		return err
	}
	done.Found, done.NearMiss = f.found, f.near
	if f.rule != "" {
		done.Because = string(f.rule) + ": " + rules.Sentence(f.rule)
	}
	for _, e := range f.evidence {
		done.Evidence = append(done.Evidence, e.Exchange.ID.String())
		done.Sentences = append(done.Sentences, activitylog.Sentence(e, r.rec.names))
	}
	switch {
	case f.ok:
	case a.Observe && !r.deciding:
		done.Status = Differs
	default:
		done.Status = Failed
	}
	return nil
}

// cannotError is an action that a server refused or a person could not do; the script fails, the run goes on.
type cannotError struct{ sentence string }

func (e *cannotError) Error() string { return e.sentence }

func cannot(format string, args ...any) error { return &cannotError{fmt.Sprintf(format, args...)} }

// refused turns a server's refusal into a sentence; anything else is an error of the run.
func refused(p *person, err error) error {
	var answer *clientapi.ResponseError
	if errors.As(err, &answer) && answer.Status < http.StatusInternalServerError {
		return cannot("%s answered %s: %d %s", p.server, p.name, answer.Status, answer.Message)
	}
	return err
}
