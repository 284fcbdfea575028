package api

import (
	"net/url"
	"strings"
	"testing"

	"orrery/clientapi"
)

func TestNotifications(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "hello")
	ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
	ok[clientapi.Status](w, "bob", "POST", "/api/v1/statuses/"+id+"/favourite", "")
	ok[clientapi.Status](w, "lena", "POST", "/api/v1/statuses/"+id+"/reblog", "")
	w.post("lena", "hey @alice")
	for query, want := range map[string]string{
		"":                               "mention reblog favourite follow",
		"?types[]=reblog&types[]=follow": "reblog follow",
		"?exclude_types[]=mention":       "reblog favourite follow",
		"?types[]=poll":                  "",
		"?types[]=poll&types[]=mention":  "mention",
		"?account_id=" + w.id("lena"):    "mention reblog",
		"?limit=1":                       "mention",
		"?limit=0":                       "",
	} {
		var got []string
		for _, n := range ok[[]clientapi.Notification](w, "alice", "GET", "/api/v1/notifications"+query, "") {
			got = append(got, n.Type)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q gives %v, want %s", query, got, want)
		}
	}
	all := ok[[]clientapi.Notification](w, "alice", "GET", "/api/v1/notifications", "")
	one := "/api/v1/notifications/" + all[0].ID
	if got := ok[clientapi.Notification](w, "alice", "GET", one, ""); got.Type != "mention" || got.Status == nil || got.Account.Acct != "lena" {
		t.Errorf("one: %+v", got)
	}
	w.fails("bob", "GET", one, "", 404)
	w.fails("bob", "POST", one+"/dismiss", "", 404)
	ok[struct{}](w, "alice", "POST", one+"/dismiss", "")
	w.fails("alice", "GET", one, "", 404)
	ok[struct{}](w, "alice", "POST", "/api/v1/notifications/clear", "")
	if got := ok[[]clientapi.Notification](w, "alice", "GET", "/api/v1/notifications", ""); len(got) != 0 {
		t.Errorf("%d are left after clear", len(got))
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "about #gardens")
	uri := ok[clientapi.Status](w, "", "GET", "/api/v1/statuses/"+id, "").URI
	ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
	for _, tt := range []struct {
		as, query                    string
		accounts, statuses, hashtags int
	}{
		{"", "q=ali", 1, 0, 0},
		{"", "q=rita@remote.test", 1, 0, 0},
		{"", "q=%23gard", 0, 0, 1},
		{"", "q=gardens&type=accounts", 0, 0, 0},
		{"bob", "q=" + url.QueryEscape(uri) + "&resolve=true", 0, 1, 0},
		{"bob", "q=" + url.QueryEscape(uri) + "&resolve=true&account_id=" + w.id("bob"), 0, 0, 0},
		{"bob", "q=nobody@nowhere.test&resolve=true", 0, 0, 0},
		{"bob", "q=ali&following=true", 1, 0, 0},
		{"lena", "q=ali&following=true", 0, 0, 0},
		{"lena", "q=ali&offset=1", 0, 0, 0},
	} {
		got := ok[clientapi.SearchResults](w, tt.as, "GET", "/api/v2/search?"+tt.query, "")
		if len(got.Accounts) != tt.accounts || len(got.Statuses) != tt.statuses || len(got.Hashtags) != tt.hashtags {
			t.Errorf("%s as %q: %d accounts, %d statuses, %d hashtags; want %d, %d, %d", tt.query, tt.as,
				len(got.Accounts), len(got.Statuses), len(got.Hashtags), tt.accounts, tt.statuses, tt.hashtags)
		}
	}
	for query, status := range map[string]int{"": 400, "q=": 400, "q=x&resolve=1": 401, "q=x&offset=1": 401, "q=x&type=all": 400, "q=" + strings.Repeat("x", 3000): 422} {
		w.fails("", "GET", "/api/v2/search?"+query, "", status)
	}
	w.fails("alice", "GET", "/api/v2/search?q=x&offset=-1", "", 400)
	if got := w.do("alice", "GET", "/api/v1/search?q=gard", ""); !strings.Contains(string(got.body), `"hashtags":["gardens"]`) {
		t.Errorf("v1 search: %s, want bare names", got.body)
	}
	if got := ok[[]clientapi.Account](w, "alice", "GET", "/api/v1/accounts/search?q=b", ""); len(got) != 1 || got[0].Acct != "bob" {
		t.Errorf("accounts/search: %v, want bob", acctsOf(got))
	}
	w.fails("alice", "GET", "/api/v1/accounts/search", "", 400)
}

func TestInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("alice", "hello")
	v2 := ok[clientapi.Instance](w, "", "GET", "/api/v2/instance", "")
	if v2.Domain != "alpha.test" || v2.Version != "4.5.0+orrery.0.1.0" || v2.Configuration.URLs.Streaming != "wss://alpha.test" || v2.Usage.Users.ActiveMonth != 1 {
		t.Errorf("v2: %+v", v2)
	}
	v1 := ok[clientapi.InstanceV1](w, "", "GET", "/api/v1/instance/", "")
	if v1.URI != "alpha.test" || v1.Stats.UserCount != 3 || v1.Stats.StatusCount != 1 || v1.Configuration.Statuses.MaxCharacters != 500 {
		t.Errorf("v1: %+v", v1)
	}
	for _, target := range []string{"/api/v1/custom_emojis", "/api/v1/instance/rules"} {
		if got := w.do("", "GET", target, ""); string(got.body) != "[]" {
			t.Errorf("%s: %s, want []", target, got.body)
		}
	}
}

func TestApps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := url.Values{"client_name": {"Toot"}, "redirect_uris": {"urn:ietf:wg:oauth:2.0:oob app://here"}, "scopes": {"read write:statuses"}, "website": {"https://toot.test"}}
	app := ok[clientapi.CredentialApplication](w, "", "POST", "/api/v1/apps?"+good.Encode(), "")
	if app.ClientSecret == "" || app.ClientID == "" || len(app.RedirectURIs) != 2 || len(app.Scopes) != 2 || *app.Website != "https://toot.test" {
		t.Errorf("app: %+v", app)
	}
	if got := w.sendJSON("", "POST", "/api/v1/apps", `{"client_name":"x","redirect_uris":["app://a","app://b"]}`); got.status != 200 || !strings.Contains(string(got.body), `"scopes":["read"]`) {
		t.Errorf("an array of redirects: %d %s", got.status, got.body)
	}
	for name, bad := range map[string]string{
		"client_name": "", "redirect_uris": "javascript:alert(1)", "scopes": "everything", "website": "nowhere",
	} {
		form, _ := url.ParseQuery(good.Encode())
		form.Set(name, bad)
		w.fails("", "POST", "/api/v1/apps", form.Encode(), 422)
	}
	if got := ok[clientapi.Application](w, "alice", "GET", "/api/v1/apps/verify_credentials", ""); got.Name != "Alpha" {
		t.Errorf("the app of a token without one: %+v, want the instance", got)
	}
	w.fails("", "GET", "/api/v1/apps/verify_credentials", "", 401)
	stored, err := w.Store.AppByClientID(t.Context(), app.ClientID)
	if err != nil {
		t.Fatalf("find the app: %v", err)
	}
	token, _, err := w.SignIns.Token(t.Context(), 0, stored.ID, "read")
	if err != nil {
		t.Fatalf("make a token: %v", err)
	}
	if got := ok[clientapi.Application](w, token, "GET", "/api/v1/apps/verify_credentials", ""); got.Name != "Toot" {
		t.Errorf("the app of its own token: %+v, want Toot", got)
	}
}
