package api

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"orrery/social"
)

// docs/api-coverage.md is written from testdata/endpoints.tsv, which lists what Mastodon has, and from what the tests of
// this package did: an endpoint is "full" when a test called it and got a success. testdata/coverage.tsv says the rest:
// which test of another package proves what is not tested here, what is absent by choice and how that is answered, and notes.

const coveragePage = "../../docs/api-coverage.md"

// coverage is which tests called which endpoint with success, by method and shape of the path.
type coverage struct {
	mu    sync.Mutex
	tests map[string]map[string]bool
}

// called is the one variable of these tests: what they did is compared when all are over.
var called = coverage{tests: map[string]map[string]bool{}}

func (c *coverage) add(test, endpoint string) {
	test, _, _ = strings.Cut(test, "/")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tests[endpoint] == nil {
		c.tests[endpoint] = map[string]bool{}
	}
	c.tests[endpoint][test] = true
}

// TestMain writes docs/api-coverage.md with -update and else compares it, once all tests of the package ran and held.
func TestMain(m *testing.M) {
	update := flag.Bool("update", false, "write docs/api-coverage.md anew instead of comparing with it")
	flag.Parse()
	code := m.Run()
	if code == 0 && everythingRan() {
		if err := called.compare(*update); err != nil {
			fmt.Fprintln(os.Stderr, "FAIL: docs/api-coverage.md:", err)
			code = 1
		}
	}
	os.Exit(code)
}

func everythingRan() bool {
	for _, name := range []string{"run", "skip", "list", "fuzz", "bench"} {
		if flag.Lookup("test."+name).Value.String() != "" {
			return false
		}
	}
	return true
}

func (c *coverage) compare(update bool) error {
	old, err := os.ReadFile(coveragePage)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	page, unproved, err := c.page(string(old))
	if err != nil {
		return err
	}
	if update {
		err = os.WriteFile(coveragePage, []byte(page), 0o644)
	} else if page != string(old) {
		err = errors.New("it does not say what the tests show: run make generate, and read the difference")
	}
	if len(unproved) > 0 {
		err = errors.Join(err, fmt.Errorf("no test calls with success: %s", strings.Join(unproved, ", ")))
	}
	return err
}

// remark is a line of coverage.tsv.
type remark struct{ proof, note string }

func remarks() (map[string]remark, error) {
	rows, err := table("testdata/coverage.tsv")
	if err != nil {
		return nil, err
	}
	out := map[string]remark{}
	for _, r := range rows {
		out[r[0]+" "+shape(r[1])] = remark{r[2], r[3]}
	}
	return out, nil
}

// absent is how an endpoint answers that is absent by choice: "absent 404", "absent 200 []".
func (r remark) absent() (status int, body string, ok bool) {
	rest, ok := strings.CutPrefix(r.proof, "absent ")
	code, body, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	return status, body, ok && err == nil
}

var rowOfPage = regexp.MustCompile("(?m)^\\| ([A-Z]+) \\| `([^`]+)` \\| P\\d \\| full \\| `([^`]+)` ")

