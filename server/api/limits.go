package api

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/clientip"
	"orrery/social"
)

// Limits bound how often one sender asks; they are Mastodon's (behaviours.md §3), times Generosity: 1 is as Mastodon, 10 ten times
// as much, 0 no limit at all. What was counted is forgotten at a restart, which is generous too. The zero value is ready.
type Limits struct {
	Generosity float64

	mu      sync.Mutex
	windows map[string]window
	swept   time.Time
}

// A window is how often something was asked until it ends. Windows begin at multiples of their length, so that all of one kind
// end together and what is over can be forgotten without looking at who it was.
type window struct {
	ends time.Time
	n    int
}

// A family is one limit: at most so many requests of one sender in each period.
type family struct {
	name   string
	most   int
	period time.Duration
	sender whom
	// counts says of a request whether it is of the family.
	counts func(r *request, rt route) bool
	// successes: what was refused does not count. Such families bound what people do, the others what programs send.
	successes bool
}

// whom a family counts for.
type whom int

const (
	byPerson  whom = iota // whose token it is
	byToken               // of a person
	byAddress             // of whoever sends no token
	byOrigin              // any address
)

var families = []family{
	{"people", 1500, 5 * time.Minute, byPerson, every, false},
	{"tokens", 300, 5 * time.Minute, byToken, every, false},
	{"strangers", 300, 5 * time.Minute, byAddress, every, false},
	{"paging", 300, 15 * time.Minute, byPerson, turning, false},
	{"strangers' paging", 300, 15 * time.Minute, byAddress, turning, false},
	{"uploads", 30, 30 * time.Minute, byPerson, paths("POST /v1/media", "POST /v2/media"), false},
	{"deletes", 30, 30 * time.Minute, byPerson, paths("DELETE /v1/statuses/:id", "POST /v1/statuses/:id/unreblog"), false},
	{"programs", 5, 10 * time.Minute, byOrigin, paths("POST /v1/apps"), false},
	{"sign-ups", 5, 30 * time.Minute, byOrigin, paths("POST /v1/accounts"), false},
	{"statuses", 300, 3 * time.Hour, byPerson, paths("POST /v1/statuses", "POST /v1/statuses/:id/reblog"), true},
	{"follows", 400, 24 * time.Hour, byPerson, paths("POST /v1/accounts/:id/follow"), true},
	{"reports", 400, 24 * time.Hour, byPerson, paths("POST /v1/reports"), true},
}

func every(*request, route) bool { return true }

func turning(r *request, rt route) bool {
	return rt.method == fiber.MethodGet && (r.params.text("max_id") != "" || r.params.text("min_id") != "" || r.params.text("since_id") != "" || r.params.text("offset") != "")
}

func paths(all ...string) func(*request, route) bool {
	return func(_ *request, rt route) bool {
		for _, p := range all {
			if rt.method+" "+rt.path == p {
				return true
			}
		}
		return false
	}
}

// of is the sender of r for a family, "" for none.
func (f family) of(r *request) string {
	switch {
	case f.sender == byPerson && r.viewer() != 0:
		return r.viewer().String()
	case f.sender == byToken && r.token != nil:
		return r.token.Hash
	case f.sender == byAddress && r.token == nil, f.sender == byOrigin:
		return clientip.Counted(clientip.Of(r.Ctx))
	}
	return ""
}

// admit counts r in every family that it is of, says in headers how much is left of the one of which least is, and refuses
// when one is used up. The function it returns takes back, after a refusal, what counts successes only.
func (l *Limits) admit(r *request, rt route) (undo func(), err error) {
	undo = func() {}
	if l.Generosity <= 0 {
		return undo, nil
	}
	now, tightest := r.api.Now(), struct {
		most, left int
		ends       time.Time
	}{left: -1}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	var taken []string
	for _, f := range families {
		sender := f.of(r)
		if sender == "" || !f.counts(r, rt) {
			continue
		}
		key, most := f.name+" "+sender, l.most(f)
		w, ok := l.take(now, f, key)
		if !ok {
			err = social.ErrThrottled
		} else if f.successes {
			taken = append(taken, key)
		}
		if left := most - w.n; tightest.left < 0 || left < tightest.left {
			tightest.most, tightest.left, tightest.ends = most, left, w.ends
		}
	}
	if err != nil {
		tightest.left = 0
	}
	if tightest.left >= 0 {
		r.Set("X-RateLimit-Limit", strconv.Itoa(tightest.most))
		r.Set("X-RateLimit-Remaining", strconv.Itoa(tightest.left))
		r.Set("X-RateLimit-Reset", tightest.ends.UTC().Format("2006-01-02T15:04:05.000000Z"))
	}
	return func() { l.giveBack(taken) }, err
}

// Count counts what a person does on a page in the family of that name, as if a program of theirs had done it; the error is
// social.ErrThrottled when it is used up. undo takes it back when nothing came of it.
func (l *Limits) Count(now time.Time, name string, person social.ID) (undo func(), err error) {
	i := slices.IndexFunc(families, func(f family) bool { return f.name == name && f.sender == byPerson })
	if l.Generosity <= 0 || i < 0 {
		return func() {}, nil
	}
	f, key := families[i], name+" "+person.String()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	if _, ok := l.take(now, f, key); !ok {
		return func() {}, social.ErrThrottled
	}
	return func() { l.giveBack([]string{key}) }, nil
}

// take counts one more under key, unless f is used up there; l.mu is held.
func (l *Limits) take(now time.Time, f family, key string) (w window, ok bool) {
	w = l.windows[key]
	if !now.Before(w.ends) {
		w = window{ends: now.Truncate(f.period).Add(f.period)}
	}
	if ok = w.n < l.most(f); ok {
		w.n++
	}
	l.windows[key] = w
	return w, ok
}

// most is how often f may be asked for here.
func (l *Limits) most(f family) int { return max(1, int(float64(f.most)*l.Generosity)) }

func (l *Limits) giveBack(keys []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		if w, ok := l.windows[key]; ok && w.n > 0 {
			w.n--
			l.windows[key] = w
		}
	}
}

// sweep forgets what is over, once a minute, so that who comes from ever new addresses fills no memory for long.
func (l *Limits) sweep(now time.Time) {
	if l.windows == nil {
		l.windows = map[string]window{}
	}
	if now.Sub(l.swept) < time.Minute && !now.Before(l.swept) {
		return
	}
	l.swept = now
	for key, w := range l.windows {
		if !now.Before(w.ends) {
			delete(l.windows, key)
		}
	}
}
