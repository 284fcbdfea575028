package api

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
)

// What somebody does to somebody else, through the API, and what the answers say.
func TestRelations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := clientapi.Relationship{ID: w.id("bob")}
	path := "/api/v1/accounts/" + w.id("bob") + "/"
	for _, tt := range []struct {
		act, form string
		want      func(r *clientapi.Relationship)
	}{
		{"follow", "reblogs=false&notify=true&languages[]=de", func(r *clientapi.Relationship) {
			r.Following, r.Notifying, r.Languages = true, true, &[]string{"de"}
		}},
		{"follow", "reblogs=true&notify=false&languages[]=", func(r *clientapi.Relationship) { r.Following, r.ShowingReblogs = true, true }},
		{"endorse", "", func(r *clientapi.Relationship) { r.Following, r.ShowingReblogs, r.Endorsed = true, true, true }},
		{"unpin", "", func(r *clientapi.Relationship) { r.Following, r.ShowingReblogs = true, true }},
		{"note", "comment=tall", func(r *clientapi.Relationship) { r.Following, r.ShowingReblogs, r.Note = true, true, "tall" }},
		{"mute", "", func(r *clientapi.Relationship) {
			r.Following, r.ShowingReblogs, r.Note, r.Muting, r.MutingNotifications = true, true, "tall", true, true
		}},
		{"mute", "notifications=false", func(r *clientapi.Relationship) {
			r.Following, r.ShowingReblogs, r.Note, r.Muting = true, true, "tall", true
		}},
		{"unmute", "", func(r *clientapi.Relationship) { r.Following, r.ShowingReblogs, r.Note = true, true, "tall" }},
		{"note", "", func(r *clientapi.Relationship) { r.Following, r.ShowingReblogs = true, true }},
		{"block", "", func(r *clientapi.Relationship) { r.Blocking = true }},
		{"unblock", "", func(*clientapi.Relationship) {}},
	} {
		want := base
		tt.want(&want)
		if diff := cmp.Diff(want, ok[clientapi.Relationship](w, "alice", "POST", path+tt.act, tt.form)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.act, tt.form, diff)
		}
		if diff := cmp.Diff([]clientapi.Relationship{want}, ok[[]clientapi.Relationship](w, "alice", "GET", "/api/v1/accounts/relationships?id="+w.id("bob"), "")); diff != "" {
			t.Errorf("the relationship after %s (-want +got):\n%s", tt.act, diff)
		}
	}
	ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
	if got := ok[clientapi.Relationship](w, "alice", "POST", path+"remove_from_followers", ""); got.FollowedBy {
		t.Error("bob follows alice still")
	}
	w.fails("alice", "POST", path+"endorse", "", http.StatusUnprocessableEntity)
	w.fails("alice", "POST", path+"mute", "duration=-1", http.StatusUnprocessableEntity)
}

func TestRelations_lists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"bob", "rita"} {
		ok[clientapi.Relationship](w, "alice", "POST", "/api/v1/accounts/"+w.id(name)+"/block", "")
	}
	ok[clientapi.Relationship](w, "alice", "POST", "/api/v1/accounts/"+w.id("lena")+"/mute", "duration=3600")
	names := func(path string) (out []string) {
		for _, a := range ok[[]clientapi.Account](w, "alice", "GET", path, "") {
			out = append(out, a.Username)
		}
		return out
	}
	if diff := cmp.Diff([]string{"rita", "bob"}, names("/api/v1/blocks")); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	page := w.do("alice", "GET", "/api/v1/blocks?limit=1", "")
	if link := page.header.Get("Link"); link == "" {
		t.Error("a full page of blocks has no Link")
	}
	muted := ok[[]clientapi.MutedAccount](w, "alice", "GET", "/api/v1/mutes", "")
	if len(muted) != 1 || muted[0].Username != "lena" || muted[0].MuteExpiresAt == nil {
		t.Errorf("mutes: got %+v, want lena with an end", muted)
	}
	ok[struct{}](w, "alice", "POST", "/api/v1/domain_blocks", "domain=Remote.TEST")
	if diff := cmp.Diff([]string{"remote.test"}, ok[[]string](w, "alice", "GET", "/api/v1/domain_blocks", "")); diff != "" {
		t.Errorf("domains (-want +got):\n%s", diff)
	}
	ok[struct{}](w, "alice", "DELETE", "/api/v1/domain_blocks", "domain=remote.test")
	if got := ok[[]string](w, "alice", "GET", "/api/v1/domain_blocks", ""); len(got) != 0 {
		t.Errorf("domains: got %q, want none", got)
	}
	for _, path := range []string{"/api/v1/blocks", "/api/v1/mutes", "/api/v1/domain_blocks"} {
		if got := ok[[]any](w, "bob", "GET", path, ""); len(got) != 0 {
			t.Errorf("bob reads %s of somebody else: %v", path, got)
		}
	}
	w.fails("alice", "POST", "/api/v1/domain_blocks", "domain=alpha.test", http.StatusUnprocessableEntity)
}

func TestMuteConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "hello")
	for _, act := range []string{"mute", "unmute"} {
		s := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+id+"/"+act, "")
		if s.ID != id || s.Muted == nil || *s.Muted != (act == "mute") {
			t.Errorf("%s: got muted %v", act, s.Muted)
		}
	}
}

// Nobody is shown those whom they block or mute, or who block them, among those who liked something.
func TestReactedBy_leavesOutWhomOneKeepsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("lena", "liked")
	path := "/api/v1/statuses/" + id
	for _, name := range []string{"alice", "bob"} {
		ok[clientapi.Status](w, name, "POST", path+"/favourite", "")
		ok[clientapi.Status](w, name, "POST", path+"/reblog", "")
	}
	count := func(as, list string) int { return len(ok[[]clientapi.Account](w, as, "GET", path+"/"+list, "")) }
	for _, list := range []string{"favourited_by", "reblogged_by"} {
		if n := count("alice", list); n != 2 {
			t.Errorf("%s: alice sees %d of 2", list, n)
		}
	}
	ok[clientapi.Relationship](w, "alice", "POST", "/api/v1/accounts/"+w.id("bob")+"/block", "")
	for _, list := range []string{"favourited_by", "reblogged_by"} {
		if a, b, all := count("alice", list), count("bob", list), count("", list); a != 1 || b != 1 || all != 2 {
			t.Errorf("%s: alice sees %d, bob %d, others %d; want 1, 1, 2", list, a, b, all)
		}
	}
}
