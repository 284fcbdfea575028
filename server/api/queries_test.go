package api

import (
	"fmt"
	"testing"

	"orrery/clientapi"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
)

// A long page takes no more queries than a short one with the same kinds of posts.
func TestALongPageTakesNoMoreQueries(t *testing.T) {
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		w := newWorldOn(t, dsn)
		ok[clientapi.Relationship](w, "bob", "POST", "/api/v1/accounts/"+w.id("alice")+"/follow", "")
		root := w.post("bob", "What do you think?")
		for i := range 6 {
			w.post("alice", fmt.Sprintf("plain %d #fun", i))
			w.post("alice", fmt.Sprintf("answer %d to @bob", i), "in_reply_to_id="+root)
			theirs := w.post("lena", fmt.Sprintf("news %d", i))
			ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+theirs+"/reblog", "")
			ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses/"+root+"/favourite", "")
		}
		store := w.Store.(*storage.Store)
		queries := func(target string) uint64 {
			before := store.Stats().Queries
			if got := w.do("bob", "GET", target, ""); got.status != 200 {
				t.Fatalf("%s was answered %d: %s", target, got.status, got.body)
			}
			return store.Stats().Queries - before
		}
		for _, target := range []string{"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/notifications", "/api/v1/accounts/" + w.id("alice") + "/statuses"} {
			queries(target + "?limit=1") // what is looked up once
			short, long := queries(target+"?limit=4"), queries(target+"?limit=18")
			if long > short || long == 0 {
				t.Errorf("%s: %d queries for 18, %d for 4, want no more", target, long, short)
			}
			t.Logf("%s: %d queries", target, long)
		}
	})
}
