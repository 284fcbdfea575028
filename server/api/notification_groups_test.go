package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
)

func TestNotificationGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "hello")
	for _, name := range []string{"bob", "lena"} {
		ok[clientapi.Relationship](w, name, "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
		ok[clientapi.Status](w, name, "POST", "/api/v1/statuses/"+id+"/favourite", "")
	}
	w.post("lena", "hey @alice")
	const all = "/api/v2/notifications"
	kinds := func(query string) string {
		var got []string
		for _, g := range ok[clientapi.GroupedNotifications](w, "alice", "GET", all+query, "").Groups {
			got = append(got, g.Type)
		}
		return strings.Join(got, " ")
	}
	for query, want := range map[string]string{
		"":                               "mention favourite follow",
		"?grouped_types[]=favourite":     "mention favourite follow follow",
		"?grouped_types[]=nothing":       "mention favourite follow favourite follow",
		"?types[]=favourite":             "favourite",
		"?types[]=collection_update":     "",
		"?exclude_types[]=mention":       "favourite follow",
		"?limit=1":                       "mention",
		"?limit=0":                       "",
		"?account_id=" + w.id("bob"):     "favourite follow",
		"?expand_accounts=full&limit=90": "mention favourite follow",
	} {
		if got := kinds(query); got != want {
			t.Errorf("%q: got %s, want %s", query, got, want)
		}
	}
	page := ok[clientapi.GroupedNotifications](w, "alice", "GET", all, "")
	if len(page.Accounts) != 2 || len(page.Statuses) != 2 || page.PartialAccounts != nil {
		t.Errorf("got %d people and %d posts, want each of two once", len(page.Accounts), len(page.Statuses))
	}
	g := page.Groups[1]
	if diff := cmp.Diff([]string{w.id("lena"), w.id("bob")}, g.SampleAccountIDs); diff != "" || g.Count != 2 || *g.StatusID != id || g.PageMinID == g.PageMaxID {
		t.Errorf("favourites: got %+v\n%s", g, diff)
	}
	if got := kinds("?max_id=" + g.MostRecentID); got != "follow" {
		t.Errorf("below the favourites: got %s, want follow: a group stands where its newest does", got)
	}
	if got := kinds("?min_id=" + g.MostRecentID); got != "mention" {
		t.Errorf("above the favourites: got %s, want mention", got)
	}
	partial := ok[clientapi.GroupedNotifications](w, "alice", "GET", all+"?expand_accounts=partial_avatars", "")
	if len(partial.Accounts) != 1 || len(*partial.PartialAccounts) != 1 || (*partial.PartialAccounts)[0].ID != w.id("bob") {
		t.Errorf("partial: got %+v", partial)
	}
	w.fails("alice", "GET", all+"?expand_accounts=some", "", http.StatusBadRequest)

	one := all + "/" + g.GroupKey
	if got := ok[clientapi.GroupedNotifications](w, "alice", "GET", one, ""); len(got.Groups) != 1 || got.Groups[0].Count != 2 {
		t.Errorf("one: got %+v", got.Groups)
	}
	names := acctsOf(ok[[]clientapi.Account](w, "alice", "GET", one+"/accounts?limit=1", ""))
	if !slices.Equal(names, []string{"lena"}) {
		t.Errorf("who favourited last: got %v, want lena", names)
	}
	alone := all + "/" + page.Groups[0].GroupKey
	if got := ok[[]clientapi.Account](w, "alice", "GET", alone+"/accounts", ""); len(got) != 1 {
		t.Errorf("who mentioned: got %d, want one", len(got))
	}
	for _, target := range []string{one, one + "/accounts", alone, all + "/ungrouped-x"} {
		w.fails("bob", "GET", target, "", http.StatusNotFound)
	}
	ok[struct{}](w, "bob", "POST", one+"/dismiss", "")
	ok[struct{}](w, "bob", "POST", alone+"/dismiss", "")
	ok[struct{}](w, "alice", "POST", one+"/dismiss", "")
	ok[struct{}](w, "alice", "POST", alone+"/dismiss", "")
	if got := kinds(""); got != "follow" {
		t.Errorf("after two were dismissed: got %s, want follow", got)
	}
	ok[struct{}](w, "alice", "POST", all+"/clear", "")
	if got := kinds(""); got != "" {
		t.Errorf("after all were cleared: got %s", got)
	}
}

func TestNotifications_unread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "hello")
	for _, name := range []string{"bob", "lena"} {
		ok[clientapi.Status](w, name, "POST", "/api/v1/statuses/"+id+"/favourite", "")
	}
	counts := func(query string) [2]int {
		var got [2]int
		for i, path := range []string{"/api/v1/notifications/unread_count", "/api/v2/notifications/unread_count"} {
			got[i] = ok[struct{ Count int }](w, "alice", "GET", path+query, "").Count
		}
		return got
	}
	for query, want := range map[string][2]int{
		"": {2, 1}, "?limit=1": {1, 1}, "?types[]=mention": {}, "?grouped_types[]=follow": {2, 2}, "?limit=0": {}, "?limit=5000": {2, 1},
		"?types[]=nothing": {}, "?account_id=" + w.id("bob"): {1, 1},
	} {
		if got := counts(query); got != want {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
	newest := ok[[]clientapi.Notification](w, "alice", "GET", "/api/v1/notifications", "")[0].ID
	ok[map[string]clientapi.Marker](w, "alice", "POST", "/api/v1/markers", "notifications[last_read_id]="+newest)
	if got := counts(""); got != [2]int{} {
		t.Errorf("all read: got %v", got)
	}
	w.fails("alice", "GET", "/api/v1/notifications/unread_count?limit=x", "", http.StatusBadRequest)
}
