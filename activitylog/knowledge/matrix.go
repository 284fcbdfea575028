package knowledge

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// State is the word for what a server knows of a post.
type State string

// The states. Partial: the post is known and what it answers is not, so its thread is broken there. Stale: it is known as it
// was, and was edited or deleted on its own server since. Gone: it was known and is not any more. Withheld: it is kept and
// shown to nobody, since its author is suspended there.
const (
	Unknown  State = "unknown"
	Known    State = "known"
	Partial  State = "partial"
	Stale    State = "stale"
	Gone     State = "gone"
	Withheld State = "withheld"
)

// Has reports whether the post is there, in whatever version.
func (s State) Has() bool { return s == Known || s == Partial || s == Stale }

// Cell is what one server knows of one post at one moment.
type Cell struct {
	Server string         `json:"server"`
	State  State          `json:"state"`
	How    rules.ID       `json:"how,omitempty"` // learn.*; the rule of the end when it is gone
	Word   string         `json:"word"`          // the same for people
	At     *time.Time     `json:"at,omitempty"`  // when it was learned
	Entry  activitylog.ID `json:"entry,string"`  // the entry of the log that brought it, 0 when none did
	Likes  Count          `json:"likes"`
	Boosts Count          `json:"boosts"`

	Pos int64 `json:"-"` // of the log, when it was learned
}

// Count is a number that a server shows, and what it would be if the server knew everything.
type Count struct {
	Shown  int64    `json:"shown"`
	Full   int64    `json:"full"`
	Stated bool     `json:"stated,omitempty"` // it is the number that the post's own server stated
	Here   []string `json:"here,omitempty"`   // actors who are counted here, by position
}

// Row is one post.
type Row struct {
	URI        string    `json:"uri"`
	Parent     string    `json:"parent,omitempty"`
	Author     string    `json:"author"`
	Home       string    `json:"home,omitempty"`
	Excerpt    string    `json:"excerpt,omitempty"`
	Visibility string    `json:"visibility,omitempty"`
	Depth      int       `json:"depth"` // 0 for a post whose parent is no row
	At         time.Time `json:"at"`
	Cells      []Cell    `json:"cells"` // one for each server, in order
}

// Matrix is who knows what at a position of the log.
type Matrix struct {
	Pos     int64    `json:"-"`
	Servers []Server `json:"servers"`
	Rows    []Row    `json:"rows"`
	// Have and Pairs count the (post, server) pairs in which the post is there, and all of them.
	Have  int `json:"have"`
	Pairs int `json:"pairs"`
}

// Posts are the addresses of all posts that were known somewhere at a position, oldest first.
func (r *Record) Posts(at int64) []string {
	var uris []string
	for _, p := range r.order {
		if p.author != "" && p.pos <= at {
			uris = append(uris, p.uri)
		}
	}
	return uris
}

// Thread are the addresses of uri, of what it answers and of all that answers any of these.
func (r *Record) Thread(uri string) []string {
	root := uri
	for seen := map[string]bool{}; r.posts[root] != nil && r.posts[r.posts[root].parent] != nil && !seen[root]; {
		seen[root] = true
		root = r.posts[root].parent
	}
	answers := map[string][]string{}
	for _, p := range r.order {
		if p.parent != "" {
			answers[p.parent] = append(answers[p.parent], p.uri)
		}
	}
	thread, seen := []string{root}, map[string]bool{root: true}
	for i := 0; i < len(thread); i++ {
		for _, a := range answers[thread[i]] {
			if !seen[a] {
				seen[a] = true
				thread = append(thread, a)
			}
		}
	}
	return thread
}

// Now is a position beyond every other.
const Now = int64(math.MaxInt64)

// Matrix is what every server knows of the posts at a position: threads together, each reply below what it answers.
func (r *Record) Matrix(uris []string, at int64) Matrix {
	m := Matrix{Pos: at, Servers: r.Servers, Rows: []Row{}}
	wanted := map[string]bool{}
	for _, u := range uris {
		wanted[u] = true
	}
	under := map[string][]*post{}
	for _, p := range r.order {
		if !wanted[p.uri] || p.author == "" || p.pos > at {
			continue
		}
		parent := p.parent
		if !wanted[parent] || parent == p.uri {
			parent = ""
		}
		under[parent] = append(under[parent], p)
	}
	done := map[*post]bool{}
	var add func(parent string, depth int)
	add = func(parent string, depth int) {
		for _, p := range under[parent] {
			if done[p] {
				continue
			}
			done[p] = true
			m.Rows = append(m.Rows, r.row(p, depth, at))
			add(p.uri, depth+1)
		}
	}
	add("", 0)
	for _, row := range m.Rows {
		for _, c := range row.Cells {
			m.Pairs++
			if c.State.Has() {
				m.Have++
			}
		}
	}
	return m
}

