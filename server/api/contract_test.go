package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// contract is what clients may count on in an answer: testdata/entities.tsv has every attribute of every entity with its
// kind, whether it may be null and whether it may be absent; testdata/endpoints.tsv says which entity an endpoint answers.
// Every successful answer to a test's request is held to it.
type contract struct {
	entities  map[string][]attribute
	responses map[string]string // by method and shape of the path
}

type attribute struct {
	name, kind   string
	null, absent bool
}

var loadContract = sync.OnceValues(func() (*contract, error) {
	c := &contract{entities: map[string][]attribute{}, responses: map[string]string{}}
	rows, err := table("testdata/entities.tsv")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r[1] == "<" { // an entity that has all that another has
			c.entities[r[0]] = append(c.entities[r[0]], c.entities[r[2]]...)
			continue
		}
		c.entities[r[0]] = append(c.entities[r[0]], attribute{r[1], r[2], r[3] != "", r[4] != ""})
	}
	if rows, err = table("testdata/endpoints.tsv"); err != nil {
		return nil, err
	}
	for _, r := range rows {
		c.responses[r[0]+" "+shape(r[1])] = r[4]
	}
	return c, nil
})

// table reads a file of tab-separated cells, without its first line.
func table(path string) ([][]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for line := range strings.Lines(string(raw)) {
		rows = append(rows, append(strings.Split(strings.TrimRight(line, "\n"), "\t"), "", "", "", ""))
	}
	return rows[1:], nil
}

// holds reports what of a successful answer clients could not count on.
func (w *world) holds(method, path string, got answer) {
	w.t.Helper()
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
		return
	}
	c, err := loadContract()
	if err != nil {
		w.t.Fatal(err)
	}
	kind, ok := c.responses[w.endpoint(method, path)]
	if !ok || !entityKind.MatchString(kind) {
		return
	}
	var v any
	if err := json.Unmarshal(got.body, &v); err != nil {
		w.t.Errorf("%s %s: %v", method, path, err)
		return
	}
	for _, wrong := range c.check(kind, kind, v, false) {
		w.t.Errorf("%s %s answers no %s: %s", method, path, kind, wrong)
	}
}

// entityKind is a response that is one entity or a list of one.
var entityKind = regexp.MustCompile(`^\[?[A-Z][A-Za-z0-9:]*\]?$`)

// endpoint is the method and the shape of the path of the route that serves a request, "" when none does. PUT and PATCH are one.
func (w *world) endpoint(method, path string) string {
	for _, rt := range w.routes() {
		if matches("/api"+rt.path, path) && slices.Contains(rt.methods(), method) && method != http.MethodHead {
			return rt.method + " " + shape("/api"+rt.path)
		}
	}
	return ""
}

func matches(pattern, path string) bool {
	p, q := strings.Split(pattern, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(p) != len(q) {
		return false
	}
	for i := range p {
		if p[i] != q[i] && !strings.HasPrefix(p[i], ":") {
			return false
		}
	}
	return true
}

// check lists what is wrong with v, which should be of kind; at says where it stands.
func (c *contract) check(at, kind string, v any, null bool) []string {
	if v == nil {
		if null || kind == "any" {
			return nil
		}
		return []string{at + " is null"}
	}
	if inner, ok := strings.CutPrefix(kind, "["); ok {
		list, ok := v.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %T, not a list", at, v)}
		}
		var wrong []string
		for i, x := range list {
			wrong = append(wrong, c.check(fmt.Sprintf("%s[%d]", at, i), strings.TrimSuffix(inner, "]"), x, false)...)
		}
		return wrong
	}
	if attributes, ok := c.entities[kind]; ok {
		return c.checkEntity(at, attributes, v)
	}
	if !scalar(kind, v) {
		return []string{fmt.Sprintf("%s is %#v, not a %s", at, v, kind)}
	}
	return nil
}

func (c *contract) checkEntity(at string, attributes []attribute, v any) []string {
	object, ok := v.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s is %T, not an object", at, v)}
	}
	var wrong []string
	for _, a := range attributes {
		value, present, inside := dig(object, a.name)
		switch {
		case !inside: // what it stands in may be absent or null, which is said of that
		case !present && !a.absent:
			wrong = append(wrong, at+"."+a.name+" is missing")
		case present:
			wrong = append(wrong, c.check(at+"."+a.name, a.kind, value, a.null)...)
		}
	}
	return wrong
}

// dig finds "source[privacy]" in an object; inside is false when there is no source.
func dig(object map[string]any, name string) (value any, present, inside bool) {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '[' || r == ']' })
	for _, outer := range words[:len(words)-1] {
		if object, inside = object[outer].(map[string]any); !inside {
			return nil, false, false
		}
	}
	value, present = object[words[len(words)-1]]
	return value, present, true
}

func scalar(kind string, v any) bool {
	s, isString := v.(string)
	switch kind {
	case "any":
		return true
	case "string", "String":
		return isString
	case "url":
		return isString && (s == "" || strings.Contains(s, ":"))
	case "time":
		_, err := time.Parse("2006-01-02T15:04:05.000Z", s)
		return isString && err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return isString && err == nil
	case "bool":
		_, ok := v.(bool)
		return ok
	case "int":
		n, ok := v.(float64)
		return ok && n == math.Trunc(n)
	case "number":
		_, ok := v.(float64)
		return ok
	case "hash":
		_, ok := v.(map[string]any)
		return ok
	}
	return false
}

func TestContract_names_only_kinds_that_there_are(t *testing.T) {
	t.Parallel()
	c, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.entities) < 100 || len(c.responses) < 300 {
		t.Fatalf("%d entities and %d endpoints: the tables were not read", len(c.entities), len(c.responses))
	}
	for name, attributes := range c.entities {
		for _, a := range attributes {
			kind := strings.Trim(a.kind, "[]")
			known := strings.Contains(" any string url time date bool int number hash ", " "+kind+" ")
			if _, entity := c.entities[kind]; !known && !entity {
				t.Errorf("%s.%s is a %s, which is neither a kind nor an entity", name, a.name, a.kind)
			}
		}
	}
}
