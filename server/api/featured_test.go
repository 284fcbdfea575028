package api

import (
	"net/http"
	"testing"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

func TestPins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, hidden := w.post("alice", "look at this"), w.post("alice", "psst", "visibility=direct")
	pinned := func() []clientapi.Status {
		return ok[[]clientapi.Status](w, "bob", "GET", "/api/v1/accounts/"+w.id("alice")+"/statuses?pinned=true", "")
	}
	if got := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+id+"/pin", ""); got.Pinned == nil || !*got.Pinned || len(pinned()) != 1 {
		t.Errorf("pinned: %v, on the profile %d", got.Pinned, len(pinned()))
	}
	w.fails("alice", "POST", "/api/v1/statuses/"+hidden+"/pin", "", http.StatusUnprocessableEntity)
	w.fails("bob", "POST", "/api/v1/statuses/"+id+"/pin", "", http.StatusUnprocessableEntity)
	if got := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+id+"/unpin", ""); got.Pinned == nil || *got.Pinned || len(pinned()) != 0 {
		t.Errorf("unpinned: %v, on the profile %d", got.Pinned, len(pinned()))
	}
}

func TestFeaturedTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post("alice", "reading #books and #maps")
	made := ok[clientapi.FeaturedTag](w, "alice", "POST", "/api/v1/featured_tags", "name=books")
	own := ok[[]clientapi.FeaturedTag](w, "alice", "GET", "/api/v1/featured_tags", "")
	shown := ok[[]clientapi.FeaturedTag](w, "", "GET", "/api/v1/accounts/"+w.id("alice")+"/featured_tags", "")
	if len(own) != 1 || len(shown) != 1 || own[0].ID != made.ID || shown[0].Name != "books" || shown[0].StatusesCount != "1" {
		t.Errorf("made %+v, own %+v, shown %+v", made, own, shown)
	}
	if more := ok[[]clientapi.Tag](w, "alice", "GET", "/api/v1/featured_tags/suggestions", ""); len(more) != 1 || more[0].Name != "maps" {
		t.Errorf("suggested: %+v, want maps", more)
	}
	w.fails("alice", "POST", "/api/v1/featured_tags", "name=", http.StatusBadRequest)
	w.fails("bob", "DELETE", "/api/v1/featured_tags/"+made.ID, "", http.StatusNotFound)
	ok[struct{}](w, "alice", "DELETE", "/api/v1/featured_tags/"+made.ID, "")
	if own = ok[[]clientapi.FeaturedTag](w, "alice", "GET", "/api/v1/featured_tags", ""); len(own) != 0 {
		t.Errorf("after deleting: %+v", own)
	}
}

func TestEndorsements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/api/v1/accounts/" + w.id("bob") + "/"
	ok[clientapi.Relationship](w, "alice", "POST", path+"follow", "")
	if got := ok[clientapi.Relationship](w, "alice", "POST", path+"pin", ""); !got.Endorsed {
		t.Error("bob is not endorsed")
	}
	for as, target := range map[string]string{"alice": "/api/v1/endorsements", "": "/api/v1/accounts/" + w.id("alice") + "/endorsements"} {
		if got := ok[[]clientapi.Account](w, as, "GET", target, ""); len(got) != 1 || got[0].Username != "bob" {
			t.Errorf("%s: %+v, want bob", target, got)
		}
	}
	if got := ok[clientapi.Relationship](w, "alice", "POST", path+"unendorse", ""); got.Endorsed {
		t.Error("bob is endorsed still")
	}
}

// Small endpoints that no story needs.
func TestSmallEndpoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t)

	list := ok[clientapi.List](w, "alice", "POST", "/api/v1/lists", "title=friends")
	if got := ok[clientapi.List](w, "alice", "GET", "/api/v1/lists/"+list.ID, ""); got.Title != "friends" {
		t.Errorf("the list is %+v", got)
	}

	made := w.upload("alice", "POST", "/api/v1/media", map[string][]byte{"file": picture(t)}, nil)
	if made.status != http.StatusOK {
		t.Errorf("POST /api/v1/media: %d %s, want 200", made.status, made.body)
	}
	for _, name := range []string{"avatar", "header"} {
		if got := w.upload("alice", "PATCH", "/api/v1/accounts/update_credentials", map[string][]byte{name: picture(t)}, nil); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		before := ok[clientapi.Account](w, "", "GET", "/api/v1/accounts/"+w.id("alice"), "")
		after := ok[clientapi.Account](w, "alice", "DELETE", "/api/v1/profile/"+name, "")
		if name == "avatar" && before.Avatar == after.Avatar || name == "header" && before.Header == after.Header {
			t.Errorf("the %s was not deleted: %+v", name, after)
		}
	}

	if err := w.Moderation.GiveRole(t.Context(), social.InstanceActorID, w.people["lena"].ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Moderation.BlockDomain(t.Context(), w.people["lena"].ID, social.DomainBlock{Domain: "bad.test", Severity: social.SeveritySilence}); err != nil {
		t.Fatal(err)
	}
	if got := ok[[]clientapi.DomainBlock](w, "", "GET", "/api/v1/instance/domain_blocks", ""); len(got) != 1 || got[0].Domain != "bad.test" || got[0].Severity != "silence" {
		t.Errorf("domain blocks: %+v", got)
	}

	ok[clientapi.NotificationPolicy](w, "alice", "PATCH", "/api/v2/notifications/policy", "for_not_following=filter")
	w.post("bob", "hello @alice")
	requests := ok[[]clientapi.NotificationRequest](w, "alice", "GET", "/api/v1/notifications/requests", "")
	if len(requests) != 1 {
		t.Fatalf("requests: %+v, want one", requests)
	}
	ok[struct{}](w, "alice", "POST", "/api/v1/notifications/requests/"+requests[0].ID+"/dismiss", "")
	if got := ok[clientapi.NotificationPolicyV1](w, "alice", "GET", "/api/v1/notifications/policy", ""); !got.FilterNotFollowing {
		t.Errorf("policy v1: %+v", got)
	}
}

func TestAsyncRefreshes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "root")
	status, _ := social.ParseID(id)
	crawl := social.Crawl{ID: w.Accounts.NewID(), StatusID: status, StartedAt: w.Now(), Found: 2}
	if err := w.Store.InsertCrawl(t.Context(), crawl); err != nil {
		t.Fatal(err)
	}
	w.running = &crawl
	opened := w.do("alice", "GET", "/api/v1/statuses/"+id+"/context", "")
	if got, want := opened.header.Get("Mastodon-Async-Refresh"), `id="`+crawl.ID.String()+`", retry=3, result_count=2`; got != want {
		t.Errorf("Mastodon-Async-Refresh: %s, want %s", got, want)
	}
	type answer struct {
		Refresh clientapi.AsyncRefresh `json:"async_refresh"`
	}
	if got := ok[answer](w, "alice", "GET", "/api/v1_alpha/async_refreshes/"+crawl.ID.String(), "").Refresh; got.Status != "running" {
		t.Errorf("got %+v, want it running", got)
	}
	crawl.StartedAt = w.Now().Add(-25 * time.Hour)
	w.fails("alice", "GET", "/api/v1_alpha/async_refreshes/17", "", http.StatusNotFound)
}
