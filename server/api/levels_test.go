package api

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orrery/clientapi"
)

// levels are what each value of api_versions.mastodon claims beyond the one before, and the tests that show it.
var levels = []struct {
	claims string
	tests  []string
}{
	{"what 4.2 serves", []string{"server/api.TestRoutes_demandWhatMastodonDemands"}},
	{"4.3: grouped notifications, their policy and requests, many statuses or accounts at once", []string{"server/api.TestNotificationGroups", "server/api.TestNotificationPolicy", "server/api.TestLevels_manyAtOnce"}},
	{"4.4: PKCE, domains that may name their author", []string{"server/oauth.TestFlow", "server/api.TestProfile"}},
	{"4.4: uploads can be deleted, with their post too; standard Web Push", []string{"server/api.TestMedia", "server/api.TestPush_subscriptions"}},
	{"4.4: filters that cover media (blur)", []string{"server/api.TestLevels_blur"}},
	{"4.4: the people whom somebody features", []string{"server/api.TestRelations_lists"}},
	{"4.5: quotes, their policies and revoking", []string{"server.TestEdgeQuoteRequests", "server/api.TestLevels_quotes"}},
	{"4.6: the profile as one document, whether there is an annual report", []string{"server/api.TestProfile", "server/api.TestCoverage_whatIsAbsent"}},
	{"4.6: texts instead of avatar and header", []string{"server/api.TestLevels_textsOfPictures"}},
}

func levelsTable() string {
	var b strings.Builder
	b.WriteString("| level | claims | tests |\n| --- | --- | --- |\n")
	for i, l := range levels {
		fmt.Fprintf(&b, "| %d | %s | `%s` |\n", i+1, l.claims, strings.Join(l.tests, "`, `"))
	}
	return b.String()
}

func TestLevels_areClaimedAndShown(t *testing.T) {
	t.Parallel()
	if len(levels) != clientapi.Level {
		t.Errorf("%d levels are shown and %d are claimed", len(levels), clientapi.Level)
	}
	for i, l := range levels {
		for _, proof := range l.tests {
			if !testExists(t, proof) {
				t.Errorf("level %d: there is no test %s", i+1, proof)
			}
		}
	}
	w := newWorld(t)
	type instance struct {
		APIVersions struct{ Mastodon int } `json:"api_versions"`
	}
	if got := ok[instance](w, "", "GET", "/api/v2/instance", "").APIVersions.Mastodon; got != clientapi.LevelWithoutQuotes {
		t.Errorf("without quotes api_versions.mastodon is %d, want %d", got, clientapi.LevelWithoutQuotes)
	}
	w.withQuotes()
	if got := ok[instance](w, "", "GET", "/api/v2/instance", "").APIVersions.Mastodon; got != clientapi.Level {
		t.Errorf("api_versions.mastodon is %d, want %d", got, clientapi.Level)
	}
}

// testExists reports whether "folder.Test" is a test.
func testExists(t *testing.T, proof string) bool {
	t.Helper()
	folder, test, _ := strings.Cut(proof, ".")
	files, err := filepath.Glob("../../" + folder + "/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	return test != "" && slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(text), "\nfunc "+test+"(t *testing.T)")
	})
}

func TestLevels_manyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.post("alice", "one"), w.post("alice", "two")
	posts := ok[[]struct{ ID string }](w, "bob", "GET", "/api/v1/statuses?id[]="+first+"&id[]=17&id[]="+second, "")
	people := ok[[]struct{ ID string }](w, "bob", "GET", "/api/v1/accounts?id[]="+w.id("alice")+"&id[]=17&id[]="+w.id("rita"), "")
	if len(posts) != 2 || len(people) != 2 {
		t.Errorf("got %v and %v, want the two that there are of each", posts, people)
	}
	w.fails("bob", "GET", "/api/v1/statuses?"+strings.Repeat("id[]=1&id[]="+first+"&", 11)+numbered("id[]", 21), "", 422)
	w.fails("bob", "GET", "/api/v1/accounts?"+numbered("id[]", 41), "", 422)
}

