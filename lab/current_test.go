package lab_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/lab"
	"orrery/storage/storagetest/prepared"
)

// Three servers of the current Mastodon follow, post, answer, pass on, like and boost, with people and posts addressed by
// number and conversations that can be read.
func TestCurrentMastodons_federate(t *testing.T) {
	ctx := context.Background()
	plan := article()
	for i := range plan.Servers {
		plan.Servers[i].Policy = policy.Mastodon()
	}
	l, err := lab.NewMemory(ctx, plan, lab.Memory{Database: func(string) string { return prepared.SQLite(t) }, Seed: 1, Keys: lab.FixedKeys(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	settle := func() {
		t.Helper()
		l.Tick()
		if err := l.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	found := func(name, uri string) clientapi.Status {
		t.Helper()
		r, err := as(t, l, name).Search(ctx, uri, false)
		if err != nil || len(r.Statuses) != 1 {
			t.Fatalf("%s looks for %s: %d found, %v", name, uri, len(r.Statuses), err)
		}
		return r.Statuses[0]
	}
	hello, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hello.URI, "https://academy.test/ap/users/") {
		t.Errorf("alice's post is %s, want an address by number", hello.URI)
	}
	settle()
	answer, err := as(t, l, "berta").Post(ctx, clientapi.NewStatus{Status: "@alice@academy Hello alice", InReplyToID: found("berta", hello.URI).ID})
	if err != nil {
		t.Fatal(err)
	}
	settle()
	if got := found("canon", answer.URI); !strings.Contains(got.Content, "Hello alice") {
		t.Errorf("canon reads %q, want the answer that was passed on", got.Content)
	}
	if _, err := as(t, l, "canon").Favourite(ctx, found("canon", hello.URI).ID); err != nil {
		t.Fatal(err)
	}
	if _, err := as(t, l, "berta").Boost(ctx, found("berta", hello.URI).ID, ""); err != nil {
		t.Fatal(err)
	}
	settle()
	if got := found("alice", hello.URI); got.FavouritesCount != 1 || got.ReblogsCount != 1 || got.RepliesCount != 1 {
		t.Errorf("alice sees %d likes, %d boosts and %d answers of her post, want one of each", got.FavouritesCount, got.ReblogsCount, got.RepliesCount)
	}
	met := named(t, l)
	for _, rule := range []rules.ID{rules.ForwardParentFollowers, rules.LearnForwarded, rules.LDSOK, rules.AcceptRepliesToKnown} {
		if !met[rule] {
			t.Errorf("nothing in the log names %s", rule)
		}
	}
	all, err := l.Log.Entries(ctx, activitylog.Filter{Limit: activitylog.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.State.Outcome == "rejected" || e.State.Outcome == "failed" {
			t.Errorf("%s %s was %s by %s", e.Exchange.Method, e.Exchange.URL, e.State.Outcome, e.State.Rule)
		}
	}
	begun, _ := document(t, l, hello.URI)["context"].(string)
	if got := document(t, l, answer.URI)["context"]; got != begun || !strings.HasPrefix(begun, "https://academy.test/contexts/") {
		t.Errorf("the post is of conversation %q, its answer of %v, want the same collection of academy", begun, got)
	}
	posts := document(t, l, begun)["first"].(map[string]any)["items"].([]any)
	if len(posts) != 2 || posts[0] != hello.URI || posts[1] != answer.URI {
		t.Errorf("the conversation lists %v, want the post and its answer", posts)
	}
	if got := document(t, l, hello.URI)["likes"].(map[string]any)["totalItems"]; got != 1.0 {
		t.Errorf("the post counts %v likes, want 1", got)
	}
}

// document is what uri answers to another server.
func document(t *testing.T, l *lab.Lab, uri string) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, uri, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/activity+json")
	res, err := l.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	doc := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %d, %v", uri, res.StatusCode, err)
	}
	return doc
}
