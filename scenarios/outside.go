package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"orrery/clientapi"
	"orrery/internal/clock"
	"orrery/scenarios/play"
)

// Outside says where the servers of a script are when they are real ones, and as whom its people act there.
type Outside struct {
	Servers map[string]string // origin by the name in the script; every server has one
	Tokens  map[string]string // access token by the name of the person
	HTTP    *http.Client
	Clock   clock.Clock
	Quiet   time.Duration // nothing must change for so long until servers count as settled
	Most    time.Duration // that settling may take
}

// outside is a run against real servers: there is nothing but their client API.
type outside struct {
	Outside
	*screens
	file *play.File
	at   int
}

// RunOutside runs a script against real servers through their client API. Deeds and what servers show can be carried out and
// judged; lines about the wire, faults and other clocks are inapplicable, and say why. A server that answers wrongly or not
// at all makes a line inconclusive, and a run with such a line has not passed. Varies are not run: they need a fresh network.
func RunOutside(ctx context.Context, file *play.File, o Outside) (Result, error) {
	r := &outside{Outside: o, file: file, screens: &screens{people: map[string]*person{}, posts: map[string]*post{}}}
	r.look, r.viewer, r.host = r.seen, r.inhabitant, r.domain
	r.unseen = func(_ context.Context, who *person, p *post) error {
		return cannot("%s does not show %s to %s", who.server, p.name, who.name)
	}
	r.anybody = func(server string) *clientapi.Client {
		return &clientapi.Client{BaseURL: strings.TrimSuffix(o.Servers[server], "/"), HTTP: o.HTTP}
	}
	res := Result{Name: file.Path, Title: file.Title(), About: file.About(), Policy: "real servers", Passed: true}
	if err := r.enter(ctx); err != nil {
		return res, err
	}
	first := Step{Title: "Who follows whom"}
	for _, e := range file.Follows {
		l := &play.Follows{Whom: e.Followed}
		l.Who = e.Follower
		line := Line{Line: e.Line, Source: e.String(), Kind: ActionLine}
		r.judged(&line, r.act(ctx, l))
		first.Lines = append(first.Lines, line)
	}
	if len(first.Lines) > 0 {
		settled := Line{Line: file.Follows[len(file.Follows)-1].Line, Source: "settle", Kind: WaitLine}
		r.judged(&settled, r.settle(ctx, 0))
		first.Lines = append(first.Lines, settled)
		res.Steps = append(res.Steps, first)
	}
	for _, s := range file.Steps() {
		step := Step{Title: s.Title.Value, Lines: []Line{}}
		for _, l := range s.Lines {
			if err := ctx.Err(); err != nil {
				return res, err
			}
			step.Lines = append(step.Lines, r.line(ctx, l))
		}
		res.Steps = append(res.Steps, step)
	}
	for _, v := range file.Varies() {
		res.Steps = append(res.Steps, Step{Title: "vary " + v.Title.String(), Lines: []Line{{
			Line: v.Line, Source: "vary " + v.Title.String(), Kind: TeachLine, Status: Inapplicable,
			Found: "a vary begins anew in a network where nothing has happened yet, and real servers remember",
		}}})
	}
	for _, s := range res.Steps {
		for _, l := range s.Lines {
			res.Passed = res.Passed && l.Status != Failed && l.Status != Inconclusive
		}
	}
	return res, nil
}

// enter finds out who everybody is on their own server.
func (r *outside) enter(ctx context.Context) error {
	for _, p := range r.file.People {
		name, server := p.Name.Name, p.Server.Name
		origin := strings.TrimSuffix(r.Servers[server], "/")
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("%s: give the address of %s, where %s lives, with --server %s=https://…. All servers of a script are real, or none: those of a lab live in its memory and on its own clock, where real ones cannot reach them", r.file.Path, server, name, server)
		}
		token := r.Tokens[name]
		if token == "" {
			return fmt.Errorf("%s: there is no access token for %s on %s. Write a line with the name and the token into the file given with --tokens", r.file.Path, name, server)
		}
		api := &clientapi.Client{BaseURL: origin, Token: token, HTTP: r.HTTP}
		me, err := api.VerifyCredentials(ctx)
		if err != nil {
			return fmt.Errorf("%s does not know %s by this token (%w). Check the address and the token", origin, name, err)
		}
		uri := cmp.Or(me.URI, me.URL)
		if me.Username == "" || uri == "" {
			return fmt.Errorf("%s does not answer as Mastodon's client API does: it does not say who %s is", origin, name)
		}
		host := u.Host
		if i, err := api.Instance(ctx); err == nil && i.Domain != "" {
			host = i.Domain // of the handles of its people; the address of the API may be another
		}
		r.people[name] = &person{name: me.Username, server: server, host: host, uri: uri, api: api}
	}
	return nil
}