// page is the page, and what is served but not proved. Of several tests that prove an endpoint it keeps the one that old names.
func (c *coverage) page(old string) (page string, unproved []string, err error) {
	rows, err := table("testdata/endpoints.tsv")
	if err != nil {
		return "", nil, err
	}
	said, err := remarks()
	if err != nil {
		return "", nil, err
	}
	named := map[string]string{}
	for _, m := range rowOfPage.FindAllStringSubmatch(old, -1) {
		named[m[1]+" "+m[2]] = m[3]
	}
	var b strings.Builder
	count := map[string]map[string]int{"P0": {}, "P1": {}, "P2": {}}
	for _, r := range rows {
		method, path, priority := r[0], r[1], r[5]
		endpoint := method + " " + shape(path)
		x, state, proof := said[endpoint], "missing", ""
		delete(said, endpoint)
		tests := slices.Sorted(maps.Keys(c.tests[endpoint]))
		_, _, byChoice := x.absent()
		switch at := method + " " + path; {
		case byChoice:
			state, proof = "absent by choice", "TestCoverage_whatIsAbsent"
		case slices.Contains(tests, named[at]):
			state, proof = "full", named[at]
		case len(tests) > 0:
			state, proof = "full", tests[0]
		case x.proof != "":
			state, proof = "full", x.proof
		case served(endpoint):
			unproved = append(unproved, at)
		}
		count[priority][state]++
		if proof != "" {
			proof = "`" + proof + "`"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s |\n", method, path, priority, state, proof, strings.ReplaceAll(x.note, "|", "or"))
	}
	if len(said) > 0 {
		return "", nil, fmt.Errorf("coverage.tsv has what endpoints.tsv does not: %v", slices.Sorted(maps.Keys(said)))
	}
	summary := "| priority | full | absent by choice | missing |\n| --- | --- | --- | --- |\n"
	for _, p := range []string{"P0", "P1", "P2"} {
		summary += fmt.Sprintf("| %s | %d | %d | %d |\n", p, count[p]["full"], count[p]["absent by choice"], count[p]["missing"])
	}
	head, err := os.ReadFile("testdata/coverage.md")
	return strings.NewReplacer("@summary\n", summary, "@endpoints\n", b.String(), "@levels\n", levelsTable()).Replace(string(head)), unproved, err
}

// served reports whether a route answers the endpoint.
func served(endpoint string) bool {
	for _, rt := range slices.Concat((&API{}).routes(), (&API{}).streamRoutes()) {
		if rt.method+" "+shape("/api"+rt.path) == endpoint {
			return true
		}
	}
	return false
}

// Every row of Mastodon's list is called on a real instance: what has a route is never answered as if it had none, and what is
// absent answers as a server without the feature does.
func TestCoverage_whatIsAbsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.random = true
	w.tokens["alice"] = w.token(w.people["alice"].ID, "read write follow push profile admin:read admin:write")
	if err := w.Moderation.GiveRole(t.Context(), social.InstanceActorID, w.people["alice"].ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	said, err := remarks()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := table("testdata/endpoints.tsv")
	if err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`:[a-z_]+`)
	for _, r := range rows {
		method, path := r[0], r[1]
		endpoint := method + " " + shape(path)
		if !strings.HasPrefix(path, "/api/") || strings.Contains(path, "/streaming") {
			continue
		}
		status, body, absent := said[endpoint].absent()
		target := parameter.ReplaceAllString(path, "1")
		got := w.do("alice", method, target, "")
		switch routed := served(endpoint); {
		case absent && (got.status != status || body != "" && string(got.body) != body || status >= 400 && !strings.Contains(string(got.body), `"error":"`)):
			t.Errorf("%s: %d %s, want %d %s", endpoint, got.status, got.body, status, body)
		case absent && r[5] != "P2":
			t.Errorf("%s is %s and may not be absent", endpoint, r[5])
		case routed && strings.Contains(string(got.body), `"error":"Not Found"`):
			t.Errorf("%s has a route and answers %s", endpoint, got.body)
		case !routed && !absent && got.status != http.StatusNotFound:
			t.Errorf("%s has no route and answers %d %s", endpoint, got.status, got.body)
		}
		if got.status >= 500 && got.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", endpoint, got.status, got.body)
		}
	}
}

// Tests of other packages that coverage.tsv names are there.
func TestCoverage_namesTestsThatThereAre(t *testing.T) {
	t.Parallel()
	said, err := remarks()
	if err != nil {
		t.Fatal(err)
	}
	for endpoint, r := range said {
		if _, _, absent := r.absent(); absent || r.proof == "" {
			continue
		}
		if !testExists(t, r.proof) {
			t.Errorf("%s: there is no test %s", endpoint, r.proof)
		}
	}
}
