package activitypub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"orrery/federation/observe"
	"orrery/internal/golden"
	"orrery/social"
)

// Each document is compared with its header lines, and with what the log says was sent.
func TestDocuments_as_other_servers_read_them(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	berta, canon := w.remote("berta", "beta.test"), w.remote("canon", "gamma.test")
	w.follow(berta, w.alice)
	w.follow(canon, w.alice)
	w.follow(w.alice, berta)
	note := w.post(w.alice, "Hello <a>", func(s *social.Status) {
		s.Tags, s.Mentions = []string{"moon"}, []social.Mention{{AccountID: berta.ID}}
	})
	w.post(w.alice, "more", answering(note))
	w.post(berta, "Nice", answering(note))
	theirs := w.post(berta, "Look")
	boost := w.post(w.alice, "", boosting(theirs))
	unlisted := w.post(w.alice, "aside", seenBy(social.Unlisted))

	w.compare("", map[string]string{
		"webfinger":            "/.well-known/webfinger?resource=acct:alice@alpha.test",
		"webfinger_instance":   "/.well-known/webfinger?resource=https://alpha.test/",
		"host_meta":            "/.well-known/host-meta",
		"host_meta_json":       "/.well-known/host-meta.json",
		"nodeinfo":             "/.well-known/nodeinfo",
		"nodeinfo_2_0":         "/nodeinfo/2.0",
		"instance_actor":       "/actor",
		"instance_outbox":      "/actor/outbox",
		"actor":                "/users/alice",
		"note":                 path(note),
		"note_create":          path(note) + "/activity",
		"note_unlisted":        path(unlisted),
		"boost":                strings.TrimSuffix(path(boost), "/activity"),
		"boost_announce":       path(boost),
		"replies":              path(note) + "/replies",
		"replies_page":         path(note) + "/replies?page=true",
		"replies_of_others":    path(note) + "/replies?only_other_accounts=true&page=true",
		"outbox":               "/users/Alice/outbox",
		"outbox_page":          "/users/Alice/outbox?page=true",
		"outbox_last_page":     "/users/Alice/outbox?page=true&min_id=0",
		"followers":            "/users/Alice/followers",
		"followers_page":       "/users/Alice/followers?page=1",
		"following_page":       "/users/Alice/following?page=1",
		"featured":             "/users/Alice/collections/featured",
		"featured_tags":        "/users/Alice/collections/tags",
		"no_such_person":       "/users/nobody",
		"get_of_shared_inbox":  "/inbox",
		"webfinger_no_one":     "/.well-known/webfinger?resource=acct:nobody@alpha.test",
		"webfinger_nothing":    "/.well-known/webfinger",
		"followers_page_seven": "/users/Alice/followers?page=7",
		"devices":              "/users/Alice/collections/devices",
		"tag":                  "/tags/caf%C3%A9",
		"no_likes":             path(note) + "/likes",
		"no_collections":       "/ap/users/" + w.alice.ID.String() + "/featured_collections",
	})
}

// The same in the current form, for a person whose address is a number.
func TestDocuments_in_the_current_form(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test", asCurrent)
	berta := w.remote("berta", "beta.test")
	w.follow(berta, w.alice)
	note := w.post(w.alice, "Hello", func(s *social.Status) {
		s.Conversation, s.FavouritesCount = w.URLs.Context(w.alice, s.ID), 2
	})
	together := func(s *social.Status) { s.Conversation = note.Conversation }
	w.post(w.alice, "more", answering(note), together)
	w.post(berta, "Nice", answering(note), together)
	w.post(berta, "hidden", answering(note), together, seenBy(social.Private))
	boost := w.post(w.alice, "", boosting(note))
	begun := strings.TrimPrefix(note.Conversation, "https://alpha.test")
	w.alice.AvatarKey, w.alice.DisplayName = "accounts/alice.png", "Alice :blob:"
	emoji := social.Emoji{ID: w.next(), Shortcode: "blob", FileKey: "emojis/blob.png", MediaType: "image/png", UpdatedAt: w.clock.Now()}
	if err := errors.Join(w.store.UpdateAccount(t.Context(), w.alice), w.store.PutEmoji(t.Context(), emoji)); err != nil {
		t.Fatal(err)
	}

	w.compare("current/", map[string]string{
		"webfinger":            "/.well-known/webfinger?resource=acct:alice@alpha.test",
		"webfinger_instance":   "/.well-known/webfinger?resource=https://alpha.test/",
		"instance_actor":       "/actor",
		"actor":                pathOf(w.alice.URI),
		"actor_by_name":        "/users/alice",
		"emoji":                "/emojis/" + emoji.ID.String(),
		"no_emoji":             "/emojis/1",
		"note":                 path(note),
		"note_create":          path(note) + "/activity",
		"boost":                strings.TrimSuffix(path(boost), "/activity"),
		"boost_announce":       path(boost),
		"likes":                path(note) + "/likes",
		"shares":               path(note) + "/shares",
		"replies":              path(note) + "/replies",
		"replies_page":         path(note) + "/replies?page=true",
		"conversation":         begun,
		"conversation_page":    begun + "/items?page=true",
		"conversation_later":   begun + "/items?page=true&min_id=" + note.ID.String(),
		"outbox_page":          pathOf(w.alice.OutboxURL) + "?page=true",
		"followers":            pathOf(w.alice.FollowersURL),
		"followers_page":       pathOf(w.alice.FollowersURL) + "?page=1",
		"featured":             pathOf(w.alice.FeaturedURL),
		"featured_tags":        pathOf(w.alice.URI) + "/collections/tags",
		"featured_collections": pathOf(w.alice.URI) + "/featured_collections",
		"no_devices":           pathOf(w.alice.URI) + "/collections/devices",
	})
}

// compare asks for each target and compares the answer, and what the log says of it, with the golden of its name in folder.
func (w *world) compare(folder string, targets map[string]string) {
	w.t.Helper()
	t := w.t
	for name, target := range targets {
		name = folder + name
		got := w.get(target)
		text := fmt.Sprintf("%d\n%s\n\n", got.status, got.head)
		var indented bytes.Buffer
		if json.Indent(&indented, []byte(got.body), "", "  ") == nil {
			text += indented.String()
		} else {
			text += got.body
		}
		golden.Text(t, name, strings.TrimRight(text, "\n")+"\n")

		e := w.newest()
		if want := "https://alpha.test" + target; e.Exchange.URL != want || e.Exchange.Activity.Object != want {
			t.Errorf("%s: recorded for %q about %q, want %q", name, e.Exchange.URL, e.Exchange.Activity.Object, want)
		}
		if e.Answer == nil || e.Answer.Status != got.status || joined(e.Answer.Header) != got.head || string(e.Answer.Body.Bytes) != got.body {
			t.Errorf("%s: the recorded answer is %+v, want what was sent: %d\n%s\n\n%s", name, e.Answer, got.status, got.head, got.body)
		}
		want := observe.Accepted
		if got.status >= 400 {
			want = observe.Rejected
		}
		if e.State.Outcome != want {
			t.Errorf("%s: outcome %q, want %q", name, e.State.Outcome, want)
		}
	}
}
