package observatory

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"orrery/activitylog"
)

// ask makes one request to the observatory on academy's host.
func (w *world) ask(t testing.TB, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req := httptest.NewRequest(method, "http://"+host("academy")+path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.app().Test(req, -1)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

// rowsOf are the entries that stand in a page, top down, as "#id kind-of-row".
func rowsOf(t testing.TB, page string) (ids, folds []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader("<table>" + page + "</table>"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data != "tr" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "id" {
				ids = append(ids, strings.TrimPrefix(a.Val, "e-"))
			}
			if a.Key == "data-fold" {
				folds = append(folds, a.Val)
			}
		}
	}
	return ids, folds
}

func has(t testing.TB, page string, want ...string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(page, s) {
			t.Errorf("page lacks %q; it is\n%.3000s", s, page)
		}
	}
}

func TestLogPageTellsTheStory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	w.fanOut(12)

	res, page := w.ask(t, "GET", "/lab/log?server=", "")
	if res.StatusCode != 200 {
		t.Fatalf("status %d, want 200", res.StatusCode)
	}
	has(t, page,
		"academy sent alice’s post “Hello world” to techhub, because berta and blaine there follow alice.",
		"academy passed berta’s reply “@alice Hello alice” on to masto, because canon there follows alice, whose post it answers.",
		"carried by alice · written by berta",
		"masto sent Create(Note) to 12 inboxes, 1 failed",
		"set-up of the lab: 1 entry",
		"academy refused mallory@evil.test’s like of a post by alice from evil.test (401): the body is not the one that was signed: its digest differs.",
		"gone.example could not be reached: dial tcp 203.0.113.7:443: connection refused. It is tried again on 21 November at 09:01:40 UTC.",
		`sse-connect="/lab/log/stream?since=`)
	_, folds := rowsOf(t, page)
	if got := strings.Join(folds, " "); !strings.HasPrefix(got, "fan-out ") || !strings.HasSuffix(got, " set-up") || !strings.Contains(got, "lookups-masto") {
		t.Errorf("folds = %s, want a fan-out on top, look-ups by masto, and the set-up last", got)
	}
	ids, _ := rowsOf(t, page)
	for _, id := range ids {
		if id == s.received.String() {
			t.Errorf("the whole lab shows entry %s, the receiver's side of entry %d, want each request once", id, s.sent)
		}
	}

	_, page = w.ask(t, "GET", "/lab/log", "") // academy's own page is academy's point of view
	ids, _ = rowsOf(t, page)
	if strings.Contains(strings.Join(ids, " "), s.taken.String()+" ") {
		t.Errorf("academy's log shows masto's entry %d", s.taken)
	}
	has(t, page, `<option value="academy" selected`)
}

func TestLogPageFiltersAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	_, rows := w.ask(t, "GET", "/lab/log/rows?server=&outcome=rejected", "")
	if ids, _ := rowsOf(t, rows); len(ids) != 1 || ids[0] != s.refused.String() {
		t.Errorf("rejected = %v, want entry %d", ids, s.refused)
	}
	_, rows = w.ask(t, "GET", "/lab/log/rows?server=&before="+s.reply.String(), "")
	if ids, _ := rowsOf(t, rows); len(ids) == 0 || atoi(t, ids[0]) >= int64(s.reply) {
		t.Errorf("before %d = %v, want only older ones", s.reply, ids)
	}
	res, page := w.ask(t, "GET", "/lab/log?direction=sideways", "")
	if res.StatusCode != 400 {
		t.Errorf("unknown direction: status %d, want 400", res.StatusCode)
	}
	has(t, page, "direction is one of in, out, local.")
}

