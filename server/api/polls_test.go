package api

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
)

func TestPolls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses",
		"status=Which%3F&poll[options][]=Mars&poll[options][]=Venus&poll[options][]=Pluto&poll[expires_in]=3600&poll[multiple]=true")
	p := made.Poll
	if p == nil || !p.Multiple || p.Expired || len(p.Options) != 3 || *p.Options[2].VotesCount != 0 || !*p.Voted || p.ExpiresAt.Sub(made.CreatedAt.Time).Seconds() != 3600 {
		t.Fatalf("made %+v", p)
	}
	path := "/api/v1/polls/" + p.ID
	if got := ok[clientapi.Poll](w, "", "GET", path, ""); got.Voted != nil || got.OwnVotes != nil || got.VotesCount != 0 || *got.VotersCount != 0 {
		t.Errorf("a stranger sees %+v", got)
	}
	got := ok[clientapi.Poll](w, "bob", "POST", path+"/votes", "choices[]=2&choices[]=0")
	if !*got.Voted || got.VotesCount != 2 || *got.VotersCount != 1 || *got.Options[2].VotesCount != 1 {
		t.Errorf("after voting bob sees %+v", got)
	}
	if diff := cmp.Diff(&[]int{0, 2}, got.OwnVotes); diff != "" {
		t.Errorf("own votes (-want +got):\n%s", diff)
	}
	if got := ok[clientapi.Poll](w, "lena", "GET", path, ""); *got.Voted || len(*got.OwnVotes) != 0 || got.VotesCount != 2 {
		t.Errorf("lena sees %+v", got)
	}
	act := w.acts[len(w.acts)-1]
	if act.Type != "Create" || act.Object != made.URI || act.Actor != w.people["bob"].URI {
		t.Errorf("recorded %+v", act)
	}
	for form, status := range map[string]int{"choices[]=0": 422, "choices[]=9": 422, "": 422, "choices[]=x": 400} {
		w.fails("bob", "POST", path+"/votes", form, status)
	}
	w.fails("alice", "POST", path+"/votes", "choices[]=0", 422)
	w.fails("", "POST", path+"/votes", "choices[]=0", 401)
	w.fails("bob", "GET", "/api/v1/polls/"+w.post("bob", "no poll"), "", 404)
	w.fails("bob", "GET", "/api/v1/polls/7", "", 404)
	for _, form := range []string{"poll[options][]=a&poll[expires_in]=3600", "poll[options][]=a&poll[options][]=b", "poll[options][]=a&poll[options][]=a&poll[expires_in]=3600"} {
		w.fails("alice", "POST", "/api/v1/statuses", "status=x&"+form, 422)
	}
	secret := w.sendJSON("alice", "POST", "/api/v1/statuses", `{"status":"psst","poll":{"options":["a","b"],"expires_in":300,"hide_totals":true}}`)
	if want := `"options":[{"title":"a","votes_count":null},{"title":"b","votes_count":null}]`; secret.status != 200 || !strings.Contains(string(secret.body), want) {
		t.Errorf("a secret poll: %d %s, want %s", secret.status, secret.body, want)
	}
}
