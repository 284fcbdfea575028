// Package knowledge says which server of a log knows which post, how and when it came to, what it counts, and why something
// is not there. Everything is a reading of recorded facts: nothing is asked of an instance and nothing is guessed, so the
// same answer holds for a scenario's run, for the live lab and for a server of one's own.
//
// It leaves words about single entries to activitylog, and trying a change out to scenarios.
//
// What a newcomer gets wrong: that a post was delivered does not mean that it is known. Only a "learned" fact says so, and a
// "removed" one ends it.
package knowledge

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// Server is one server of the log, with what the log cannot tell of it.
type Server struct {
	Name string `json:"name"`
	Host string `json:"-"`
	// ListsEveryone says that the pages of replies of its posts name everybody's, not only the author's own.
	ListsEveryone bool `json:"-"`
	// Community says that conversations are owned, and handed on, by communities here.
	Community bool `json:"-"`
}

// Record is what the log says of posts and follows, as far as it has been read. Not safe for concurrent use.
type Record struct {
	Servers []Server
	Pos     int64 // newest position that has been read

	log     *activitylog.Log
	from    map[string]activitylog.Source
	read    map[string]int64 // how far each server's log has been read
	posts   map[string]*post
	order   []*post // by first appearance
	follows []follow
	barred  map[string]map[string][]event // by server and account: its suspensions there
	used    map[string]map[rules.ID]bool  // by server: the rules of what it learned and accepted
	last    struct {                      // the post whose entries were read last: people ask about it on one server after another
		uri     string
		pos     int64
		entries []activitylog.Entry
	}
}

// post is one post and what happened to it, on each server by position.
type post struct {
	uri, parent, author, excerpt, visibility string
	home                                     string // server on which it was written, "" when that keeps no log here
	pos                                      int64
	at                                       time.Time
	there                                    map[string][]event
}

// event is one fact about a post on one server.
type event struct {
	pos           int64
	at            time.Time
	exchange      activitylog.ID
	cause         activitylog.ID
	kind          string
	rule          rules.ID
	what, actor   string // of a reaction
	version       string // of an edit
	outcome       observe.Outcome
	likes, boosts *int64
}

// follow is one end of who follows whom, as a server recorded it.
type follow struct {
	pos              int64
	exchange         activitylog.ID
	follower, target string
	ended            bool
}

// The bounds of what is kept: of a log that is longer, the newest part.
const (
	window      = 200_000 // positions
	mostFollows = 100_000
	atOnce      = 1000 // facts of one query
)

// lasting are the kinds of facts that are read from the beginning of the log.
var lasting = []string{
	observe.Followed{}.Kind(), observe.Followed{Ended: true}.Kind(), observe.Suspended{}.Kind(), observe.Suspended{Ended: true}.Kind(),
}

// kinds of facts that are read.
var kinds = []string{
	observe.Learned{}.Kind(), observe.Removed{}.Kind(), observe.Edited{}.Kind(), observe.Counted{}.Kind(),
	observe.Reacted{}.Kind(), observe.Reacted{Ended: true}.Kind(), observe.Decided{}.Kind(), observe.Skipped{}.Kind(),
}

// NewRecord reads nothing yet; see Read.
func NewRecord(log *activitylog.Log) *Record { return &Record{log: log} }

// Read brings the record up to date with the log.
func (r *Record) Read(ctx context.Context) error {
	last, err := r.log.LastPosition(ctx)
	if err != nil {
		return err
	}
	if last < r.Pos || r.posts == nil || r.replaced() { // a log that was begun anew
		r.posts, r.order, r.follows, r.read, r.from = map[string]*post{}, nil, nil, map[string]int64{}, map[string]activitylog.Source{}
		r.used, r.barred = map[string]map[rules.ID]bool{}, map[string]map[string][]event{}
	}
	known := r.Servers
	r.Servers = nil
	for _, s := range r.log.Instances() {
		server := Server{Name: s.Name, Host: strings.ToLower(s.Host)}
		for _, k := range known {
			if k.Name == s.Name {
				server.ListsEveryone, server.Community = k.ListsEveryone, k.Community
			}
		}
		r.Servers = append(r.Servers, server)
		r.from[s.Name] = s.Source
		if err := r.readServer(ctx, s, last); err != nil {
			return fmt.Errorf("what %s knows: %w", s.Name, err)
		}
	}
	r.Pos = last
	slices.SortStableFunc(r.order, func(a, b *post) int { return cmp.Compare(a.pos, b.pos) })
	return nil
}