// Row is what every server knows of one post at a position; false when the log did not know the post then.
func (r *Record) Row(uri string, at int64) (Row, bool) {
	if _, ok := r.Post(uri, at); !ok {
		return Row{}, false
	}
	return r.row(r.posts[uri], 0, at), true
}

// Post is Row without the cells, which are what costs time.
func (r *Record) Post(uri string, at int64) (Row, bool) {
	p := r.posts[uri]
	if p == nil || p.author == "" || p.pos > at {
		return Row{}, false
	}
	return p.row(0), true
}

// Around are the positions nearest to at, before and after it, at which something happened to one of the posts; 0 for none.
func (r *Record) Around(uris []string, at int64) (earlier, later int64) {
	near := func(events []event) {
		for _, e := range events {
			switch {
			case !e.shows():
			case e.pos < at:
				earlier = max(earlier, e.pos)
			case e.pos > at && (later == 0 || e.pos < later):
				later = e.pos
			}
		}
	}
	for _, uri := range uris {
		p := r.posts[uri]
		if p == nil {
			continue
		}
		for _, events := range p.there {
			near(events)
		}
		for _, accounts := range r.barred {
			near(accounts[p.author])
		}
	}
	return earlier, later
}

// shows reports whether a matrix looks different after e.
func (e event) shows() bool {
	return e.kind != (observe.Decided{}).Kind() && e.kind != (observe.Skipped{}).Kind()
}

func (p *post) row(depth int) Row {
	return Row{URI: p.uri, Parent: p.parent, Author: p.author, Home: p.home, Excerpt: p.excerpt, Visibility: p.visibility, Depth: depth, At: p.at}
}

func (r *Record) row(p *post, depth int, at int64) Row {
	row := p.row(depth)
	m := r.moment(p, at)
	for _, s := range r.Servers {
		row.Cells = append(row.Cells, r.cell(m, s.Name))
	}
	return row
}

// Cell is what a server knows of a post at a position; false when the log never heard of the post.
func (r *Record) Cell(uri, server string, at int64) (Cell, bool) {
	p := r.posts[uri]
	s, ok := r.server(server)
	if p == nil || !ok {
		return Cell{Server: server, State: Unknown, Word: word(Unknown, "")}, false
	}
	return r.cell(r.moment(p, at), s.Name), true
}

// moment is a post as it stood on every server at a position of the log.
type moment struct {
	p      *post
	at     int64
	on     map[string]fold             // by server
	reacts map[string]map[string]event // by what: who does, as their own servers and the post's have it
}

func (r *Record) moment(p *post, at int64) moment {
	m := moment{p, at, map[string]fold{p.home: p.fold(p.home, at)}, map[string]map[string]event{"like": {}, "boost": {}}}
	for _, s := range r.Servers {
		f := p.fold(s.Name, at)
		m.on[s.Name] = f
		for what, actors := range f.here {
			for actor, e := range actors {
				home, logged := r.serverOf(actor)
				if logged && home.Name == s.Name || !logged && s.Name == p.home {
					m.reacts[what][actor] = e
				}
			}
		}
	}
	return m
}

func (r *Record) cell(m moment, server string) Cell {
	p, at, f := m.p, m.at, m.on[server]
	c := Cell{Server: server, State: Unknown}
	barred, hidden := r.suspension(server, p.author, at)
	switch {
	case f.known && hidden:
		c.State, c.How, c.Entry = Withheld, barred.rule, barred.exchange
		when := barred.at
		c.At, c.Pos = &when, barred.pos
		if c.Entry == 0 {
			c.Entry = barred.cause
		}
		f.known = false
	case f.known:
		c.State, c.How, c.Entry = Known, f.learned.rule, f.learned.exchange
		when := f.learned.at
		c.At, c.Pos = &when, f.learned.pos
		if c.Entry == 0 {
			c.Entry = f.learned.cause
		}
		home := m.on[p.home]
		switch {
		case p.home != "" && p.home != server && (!home.known || home.version != "" && home.version != f.version):
			c.State = Stale
		case p.parent != "" && !r.knows(p.parent, server, at):
			c.State = Partial
		}
	case f.ended.pos > 0:
		c.State, c.How, c.Entry = Gone, f.ended.rule, f.ended.exchange
		when := f.ended.at
		c.At = &when
	}
	c.Word = word(c.State, r.way(p, server, c))
	c.Likes, c.Boosts = m.count(f, "like"), m.count(f, "boost")
	return c
}

func (r *Record) knows(uri, server string, at int64) bool {
	p := r.posts[uri]
	return p != nil && p.fold(server, at).known
}

