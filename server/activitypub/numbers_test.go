package activitypub

import (
	"fmt"
	"strings"
	"testing"

	"orrery/social"
)

// federation.md §2.1: who was made in the scheme of numbers is found by name too, and the other way round; a document always
// carries the address that was given.
func TestAccounts_are_found_by_name_and_by_number(t *testing.T) {
	t.Parallel()
	for _, change := range []func(d *Documents){func(*Documents) {}, asCurrent} {
		w := newWorld(t, "https://alpha.test", change)
		berta := w.remote("berta", "beta.test")
		note := w.post(w.alice, "Hello")
		number := "/ap/users/" + w.alice.ID.String()
		for _, base := range []string{"/users/alice", number} {
			for suffix, id := range map[string]string{
				"": w.alice.URI, ".json": w.alice.URI, "/outbox": w.alice.OutboxURL, "/followers": w.alice.FollowersURL, "/following": w.alice.FollowingURL,
				"/collections/featured": w.alice.FeaturedURL, "/statuses/" + note.ID.String(): note.URI,
				"/statuses/" + note.ID.String() + "/activity": note.URI + "/activity", "/statuses/" + note.ID.String() + "/replies": note.URI + "/replies",
			} {
				if got := w.get(base + suffix); got.status != 200 || got.document(t)["id"] != id {
					t.Errorf("%s%s: got %d %v, want %s", base, suffix, got.status, got.body, id)
				}
			}
			for _, suffix := range []string{"", "/statuses/" + note.ID.String()} {
				page := map[string]string{"/users/alice": "https://alpha.test/@alice", number: w.alice.URL}[base] + strings.TrimPrefix(suffix, "/statuses")
				got := w.get(base+suffix, "Accept: text/html")
				if got.status != 301 || got.header.Get("Location") != page || got.header.Get("Vary") != "Origin, Accept" {
					t.Errorf("%s%s in a browser: got %d to %s, want 301 to %s", base, suffix, got.status, got.header.Get("Location"), page)
				}
			}
		}
		for _, path := range []string{
			"/ap/users/" + berta.ID.String(), "/ap/users/-99", "/ap/users/0" + w.alice.ID.String(), "/ap/users/x", "/ap/users/" + strings.Repeat("9", 40),
			"/ap/users/7/statuses/" + note.ID.String(), "/ap/users/alice",
		} {
			if got := w.get(path); got.status != 404 {
				t.Errorf("%s: got %d, want 404", path, got.status)
			}
		}
		if got := w.get("/.well-known/webfinger?resource=https://alpha.test" + number).document(t)["subject"]; got != "acct:Alice@alpha.test" {
			t.Errorf("WebFinger of the number: got %v, want Alice", got)
		}
	}
}

func TestInboxes_are_recognised(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/inbox": true, "/inbox/": true, "/actor/inbox": true, "/users/alice/inbox": true, "/ap/users/7/inbox": true, "/AP/Users/7/inbox": true,
		"/users/alice": false, "/ap/inbox": false, "/api/inbox": false,
	} {
		if got := IsInbox(path); got != want {
			t.Errorf("IsInbox(%s): got %v, want %v", path, got, want)
		}
	}
}

func TestConversations_fill_pages_of_sixty(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test", asCurrent)
	berta := w.remote("berta", "beta.test")
	root := w.post(w.alice, "P", func(s *social.Status) { s.Conversation = w.URLs.Context(w.alice, s.ID) })
	together := func(s *social.Status) { s.Conversation = root.Conversation }
	all := []string{root.URI}
	for i := range 60 {
		all = append(all, w.post(berta, fmt.Sprint(i), answering(root), together).URI)
	}
	if got, want := w.walk(pathOf(root.Conversation), "items"), [][]string{all[:60], all[60:]}; !equal(got, want) {
		t.Errorf("got pages of %v, want %v", lengths(got), lengths(want))
	}
	private := w.post(w.alice, "secret", seenBy(social.Private), func(s *social.Status) { s.Conversation = w.URLs.Context(w.alice, s.ID) })
	for _, path := range []string{
		pathOf(private.Conversation), pathOf(w.URLs.Context(berta, root.ID)), "/contexts/x", "/contexts/1-2-3", "/contexts/" + w.alice.ID.String(),
		"/contexts/" + w.alice.ID.String() + "-0" + root.ID.String(), "/contexts/-1--1", "/contexts/" + strings.Repeat("9", 50) + "-1",
	} {
		if got := w.get(path); got.status != 404 {
			t.Errorf("%s: got %d %s, want 404", path, got.status, got.body)
		}
	}
}

// federation.md §2.2: who is suspended is told so, who is gone answers 410, and nothing else of either is served.
func TestAccounts_out_of_service(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test", asCurrent)
	note := w.post(w.alice, "Hello")
	actor, webFinger := pathOf(w.alice.URI), "/.well-known/webfinger?resource=acct:alice@alpha.test"
	rest := []string{pathOf(note.URI), pathOf(note.URI) + "/activity", pathOf(note.URI) + "/replies", pathOf(w.alice.OutboxURL), pathOf(w.alice.FollowersURL), pathOf(w.alice.FeaturedURL)}
	want := func(status int, targets ...string) {
		t.Helper()
		for _, target := range targets {
			if got := w.get(target); got.status != status || strings.Contains(got.body, "of Alpha") {
				t.Errorf("%s: got %d %s, want %d without a name", target, got.status, got.body, status)
			}
		}
	}
	stand := func(s social.Standing) {
		t.Helper()
		if err := w.store.SetStanding(t.Context(), w.alice.ID, s); err != nil {
			t.Fatal(err)
		}
	}
	stand(social.Standing{SuspendedAt: w.clock.Now(), SuspensionOrigin: social.OriginLocal})
	want(200, actor, "/@alice", webFinger)
	want(403, rest...)
	if got := w.get(actor).document(t); got["suspended"] != true || got["name"] != "Alice" {
		t.Errorf("the document says %v", got)
	}
	stand(social.Standing{SuspendedAt: w.clock.Now(), SuspensionOrigin: social.OriginLocal, DeletedAt: w.clock.Now()})
	want(410, append(rest, actor, "/@alice", webFinger)...)
}

// federation.md §2.3, §14.5/157.
func TestHidden_follows_are_told_by_number_only(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	w.follow(w.remote("berta", "beta.test"), w.alice)
	w.alice.HideCollections = true
	if err := w.store.UpdateAccount(t.Context(), w.alice); err != nil {
		t.Fatal(err)
	}
	root := w.get("/users/alice/followers").document(t)
	if root["totalItems"] != 1.0 || root["first"] != nil {
		t.Errorf("followers: got %v, want the number and no first page", root)
	}
	for _, path := range []string{"/users/alice/followers?page=1", "/users/alice/following?page=1", "/users/alice/followers?page=9"} {
		if got := w.get(path); got.status != 403 || strings.Contains(got.body, "berta") {
			t.Errorf("%s: got %d %s, want 403", path, got.status, got.body)
		}
	}
}
