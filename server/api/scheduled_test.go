package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/clientapi"
)

func TestScheduled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/api/v1/scheduled_statuses"
	at := func(d time.Duration) string { return url.QueryEscape(w.Now().Add(d).UTC().Format(time.RFC3339)) }
	parent := w.post("bob", "hello")
	s := ok[clientapi.ScheduledStatus](w, "alice", "POST", "/api/v1/statuses",
		"status=later&spoiler_text=soon&visibility=private&language=de&in_reply_to_id="+parent+
			"&poll[options][]=a&poll[options][]=b&poll[expires_in]=600&scheduled_at="+at(time.Hour))
	p := s.Params
	if p.Text != "later" || *p.SpoilerText != "soon" || p.Visibility != "private" || *p.Language != "de" || p.InReplyToID.String() != parent ||
		p.Poll.ExpiresIn != 600 || len(p.Poll.Options) != 2 || p.MediaIDs != nil {
		t.Errorf("params: got %+v", p)
	}
	one := path + "/" + s.ID
	if got := ok[clientapi.ScheduledStatus](w, "alice", "GET", one, ""); got.Params.Text != "later" || !got.ScheduledAt.Equal(s.ScheduledAt.Time) {
		t.Errorf("got %+v", got)
	}
	if got := ok[clientapi.ScheduledStatus](w, "alice", "PUT", one, "scheduled_at="+at(48*time.Hour)+"&status=other"); !got.ScheduledAt.After(s.ScheduledAt.Time) || got.Params.Text != "later" {
		t.Errorf("moved: got %+v", got)
	}
	for _, bad := range []string{"", "scheduled_at=soon", "scheduled_at=" + at(time.Minute), "scheduled_at=" + at(-time.Hour)} {
		w.fails("alice", "PUT", one, bad, http.StatusUnprocessableEntity)
	}
	w.fails("alice", "POST", "/api/v1/statuses", "status=x&scheduled_at="+at(4*time.Minute), http.StatusUnprocessableEntity)
	w.fails("alice", "POST", "/api/v1/statuses", "status=x&in_reply_to_id=77&scheduled_at="+at(time.Hour), http.StatusNotFound)
	if got := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses", "status=x&scheduled_at="+at(-time.Hour)); got.Content != "<p>x</p>" {
		t.Errorf("in the past, which is now: got %+v", got)
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.fails("bob", method, one, "scheduled_at="+at(time.Hour), http.StatusNotFound)
	}
	again := func() string {
		req := httptest.NewRequest("POST", "/api/v1/statuses", strings.NewReader("status=once&scheduled_at="+at(72*time.Hour)))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Idempotency-Key", "k")
		got := w.send("alice", req)
		id, _, _ := strings.Cut(strings.TrimPrefix(string(got.body), `{"id":"`), `"`)
		return id
	}
	if first, second := again(), again(); first != second || first == "" {
		t.Errorf("the same key: got %q and %q", first, second)
	}
	if got := ok[[]clientapi.ScheduledStatus](w, "alice", "GET", path, ""); len(got) != 2 || got[1].ID != s.ID {
		t.Errorf("list: got %+v", got)
	}
	ok[struct{}](w, "alice", "DELETE", one, "")
	w.fails("alice", "DELETE", one, "", http.StatusNotFound)
	for i := range 25 {
		got := w.do("alice", "POST", "/api/v1/statuses", "status=x&scheduled_at=2098-01-02T10:00:00Z")
		if got.status != http.StatusOK {
			t.Fatalf("post %d: %d %s", i, got.status, got.body)
		}
	}
	w.fails("alice", "POST", "/api/v1/statuses", "status=x&scheduled_at=2098-01-02T23:00:00Z", http.StatusUnprocessableEntity)
	if got := ok[[]clientapi.ScheduledStatus](w, "bob", "GET", path, ""); len(got) != 0 {
		t.Errorf("bob sees %d of alice's", len(got))
	}
}
