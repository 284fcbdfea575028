package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/clientapi"
	"orrery/social"
)

func TestCreateStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	parent := w.post("bob", "start")
	got := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses",
		url.Values{"status": {"Hi @bob #Fun"}, "in_reply_to_id": {parent}, "visibility": {"unlisted"}, "spoiler_text": {"cw"}, "language": {"de"}}.Encode())
	if got.Visibility != "unlisted" || *got.InReplyToID != parent || *got.InReplyToAccountID != w.id("bob") || !got.Sensitive ||
		*got.Language != "de" || len(got.Mentions) != 1 || got.Mentions[0].ID != w.id("bob") || got.Tags[0].Name != "fun" {
		t.Errorf("created %+v", got)
	}
	act := w.acts[len(w.acts)-1]
	if act.Type != "Create" || act.Actor != w.people["alice"].URI || act.InReplyTo == "" || !strings.Contains(act.Excerpt, "Hi @bob") {
		t.Errorf("recorded %+v", act)
	}
	if up := ok[clientapi.Status](w, "", "GET", "/api/v1/statuses/"+parent, ""); up.RepliesCount != 1 {
		t.Errorf("the parent counts %d replies, want 1", up.RepliesCount)
	}
	for form, status := range map[string]int{
		"status=":                                   422,
		"status=x&visibility=secret":                422,
		"status=x&in_reply_to_id=77":                404,
		"status=x&in_reply_to_id=none":              404,
		"status=x&media_ids[]=1":                    422,
		"status=x&poll[options][]=a":                422,
		"status=x&quoted_status_id=1":               422, // the policy is 4.1
		"status=&scheduled_at=2099-01-01T00:00:00Z": 422,
		"status=x&scheduled_at=soon":                422,
		"status=" + strings.Repeat("x", 501):        422,
		"status=%FF":                                400,
	} {
		w.fails("alice", "POST", "/api/v1/statuses", form, status)
	}
}

func TestCreateStatus_parametersComeFromAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	multipart := httptest.NewRequest("POST", "/api/v1/statuses", strings.NewReader(
		"--b\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nfrom multipart\r\n--b--\r\n"))
	multipart.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	for name, got := range map[string]answer{
		"from query":     w.do("alice", "POST", "/api/v1/statuses?status=from+query", ""),
		"from form":      w.do("alice", "POST", "/api/v1/statuses", "status=from+form"),
		"from json":      w.sendJSON("alice", "POST", "/api/v1/statuses", `{"status":"from json","media_ids":[],"poll":null,"sensitive":false,"in_reply_to_id":null}`),
		"from multipart": w.send("alice", multipart),
	} {
		if got.status != http.StatusOK || !strings.Contains(string(got.body), name) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := w.sendJSON("alice", "POST", "/api/v1/statuses", `{"status":`); got.status != http.StatusBadRequest {
		t.Errorf("broken JSON: %d %s, want 400", got.status, got.body)
	}
}

