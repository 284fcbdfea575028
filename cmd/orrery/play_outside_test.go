package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

const twoReal = `scenario "Two real servers"

servers
  academy runs mastodon-4.1
  techhub runs mastodon-4.1

people
  alice on academy
  berta on techhub

follows
  berta -> alice

step "Alice posts, Berta answers"
  alice posts "Hello world" as hello
  settle
  expect hello is on academy, techhub
  expect hello is on techhub because accept.follows-author
  expect delivery Create(hello) academy -> techhub
  stop techhub
  wait 1h
  berta replies to hello with "@alice Hi" as r1
  berta likes hello
  settle
  expect r1 is on academy
  expect likes of hello: academy 1, techhub 1
  expect replies of hello: academy 1
  alice posts "Only here" as quiet visibly direct
  settle
  expect quiet is not on techhub
`

// deedsReal is what apps can do and show besides posts and likes.
const deedsReal = `scenario "What apps can do"

servers
  academy runs mastodon
  techhub runs mastodon

people
  alice on academy
  berta on techhub

follows
  berta -> alice

step "A poll and a quote"
  alice posts "Tea or coffee?" as tea poll "Tea", "Coffee"
  settle
  berta votes for "Tea" in tea
  settle
  expect votes of tea: academy 1
  expect votes for "Tea" in tea: academy 1
  berta quotes tea with "Look at this" as q
  settle
  expect q is on techhub
  expect alice is notified of quote by berta

step "A profile"
  alice pins tea
  settle
  expect tea is pinned on academy
  alice edits tea to "Tea, or coffee?"
  settle
  expect tea is edited on academy, techhub
  expect tea shows "Tea, or coffee?" on techhub
  expect tea is in home timeline of berta
  expect followers of alice: academy 1
  alice unpins tea
  settle
  expect tea is not pinned on academy

step "Somebody is muted, somebody is blocked"
  berta follows tag tea
  berta mutes alice
  expect berta is muting alice
  berta unmutes alice
  expect berta is not muting alice
  alice blocks berta
  settle
  expect alice is blocking berta
  expect berta is not following alice
  alice moves to berta
  expect tea is deleted on academy

vary "Alone"
  without berta -> alice
  expect tea is not on techhub
`

// runReal has the program itself, as a process, run a script against servers.
func runReal(t *testing.T, script string, servers, tokens map[string]string, more ...string) (out string, code int) {
	t.Helper()
	dir := t.TempDir()
	file, names := filepath.Join(dir, "real.play"), filepath.Join(dir, "tokens")
	var lines []string
	args := []string{"play", "run", "--all", "--quiet", "1s", "--tokens", names}
	for name, token := range tokens {
		lines = append(lines, name+" "+token)
	}
	for name, url := range servers {
		args = append(args, "--server", name+"="+url)
	}
	for path, text := range map[string]string{file: script, names: "# tokens\n" + strings.Join(lines, "\n") + "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), program(t), append(append(args, more...), file)...)
	both, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(both), cmd.ProcessState.ExitCode()
}

// A script is run against two `orrery serve`, each in a process of its own, over their client API.
func TestPlayRun_againstRealServers(t *testing.T) {
	t.Parallel()
	academy, alice := real(t, "alice")
	techhub, berta := real(t, "berta")
	servers := map[string]string{"academy": academy, "techhub": techhub}
	tokens := map[string]string{"alice": alice, "berta": berta}
	out, code := runReal(t, twoReal, servers, tokens)
	for _, want := range []string{
		"PASS", "ok ", "expect hello is on academy, techhub", "real servers do not tell", "real servers show no log", "cannot be changed from here",
		"longer than a run may wait", "academy 1, techhub 1",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if code != 0 || t.Failed() {
		t.Fatalf("exit %d, want 0:\n%s", code, out)
	}
	if strings.Contains(out, alice) || strings.Contains(out, berta) {
		t.Error("a token is printed")
	}
	wrong := strings.Replace(twoReal, "expect r1 is on academy", "expect r1 is not on academy", 1)
	if out, code := runReal(t, wrong, servers, tokens); code != 1 || !strings.Contains(out, "r1 is on academy") {
		t.Errorf("what does not hold: exit %d, want 1:\n%s", code, out)
	}
	out, code = runReal(t, deedsReal, servers, tokens)
	for _, want := range []string{
		"real.play:51  expect tea is deleted on academy", "only a log tells", "apps cannot do it", "real servers remember", `berta to alice on techhub: following, muting`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the report of deeds lacks %q", want)
		}
	}
	if n := strings.Count(out, "SKIP "); code != 0 || n != 3 || t.Failed() {
		t.Fatalf("exit %d and %d lines skipped, want 0 and 3:\n%s", code, n, out)
	}
	if out, code := runReal(t, twoReal, map[string]string{"academy": academy}, tokens); code != 2 || !strings.Contains(out, "--server techhub=") {
		t.Errorf("a server that is not given: exit %d, want 2 and what to give:\n%s", code, out)
	}
	delete(tokens, "berta")
	if out, code := runReal(t, twoReal, servers, tokens); code != 2 || !strings.Contains(out, "no access token for berta") {
		t.Errorf("a token that is not given: exit %d, want 2 and what to give:\n%s", code, out)
	}
}

// A server that begins to answer nonsense, or not at all, leaves what is asked of it open: nothing has passed.
func TestPlayRun_wrongAnswersAreInconclusive(t *testing.T) {
	t.Parallel()
	academy, alice := real(t, "alice")
	for name, spoil := range map[string]http.HandlerFunc{
		"nonsense": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>Hello</html>")) },
		"a fault":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"nothing":  func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			var posted atomic.Bool
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if posted.Load() && strings.Contains(r.URL.Path, "search") {
					spoil(w, r)
					return
				}
				forward(t, w, r, academy)
				if r.Method == http.MethodPost {
					posted.Store(true)
				}
			}))
			defer front.Close()
			script := `scenario "One"

servers
  academy runs mastodon-4.1

people
  alice on academy

step "Alice posts"
  alice posts "Hello world" as hello
  expect hello is on academy
  expect hello is not on academy
`
			out, code := runReal(t, script, map[string]string{"academy": front.URL}, map[string]string{"alice": alice})
			if code != 1 || strings.Count(out, "OPEN ") < 2 || !strings.Contains(out, "did not answer as it should") {
				t.Errorf("exit %d, want 1 and both checks open:\n%s", code, out)
			}
		})
	}
}

// forward lets another server answer.
func forward(t *testing.T, w http.ResponseWriter, r *http.Request, origin string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, origin+r.URL.RequestURI(), r.Body)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header, req.ContentLength = r.Header.Clone(), r.ContentLength
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return
	}
	defer res.Body.Close()
	w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

// real is a server in a process of its own, with one person and their token.
func real(t *testing.T, name string) (origin, token string) {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds the program")
	}
	database := "sqlite:" + filepath.Join(t.TempDir(), "orrery.db")
	p := serveOn(t, name, "correct horse battery", database, "--policy", "mastodon")
	out, err := exec.CommandContext(t.Context(), program(t), "account", "token", name, "--origin", p.origin, "--database", database).Output()
	if err != nil {
		t.Fatalf("a token for %s: %v", name, err)
	}
	return p.origin, strings.TrimSpace(string(out))
}

func program(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