// replaced reports whether another log stands where one was read.
func (r *Record) replaced() bool {
	for _, s := range r.log.Instances() {
		if before, known := r.from[s.Name]; known && before != s.Source {
			return true
		}
	}
	return false
}

// readServer takes the facts of one server that lie between what was read and until.
func (r *Record) readServer(ctx context.Context, s activitylog.Named, until int64) error {
	from, again := r.read[s.Name]
	if err := each(ctx, s, from, until, lasting, func(f activitylog.Fact) {
		switch f.Kind {
		case observe.Suspended{}.Kind(), observe.Suspended{Ended: true}.Kind():
			r.suspended(s.Name, f)
		default:
			r.followed(f)
		}
	}); err != nil {
		return err
	}
	if !again {
		from = max(0, until-window)
	}
	err := each(ctx, s, from, until, kinds, func(f activitylog.Fact) { r.take(s.Name, f) })
	r.read[s.Name] = until
	return err
}

func each(ctx context.Context, s activitylog.Named, from, until int64, kinds []string, do func(activitylog.Fact)) error {
	for {
		facts, err := s.FactsSince(ctx, from, kinds, atOnce)
		if err != nil {
			return err
		}
		for _, f := range facts {
			if f.Pos > until {
				return nil
			}
			do(f)
			from = f.Pos
		}
		if len(facts) < atOnce {
			return nil
		}
	}
}

func (r *Record) followed(f activitylog.Fact) {
	var v observe.Followed
	if json.Unmarshal(f.Detail, &v) != nil || len(r.follows) >= mostFollows {
		return
	}
	r.follows = append(r.follows, follow{f.Pos, f.Exchange, v.Follower, v.Target, v.Ended})
}

// suspended keeps that an account was suspended on a server, or no longer.
func (r *Record) suspended(server string, f activitylog.Fact) {
	var v observe.Suspended
	if json.Unmarshal(f.Detail, &v) != nil || v.Account == "" {
		return
	}
	if r.barred[server] == nil {
		r.barred[server] = map[string][]event{}
	}
	r.barred[server][v.Account] = append(r.barred[server][v.Account], eventOf(f))
}

// suspension is what hides everything of an account on a server at a position; false when nothing does.
func (r *Record) suspension(server, account string, at int64) (last event, is bool) {
	for _, e := range r.barred[server][account] {
		if e.pos <= at {
			last, is = e, e.kind == observe.Suspended{}.Kind()
		}
	}
	return last, is
}

func eventOf(f activitylog.Fact) event {
	return event{pos: f.Pos, at: f.At, exchange: f.Exchange, cause: f.Cause, kind: f.Kind, rule: f.Rule}
}

// take keeps a fact about a post. A fact about anything else is of no use here.
func (r *Record) take(server string, f activitylog.Fact) {
	e := eventOf(f)
	if f.Kind == (observe.Learned{}).Kind() || f.Kind == (observe.Decided{}).Kind() {
		if r.used[server] == nil {
			r.used[server] = map[rules.ID]bool{}
		}
		r.used[server][f.Rule] = true
	}
	switch f.Kind {
	case observe.Learned{}.Kind():
		var v observe.Learned
		if json.Unmarshal(f.Detail, &v) != nil || f.Object == "" || f.Object == v.Author { // of a person
			return
		}
		e.version = v.Version
		p := r.post(f.Object, f)
		if p.author == "" || f.Rule == rules.LearnLocal { // its own server knows best
			p.author, p.excerpt, p.visibility = v.Author, v.Excerpt, v.Visibility
		}
		if p.parent == "" {
			p.parent = v.InReplyTo
		}
		if f.Rule == rules.LearnLocal {
			p.home = server
		}
	case observe.Reacted{}.Kind(), observe.Reacted{Ended: true}.Kind():
		var v observe.Reacted
		if json.Unmarshal(f.Detail, &v) != nil {
			return
		}
		e.what, e.actor = v.What, v.Actor
	case observe.Counted{}.Kind():
		var v observe.Counted
		if json.Unmarshal(f.Detail, &v) != nil {
			return
		}
		e.likes, e.boosts = v.Likes, v.Boosts
	case observe.Edited{}.Kind():
		var v observe.Edited
		if json.Unmarshal(f.Detail, &v) != nil {
			return
		}
		e.version = v.At
	case observe.Decided{}.Kind():
		var v observe.Decided
		if json.Unmarshal(f.Detail, &v) != nil || v.Outcome == observe.Accepted && !strings.HasPrefix(string(f.Rule), "accept.") {
			return
		}
		e.outcome = v.Outcome
	case observe.Skipped{}.Kind():
		var v observe.Skipped
		if json.Unmarshal(f.Detail, &v) != nil {
			return
		}
		e.what = v.What
	}
	if f.Object == "" {
		return
	}
	p := r.posts[f.Object]
	if p == nil {
		if !strings.Contains(f.Object, "://") || f.Kind == (observe.Decided{}).Kind() && e.outcome == observe.Accepted {
			return
		}
		p = r.post(f.Object, f)
	}
	p.there[server] = append(p.there[server], e)
}

