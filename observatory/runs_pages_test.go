package observatory

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"orrery/scenarios"
)

// form sends a form as a page of this site does, and does not follow where it leads.
func (v *visit) form(path string, fields url.Values) (status int, page, location string) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), "POST", v.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", v.base)
	status, page, header := v.send(req, http.DefaultTransport.RoundTrip)
	return status, page, header.Get("Location")
}

func TestScenarioPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withRuns()
	v := &visit{t: t, base: w.serve()}
	_, page, _ := v.do("GET", "/lab/scenarios", "")
	for _, s := range scenarios.Shipped() {
		has(t, page, `href="/lab/scenarios/`+s.Name+`"`)
	}
	_, page, _ = v.do("GET", "/lab/scenarios/forwarded-reply", "")
	has(t, page, "Which servers will show this reply?", "mastodon-4.1", `name="policies"`, "from=forwarded-reply")
	hasNot(t, page, "= academy, techhub, masto") // the answer
	_, page, _ = v.do("GET", "/lab/scenarios/new?from=forwarded-reply", "")
	has(t, page, "copy-of-forwarded-reply.play", "Which servers will show this reply?")
	if status, _, _ := v.do("GET", "/lab/scenarios/nowhere", ""); status != 404 {
		t.Errorf("no such scenario: got %d, want 404", status)
	}
	_, page, _ = v.do("GET", "/lab/runs", "")
	has(t, page, "No run yet", "Of each person the newest 200 stay.")

	bad := strings.Replace(little, "berta -> alice", "berta -> alcie # <b>", 1)
	status, page, _ := v.form("/lab/runs", url.Values{"source": {strings.ReplaceAll(bad, "\n", "\r\n")}, "name": {"mine.play"}})
	if status != 422 {
		t.Errorf("a script with mistakes: got %d, want 422", status)
	}
	has(t, page, "nothing was run", "Line 13, column 12", "^^^^^", "mine.play", "alcie # &lt;b&gt;")
	w.o.Runs.Each = 0
	if status, page, _ := v.form("/lab/runs", url.Values{"scenario": {"boost"}}); status != 429 || !strings.Contains(page, "Ask again in") {
		t.Errorf("no room: got %d, want 429 and when to ask again", status)
	}
}

func TestRunPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withRuns()
	v := &visit{t: t, base: w.serve()}
	status, _, at := v.form("/lab/runs", url.Values{"source": {little}, "name": {"mine.play"}, "seed": {"7"}})
	if status != 303 || !strings.HasPrefix(at, "/lab/run/") {
		t.Fatalf("got %d to %q, want a way to the run", status, at)
	}
	id := strings.TrimPrefix(at, "/lab/run/")
	v.ended(id)
	_, page, _ := v.do("GET", at, "")
	has(t, page, "everything holds", "Think first.", "Will techhub get it?", "Show what happened", "What proves it", "Who sent what to whom", `class="lanes"`,
		"written here", "delivered", "Nobody follows her", "so it is", "seed 7", "format=archive", at+"/v/1/matrix", at+"/delete")
	if first, answer := strings.Index(page, "Show what happened"), strings.Index(page, "<b>yes</b>"); answer < first || answer < 0 {
		t.Errorf("the answer stands at %d, before the reader asks for it at %d", answer, first)
	}
	follow := func(pattern string) string {
		t.Helper()
		m := regexp.MustCompile(pattern).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no link %s in\n%.3000s", pattern, page)
		}
		status, s, _ := v.do("GET", strings.ReplaceAll(m[1], "&amp;", "&"), "")
		if status != 200 {
			t.Fatalf("%s: got %d", m[1], status)
		}
		return s
	}
	has(t, follow(`href="(`+at+`/e/[0-9]+)"`), "Permalink", at+"/e/", at+"/log")
	has(t, follow(`href="(`+at+`/why\?[^"]*server=techhub[^"]*)"`), "The rule that decided", at+"/e/")
	has(t, follow(`href="(`+at+`/matrix)"`), "One change earlier", at+"/matrix?")
	log := follow(`href="(` + at + `/log)"`)
	has(t, log, at+"/e/", `action="`+at+`/log"`)
	hasNot(t, log, "sse-connect", `href="/lab/e/`)
	has(t, follow(`href="(`+at+`/v/1/log)"`), at+"/v/1/e/")
	if status, _, _ := v.do("GET", at+"/v/9/log", ""); status != 404 {
		t.Errorf("a vary that is none: got %d, want 404", status)
	}
	_, list, _ := v.do("GET", "/lab/runs", "")
	has(t, list, "A little one", at)
	stranger := &visit{t: t, base: v.base}
	_, theirs, _ := stranger.do("GET", "/lab/runs", "")
	hasNot(t, theirs, at)
	_, seen, _ := stranger.do("GET", at, "")
	has(t, seen, "everything holds")
	hasNot(t, seen, "/delete")
	if status, _, _ := stranger.form(at+"/delete", nil); status != 403 {
		t.Errorf("deleted by a stranger: got %d, want 403", status)
	}

	status, _, beside := v.form("/lab/compare", url.Values{"run": {id}, "policies": {"mastodon-4.1", "gotosocial"}})
	if status != 303 {
		t.Fatalf("compare: got %d, want 303", status)
	}
	for _, r := range regexp.MustCompile(`run=([^&]+)`).FindAllStringSubmatch(beside, -1) {
		v.ended(r[1])
	}
	_, page, _ = v.do("GET", beside, "")
	has(t, page, "What it cost", "mastodon-4.1", "gotosocial", "hello", "techhub", "2 of 2")
	if _, s, _ := v.do("GET", strings.Replace(beside, "/lab/compare", "/api/orrery/v1/runs/compare", 1), ""); !strings.Contains(s, `"differences"`) {
		t.Errorf("compared as JSON: %s", s)
	}
	for _, q := range []string{"", "?run=" + id, "?run=x&run=y"} {
		if status, _, _ := v.do("GET", "/lab/compare"+q, ""); status != 400 && status != 404 {
			t.Errorf("compare%s: got %d, want a refusal", q, status)
		}
	}
	if status, _, to := v.form(at+"/delete", nil); status != 303 || to != "/lab/runs" {
		t.Errorf("deleted: got %d to %s", status, to)
	}
	if status, _, _ := v.do("GET", at, ""); status != 404 {
		t.Errorf("a deleted run: got %d, want 404", status)
	}
}

// A run that fails shows which line, what was found, and what came nearest.
func TestRunPage_ofAFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk := w.withRuns()
	desk.AtOnce = 0 // nothing begins
	v := &visit{t: t, base: w.serve()}
	wrong := strings.Replace(little, "expect hello is on techhub\n", "expect hello is not on techhub\n", 1)
	id := v.post(map[string]any{"source": wrong}).ID
	_, page, _ := v.do("GET", "/lab/run/"+id, "")
	has(t, page, "number 1", "/progress", "http-equiv=\"refresh\"", "Stop it")
	_, part, _ := v.do("GET", "/lab/run/"+id+"/progress", "")
	has(t, part, "waiting, number 1")
	desk.AtOnce = 1
	again := v.post(map[string]any{"source": wrong}).ID
	v.ended(again)
	_, page, _ = v.do("GET", "/lab/run/"+again, "")
	has(t, page, "not everything holds", "✗", "failed")
	_, _, h := v.do("GET", "/lab/run/"+again+"/progress", "")
	if h.Get("HX-Refresh") != "true" {
		t.Error("the progress of a run that has ended does not ask for the page anew")
	}
}

// What was done in a lab by hand can be saved, or taken into the editor; where there is no lab, it cannot.
func TestLab_script(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if status, s := w.get("/api/orrery/v1/lab.play"); status != 200 || s != little {
		t.Errorf("got %d %s, want the script", status, s)
	}
	_, page := w.get("/lab/scenarios/new?from=lab")
	has(t, page, "lab.play", "alice posts")
	_, page = w.get("/lab")
	has(t, page, "/api/orrery/v1/lab.play", "from=lab")
	w.o.Lab = nil
	if status, _ := w.get("/api/orrery/v1/lab.play"); status != 404 {
		t.Errorf("without a lab: got %d, want 404", status)
	}
}

