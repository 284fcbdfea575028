package api

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
)

func acctsOf(list []clientapi.Account) []string {
	out := []string{}
	for _, a := range list {
		out = append(out, a.Acct)
	}
	return out
}

func TestLookupAndShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for acct, want := range map[string]string{
		"alice": "alice", "@ALICE": "alice", "alice@alpha.test": "alice", "rita@remote.test": "rita@remote.test", "@rita@REMOTE.test": "rita@remote.test",
	} {
		if got := ok[clientapi.Account](w, "", "GET", "/api/v1/accounts/lookup?acct="+url.QueryEscape(acct), ""); got.Acct != want {
			t.Errorf("lookup %s found %s, want %s", acct, got.Acct, want)
		}
	}
	w.fails("", "GET", "/api/v1/accounts/lookup?acct=nobody", "", 404)
	w.fails("", "GET", "/api/v1/accounts/lookup?acct=alice@elsewhere.test", "", 404)
	w.fails("", "GET", "/api/v1/accounts/lookup", "", 400)
	if got := ok[clientapi.Account](w, "", "GET", "/api/v1/accounts/"+w.id("rita"), ""); got.Acct != "rita@remote.test" {
		t.Errorf("show found %s, want rita", got.Acct)
	}
	got := acctsOf(ok[[]clientapi.Account](w, "", "GET", "/api/v1/accounts?id[]="+w.id("bob")+"&id[]=1&id[]=x&id[]="+w.id("alice"), ""))
	if diff := cmp.Diff([]string{"bob", "alice"}, got); diff != "" {
		t.Errorf("accounts by id (-want +got):\n%s", diff)
	}
	w.fails("", "GET", "/api/v1/accounts?"+strings.TrimPrefix(manyIDs(41), "&"), "", 422)
	w.fails("alice", "GET", "/api/v1/accounts/relationships?"+strings.TrimPrefix(manyIDs(201), "&"), "", 422)
}

func manyIDs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("&id[]=1" + strings.Repeat("0", i%9) + string(rune('0'+i/90)) + string(rune('0'+i/9%10)))
	}
	return b.String()
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, method := range []string{"PATCH", "PUT"} {
		got := ok[clientapi.CredentialAccount](w, "alice", method, "/api/v1/accounts/update_credentials", "display_name=Al&note=I+am+%23me&locked=1")
		if got.DisplayName != "Al" || got.Source.Note != "I am #me" || !strings.Contains(got.Note, "<a href") || !got.Locked {
			t.Errorf("%s: %+v", method, got)
		}
	}
	if act := w.acts[len(w.acts)-1]; act.Type != "Update" || act.Object != w.people["alice"].URI {
		t.Errorf("recorded %+v", act)
	}
	got := ok[clientapi.CredentialAccount](w, "alice", "PATCH", "/api/v1/accounts/update_credentials", "locked=false")
	if got.DisplayName != "Al" || got.Locked {
		t.Errorf("what was not sent changed, or locked did not: %+v", got)
	}
	w.fails("alice", "PATCH", "/api/v1/accounts/update_credentials", "display_name="+strings.Repeat("x", 31), 422)
	profile := w.token(w.people["alice"].ID, "profile")
	if got := ok[clientapi.CredentialAccount](w, profile, "GET", "/api/v1/accounts/verify_credentials", ""); got.Username != "alice" || got.Source.Privacy != "public" {
		t.Errorf("verify: %+v", got)
	}
	w.fails(profile, "GET", "/api/v1/preferences", "", 403)
	if got := ok[clientapi.Preferences](w, "alice", "GET", "/api/v1/preferences", ""); got.PostingVisibility != "public" {
		t.Errorf("preferences: %+v", got)
	}
}

func TestFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	follow := func(as, whom, what string) clientapi.Relationship {
		return ok[clientapi.Relationship](w, as, "POST", "/api/v1/accounts/"+w.id(whom)+"/"+what, "")
	}
	if got := follow("alice", "bob", "follow"); !got.Following || got.Requested || !got.ShowingReblogs {
		t.Errorf("follow bob: %+v", got)
	}
	for _, whom := range []string{"lena", "rita"} { // locked, and elsewhere
		if got := follow("alice", whom, "follow"); got.Following || !got.Requested {
			t.Errorf("follow %s: %+v, want requested", whom, got)
		}
	}
	w.fails("alice", "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "", 403)
	if got := ok[[]clientapi.Relationship](w, "lena", "GET", "/api/v1/accounts/relationships?id="+w.id("alice"), ""); len(got) != 1 || !got[0].RequestedBy {
		t.Errorf("lena's view: %+v, want requested_by", got)
	}
	if got := ok[clientapi.CredentialAccount](w, "lena", "GET", "/api/v1/accounts/verify_credentials", ""); got.Source.FollowRequestsCount != 1 {
		t.Errorf("lena counts %d requests, want 1", got.Source.FollowRequestsCount)
	}
	if got := acctsOf(ok[[]clientapi.Account](w, "lena", "GET", "/api/v1/follow_requests", "")); len(got) != 1 || got[0] != "alice" {
		t.Errorf("lena's requests: %v, want alice", got)
	}
	w.fails("lena", "POST", "/api/v1/follow_requests/"+w.id("bob")+"/authorize", "", 404)
	request := "/api/v1/follow_requests/" + w.id("alice")
	if got := ok[clientapi.Relationship](w, "lena", "POST", request+"/authorize", ""); !got.FollowedBy || got.RequestedBy {
		t.Errorf("after authorize: %+v, want followed_by", got)
	}
	w.fails("lena", "POST", request+"/reject", "", 404) // nobody waits any more; a follower stays
	if got := acctsOf(ok[[]clientapi.Account](w, "", "GET", "/api/v1/accounts/"+w.id("lena")+"/followers", "")); len(got) != 1 {
		t.Errorf("lena's followers: %v, want alice", got)
	}
	follow("bob", "lena", "follow")
	if got := ok[clientapi.Relationship](w, "lena", "POST", "/api/v1/follow_requests/"+w.id("bob")+"/reject", ""); got.FollowedBy || got.RequestedBy {
		t.Errorf("after reject: %+v, want nothing", got)
	}
	for range 2 {
		if got := follow("alice", "bob", "unfollow"); got.Following || got.Requested {
			t.Errorf("unfollow: %+v", got)
		}
	}
}

func TestFollowersByPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"bob", "lena"} {
		ok[clientapi.Relationship](w, name, "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
	}
	path := "/api/v1/accounts/" + w.id("alice") + "/followers"
	first := w.do("", "GET", path+"?limit=1", "")
	parts := linkPattern.FindStringSubmatch(first.header.Get("Link"))
	if parts == nil || !strings.Contains(parts[2], "since_id=") || !strings.Contains(string(first.body), `"username":"lena"`) {
		t.Fatalf("first page: Link %q, %s", first.header.Get("Link"), first.body)
	}
	second := strings.TrimPrefix(parts[1], "https://alpha.test")
	if got := acctsOf(ok[[]clientapi.Account](w, "", "GET", second, "")); len(got) != 1 || got[0] != "bob" {
		t.Errorf("second page: %v, want bob", got)
	}
	all := w.do("", "GET", path, "")
	if link := all.header.Get("Link"); strings.Contains(link, "next") || !strings.Contains(link, "prev") {
		t.Errorf("a page that is not full has the Link %q, want prev alone", link)
	}
	if link := w.do("", "GET", "/api/v1/accounts/"+w.id("alice")+"/following", "").header.Get("Link"); link != "" {
		t.Errorf("an empty list has the Link %q", link)
	}
	if got := acctsOf(ok[[]clientapi.Account](w, "", "GET", "/api/v1/accounts/"+w.id("bob")+"/following", "")); len(got) != 1 || got[0] != "alice" {
		t.Errorf("bob follows %v, want alice", got)
	}
}
