package scenarios

import (
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
	lab      *lab.Lab
	rec      *record
	people   map[string]*person
	posts    map[string]*post
	began    time.Time
	from     mark // where the present step begins
	deciding bool // these are the vary's own lines
	steps    []Step
}

// person is somebody declared, with the client they act with.
type person struct {
	name, server, host, uri string
	api                     *clientapi.Client
}

// post is something that the script had written.
type post struct {
	name, uri, parent string // parent is the name of the post it answers
	author            *person
	public            bool // public or unlisted
}

func newRun(ctx context.Context, l *lab.Lab) (*run, error) {
	r := &run{lab: l, rec: newRecord(l), people: map[string]*person{}, posts: map[string]*post{}, began: l.Clock.Now()}
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

// step carries out a step; what counts and absences look at begins here.
func (r *run) step(ctx context.Context, title string, lines []play.Line) error {
	if err := r.rec.read(ctx); err != nil {
		return err
	}
	r.from = r.rec.now()
	return r.lines(ctx, title, lines)
}

func (r *run) lines(ctx context.Context, title string, lines []play.Line) error {
	s := Step{Title: title, Lines: []Line{}}
	for _, l := range lines {
		done, err := r.line(ctx, l)
		if err != nil {
			n, _ := l.Position()
			return fmt.Errorf("line %d, %s: %w", n, l, err)
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
		done.Kind = ActionLine
		if missing := r.missing(l); missing != "" {
			done.Status, done.Found = Inapplicable, missing
			return done, nil
		}
		r.lab.Tick()
		found, err := r.act(ctx, l)
		var cannot *cannotError
		if errors.As(err, &cannot) {
			done.Status, found, err = Failed, cannot.sentence, nil
		}
		done.Found = found
		return done, err
	case *play.Settle:
		done.Kind = WaitLine
		return done, r.lab.Settle(ctx)
	case *play.Wait:
		done.Kind = WaitLine
		return done, r.lab.Advance(ctx, time.Duration(l.For))
	case *play.Assertion:
		done.Kind, done.Expected = CheckLine, l.Condition.String()
		return done, r.check(ctx, l, &done)
	}
	return done, nil
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
