package observatory

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/internal/clock"
	"orrery/scenarios/runs"
)

const little = `scenario "A little one"
about "One post."

servers
  academy runs mastodon-4.1
  techhub runs mastodon-4.1

people
  alice on academy
  berta on techhub

follows
  berta -> alice

step "Alice posts"
  predict "Will techhub get it?" = yes
  alice posts "Hello world" as hello
  settle
  expect delivery Create(hello) academy -> techhub because deliver.followers
  expect hello is on techhub

vary "Nobody follows her"
  without berta -> alice
  expect hello is not on techhub because why.no-route
`

// withRuns lets scenarios run beside w, and nobody see what they may not.
func (w *world) withRuns() *runs.Desk {
	w.o.Runs = runs.New(w.stores["academy"], clock.Real{}, rand.NewChaCha8([32]byte{1}), w.o.Slog)
	w.o.Runs.Dir = w.t.TempDir()
	w.t.Cleanup(w.o.Runs.Close)
	w.o.Lab = nil
	w.o.Viewer = func(*fiber.Ctx) (string, bool) { return "", false }
	return w.o.Runs
}

// visit is a browserless client with cookies of its own.
type visit struct {
	t      testing.TB
	base   string
	cookie string
}

func (v *visit) do(method, path, body string) (status int, answer string, header http.Header) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return v.send(req, http.DefaultClient.Do)
}

// send sends req with the cookie of the visit, and keeps the one that it is given.
func (v *visit) send(req *http.Request, by func(*http.Request) (*http.Response, error)) (status int, answer string, header http.Header) {
	v.t.Helper()
	if v.cookie != "" {
		req.Header.Set("Cookie", v.cookie)
	}
	res, err := by(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == visitorCookie {
			v.cookie = c.Name + "=" + c.Value
		}
	}
	return res.StatusCode, bodyText(v.t, res), res.Header
}

// post has a script run and returns its run.
func (v *visit) post(body any) runAnswer {
	v.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	status, answer, _ := v.do("POST", "/api/orrery/v1/runs", string(raw))
	var r runAnswer
	if err := json.Unmarshal([]byte(answer), &r); err != nil || status != 202 || len(r.ID) < 20 {
		v.t.Fatalf("got %d %s, want 202 and a run", status, answer)
	}
	return r
}

// ended waits for the end of a run.
func (v *visit) ended(id string) runAnswer {
	v.t.Helper()
	for range 2400 {
		_, answer, _ := v.do("GET", "/api/orrery/v1/runs/"+id, "")
		var r runAnswer
		if err := json.Unmarshal([]byte(answer), &r); err != nil {
			v.t.Fatalf("%v in %s", err, answer)
		}
		if r.State == runs.Ended {
			return r
		}
		<-time.After(50 * time.Millisecond)
	}
	v.t.Fatal("the run did not end within two minutes")
	return runAnswer{}
}

