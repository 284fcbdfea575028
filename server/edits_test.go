package server_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/signature"
	"orrery/social"
)

// federation.md §3.4, §6.2, §8.2: an edit reaches whom the post reached and who reacted to it, signed, once.
func TestEdit_is_told(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(policy))
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			fan := w.peer("third.test").actor("fred")
			fan.known()
			post := w.say(alice, "hello")
			w.settle()
			w.send(fan, fan.does("Like", "1", post.URI))
			w.mail()
			edit := func(text string) {
				t.Helper()
				w.clock.Advance(time.Second)
				_, err := w.in.Services.Statuses.Edit(t.Context(), alice.ID, post.ID, social.Draft{Text: text})
				w.must(err)
			}
			edit("hello, skies")
			edit("hello, sky")
			w.settle()
			body := w.peers["peer.test"].seen[0].Request.Body
			doc, err := signature.DecodeDocument(body)
			w.must(err)
			key, err := signature.ParsePublicKeyPEM(w.here("alice").PublicKeyPEM)
			w.must(err)
			documents := signature.Documents41()
			if policy == "mastodon" {
				documents = signature.DocumentsCurrent()
			}
			w.must(signature.VerifyDocument(doc, key, w.clock.Now(), documents))
			told := decode(t, body)
			note := told["object"].(members)
			if note["content"] != "<p>hello, sky</p>" || note["updated"] == nil || told["published"] != note["updated"] || note["published"] == note["updated"] {
				t.Errorf("told %s", body)
			}
			w.wantMail("once, with what it says last", "peer.test/inbox Update", "third.test/inbox Update")
			edit("hello, sky")
			w.settle()
			w.wantMail("when nothing was changed")
			_, versions, err := w.in.Services.Reader.History(t.Context(), alice.ID, post.ID)
			w.must(err)
			var said []string
			for _, v := range versions {
				said = append(said, v.Version.Content)
			}
			if diff := cmp.Diff([]string{"<p>hello</p>", "<p>hello, skies</p>", "<p>hello, sky</p>"}, said); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
			w.readable()
		})
	}
}

func TestEdit_of_a_private_post_is_not_signed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	w.peer("third.test").actor("fred").known()
	post := w.publish(alice, social.Draft{Text: "psst", Visibility: social.Private})
	w.settle()
	w.mail()
	w.clock.Advance(time.Second)
	_, err := w.in.Services.Statuses.Edit(t.Context(), alice.ID, post.ID, social.Draft{Text: "psst @fred@third.test"})
	w.must(err)
	w.settle()
	if told := decode(t, w.peers["peer.test"].seen[0].Request.Body); told["signature"] != nil {
		t.Errorf("a private edit carries a document signature")
	}
	w.wantMail("to followers and whom it names now", "peer.test/inbox Update", "third.test/inbox Update")
	w.readable()
}