func TestCreateStatus_idempotencyKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := func(as, key string) string {
		req := httptest.NewRequest("POST", "/api/v1/statuses?status=once", nil)
		req.Header.Set("Idempotency-Key", key)
		got := w.send(as, req)
		if got.status != http.StatusOK {
			t.Fatalf("post with key %q: %d %s", key, got.status, got.body)
		}
		_, rest, _ := strings.Cut(string(got.body), `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		return id
	}
	first := post("alice", "k")
	if again := post("alice", "k"); again != first {
		t.Errorf("the same key made %s, want %s again", again, first)
	}
	for _, other := range []string{post("bob", "k"), post("alice", "other"), post("alice", "")} {
		if other == first {
			t.Errorf("another key, or person, got %s again", first)
		}
	}
	if a, b := post("alice", strings.Repeat("k", 3000)), post("alice", strings.Repeat("k", 3000)); a != b {
		t.Errorf("a long key made %s and %s, want one", a, b)
	}
}

func TestCreateStatus_oneKeyManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Act = nil
	ids := make(chan string)
	for range 8 {
		go func() {
			req := httptest.NewRequest("POST", "/api/v1/statuses?status=once", nil)
			req.Header.Set("Idempotency-Key", "k")
			got := w.send("alice", req)
			ids <- string(firstOf.Find(got.body))
		}()
	}
	first := <-ids
	for range 7 {
		if other := <-ids; other != first || first == "" {
			t.Errorf("one key made %q and %q, want one post", first, other)
		}
	}
}

var firstOf = regexp.MustCompile(`^{"id":"\d+"`)

func TestCreateStatus_allowedMentions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.do("alice", "POST", "/api/v1/statuses", "status=@bob+@lena+@nobody&allowed_mentions[]="+w.id("bob"))
	if got.status != 422 || !strings.Contains(string(got.body), `"unexpected_accounts":[{"id":"`+w.id("lena")+`"`) {
		t.Errorf("mention of lena: %d %s, want 422 that names her", got.status, got.body)
	}
	w.post("alice", "@bob @lena", "allowed_mentions[]="+w.id("bob"), "allowed_mentions[]="+w.id("lena"))
	w.fails("alice", "POST", "/api/v1/statuses", "status=@bob&allowed_mentions[]=", 422)
}

func TestDeleteStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "typed *so*")
	w.fails("bob", "DELETE", "/api/v1/statuses/"+id, "", 404)
	got := ok[map[string]any](w, "alice", "DELETE", "/api/v1/statuses/"+id, "")
	if _, has := got["content"]; has || got["text"] != "typed *so*" {
		t.Errorf("deleted %v, want text instead of content", got)
	}
	w.fails("alice", "GET", "/api/v1/statuses/"+id, "", 404)
}

func TestStatuses_privacy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	direct := w.post("alice", "psst @bob", "visibility=direct")
	for as, status := range map[string]int{"alice": 200, "bob": 200, "lena": 404, "": 404} {
		for _, rest := range []string{"", "/context", "/favourited_by", "/reblogged_by"} {
			if got := w.do(as, "GET", "/api/v1/statuses/"+direct+rest, ""); got.status != status {
				t.Errorf("%s of a direct post as %q: %d, want %d", rest, as, got.status, status)
			}
		}
	}
	w.fails("lena", "POST", "/api/v1/statuses/"+direct+"/favourite", "", 404)
	w.fails("lena", "GET", "/api/v1/statuses/"+direct+"/source", "", 404)
	w.fails("bob", "POST", "/api/v1/statuses/"+direct+"/reblog", "", 403)
	if got := ok[[]clientapi.Status](w, "lena", "GET", "/api/v1/statuses?id[]="+direct+"&id[]=1&id[]=x", ""); len(got) != 0 {
		t.Errorf("lena got %d statuses by id, want none", len(got))
	}
	if got := ok[[]clientapi.Status](w, "bob", "GET", "/api/v1/statuses?id="+direct, ""); len(got) != 1 {
		t.Errorf("bob got %d statuses by id, want one", len(got))
	}
	many := ""
	for i := range 21 {
		many += "&id[]=" + social.ID(i+1).String()
	}
	w.fails("bob", "GET", "/api/v1/statuses?"+many[1:], "", 422)
}

func TestContextAndSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.post("alice", "root")
	middle := w.post("bob", "middle", "in_reply_to_id="+root)
	leaf := w.post("alice", "leaf", "in_reply_to_id="+middle)
	ids := func(list []clientapi.Status) (out []string) {
		for _, s := range list {
			out = append(out, s.ID)
		}
		return out
	}
	c := ok[clientapi.Context](w, "", "GET", "/api/v1/statuses/"+middle+"/context", "")
	if diff := cmp.Diff([][]string{{root}, {leaf}}, [][]string{ids(c.Ancestors), ids(c.Descendants)}); diff != "" {
		t.Errorf("context (-want +got):\n%s", diff)
	}
	if len(w.opened) != 0 {
		t.Errorf("an anonymous look opened %v, want nothing", w.opened)
	}
	ok[clientapi.Context](w, "bob", "GET", "/api/v1/statuses/"+middle+"/context", "")
	if len(w.opened) != 1 || w.opened[0].String() != middle {
		t.Errorf("a signed-in look opened %v, want %s", w.opened, middle)
	}
	if got := ok[clientapi.StatusSource](w, "alice", "GET", "/api/v1/statuses/"+leaf+"/source", ""); got.Text != "leaf" {
		t.Errorf("source %+v, want leaf", got)
	}
}

func TestReactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "like me")
	path := "/api/v1/statuses/" + id
	for range 2 { // twice is once
		if got := ok[clientapi.Status](w, "bob", "POST", path+"/favourite", ""); got.FavouritesCount != 1 || !*got.Favourited {
			t.Errorf("favourite: %d, %v; want 1, true", got.FavouritesCount, *got.Favourited)
		}
	}
	var wrapper clientapi.Status
	for range 2 {
		wrapper = ok[clientapi.Status](w, "bob", "POST", path+"/reblog", "")
		if wrapper.ID == id || wrapper.Reblog == nil || wrapper.Reblog.ID != id || wrapper.Reblog.ReblogsCount != 1 || !*wrapper.Reblog.Reblogged || !*wrapper.Reblogged {
			t.Errorf("reblog: %+v, want a wrapper", wrapper)
		}
	}
	if got := ok[clientapi.Status](w, "lena", "POST", "/api/v1/statuses/"+wrapper.ID+"/favourite", ""); got.ID != id || got.FavouritesCount != 2 {
		t.Errorf("favourite of the wrapper: %s with %d, want %s with 2", got.ID, got.FavouritesCount, id)
	}
	for rest, want := range map[string]int{"/favourited_by": 2, "/reblogged_by": 1} {
		if got := ok[[]clientapi.Account](w, "", "GET", path+rest, ""); len(got) != want {
			t.Errorf("%s lists %d, want %d", rest, len(got), want)
		}
	}
	for range 2 {
		if got := ok[clientapi.Status](w, "bob", "POST", path+"/unfavourite", ""); got.FavouritesCount != 1 || *got.Favourited {
			t.Errorf("unfavourite: %d, %v; want 1, false", got.FavouritesCount, *got.Favourited)
		}
		if got := ok[clientapi.Status](w, "bob", "POST", path+"/unreblog", ""); got.ID != id || got.ReblogsCount != 0 || *got.Reblogged {
			t.Errorf("unreblog: %s, %d, %v; want %s, 0, false", got.ID, got.ReblogsCount, *got.Reblogged, id)
		}
	}
	w.fails("bob", "POST", path+"/reblog", "visibility=direct", 422)
}