func TestRuns_ofVisitors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withRuns()
	one, other := &visit{t: t, base: w.serve()}, (*visit)(nil)
	other = &visit{t: t, base: one.base}
	id := one.post(map[string]any{"source": little, "name": "little.play"}).ID
	again := other.post(map[string]any{"source": little, "policy": "mastodon"}).ID
	r := one.ended(id)
	if r.Passed == nil || !*r.Passed || r.Result == nil || len(r.Result.Posts) != 1 || len(r.Result.Varies) != 1 || r.Source != little {
		t.Fatalf("got %+v, want a run that passed, with its post, vary and source", r)
	}
	other.ended(again)

	list := func(v *visit) string { _, s, _ := v.do("GET", "/api/orrery/v1/runs", ""); return s }
	if s := list(one); !strings.Contains(s, id) || strings.Contains(s, again) {
		t.Errorf("one visitor's list is %s, want %s and not %s", s, id, again)
	}
	if s := list(&visit{t: t, base: one.base}); s != "[]" {
		t.Errorf("a stranger's list is %s, want none", s)
	}

	post := url.QueryEscape(r.Result.Posts[0].URI)
	base := "/api/orrery/v1/runs/" + id
	_, log, _ := one.do("GET", base+"/log?kind=delivery&type=Create", "")
	var rows []activitylog.Row
	if err := json.Unmarshal([]byte(log), &rows); err != nil || len(rows) != 2 || rows[0].Run == nil || *rows[0].Run != id {
		t.Fatalf("the log is %s (%v), want both sides of one delivery, with the run", log, err)
	}
	if _, full, _ := one.do("GET", base+"/log/"+rows[0].ID, ""); !strings.Contains(full, "Hello world") || !strings.Contains(full, `"run":"`+id) {
		t.Errorf("the entry is %s, want its body", full)
	}
	if _, m, _ := one.do("GET", base+"/matrix", ""); !strings.Contains(m, `"delivered"`) {
		t.Errorf("the matrix is %s, want the post delivered", m)
	}
	_, why, _ := one.do("GET", base+"/why?server=techhub&object="+post, "")
	var a knowledge.Answer
	if err := json.Unmarshal([]byte(why), &a); err != nil || !a.Has || len(a.Evidence) == 0 {
		t.Errorf("why is %s (%v), want that it is there, with evidence", why, err)
	}
	if _, m, _ := one.do("GET", base+"/matrix?vary="+url.QueryEscape("Nobody follows her"), ""); strings.Contains(m, `"delivered"`) {
		t.Errorf("the vary's matrix is %s, want the post only where it was written", m)
	}
	for _, e := range exports {
		status, text, _ := one.do("GET", base+"/export?format="+e.name, "")
		if status != 200 || !strings.Contains(text, "hello") && !strings.Contains(text, "Hello") {
			t.Errorf("exported as %s: got %d %.200s", e.name, status, text)
		}
	}
	if status, _, _ := one.do("GET", base+"/export?format=pdf", ""); status != 400 {
		t.Errorf("an unknown format: got %d, want 400", status)
	}
	if status, _, _ := other.do("DELETE", base, ""); status != 403 {
		t.Errorf("deleted by somebody else: got %d, want 403", status)
	}
	if status, _, _ := one.do("DELETE", base, ""); status != 204 {
		t.Errorf("deleted: got %d, want 204", status)
	}
	for _, path := range []string{base, base + "/log", base + "/matrix", base + "/export"} {
		if status, s, _ := one.do("GET", path, ""); status != 404 {
			t.Errorf("%s of a deleted run: got %d %s, want 404", path, status, s)
		}
	}
	if s := list(other); !strings.Contains(s, again) {
		t.Errorf("the other visitor's list is %s, want %s", s, again)
	}
}

func TestRuns_badScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk := w.withRuns()
	v := &visit{t: t, base: w.serve()}
	bad := strings.Replace(strings.Replace(little, "berta -> alice", "berta -> alcie", 1), "as hello", "as", 1)
	raw, _ := json.Marshal(map[string]string{"source": bad})
	status, answer, _ := v.do("POST", "/api/orrery/v1/runs", string(raw))
	var got struct {
		Problems []struct {
			Line, Column int
			Message      string
			Text         string
		}
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil || status != 422 || len(got.Problems) < 2 {
		t.Fatalf("got %d %s, want 422 and all problems", status, answer)
	}
	if p := got.Problems[0]; p.Line != 13 || p.Column != 12 || !strings.Contains(p.Text, "^^^^^") {
		t.Errorf("the first problem is %+v, want line 13, column 12 with carets", p)
	}
	if _, list, _ := v.do("GET", "/api/orrery/v1/runs", ""); list != "[]" {
		t.Errorf("something was run: %s", list)
	}
	big, _ := json.Marshal(map[string]string{"source": little + "#" + strings.Repeat("x", desk.Source)})
	huge, _ := json.Marshal(map[string]string{"source": strings.Repeat("x", 3*desk.Source)})
	real, _ := json.Marshal(map[string]string{"source": strings.Replace(little, "about", "time real\nabout", 1)})
	for _, x := range []struct {
		name, body string
		want       int
	}{
		{"no JSON", "scenario", 400}, {"an unknown field", `{"script":"x"}`, 400}, {"nothing", `{}`, 422},
		{"no such scenario", `{"scenario":"nowhere"}`, 422}, {"no such policy", `{"scenario":"boost","policy":"friendica"}`, 422},
		{"what no server of people has", `{"scenario":"boost","policy":"relay"}`, 422},
		{"two scripts", `{"scenario":"boost","source":"x"}`, 422}, {"a seed that is none", `{"scenario":"boost","seed":-1}`, 422},
		{"too big", string(big), 422}, {"far too big", string(huge), 413}, {"the real clock", string(real), 422},
		{"a tree that is none", `{"tree":[1]}`, 422},
	} {
		if status, answer, _ := v.do("POST", "/api/orrery/v1/runs", x.body); status != x.want {
			t.Errorf("%s: got %d %s, want %d", x.name, status, answer, x.want)
		}
	}
}

