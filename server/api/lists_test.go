package api

import (
	"net/http"
	"testing"

	"orrery/clientapi"
)

func TestLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := ok[clientapi.List](w, "alice", "POST", "/api/v1/lists", "title=friends&exclusive=true")
	if l.Title != "friends" || !l.Exclusive || l.RepliesPolicy != "list" {
		t.Errorf("made %+v", l)
	}
	path := "/api/v1/lists/" + l.ID
	if got := ok[clientapi.List](w, "alice", "PUT", path, "title=better&replies_policy=none"); got.Title != "better" || got.RepliesPolicy != "none" {
		t.Errorf("changed to %+v", got)
	}
	w.fails("alice", "POST", path+"/accounts", "account_ids[]="+w.id("bob"), http.StatusUnprocessableEntity)
	ok[clientapi.Relationship](w, "alice", "POST", "/api/v1/accounts/"+w.id("bob")+"/follow", "")
	ok[struct{}](w, "alice", "POST", path+"/accounts", "account_ids[]="+w.id("bob"))
	post := w.post("bob", "for the list")
	if got := ok[[]clientapi.Status](w, "alice", "GET", "/api/v1/timelines/list/"+l.ID, ""); len(got) != 1 || got[0].ID != post {
		t.Errorf("timeline: got %d posts, want one", len(got))
	}
	if got := ok[[]clientapi.Status](w, "alice", "GET", "/api/v1/timelines/home", ""); len(got) != 0 {
		t.Errorf("home: got %d posts, want none: the list is exclusive", len(got))
	}
	if got := ok[[]clientapi.Account](w, "alice", "GET", path+"/accounts?limit=0", ""); len(got) != 1 {
		t.Errorf("members: got %d, want bob", len(got))
	}
	if got := ok[[]clientapi.List](w, "alice", "GET", "/api/v1/accounts/"+w.id("bob")+"/lists", ""); len(got) != 1 {
		t.Errorf("lists with bob: got %d, want one", len(got))
	}
	for _, target := range []string{path, path + "/accounts", "/api/v1/timelines/list/" + l.ID} {
		w.fails("bob", "GET", target, "", http.StatusNotFound)
	}
	ok[struct{}](w, "alice", "DELETE", path+"/accounts", "account_ids[]="+w.id("bob"))
	ok[struct{}](w, "alice", "DELETE", path, "")
	if got := ok[[]clientapi.List](w, "alice", "GET", "/api/v1/lists", ""); len(got) != 0 {
		t.Errorf("lists: got %d, want none", len(got))
	}
}

func TestFollowedTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := ok[clientapi.Tag](w, "alice", "POST", "/api/v1/tags/Go/follow", ""); got.Name != "go" || got.Following == nil || !*got.Following {
		t.Errorf("followed: got %+v", got)
	}
	if got := ok[clientapi.Tag](w, "", "GET", "/api/v1/tags/go", ""); got.Name != "go" {
		t.Errorf("shown: got %+v", got)
	}
	if got := ok[[]clientapi.Tag](w, "alice", "GET", "/api/v1/followed_tags", ""); len(got) != 1 || !*got[0].Following {
		t.Errorf("list: got %+v, want go", got)
	}
	w.post("bob", "hello #go")
	if got := ok[[]clientapi.Status](w, "alice", "GET", "/api/v1/timelines/home", ""); len(got) != 1 {
		t.Errorf("home: got %d posts, want one", len(got))
	}
	if got := ok[clientapi.Tag](w, "alice", "POST", "/api/v1/tags/go/unfollow", ""); *got.Following {
		t.Errorf("unfollowed: got %+v", got)
	}
	w.fails("alice", "POST", "/api/v1/tags/%20/follow", "", http.StatusNotFound)
}

func TestConversations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("bob", "psst @alice", "visibility=direct")
	list := ok[[]clientapi.Conversation](w, "alice", "GET", "/api/v1/conversations", "")
	if len(list) != 1 || !list[0].Unread || list[0].LastStatus.ID != id || list[0].Accounts[0].Username != "bob" {
		t.Fatalf("got %+v, want one with bob", list)
	}
	path := "/api/v1/conversations/" + list[0].ID
	if got := ok[clientapi.Conversation](w, "alice", "POST", path+"/read", ""); got.Unread {
		t.Error("it is unread still")
	}
	if got := ok[clientapi.Conversation](w, "alice", "POST", path+"/unread", ""); !got.Unread {
		t.Error("it is read still")
	}
	w.fails("bob", "POST", path+"/read", "", http.StatusNotFound)
	ok[struct{}](w, "alice", "DELETE", path, "")
	if got := ok[[]clientapi.Conversation](w, "alice", "GET", "/api/v1/conversations", ""); len(got) != 0 {
		t.Errorf("got %d, want none", len(got))
	}
}

func TestNotificationPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := ok[clientapi.NotificationPolicy](w, "alice", "PATCH", "/api/v2/notifications/policy", "for_not_following=filter")
	if p.ForNotFollowing != "filter" || p.ForBots != "accept" || p.ForPrivateMentions != "filter" {
		t.Errorf("policy: got %+v", p)
	}
	w.fails("alice", "PATCH", "/api/v2/notifications/policy", "for_bots=perhaps", http.StatusUnprocessableEntity)
	w.post("bob", "hello @alice")
	if got := ok[[]clientapi.Notification](w, "alice", "GET", "/api/v1/notifications", ""); len(got) != 0 {
		t.Errorf("notifications: got %d, want none", len(got))
	}
	if got := ok[[]clientapi.Notification](w, "alice", "GET", "/api/v1/notifications?include_filtered=true", ""); len(got) != 1 || !got[0].Filtered {
		t.Errorf("with those filtered: got %+v, want one", got)
	}
	p = ok[clientapi.NotificationPolicy](w, "alice", "GET", "/api/v2/notifications/policy", "")
	if p.Summary.Requests != 1 || p.Summary.Notifications != 1 {
		t.Errorf("summary: got %+v, want one each", p.Summary)
	}
	requests := ok[[]clientapi.NotificationRequest](w, "alice", "GET", "/api/v1/notifications/requests", "")
	if len(requests) != 1 || requests[0].Account.Username != "bob" || requests[0].NotificationsCount != "1" || requests[0].LastStatus == nil {
		t.Fatalf("requests: got %+v, want one by bob", requests)
	}
	path := "/api/v1/notifications/requests/" + requests[0].ID
	ok[clientapi.NotificationRequest](w, "alice", "GET", path, "")
	w.fails("bob", "POST", path+"/accept", "", http.StatusNotFound)
	ok[struct{}](w, "alice", "POST", path+"/accept", "")
	if got := ok[[]clientapi.Notification](w, "alice", "GET", "/api/v1/notifications", ""); len(got) != 1 {
		t.Errorf("accepted: got %d notifications, want one", len(got))
	}
	v1 := ok[clientapi.NotificationPolicyV1](w, "alice", "PATCH", "/api/v1/notifications/policy", "filter_not_following=false&filter_bots=true")
	if v1.FilterNotFollowing || !v1.FilterBots {
		t.Errorf("policy v1: got %+v", v1)
	}
	ok[struct{ Merged bool }](w, "alice", "GET", "/api/v1/notifications/requests/merged", "")
	for _, act := range []string{"accept", "dismiss"} {
		ok[struct{}](w, "alice", "POST", "/api/v1/notifications/requests/"+act, "")
	}
}