func atoi(t testing.TB, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEntryPageTellsEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	_, page := w.ask(t, "GET", "/lab/e/"+s.forwarded.String(), "")
	has(t, page, "<title>Log entry "+s.forwarded.String(), "How masto took it", "HTTP signature by alice holds",
		"Written by berta, by the document’s own signature", "It was passed on by somebody whom a person here follows.", "accept.relayed-by-followed",
		"federation.md §4.1 (a)", "Because of", "POST /inbox HTTP/1.1", "43195 seconds inside the time window", "(request-target): post /inbox",
		"Document signature", `href="/lab/log?q=http%3A%2F%2Ftechhub.localhost%3A8080%2Fusers%2Fberta"`)
	_, drawer := w.ask(t, "GET", "/lab/e/"+s.refused.String(), "", "HX-Request", "true")
	if strings.Contains(drawer, "<html") {
		t.Errorf("the drawer is a whole page: %.200s", drawer)
	}
	has(t, drawer, "✗ different", "The body is not the one that was signed: its digest differs.", "HTTP/1.1 401 Unauthorized")
	_, action := w.ask(t, "GET", "/lab/e/"+s.post.String(), "")
	has(t, action, "alice posted “Hello world”.", "To be delivered to techhub, for berta and blaine", "It led to 3 requests")

	for _, id := range []string{"999999", "abc", "0", "-1", "99999999999999999999", "%00"} {
		res, page := w.ask(t, "GET", "/lab/e/"+id, "")
		if res.StatusCode != 404 {
			t.Errorf("GET /lab/e/%s: status %d, want 404", id, res.StatusCode)
		}
		has(t, page, "The log has no such entry")
	}
}

func TestHostileBodiesBreakNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	for name, body := range map[string]string{
		"not UTF-8":      "{\"type\":\"\xff\xfe\",\"actor\":\"https://evil.test/\xff\"}",
		"NUL":            "{\"type\":\"Cre\x00ate\"}\x00",
		"HTML":           `{"type":"<script>alert(1)</script>","actor":"https://evil.test/users/<img src=x>","object":"javascript:alert(1)"}`,
		"deep":           deep,
		"too deep":       strings.Repeat("[", 500000),
		"wide":           "[" + strings.Repeat("1,", 500000) + "1]",
		"one string":     `{"type":"` + strings.Repeat("a", 1<<20-20) + `"}`,
		"one key":        `{"` + strings.Repeat("k", 1<<20-20) + `":1}`,
		"blanks":         "{" + strings.Repeat(" ", 1<<20-10) + "}",
		"direction mark": "{\"type\":\"Create\u202e\",\"content\":\"\u202eevil\"}",
		"empty":          "",
	} {
		id := w.hostile(body)
		for _, path := range []string{"/lab/e/" + id.String(), "/lab/log?server=", "/api/orrery/v1/log/" + id.String(), "/api/orrery/v1/log"} {
			res, page := w.ask(t, "GET", path, "")
			if res.StatusCode != 200 {
				t.Errorf("%s: GET %s: status %d, want 200", name, path, res.StatusCode)
			}
			if strings.HasPrefix(path, "/lab/") && len(page) > 700<<10 {
				t.Errorf("%s: GET %s: %d bytes, want a page that is cut", name, path, len(page))
			}
			if strings.Contains(page, "<script>alert") || strings.Contains(page, "\x00") || strings.Contains(page, "\u202e") && strings.HasPrefix(path, "/lab") {
				t.Errorf("%s: GET %s: the body reaches the page as it is", name, path)
			}
		}
		res, raw := w.ask(t, "GET", "/lab/e/"+id.String()+"/request.txt", "")
		if raw != body || res.Header.Get("Content-Type") != "text/plain" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: raw body: %d bytes as %s, %s; want the %d bytes as an attachment in text/plain", name, len(raw),
				res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition"), len(body))
		}
	}
}

func TestTraceFollowsAnActionAcrossServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.story()
	_, panel := w.ask(t, "GET", "/lab/trace?actor="+actor("berta", "techhub"), "")
	has(t, panel, "berta answered alice “@alice Hello alice”.", "Stored on techhub", "because it names alice",
		"academy passed berta’s reply", "masto asked techhub for the address of berta", "3 look-ups in a row", "Open in the log")
	_, panel = w.ask(t, "GET", "/lab/trace?actor=https://nobody.test/", "")
	has(t, panel, "Write a post, follow somebody")
}

func TestLabHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, page := w.ask(t, "GET", "/lab", "")
	has(t, page, "Sign in as alice", `value="blaine@techhub"`, "Everyone follows alice", "canon follows alice", "canon follows berta only", "/tmp/orrery-lab", "Delete everything and start afresh")

	own := []string{"Origin", "http://" + host("academy"), "Content-Type", "application/x-www-form-urlencoded"}
	res, _ := w.ask(t, "POST", "/lab/enter", "person=alice%40academy", own...)
	if got := res.Header.Get("Location"); res.StatusCode != 303 || got != "http://academy.localhost:8080/lab/enter?ticket=t1" {
		t.Errorf("enter: %d to %s, want 303 to the ticket's address", res.StatusCode, got)
	}
	res, _ = w.ask(t, "GET", "/lab/enter?ticket=t1", "")
	if got := res.Header.Get("Set-Cookie"); res.StatusCode != 303 || got != "orrery_session=cookie-of-academy.localhost:8080; path=/; HttpOnly; SameSite=Lax" {
		t.Errorf("ticket: %d with cookie %q, want 303 and a host-only, HttpOnly, SameSite=Lax cookie", res.StatusCode, got)
	}
	res, page = w.ask(t, "GET", "/lab/enter?ticket=used", "")
	if res.StatusCode != 403 {
		t.Errorf("used ticket: status %d, want 403", res.StatusCode)
	}
	has(t, page, "works once")
	if res, _ = w.ask(t, "POST", "/lab/graph", "graph=canon", own...); res.StatusCode != 303 || w.lab.graph != "canon" {
		t.Errorf("graph: %d, now %q, want 303 and canon", res.StatusCode, w.lab.graph)
	}
	for name, header := range map[string][]string{
		"no header":    {"Content-Type", "application/x-www-form-urlencoded"},
		"other origin": {"Origin", "https://evil.test"},
		"null origin":  {"Origin", "null"},
		"cross-site":   {"Sec-Fetch-Site", "cross-site"},
		"sibling host": {"Origin", "http://" + host("techhub"), "Sec-Fetch-Site", "same-site"},
	} {
		if res, _ := w.ask(t, "POST", "/lab/reset", "", header...); res.StatusCode != 403 || w.lab.resets != 0 {
			t.Errorf("reset with %s: status %d, %d resets, want 403 and none", name, res.StatusCode, w.lab.resets)
		}
	}
	if res, _ := w.ask(t, "POST", "/lab/reset", "", "Sec-Fetch-Site", "same-origin"); res.StatusCode != 303 || w.lab.resets != 1 {
		t.Errorf("reset by our own page: status %d, %d resets, want 303 and one", res.StatusCode, w.lab.resets)
	}
}

func TestPrivateEntriesAreForThoseConcerned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.o.Lab = nil
	alice, berta := actor("alice", "academy"), actor("berta", "techhub")
	secret := activitylog.Summary{ID: "urn:1", Type: "Create", Actor: berta, ObjectType: "Note", Object: "urn:2", To: []string{alice}}
	_, in := w.deliver("techhub", "academy", secret, berta, "deliver.mention", 0, 0, activitylog.State{Outcome: "accepted"})
	for who, want := range map[string]int{"": 404, actor("canon", "masto"): 404, alice: 200, berta: 200} {
		w.o.Viewer = func(*fiber.Ctx) (string, bool) { return who, false }
		for _, path := range []string{"/lab/e/", "/api/orrery/v1/log/"} {
			if res, _ := w.ask(t, "GET", path+in.String(), ""); res.StatusCode != want {
				t.Errorf("%s%d for %q: status %d, want %d", path, in, who, res.StatusCode, want)
			}
		}
		_, list := w.ask(t, "GET", "/api/orrery/v1/log", "")
		if got := strings.Contains(list, "urn:1"); got != (want == 200) {
			t.Errorf("list for %q shows the private post: %v", who, got)
		}
	}
}