// Too many at once wait, then are refused with a time to come back.
func TestRuns_queue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk := w.withRuns()
	desk.AtOnce, desk.Most, desk.Each = 0, 4, 3 // nothing begins, so that nothing ends before it is looked at
	v := &visit{t: t, base: w.serve()}
	var ids []string
	for range 3 {
		ids = append(ids, v.post(map[string]any{"source": little}).ID)
	}
	_, answer, _ := v.do("GET", "/api/orrery/v1/runs/"+ids[2], "")
	if !strings.Contains(answer, `"state":"queued"`) || !strings.Contains(answer, `"place":3`) {
		t.Errorf("the third run is %s, want it third in the queue", answer)
	}
	raw, _ := json.Marshal(map[string]string{"source": little})
	if status, _, h := v.do("POST", "/api/orrery/v1/runs", string(raw)); status != 429 || h.Get("Retry-After") == "" {
		t.Errorf("a fourth of one visitor: got %d, Retry-After %q, want 429 and a time", status, h.Get("Retry-After"))
	}
	other := &visit{t: t, base: v.base}
	other.post(map[string]any{"source": little})
	if status, _, h := (&visit{t: t, base: v.base}).do("POST", "/api/orrery/v1/runs", string(raw)); status != 503 || h.Get("Retry-After") == "" {
		t.Errorf("one too many: got %d, Retry-After %q, want 503 and a time", status, h.Get("Retry-After"))
	}
	for _, path := range []string{"/log", "/export"} {
		if status, _, _ := v.do("GET", "/api/orrery/v1/runs/"+ids[2]+path, ""); status != 409 {
			t.Errorf("%s of a run that waits: got %d, want 409", path, status)
		}
	}
	for _, id := range ids {
		if status, _, _ := v.do("DELETE", "/api/orrery/v1/runs/"+id, ""); status != 204 {
			t.Errorf("delete one that has not ended: got %d, want 204", status)
		}
	}
	if _, list, _ := v.do("GET", "/api/orrery/v1/runs", ""); list != "[]" {
		t.Errorf("after deleting all the list is %s", list)
	}
}

// A run can be taken back at any time: before it begins, under way, and when it has ended.
func TestRuns_deleted_at_any_time(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk := w.withRuns()
	desk.AtOnce = 1
	v := &visit{t: t, base: w.serve()}
	ended := v.post(map[string]any{"source": little}).ID
	v.ended(ended)
	slow := strings.Replace(little, "  settle\n", strings.Repeat("  settle\n  wait 20h\n", 40), 1)
	for _, id := range []string{ended, v.post(map[string]any{"source": slow}).ID, v.post(map[string]any{"source": slow}).ID} {
		if status, _, _ := v.do("DELETE", "/api/orrery/v1/runs/"+id, ""); status != 204 {
			t.Errorf("delete %s: got %d, want 204", id, status)
		}
	}
	if _, list, _ := v.do("GET", "/api/orrery/v1/runs", ""); list != "[]" {
		t.Errorf("after deleting all the list is %s", list)
	}
}

// A script that goes on for ever stops at a limit, and says at which line.
func TestRuns_limits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk := w.withRuns()
	desk.Limits.Requests, desk.Bytes = 10, 2000
	v := &visit{t: t, base: w.serve()}
	r := v.ended(v.post(map[string]any{"source": little}).ID)
	if *r.Passed || !strings.Contains(r.Result.Stopped, "script.play:16: the run was stopped: the servers made more than 10 requests") {
		t.Errorf("stopped: %q, want the line that made too many requests", r.Result.Stopped)
	}
	if r.Result.Unkept == "" {
		t.Error("a log that is too big was kept")
	}
	if status, page, _ := v.do("GET", "/lab/run/"+r.ID, ""); status != 200 || !strings.Contains(page, "script.play:16: the run was stopped: the servers made more than 10 requests") {
		t.Errorf("the page of the run (%d) does not say which line reached which limit", status)
	}
	if status, _, _ := v.do("GET", "/api/orrery/v1/runs/"+r.ID+"/log", ""); status != 404 {
		t.Errorf("the log that was not kept: got %d, want 404", status)
	}
}

func bodyText(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
