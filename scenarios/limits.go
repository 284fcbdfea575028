package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"orrery/scenarios/play"
)

// Limits end a run that takes too much. A zero field has no limit beyond the language's own.
type Limits struct {
	Servers, People int   // declared, those of a vary included
	Lines           int   // of the steps and of each vary
	Requests        int   // between the servers, of any kind, of one run
	Log             int   // entries and facts of one run
	Bytes           int64 // that the servers of one run send each other
	Virtual         time.Duration
	Real            time.Duration // of the file and its varies together
}

// DefaultLimits are for scripts of strangers: room for every scenario that comes with Orrery, many times over.
func DefaultLimits() Limits {
	return Limits{
		Servers: play.MaxServers, People: 60, Lines: 400, Requests: 20_000, Log: 200_000, Bytes: 256 << 20, Virtual: 100 * 24 * time.Hour, Real: 2 * time.Minute,
	}
}

// LimitError says which limit a script reached, and in which line. A run that was stopped in the middle ends with a Result
// that tells it (Result.Stopped); a script that is too big from the start is refused with this error.
type LimitError struct {
	Path string
	Line int
	What string // a sentence
}

func (e *LimitError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.What) }

// Check refuses a script that declares too much, with a LimitError.
func (l Limits) Check(f *play.File) error {
	over := func(line int, what string, limit int) error {
		return &LimitError{f.Path, line, fmt.Sprintf("the script has more than %d %s, the most that may be run here", limit, what)}
	}
	if l.Servers > 0 && len(f.Servers) > l.Servers {
		return over(f.Servers[l.Servers].Line, "servers", l.Servers)
	}
	if l.People > 0 && len(f.People) > l.People {
		return over(f.People[l.People].Line, "people", l.People)
	}
	for _, v := range f.Varies() {
		all := len(f.Servers)
		for _, s := range v.Servers {
			if slices.ContainsFunc(f.Servers, func(of *play.Server) bool { return of.Name.Name == s.Name.Name }) {
				continue
			}
			if all++; l.Servers > 0 && all > l.Servers {
				return over(s.Line, "servers", l.Servers)
			}
		}
	}
	if l.Lines == 0 {
		return nil
	}
	n := 0
	for _, s := range f.Steps() {
		if n += len(s.Lines); n > l.Lines {
			return over(s.Line, "lines in its steps", l.Lines)
		}
	}
	for _, v := range f.Varies() {
		if n+len(v.Lines) > l.Lines {
			return over(v.Line, "lines in its steps and a vary", l.Lines)
		}
		if l.People > 0 && len(f.People)+len(v.People) > l.People {
			return over(v.Line, "people", l.People)
		}
	}
	return nil
}

// tooMuch says which limit the run has reached, nil when none.
func (r *run) tooMuch(ctx context.Context) error {
	stop := func(format string, args ...any) error {
		return &LimitError{r.file.Path, r.at, "the run was stopped: " + fmt.Sprintf(format, args...)}
	}
	l := r.limits
	if err := ctx.Err(); err != nil {
		if l.late(ctx) {
			return &LimitError{r.file.Path, r.at, l.tooLate()}
		}
		return err
	}
	if l.Virtual > 0 && r.lab.Clock.Now().Sub(r.began) > l.Virtual {
		return stop("more than %s of the lab's time have passed", l.Virtual)
	}
	if n := r.lab.Requests(); l.Requests > 0 && n > l.Requests {
		return stop("the servers made more than %d requests", l.Requests)
	}
	if l.Bytes > 0 && r.lab.Bytes() > l.Bytes {
		return stop("the servers sent each other more than %d MiB", l.Bytes>>20)
	}
	if l.Log == 0 {
		return nil
	}
	last, err := r.lab.Log.LastPosition(ctx)
	if err == nil && last > int64(l.Log) {
		return stop("the log holds more than %d entries and facts", l.Log)
	}
	return err
}

// every is how many jobs are done between two looks at the limits.
const every = 50

// watch lets the lab ask about the limits between its jobs.
func (r *run) watch() {
	jobs := 0
	r.lab.Watch = func(ctx context.Context) error {
		if jobs++; jobs%every != 0 && ctx.Err() == nil {
			return nil
		}
		return r.tooMuch(ctx)
	}
}

// errTime is the cause of a context that ended because a run took too long.
var errTime = errors.New("the run took too long")

// late reports whether the run took too long, and tooLate says so.
func (l Limits) late(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errTime) }

func (l Limits) tooLate() string {
	return fmt.Sprintf("the run was stopped: it took longer than %s", l.Real)
}

// limited is ctx with the limit of real time.
func (l Limits) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if l.Real == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, l.Real, errTime)
}

// reached is the limit that a run ended at, or else err: for those who need the whole of a run.
func (l Limits) reached(ctx context.Context, file *play.File, err error) error {
	if err != nil && l.late(ctx) {
		return &LimitError{file.Path, 1, l.tooLate()}
	}
	return err
}

// whole makes of f an Ask that wants the whole of a run: its error is the limit at which the run was stopped.
func whole(f func(ctx context.Context, s *Stage) error) func(ctx context.Context, vary string, s *Stage) error {
	return func(ctx context.Context, _ string, s *Stage) error {
		if s.r.limit != nil {
			return s.r.limit
		}
		return f(ctx, s)
	}
}
