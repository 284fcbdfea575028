package scenarios_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"orrery/activitylog"
	"orrery/internal/golden"
	"orrery/scenarios"
)

// TestExperiments runs the experiments of federation.md §13 on three servers, under the policy that ends the file's name or
// else under both of Mastodon's. The file says what people can observe (§13.2); the golden sequence next to it is every
// request there was, in order: who asked whom for what, signed by whom, and why (§13.1).
func TestExperiments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/experiments/*.play")
	if err != nil || len(files) == 0 {
		t.Fatalf("no experiments: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".play")
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		under := []string{"mastodon-4.1", "mastodon"}
		if base, one, found := strings.Cut(name, "."); found {
			name, under = base, []string{one}
		}
		for _, policy := range under {
			t.Run(name+"."+policy, func(t *testing.T) {
				t.Parallel()
				holds(t, filepath.Base(file), string(src), scenarios.Options{Policy: policy})
				golden.Text(t, "experiments/"+name+"."+policy, once(t, filepath.Base(file), string(src), policy).sequence)
			})
		}
	}
}

// requests is every request between the servers of a lab after it was set up, one to a line.
func requests(ctx context.Context, log *activitylog.Log) (string, error) {
	var all []activitylog.Entry
	f := activitylog.Filter{Directions: []activitylog.Direction{activitylog.Out, activitylog.Local}, Limit: activitylog.MaxLimit}
	for {
		page, err := log.Entries(ctx, f)
		if err != nil {
			return "", err
		}
		all = append(all, page...)
		if len(page) < activitylog.MaxLimit {
			break
		}
		f.Before = page[len(page)-1].Exchange.ID
	}
	slices.Reverse(all)
	acted := slices.IndexFunc(all, func(e activitylog.Entry) bool {
		return e.Exchange.Direction == activitylog.Local && e.Exchange.Activity.Type != "Follow"
	})
	all = all[max(acted, 0):] // a graph is set up by following; E0 does nothing else
	short := shortener{names: log.Names(), seen: map[string]string{}}
	var b strings.Builder
	for _, e := range all {
		line, err := request(ctx, log, e, short)
		if err != nil {
			return "", err
		}
		b.WriteString(line)
	}
	return b.String(), nil
}

// request is one line: from -> to, method, path, key, status, what is in it, rule.
func request(ctx context.Context, log *activitylog.Log, e activitylog.Entry, short shortener) (string, error) {
	x := e.Exchange
	if x.Direction == activitylog.Local {
		return fmt.Sprintf("%s: %s(%s) by %s\n", x.Instance, x.Activity.Type, short.of(x.Activity.Object), short.of(x.Activity.Actor)), nil
	}
	u, err := url.Parse(x.URL)
	if err != nil {
		return "", err
	}
	signer := "unsigned"
	if x.Carrier != "" {
		signer = "as " + short.of(x.Carrier)
	}
	about := ""
	if x.Method == "POST" {
		full, err := log.Entry(ctx, x.ID)
		if err != nil {
			return "", err
		}
		var doc struct {
			Signature struct{ Creator string } `json:"signature"`
		}
		if err := json.Unmarshal(full.Exchange.Body.Bytes, &doc); err != nil {
			return "", err
		}
		a := x.Activity
		about = fmt.Sprintf(" %s(%s) by %s to [%s] cc [%s]", a.Type, short.of(a.Object), short.of(a.Actor), short.all(a.To), short.all(a.Cc))
		if doc.Signature.Creator != "" {
			about += " document signed by " + short.of(doc.Signature.Creator)
		}
	}
	status := 0
	if e.Answer != nil {
		status = e.Answer.Status
	}
	return fmt.Sprintf("%s -> %s %s %s %s: %d%s, %s\n", x.Instance, host(u.Host), x.Method, short.path(u), signer, status, about, x.Rule), nil
}

func host(h string) string { return strings.TrimSuffix(h, ".test") }

// shortener gives the long numbers of addresses short names: an account's number its username, another what it is worth
// in the order in which they turn up.
type shortener struct {
	names activitylog.Names
	seen  map[string]string
}

var (
	number   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]{6,}`)
	numbered = regexp.MustCompile(`https://[^/]+/ap/users/[0-9]+`)
)

func (s shortener) of(uri string) string {
	uri = numbered.ReplaceAllStringFunc(uri, func(actor string) string {
		if name := s.names.Username(actor); name != "" {
			return actor[:strings.LastIndex(actor, "/")+1] + "{" + name + "}"
		}
		return actor
	})
	uri = number.ReplaceAllStringFunc(uri, func(n string) string {
		if s.seen[n] == "" {
			s.seen[n] = fmt.Sprintf("#%d", len(s.seen)+1)
		}
		return s.seen[n]
	})
	uri = strings.ReplaceAll(uri, "https://www.w3.org/ns/activitystreams#", "as:")
	return strings.ReplaceAll(strings.TrimPrefix(uri, "https://"), ".test/", "/")
}

func (s shortener) all(uris []string) string {
	out := make([]string, len(uris))
	for i, u := range uris {
		out[i] = s.of(u)
	}
	return strings.Join(out, " ")
}

func (s shortener) path(u *url.URL) string {
	_, path, _ := strings.Cut(s.of(u.String()), "/")
	return "/" + path
}