// line carries out one line.
func (r *outside) line(ctx context.Context, l play.Line) Line {
	r.at, _ = l.Position()
	done := Line{Line: r.at, Source: l.String(), Kind: TeachLine, Status: Passed}
	for _, name := range postsIn(l) {
		if r.posts[name] == nil && r.people[name] == nil {
			done.Kind, done.Status, done.Found = ActionLine, Inapplicable, name+" was never written: the line that should have written it did not succeed"
			if _, check := l.(*play.Assertion); check {
				done.Kind = CheckLine
			}
			return done
		}
	}
	switch l := l.(type) {
	case play.Action:
		done.Kind = ActionLine
		r.judged(&done, r.act(ctx, l))
	case *play.Settle:
		done.Kind = WaitLine
		r.judged(&done, r.settle(ctx, time.Duration(l.Within)))
	case *play.Wait:
		done.Kind = WaitLine
		r.judged(&done, r.wait(ctx, time.Duration(l.For)))
	case *play.Assertion:
		done.Kind, done.Expected = CheckLine, l.Condition.String()
		r.check(ctx, l, &done)
	case *play.Predict:
		done.Expected = l.Answer.String()
	case *play.Say:
	case *play.Show, *play.Look:
		r.judged(&done, unfit("what servers did is not known: real servers show no log"))
	default:
		done.Kind = FaultLine
		r.judged(&done, unfit("a real server, and the network between real servers, cannot be changed from here"))
	}
	return done
}

// unfitError is why a line cannot be carried out with real servers.
type unfitError struct{ sentence string }

func (e *unfitError) Error() string { return e.sentence }

func unfit(format string, args ...any) error { return &unfitError{fmt.Sprintf(format, args...)} }

// judged fills in what became of a line that ended with err: a refusal fails it, what a server did wrong leaves it open.
func (r *outside) judged(done *Line, err error) {
	var no *cannotError
	var not *unfitError
	switch {
	case err == nil:
		done.Status = Passed
	case errors.As(err, &no):
		done.Status, done.Found = Failed, no.sentence
	case errors.As(err, &not):
		done.Status, done.Found = Inapplicable, not.sentence
	default:
		done.Status, done.Found = Inconclusive, "a server did not answer as it should: "+err.Error()
	}
}

// wait lets real time pass, but not for long.
func (r *outside) wait(ctx context.Context, d time.Duration) error {
	if d > r.Most {
		return unfit("real servers have the real clock, and %s is longer than a run may wait (%s)", d, r.Most)
	}
	return r.sleep(ctx, d)
}

func (r *outside) sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-r.Clock.At(r.Clock.Now().Add(d)):
		return nil
	}
}

// looks is how often nothing new must be seen: a server that is slow to answer is slow to deliver, too.
const looks = 10

// settle waits until nothing that the script can see has changed for a while, and in so many looks.
func (r *outside) settle(ctx context.Context, within time.Duration) error {
	began := r.Clock.Now()
	most := r.Most
	if within > 0 {
		most = max(within, r.Quiet)
	}
	was, err := r.sight(ctx)
	if err != nil {
		return err
	}
	calm := 0
	for since := began; ; {
		if err := r.sleep(ctx, max(r.Quiet/looks, 10*time.Millisecond)); err != nil {
			return err
		}
		is, err := r.sight(ctx)
		if err != nil {
			return err
		}
		now := r.Clock.Now()
		calm++
		if is != was {
			was, since, calm = is, now, 0
		}
		if now.Sub(since) >= r.Quiet && calm >= looks {
			return nil
		}
		if now.Sub(began) >= most+r.Quiet && now.Sub(since) < r.Quiet {
			return cannot("something still changed after %s", most)
		}
	}
}

// sight is what the people of the script see of its posts and of themselves, in one text that can be compared.
func (r *outside) sight(ctx context.Context) (string, error) {
	var b strings.Builder
	for _, who := range r.sorted() {
		me, err := who.api.VerifyCredentials(ctx)
		if err != nil {
			return "", fmt.Errorf("ask %s about %s: %w", who.server, who.name, err)
		}
		fmt.Fprintf(&b, "%s %d %d %d\n", who.uri, me.FollowersCount, me.FollowingCount, me.StatusesCount)
		for _, name := range r.written() {
			s, there, err := known(ctx, who, r.posts[name])
			if err != nil {
				return "", fmt.Errorf("ask %s for %s: %w", who.server, name, err)
			}
			if there {
				fmt.Fprintf(&b, "%s %d %d %d %d %s\n", s.URI, s.RepliesCount, s.ReblogsCount, s.FavouritesCount, s.QuotesCount, s.Content)
				if s.Poll != nil {
					fmt.Fprintf(&b, "%d votes\n", s.Poll.VotesCount)
				}
			}
		}
	}
	return b.String(), nil
}

// inhabitant is the first person of a server, nil when nobody of the script lives there.
func (r *outside) inhabitant(server string) *person {
	for _, p := range r.sorted() {
		if p.server == server {
			return p
		}
	}
	return nil
}

// domain is what the handles of a server's people end with.
func (r *outside) domain(server string) string {
	if p := r.inhabitant(server); p != nil {
		return p.host
	}
	u, err := url.Parse(r.Servers[server])
	if err != nil {
		return ""
	}
	return u.Host
}

// sorted are the people in the order of the script.
func (r *outside) sorted() []*person {
	var all []*person
	for _, p := range r.file.People {
		all = append(all, r.people[p.Name.Name])
	}
	return all
}

// written are the names of the posts, in the order in which they were written.
func (r *outside) written() []string {
	var names []string
	for name := range r.posts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return r.posts[a].n - r.posts[b].n })
	return names
}