// post is the record of uri, made when f is the first that mentions it.
func (r *Record) post(uri string, f activitylog.Fact) *post {
	p := r.posts[uri]
	if p == nil {
		p = &post{uri: uri, pos: f.Pos, at: f.At, there: map[string][]event{}}
		r.posts[uri] = p
		r.order = append(r.order, p)
	}
	if f.Pos < p.pos {
		p.pos, p.at = f.Pos, f.At
	}
	return p
}

// standing are the follows, of those that are wanted, that hold at a position, by name: what either end recorded last counts.
func (r *Record) standing(at int64, wanted func(follow) bool) []follow {
	last := map[[2]string]follow{}
	for _, f := range r.follows {
		if f.pos > at || !wanted(f) {
			continue
		}
		pair := [2]string{f.follower, f.target}
		if before, known := last[pair]; !known || f.pos > before.pos {
			last[pair] = f
		}
	}
	var standing []follow
	for _, f := range last {
		if !f.ended {
			standing = append(standing, f)
		}
	}
	slices.SortFunc(standing, func(a, b follow) int {
		return cmp.Or(strings.Compare(a.follower, b.follower), strings.Compare(a.target, b.target))
	})
	return standing
}

// follower is somebody of host who follows target at a position, as the target's own server or the follower's recorded it.
func (r *Record) follower(host, target string, at int64) (f follow, ok bool) {
	followers := r.standing(at, func(f follow) bool { return f.target == target && hostOf(f.follower) == host })
	if len(followers) == 0 {
		return follow{}, false
	}
	return followers[0], true
}

// Follows reports whether follower follows target, as far as the log says now.
func (r *Record) Follows(follower, target string) bool {
	return len(r.standing(Now, func(f follow) bool { return f.follower == follower && f.target == target })) > 0
}

// Followed are the actors whom follower follows, as far as the log says now, sorted.
func (r *Record) Followed(follower string) []string {
	var all []string
	for _, f := range r.standing(Now, func(f follow) bool { return f.follower == follower }) {
		all = append(all, f.target)
	}
	return all
}

// Person is the actor of a server whom n calls by that name; "" when the log never heard of them.
func (r *Record) Person(name, server string, n activitylog.Names) string {
	s, ok := r.server(server)
	if !ok {
		return ""
	}
	found := ""
	is := func(actor string) {
		if found == "" && hostOf(actor) == s.Host && n.Person(actor) == name {
			found = actor
		}
	}
	for _, f := range r.follows {
		is(f.follower)
		is(f.target)
	}
	for _, p := range r.order {
		is(p.author)
	}
	return found
}

func (r *Record) server(name string) (Server, bool) {
	i := slices.IndexFunc(r.Servers, func(s Server) bool { return s.Name == name || strings.EqualFold(s.Host, name) })
	if i < 0 {
		return Server{}, false
	}
	return r.Servers[i], true
}

// serverOf is the server of the log that uri lives on.
func (r *Record) serverOf(uri string) (Server, bool) {
	host := hostOf(uri)
	if host == "" {
		return Server{}, false
	}
	return r.server(host)
}

func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}
