package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
)

func TestFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := ok[clientapi.Filter](w, "alice", "POST", "/api/v2/filters",
		"title=Food&context[]=home&context[]=public&filter_action=hide&expires_in=3600"+
			"&keywords_attributes[][keyword]=soup&keywords_attributes[][whole_word]=false&keywords_attributes[][keyword]=tea")
	if len(*f.Keywords) != 2 || (*f.Keywords)[0].WholeWord || !(*f.Keywords)[1].WholeWord || f.FilterAction != "hide" || f.ExpiresAt == nil {
		t.Fatalf("created: got %+v", f)
	}
	if diff := cmp.Diff([]string{"home", "public"}, f.Context); diff != "" {
		t.Errorf("context (-want +got):\n%s", diff)
	}
	path := "/api/v2/filters/" + f.ID
	soups, steam, id := w.post("bob", "two SOUPS"), w.post("bob", "steam of rice"), w.post("bob", "nothing")
	named := ok[clientapi.FilterStatus](w, "alice", "POST", path+"/statuses", "status_id="+id)
	w.fails("alice", "POST", path+"/statuses", "status_id="+id, http.StatusUnprocessableEntity)
	w.fails("alice", "POST", path+"/statuses", "", http.StatusNotFound)
	caught := func(as, id string) string {
		s := ok[clientapi.Status](w, as, "GET", "/api/v1/statuses/"+id, "")
		if len(*s.Filtered) == 0 {
			return ""
		}
		got := (*s.Filtered)[0]
		if got.Filter.Title != "Food" || got.Filter.Keywords != nil {
			t.Errorf("the filter of %s: got %+v", id, got.Filter)
		}
		if got.KeywordMatches != nil {
			return strings.Join(*got.KeywordMatches, ",")
		}
		return strings.Join(*got.StatusMatches, ",")
	}
	for _, tt := range []struct{ as, id, want string }{
		{"alice", soups, "soup"}, {"alice", steam, ""}, {"alice", id, id}, {"lena", soups, ""}, {"alice", w.post("alice", "soup"), ""},
	} {
		if got := caught(tt.as, tt.id); got != tt.want {
			t.Errorf("%s of %s: got %q, want %q", tt.id, tt.as, got, tt.want)
		}
	}
	if got := ok[clientapi.FilterStatus](w, "alice", "GET", "/api/v2/filters/statuses/"+named.ID, ""); got != named {
		t.Errorf("named: got %+v, want %+v", got, named)
	}
	ok[struct{}](w, "alice", "DELETE", "/api/v2/filters/statuses/"+named.ID, "")
	if got := ok[[]clientapi.FilterStatus](w, "alice", "GET", path+"/statuses", ""); len(got) != 0 {
		t.Errorf("named still: %+v", got)
	}

	k := ok[clientapi.FilterKeyword](w, "alice", "POST", path+"/keywords", "keyword=rice")
	if got := caught("alice", steam); got != "rice" {
		t.Errorf("with another keyword: got %q, want rice", got)
	}
	if got := ok[clientapi.FilterKeyword](w, "alice", "PUT", "/api/v2/filters/keywords/"+k.ID, "keyword=noodles&whole_word=0"); got.Keyword != "noodles" || got.WholeWord || got.ID != k.ID {
		t.Errorf("changed keyword: got %+v", got)
	}
	if got := ok[clientapi.FilterKeyword](w, "alice", "GET", "/api/v2/filters/keywords/"+k.ID, ""); got.Keyword != "noodles" {
		t.Errorf("keyword: got %+v", got)
	}
	for method, target := range map[string]string{"GET": "/api/v2/filters/keywords/" + k.ID, "PUT": path, "DELETE": path} {
		w.fails("bob", method, target, "", http.StatusNotFound)
	}
	ok[struct{}](w, "alice", "DELETE", "/api/v2/filters/keywords/"+k.ID, "")

	first := (*f.Keywords)[0].ID
	got := w.sendJSON("alice", "PUT", path, `{"title":"Meals","expires_in":"","keywords_attributes":[{"id":"`+first+`","_destroy":true},{"keyword":"cake"}]}`)
	if got.status != http.StatusOK || !strings.Contains(string(got.body), `"cake"`) || strings.Contains(string(got.body), `"soup"`) || !strings.Contains(string(got.body), `"expires_at":null`) {
		t.Errorf("changed: %d %s", got.status, got.body)
	}
	if got := ok[[]clientapi.FilterKeyword](w, "alice", "GET", path+"/keywords", ""); len(got) != 2 {
		t.Errorf("keywords: got %+v, want tea and cake", got)
	}
	if got := ok[clientapi.Filter](w, "alice", "GET", path, ""); got.Title != "Meals" || got.FilterAction != "hide" {
		t.Errorf("got %+v", got)
	}
	ok[struct{}](w, "alice", "DELETE", path, "")
	if got := ok[[]clientapi.Filter](w, "alice", "GET", "/api/v2/filters", ""); len(got) != 0 {
		t.Errorf("left: %+v", got)
	}
	for _, bad := range []string{
		"", "title=x", "title=x&context[]=here", "title=x&context[]=home&filter_action=burn", "context[]=home",
		"title=x&context[]=home&keywords_attributes[0][keyword]=", "title=" + strings.Repeat("x", 300) + "&context[]=home",
	} {
		w.fails("alice", "POST", "/api/v2/filters", bad, http.StatusUnprocessableEntity)
	}
	w.fails("alice", "POST", "/api/v2/filters", "title=x&context[]=home&keywords_attributes[0][id]="+first, http.StatusNotFound)
	w.fails("alice", "POST", "/api/v2/filters", "title=x&context[]=home&expires_in=soon", http.StatusBadRequest)
}

