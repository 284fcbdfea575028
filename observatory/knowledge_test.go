package observatory

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// posts are a post by alice that techhub got and masto did not, with a reply by berta; the last is for followers.
func posts(w *world) (post, reply, closed string) {
	c := create("alice", "academy", "1", "Hello <b>world</b>", "")
	post, reply, closed = c.Object, actor("berta", "techhub")+"/statuses/2", actor("alice", "academy")+"/statuses/3"
	learned := func(server, uri, author, parent, visibility string, how rules.ID) activitylog.ID {
		return w.add(note{server: server, x: activitylog.Exchange{Direction: activitylog.Local, Kind: activitylog.Action, Activity: activitylog.Summary{
			Type: "Create", Actor: author, Object: uri, To: []string{publicIRI}}}, facts: []observe.Fact{
			observe.Learned{Rule: how, Object: uri, Author: author, InReplyTo: parent, Visibility: visibility, Excerpt: "Hello <b>world</b>"}}})
	}
	alice, berta := actor("alice", "academy"), actor("berta", "techhub")
	learned("academy", post, alice, "", "public", rules.LearnLocal)
	learned("techhub", post, alice, "", "public", rules.LearnDelivered)
	learned("techhub", reply, berta, post, "public", rules.LearnLocal)
	w.add(note{server: "techhub", x: activitylog.Exchange{Direction: activitylog.Local, Kind: activitylog.Action, Activity: activitylog.Summary{Type: "Like", Actor: berta, Object: post}},
		facts: []observe.Fact{observe.Reacted{Rule: rules.LearnLocal, What: "like", Object: post, Actor: berta}}})
	learned("academy", closed, alice, "", "private", rules.LearnLocal)
	return post, reply, closed
}

// get asks for a page or document.
func (w *world) get(path string) (status int, body string) {
	res, body := w.ask(w.t, "GET", path, "")
	return res.StatusCode, body
}

func hasNot(t testing.TB, page string, unwanted ...string) {
	t.Helper()
	for _, s := range unwanted {
		if strings.Contains(page, s) {
			t.Errorf("page has %q; it is\n%.3000s", s, page)
		}
	}
}

func TestMatrix_showsWhoKnowsWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, page := w.get("/lab/matrix")
	has(t, page, "No post is known yet")
	post, _, _ := posts(w)
	_, page = w.get("/lab/matrix")
	has(t, page, "written here", "delivered", "missing", "0 of 1 likes", "1 like<", "Hello world", `class="d1"`, "/lab/why?object="+url.QueryEscape(post)+"&amp;server=masto", "One change earlier")
	_, page = w.get("/lab/matrix?at=1")
	hasNot(t, page, "delivered")
	_, page = w.get("/lab/matrix?object=" + url.QueryEscape(post))
	has(t, page, "this is one thread", "2 of 2")
	if status, _ := w.get("/lab/matrix?at=soon"); status != 400 {
		t.Errorf("a position that is none: got %d, want 400", status)
	}
}

func TestMatrix_cutsLongOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := actor("alice", "academy")
	for n := range rowsOfMatrix + 5 {
		uri := alice + "/statuses/" + position(int64(n+1))
		w.add(note{server: "academy", x: activitylog.Exchange{Direction: activitylog.Local, Kind: activitylog.Action, Activity: activitylog.Summary{Type: "Create", Actor: alice, Object: uri}},
			facts: []observe.Fact{observe.Learned{Rule: rules.LearnLocal, Object: uri, Author: alice, Visibility: "public", Excerpt: "post " + position(int64(n+1)) + "."}}})
	}
	_, page := w.get("/lab/matrix")
	has(t, page, "Older posts", "before=5", "post 105.")
	hasNot(t, page, "post 5.")
	_, page = w.get("/lab/matrix?before=5")
	has(t, page, "post 5.")
	hasNot(t, page, "Older posts", "post 6.")
}

