package api

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// An edit replaces the files too, and says what they show; earlier versions keep theirs.
func TestEditStatus_media(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.uploaded("alice", picture(t), url.Values{"description": {"one"}})
	two := w.uploaded("alice", picture(t), url.Values{"description": {"two"}})
	id := w.post("alice", "pictures", "media_ids[]="+one.ID)
	path := "/api/v1/statuses/" + id
	shown := func(s clientapi.Status) (out []string) {
		for _, a := range s.MediaAttachments {
			out = append(out, *a.Description)
		}
		return out
	}
	both := ok[clientapi.Status](w, "alice", "PUT", path, "status=pictures&media_ids[]="+two.ID+"&media_ids[]="+one.ID)
	if diff := cmp.Diff([]string{"two", "one"}, shown(both)); diff != "" || both.EditedAt == nil {
		t.Errorf("both (-want +got):\n%s", diff)
	}
	got := w.sendJSON("alice", "PUT", path, `{"status":"pictures","media_ids":["`+two.ID+`","`+one.ID+`"],"media_attributes":[{"id":"`+one.ID+`","description":"uno","focus":"0.5,0.5"}]}`)
	var said clientapi.Status
	if err := json.Unmarshal(got.body, &said); err != nil || got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if diff := cmp.Diff([]string{"two", "uno"}, shown(said)); diff != "" || said.MediaAttachments[1].Meta.Focus.X != 0.5 {
		t.Errorf("described (-want +got):\n%s", diff)
	}
	if again := ok[clientapi.Status](w, "alice", "PUT", path, "status=pictures&media_ids[]="+two.ID+"&media_ids[]="+one.ID+"&media_attributes[0][id]="+one.ID+"&media_attributes[0][description]=uno"); !again.EditedAt.Equal(said.EditedAt.Time) {
		t.Error("an edit that changes nothing moved the date")
	}
	if bare := ok[clientapi.Status](w, "alice", "PUT", path, "status=pictures"); len(bare.MediaAttachments) != 0 {
		t.Errorf("without media_ids it shows %v", shown(bare))
	}
	if h := ok[[]clientapi.StatusEdit](w, "alice", "GET", path+"/history", ""); len(h) != 4 || len(h[0].MediaAttachments) != 1 || len(h[1].MediaAttachments) != 2 || len(h[3].MediaAttachments) != 0 {
		t.Errorf("history: %d versions", len(h))
	}
	if back := ok[clientapi.Status](w, "alice", "PUT", path, "media_ids[]="+one.ID); len(back.MediaAttachments) != 1 || back.Content != "" {
		t.Errorf("a picture alone: %+v", back)
	}
	theirs := w.uploaded("bob", picture(t), nil)
	w.fails("alice", "PUT", path, "status=x&media_ids[]="+theirs.ID, 422)
	w.fails("alice", "PUT", path, "status=x&media_ids[]=1", 422)
	w.fails("alice", "PUT", path, "status=x&media_ids[]="+one.ID+"&media_attributes[0][description]=no+id", 422)
	w.fails("alice", "PUT", path, "status=x&media_ids[]="+one.ID+"&media_attributes[0][id]="+one.ID+"&media_attributes[0][description]="+strings.Repeat("x", 1501), 422)
	w.fails("alice", "PUT", path, "status=x&media_ids[]="+one.ID+"&poll[options][]=a&poll[options][]=b&poll[expires_in]=3600", 422)
}
