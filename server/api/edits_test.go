package api

import (
	"testing"

	"orrery/clientapi"
)

func TestEditStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "Hello @bob #old", "poll[options][]=a", "poll[options][]=b", "poll[expires_in]=3600", "language=de", "spoiler_text=cw")
	path := "/api/v1/statuses/" + id
	ok[clientapi.Poll](w, "bob", "POST", "/api/v1/polls/"+id+"/votes", "choices[]=1")

	got := ok[clientapi.Status](w, "alice", "PUT", path, "status=Hello @lena #new&poll[options][]=a&poll[options][]=b&poll[expires_in]=7200")
	if got.EditedAt == nil || got.Content == "" || got.SpoilerText != "" || got.Sensitive || *got.Language != "de" || got.Visibility != "public" ||
		len(got.Mentions) != 1 || got.Mentions[0].Username != "lena" || len(got.Tags) != 1 || got.Tags[0].Name != "new" || got.Poll == nil || got.Poll.VotesCount != 1 {
		t.Errorf("edited to %+v, poll %+v", got, got.Poll)
	}
	if source := ok[clientapi.StatusSource](w, "alice", "GET", path+"/source", ""); source.Text != "Hello @lena #new" || source.SpoilerText != "" {
		t.Errorf("source is %+v", source)
	}
	if ns := ok[[]clientapi.Notification](w, "lena", "GET", "/api/v1/notifications", ""); len(ns) != 1 || ns[0].Type != "mention" {
		t.Errorf("lena, who is named now, was told %+v", ns)
	}
	ok[clientapi.Status](w, "bob", "POST", path+"/reblog", "")
	again := ok[clientapi.Status](w, "alice", "PUT", path, "status=Hello @lena #new&poll[options][]=x&poll[options][]=y&poll[expires_in]=7200")
	if again.Poll.VotesCount != 0 || again.Poll.Options[0].Title != "x" {
		t.Errorf("another question keeps %+v", again.Poll)
	}
	ns := ok[[]clientapi.Notification](w, "bob", "GET", "/api/v1/notifications?types[]=update", "")
	if len(ns) != 1 || ns[0].Status == nil || ns[0].Status.ID != id {
		t.Errorf("bob, who boosted it, was told %+v", ns)
	}
	same := ok[clientapi.Status](w, "alice", "PATCH", path, "status=Hello @lena #new&poll[options][]=x&poll[options][]=y&poll[expires_in]=7200")
	if !same.EditedAt.Equal(again.EditedAt.Time) {
		t.Errorf("an edit that changes nothing moved the date from %s to %s", again.EditedAt, same.EditedAt)
	}
	bare := ok[clientapi.Status](w, "alice", "PUT", path, "status=No poll")
	if bare.Poll != nil {
		t.Errorf("without a poll it keeps %+v", bare.Poll)
	}
	history := ok[[]clientapi.StatusEdit](w, "", "GET", path+"/history", "")
	if len(history) != 4 || history[0].SpoilerText != "cw" || !history[0].Sensitive || history[0].Poll.Options[1].Title != "b" ||
		history[2].Poll.Options[0].Title != "x" || history[3].Poll != nil || history[3].Content != "<p>No poll</p>" || history[0].Account.Username != "alice" {
		t.Errorf("history is %+v", history)
	}
	act := w.acts[len(w.acts)-1]
	if act.Type != "Update" || act.Object != bare.URI {
		t.Errorf("recorded %+v", act)
	}

	w.fails("alice", "PUT", path, "status=", 422)
	w.fails("bob", "PUT", path, "status=mine now", 404)
	w.fails("", "PUT", path, "status=x", 401)
	boost := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+w.post("bob", "his")+"/reblog", "")
	w.fails("alice", "PUT", "/api/v1/statuses/"+boost.ID, "status=x", 404)
	fresh := w.post("bob", "never changed")
	if h := ok[[]clientapi.StatusEdit](w, "bob", "GET", "/api/v1/statuses/"+fresh+"/history", ""); len(h) != 1 || h[0].Content != "<p>never changed</p>" {
		t.Errorf("of what was never changed: %+v", h)
	}
	w.fails("bob", "GET", "/api/v1/statuses/"+w.post("alice", "psst", "visibility=direct")+"/history", "", 404)
}