// fold is everything that happened to a post on a server, up to a position.
type fold struct {
	known         bool
	learned       event
	ended         event // the last end, with the rule that decided it
	version       string
	here          map[string]map[string]event // by what, then actor
	likes, boosts *int64                      // as stated, moved since
}

func (p *post) fold(server string, at int64) fold {
	f := fold{here: map[string]map[string]event{"like": {}, "boost": {}}}
	for _, e := range p.there[server] {
		if e.pos > at {
			break
		}
		switch e.kind {
		case observe.Learned{}.Kind():
			f = fold{known: true, learned: e, version: e.version, here: map[string]map[string]event{"like": {}, "boost": {}}}
		case observe.Removed{}.Kind():
			f.known, f.ended = false, e
		case observe.Decided{}.Kind(): // logs from before removals named their rule have it beside them
			if !f.known && f.ended.pos > 0 && f.ended.rule == "" && e.exchange == f.ended.exchange {
				f.ended.rule = e.rule
			}
		case observe.Edited{}.Kind():
			f.version = e.version
		case observe.Counted{}.Kind():
			if e.likes != nil {
				f.likes = e.likes
			}
			if e.boosts != nil {
				f.boosts = e.boosts
			}
		case observe.Reacted{}.Kind(), observe.Reacted{Ended: true}.Kind():
			f.react(e)
		}
	}
	return f
}

func (f *fold) react(e event) {
	ended := e.kind == observe.Reacted{Ended: true}.Kind()
	if f.here[e.what] == nil {
		return
	}
	if _, there := f.here[e.what][e.actor]; there != ended {
		return // said twice
	}
	step := int64(1)
	if ended {
		step = -1
		delete(f.here[e.what], e.actor)
	} else {
		f.here[e.what][e.actor] = e
	}
	move := func(n *int64) *int64 {
		if n == nil {
			return nil
		}
		moved := max(0, *n+step)
		return &moved
	}
	if e.what == "like" {
		f.likes = move(f.likes)
	} else {
		f.boosts = move(f.boosts)
	}
}

// count is what a server shows of likes or boosts. Full counts whom the actors' own servers say to react at that moment; where
// these keep no log here, the post's own server is believed.
func (m moment) count(f fold, what string) Count {
	c := Count{Full: int64(len(m.reacts[what]))}
	if !f.known {
		return c
	}
	for actor := range f.here[what] {
		c.Here = append(c.Here, actor)
	}
	slices.SortFunc(c.Here, func(a, b string) int { return cmp.Compare(f.here[what][a].pos, f.here[what][b].pos) })
	c.Shown = int64(len(c.Here))
	stated := f.likes
	if what == "boost" {
		stated = f.boosts
	}
	if stated != nil {
		c.Shown, c.Stated = *stated, true
	}
	return c
}

// words are how people call the ways of coming to know something.
var words = map[rules.ID]string{
	rules.LearnLocal: "written here", rules.LearnDelivered: "delivered", rules.LearnForwarded: "forwarded",
	rules.LearnGapFilled: "gap-filled", rules.LearnFetched: "fetched", rules.LearnSearched: "searched",
	rules.LearnThreadOpened: "fetched", rules.LearnThreadWalk: "walked to", rules.LearnExternal: "polled",
	rules.LearnHandedOn: "handed on by the owner", rules.LearnHistory: "read from a history",
	rules.AcceptRelay: "relayed", rules.AcceptRelayAnnounce: "relayed", rules.AcceptHandedOn: "announced by the group",
}

// way is the rule that names best how a post came: the one it was learned by, unless a relay or a community carried it.
func (r *Record) way(p *post, server string, c Cell) rules.ID {
	if !c.State.Has() {
		return c.How
	}
	for _, e := range p.there[server] {
		if e.kind == (observe.Decided{}).Kind() && e.exchange != 0 && e.exchange == c.Entry && (e.rule == rules.AcceptRelay || e.rule == rules.AcceptRelayAnnounce) {
			return e.rule
		}
	}
	if s, _ := r.server(server); s.Community && c.How == rules.LearnHandedOn {
		return rules.AcceptHandedOn
	}
	return c.How
}

// Word is how people call a way of coming to know something.
func Word(how rules.ID) string {
	if w, ok := words[how]; ok {
		return w
	}
	_, w, _ := strings.Cut(string(how), ".")
	return strings.ReplaceAll(w, "-", " ")
}

func word(s State, how rules.ID) string {
	switch s {
	case Unknown:
		return "missing"
	case Gone:
		return "deleted"
	case Withheld:
		return "withheld"
	case Stale:
		return Word(how) + ", stale"
	case Partial:
		return Word(how) + ", thread broken"
	}
	return Word(how)
}