// numbered is name=1&name=2 and so on up to n.
func numbered(name string, n int) string {
	var pairs []string
	for i := range n {
		pairs = append(pairs, fmt.Sprintf("%s=%d", name, i+1))
	}
	return strings.Join(pairs, "&")
}

func TestLevels_blur(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := ok[struct {
		FilterAction string `json:"filter_action"`
	}](w, "alice", "POST", "/api/v2/filters", "title=spoilers&context[]=home&filter_action=blur&keywords_attributes[][keyword]=cat")
	id := w.post("bob", "a cat")
	shown := ok[struct {
		Filtered []struct {
			Filter struct {
				FilterAction string `json:"filter_action"`
			}
		}
	}](w, "alice", "GET", "/api/v1/statuses/"+id, "")
	if made.FilterAction != "blur" || len(shown.Filtered) != 1 || shown.Filtered[0].Filter.FilterAction != "blur" {
		t.Errorf("made %+v, shown %+v, want blur on both", made, shown)
	}
}

func TestLevels_quotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withQuotes()
	quoted := w.post("alice", "worth repeating", "quote_approval_policy=public")
	got := ok[struct {
		ID    string
		Quote struct {
			State        string
			QuotedStatus struct{ ID string } `json:"quoted_status"`
		}
	}](w, "bob", "POST", "/api/v1/statuses", "status=indeed&quoted_status_id="+quoted)
	if got.Quote.State != "accepted" || got.Quote.QuotedStatus.ID != quoted {
		t.Errorf("the quote is %+v, want %s accepted", got.Quote, quoted)
	}
	list := ok[[]struct{ ID string }](w, "alice", "GET", "/api/v1/statuses/"+quoted+"/quotes", "")
	if len(list) != 1 || list[0].ID != got.ID {
		t.Errorf("quotes: %v, want %s", list, got.ID)
	}
	ok[struct{ ID string }](w, "alice", "PUT", "/api/v1/statuses/"+quoted+"/interaction_policy", "quote_approval_policy=nobody")
	w.fails("lena", "POST", "/api/v1/statuses", "status=me+too&quoted_status_id="+quoted, 404)
	after := ok[struct {
		Quote struct{ State string }
	}](w, "alice", "POST", "/api/v1/statuses/"+quoted+"/quotes/"+got.ID+"/revoke", "")
	if after.Quote.State != "revoked" {
		t.Errorf("after revoking the quote is %q", after.Quote.State)
	}
}

// Mastodon's own form has either a quote or files or a poll; its API refuses only files together with a poll, and so does ours.
func TestLevels_quotesWithMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withQuotes()
	quoted := w.post("alice", "worth repeating", "quote_approval_policy=public")
	one, two := w.uploaded("bob", picture(t), nil), w.uploaded("bob", picture(t), nil)
	for what, form := range map[string]string{
		"files":  "status=look&media_ids[]=" + one.ID,
		"a poll": "status=and+you&poll[options][]=yes&poll[options][]=no&poll[expires_in]=3600",
	} {
		got := ok[clientapi.Status](w, "bob", "POST", "/api/v1/statuses", form+"&quoted_status_id="+quoted)
		if got.Quote == nil || got.Quote.State != "accepted" || len(got.MediaAttachments) == 0 && got.Poll == nil {
			t.Errorf("a quote with %s is %+v, want both", what, got)
		}
	}
	w.fails("bob", "POST", "/api/v1/statuses", "status=all&media_ids[]="+two.ID+"&poll[options][]=yes&poll[options][]=no&poll[expires_in]=3600&quoted_status_id="+quoted, 422)
}

func TestLevels_textsOfPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type account struct {
		Avatar string `json:"avatar_description"`
		Header string `json:"header_description"`
	}
	if got := ok[account](w, "alice", "PATCH", "/api/v1/accounts/update_credentials", "avatar_description=a+fox&header_description=a+wood"); got != (account{"a fox", "a wood"}) {
		t.Errorf("got %+v", got)
	}
}

func TestIdentityProofs_areNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := ok[[]struct{}](w, "alice", "GET", "/api/v1/accounts/"+w.id("bob")+"/identity_proofs", ""); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
