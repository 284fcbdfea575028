package api

import (
	"net/http"
	"regexp"
	"testing"

	"orrery/clientapi"
)

var nextLink = regexp.MustCompile(`<https://alpha\.test([^>]+)>; rel="next"`)

// walk reads all pages of a list of statuses and returns their ids.
func (w *world) walk(as, target string) (ids []string) {
	w.t.Helper()
	for range 10 {
		for _, s := range ok[[]clientapi.Status](w, as, "GET", target, "") {
			ids = append(ids, s.ID)
		}
		next := nextLink.FindStringSubmatch(w.do(as, "GET", target, "").header.Get("Link"))
		if next == nil {
			return ids
		}
		target = next[1]
	}
	w.t.Fatalf("%s does not end", target)
	return nil
}

func TestBookmarksAndFavourites(t *testing.T) {
	t.Parallel()
	for act, list := range map[string]string{"bookmark": "/api/v1/bookmarks", "favourite": "/api/v1/favourites"} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var posts []string
			for range 3 {
				posts = append(posts, w.post("bob", "hello"))
			}
			for _, i := range []int{1, 0, 2} { // not in the order of the posts
				ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+posts[i]+"/"+act, "")
			}
			s := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+posts[2]+"/"+act, "")
			if act == "bookmark" && !*s.Bookmarked || act == "favourite" && !*s.Favourited {
				t.Errorf("done twice: got %+v", s)
			}
			want := []string{posts[2], posts[0], posts[1]}
			if got := w.walk("alice", list+"?limit=1"); len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
				t.Errorf("%s: got %v, want %v", list, got, want)
			}
			if got := w.walk("bob", list); len(got) != 0 {
				t.Errorf("bob sees what alice did: %v", got)
			}
			s = ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+posts[0]+"/un"+act, "")
			if *s.Bookmarked || *s.Favourited {
				t.Errorf("taken back: got %+v", s)
			}
			ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+posts[0]+"/un"+act, "")
			ok[clientapi.Status](w, "bob", "DELETE", "/api/v1/statuses/"+posts[2], "")
			if got := w.walk("alice", list+"?limit=1"); len(got) != 1 || got[0] != posts[1] {
				t.Errorf("after one was deleted: got %v, want %v", got, posts[1])
			}
			secret := w.post("bob", "psst", "visibility=direct")
			w.fails("alice", "POST", "/api/v1/statuses/"+secret+"/"+act, "", http.StatusNotFound)
		})
	}
}

func TestMarkers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.do("alice", "GET", "/api/v1/markers?timeline[]=home", ""); string(got.body) != "{}" {
		t.Errorf("at first: got %s, want {}", got.body)
	}
	set := ok[map[string]clientapi.Marker](w, "alice", "POST", "/api/v1/markers", "home[last_read_id]=5&notifications[last_read_id]=7")
	if set["home"].LastReadID != "5" || set["home"].Version != 1 || set["notifications"].LastReadID != "7" {
		t.Errorf("set: got %+v", set)
	}
	if got := w.sendJSON("alice", "POST", "/api/v1/markers", `{"home":{"last_read_id":"9"}}`); got.status != http.StatusOK {
		t.Errorf("as JSON: %d %s", got.status, got.body)
	}
	got := ok[map[string]clientapi.Marker](w, "alice", "GET", "/api/v1/markers?timeline=home&timeline[]=elsewhere", "")
	if len(got) != 1 || got["home"].LastReadID != "9" || got["home"].Version != 2 {
		t.Errorf("read: got %+v, want home at 9, version 2", got)
	}
	if got := ok[map[string]clientapi.Marker](w, "bob", "GET", "/api/v1/markers?timeline[]=home", ""); len(got) != 0 {
		t.Errorf("bob reads those of alice: %+v", got)
	}
	w.fails("alice", "POST", "/api/v1/markers", "home[last_read_id]=far", http.StatusBadRequest)
}