func TestWhy_isExplained(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post, _, _ := posts(w)
	_, page := w.get("/lab/why?server=masto&object=" + url.QueryEscape(post))
	has(t, page, "masto does not have it", "why.no-route", "If anyone on masto followed alice, it would be there.", "not verified")
	_, body := w.get("/api/orrery/v1/why?server=academy&of=likes&object=" + url.QueryEscape(post))
	var a knowledge.Answer
	if err := json.Unmarshal([]byte(body), &a); err != nil || a.Shown == nil || *a.Shown != 0 || *a.Full != 1 || len(a.Missing) != 1 {
		t.Errorf("got %s (%v), want 0 of 1 likes, and who is missing", body, err)
	}
	for path, want := range map[string]int{
		"/api/orrery/v1/why?server=masto":                                         400,
		"/api/orrery/v1/why?object=" + url.QueryEscape(post):                      400,
		"/api/orrery/v1/why?server=nowhere&object=" + url.QueryEscape(post):       404,
		"/api/orrery/v1/why?server=masto&object=https://x.test/1":                 404,
		"/api/orrery/v1/why?server=masto&of=fame&object=" + url.QueryEscape(post): 400,
		"/lab/why?server=masto&object=https://x.test/1":                           404,
		"/api/orrery/v1/matrix?at=-1":                                             400,
	} {
		if status, body := w.get(path); status != want {
			t.Errorf("%s: got %d %s, want %d", path, status, body, want)
		}
	}
}

// Outside a lab strangers learn of public posts only, and not who likes them.
func TestKnowledge_isForThoseWhoMayKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post, _, closed := posts(w)
	w.o.Lab = nil
	w.o.Viewer = func(*fiber.Ctx) (string, bool) { return "", false }
	_, body := w.get("/api/orrery/v1/matrix")
	has(t, body, post)
	hasNot(t, body, closed, `"here"`)
	for _, path := range []string{
		"/api/orrery/v1/why?server=masto&object=" + url.QueryEscape(closed), "/lab/why?server=masto&object=" + url.QueryEscape(closed),
		"/api/orrery/v1/why?server=masto&of=likes&object=" + url.QueryEscape(post) + "&by=" + url.QueryEscape(actor("berta", "techhub")),
	} {
		if status, body := w.get(path); status != 404 {
			t.Errorf("%s: got %d %s, want 404", path, status, body)
		}
	}
	_, body = w.get("/api/orrery/v1/why?server=academy&of=likes&object=" + url.QueryEscape(post))
	hasNot(t, body, "berta")
}

// The scopes of the log page: with a person's eyes, as the Academy would show it, and one wire; what they hide is counted.
func TestLog_scopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	w.lab.setUp = 0
	_, page := w.get("/lab/log?as=alice%40academy")
	has(t, page, "As ActivityPub.Academy shows it to alice@academy", "hidden on this page", "It is a look-up, and only activities are shown.")
	_, page = w.get("/lab/log?wire=academy,masto")
	has(t, page, "masto")
	if ids, _ := rowsOf(t, page); len(ids) == 0 {
		t.Errorf("no row on a wire that was used, of %+v", s)
	}
	_, list := w.get("/api/orrery/v1/log?wire=academy,masto&limit=200")
	var rows []activitylog.Row
	if err := json.Unmarshal([]byte(list), &rows); err != nil || len(rows) == 0 {
		t.Fatalf("got %s (%v), want entries", list, err)
	}
	for _, r := range rows {
		ends := r.Server + " " + r.Peer
		if ends != "academy "+host("masto") && ends != "masto "+host("academy") {
			t.Errorf("entry %s is between %s", r.ID, ends)
		}
	}
	for _, path := range []string{"/lab/log?as=nobody", "/lab/log?wire=academy", "/lab/log/stream?as=nobody"} {
		if status, _ := w.get(path); status != 400 {
			t.Errorf("%s: got %d, want 400", path, status)
		}
	}
}