// The log of a run can be read with the eyes of each of its people, as the live log; what they do not see is counted.
func TestRunPages_scopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withRuns()
	v := &visit{t: t, base: w.serve()}
	id := v.post(map[string]any{"source": little, "name": "little.play"}).ID
	v.ended(id)
	at := "/lab/run/" + id
	_, whole, _ := v.do("GET", at+"/log", "")
	has(t, whole, `<option value="alice@academy">`, `<option value="berta@techhub">`, `<option value="academy,techhub">`)
	_, berta, _ := v.do("GET", at+"/log?as=berta%40techhub", "")
	has(t, berta, "As ActivityPub.Academy shows it to berta@techhub", "Hello world", "hidden on this page", "It is a look-up, and only activities are shown.")
	_, vary, _ := v.do("GET", at+"/v/1/log?as=berta%40techhub", "")
	has(t, vary, "As ActivityPub.Academy shows it to berta@techhub")
	hasNot(t, vary, "Hello world") // she follows nobody there
	if status, page, _ := v.do("GET", at+"/log?as=nobody", ""); status != 400 {
		t.Errorf("nobody's eyes: got %d %.300s, want 400", status, page)
	}
}

// What would have changed an answer is tried out in runs of their own, and the page says honestly what came of it.
func TestRunPages_tryOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withRuns()
	v := &visit{t: t, base: w.serve()}
	alone := strings.Replace(little, "berta -> alice", "alice -> berta", 1)
	alone = strings.Replace(alone[:strings.Index(alone, "vary")], "  expect delivery Create(hello) academy -> techhub because deliver.followers\n  expect hello is on techhub\n", "", 1)
	id := v.post(map[string]any{"source": alone, "name": "alone.play"}).ID
	post := v.ended(id).Result.Posts[0].URI
	why := "/lab/run/" + id + "/why?" + url.Values{"object": {post}, "server": {"techhub"}}.Encode()
	_, page, _ := v.do("GET", why, "")
	has(t, page, "does not have it", "If anyone on techhub followed alice, it would be there.", "That is not verified yet.", "Try it out")

	desk := w.withRuns()
	desk.AtOnce = 0 // it waits, so that there is something to see
	status, _, at := v.form(why, nil)
	if status != 303 || !strings.HasPrefix(at, "/lab/run/"+id+"/why?") {
		t.Fatalf("got %d to %q, want back to the answer", status, at)
	}
	_, page, _ = v.do("GET", at, "")
	has(t, page, "number 1 in the queue", "/why/trial?")
	hasNot(t, page, "Try it out</button>")
	trial := strings.Replace(at, "/why?", "/why/trial?", 1)
	if status, part, _ := v.do("GET", trial, ""); status != 200 || !strings.Contains(part, "number 1 in the queue") {
		t.Errorf("its progress: got %d %s", status, part)
	}
	if _, list, _ := v.do("GET", "/lab/runs", ""); strings.Count(list, `name="run"`) != 1 {
		t.Error("the question stands in the list of runs")
	}
	desk.AtOnce = 1
	v.ended(v.post(map[string]any{"source": little}).ID) // the question was before it
	if status, _, h := v.do("GET", trial, ""); status != 204 || h.Get("HX-Refresh") != "true" {
		t.Errorf("its progress when it has ended: got %d, HX-Refresh %q, want the page to be loaded anew", status, h.Get("HX-Refresh"))
	}
	_, page, _ = v.do("GET", at, "")
	has(t, page, "✓ verified", "If anyone on techhub followed alice, it would be there.", "it came out otherwise")
	if status, answer, _ := v.do("POST", "/api/orrery/v1"+strings.TrimPrefix(strings.Replace(at, "/run/", "/runs/", 1), "/lab"), ""); status != 200 || !strings.Contains(answer, `"state":"ended"`) || !strings.Contains(answer, `"verified":true`) {
		t.Errorf("through the API: got %d %s, want it verified", status, answer)
	}
	if status, answer, _ := v.do("POST", "/api/orrery/v1/runs/"+id+"/why?object=https%3A%2F%2Fnowhere.test%2F1&server=techhub", ""); status != 404 {
		t.Errorf("about a post that is none: got %d %s, want 404", status, answer)
	}
	if status, page, _ := v.form(strings.Replace(why, "server=techhub", "server=academy", 1), nil); status != 409 {
		t.Errorf("of what nothing would change: got %d %.300s, want 409", status, page)
	}
}