func TestFilters_expire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ok[clientapi.Filter](w, "alice", "POST", "/api/v2/filters", "title=Old&context[]=home&expires_in=-5&keywords_attributes[0][keyword]=soup")
	s := ok[clientapi.Status](w, "alice", "GET", "/api/v1/statuses/"+w.post("bob", "soup"), "")
	if len(*s.Filtered) != 0 {
		t.Errorf("a filter that is over catches: %+v", *s.Filtered)
	}
}

func TestFilters_v1(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := ok[clientapi.FilterV1](w, "alice", "POST", "/api/v1/filters", "phrase=soup&context[]=home&irreversible=true")
	if f.Phrase != "soup" || !f.Irreversible || f.WholeWord {
		t.Errorf("created: got %+v", f)
	}
	path := "/api/v1/filters/" + f.ID
	if got := ok[clientapi.FilterV1](w, "alice", "PUT", path, "phrase=soups&context[]=public&whole_word=1&irreversible=false"); got.Phrase != "soups" || got.Irreversible || !got.WholeWord || got.Context[0] != "public" {
		t.Errorf("changed: got %+v", got)
	}
	v2 := ok[[]clientapi.Filter](w, "alice", "GET", "/api/v2/filters", "")
	if len(v2) != 1 || v2[0].FilterAction != "warn" {
		t.Fatalf("as v2: got %+v", v2)
	}
	ok[clientapi.FilterKeyword](w, "alice", "POST", "/api/v2/filters/"+v2[0].ID+"/keywords", "keyword=tea")
	w.fails("alice", "PUT", path, "context[]=home", http.StatusUnprocessableEntity)
	w.fails("bob", "GET", path, "", http.StatusNotFound)
	w.fails("alice", "POST", "/api/v1/filters", "context[]=home", http.StatusUnprocessableEntity)
	if got := ok[[]clientapi.FilterV1](w, "alice", "GET", "/api/v1/filters", ""); len(got) != 2 {
		t.Errorf("got %d, want one for each keyword", len(got))
	}
	ok[clientapi.FilterV1](w, "alice", "GET", path, "")
	for _, x := range ok[[]clientapi.FilterV1](w, "alice", "GET", "/api/v1/filters", "") {
		ok[struct{}](w, "alice", "DELETE", "/api/v1/filters/"+x.ID, "")
	}
	if got := ok[[]clientapi.Filter](w, "alice", "GET", "/api/v2/filters", ""); len(got) != 0 {
		t.Errorf("an empty filter is left: %+v", got)
	}
}
