package server_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/rules"
	"orrery/social"
)

// What somebody who is limited here writes is never public, and addressed only to those named who follow them or have asked
// to; it is brought to all of them (federation.md §3.3, §11).
func TestLimitedAuthor(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name))
			alice, locked := w.person("alice"), w.resident("lena", true)
			w.follower("peer.test", "berta", alice)
			asks := w.follower("asks.test", "adam", locked)
			_, err := w.db.Exec(t.Context(), "UPDATE follows SET pending = $1 WHERE target_id = $2", true, int64(locked.ID))
			w.must(err)
			w.peer("strange.test").actor("sid").known()
			before := w.publish(alice, social.Draft{Text: "before"})
			w.must(w.in.Services.Moderation.Silence(t.Context(), owner, alice.ID))
			w.must(w.in.Services.Moderation.Silence(t.Context(), owner, locked.ID))
			w.settle()
			w.mail()
			object := func() members {
				t.Helper()
				w.settle()
				got := w.peer("strange.test").got()
				if len(got) != 1 {
					t.Fatalf("the stranger's server got %d activities, want 1", len(got))
				}
				doc := decode(t, got[0].Request.Body)
				o := doc["object"].(members)
				if diff := cmp.Diff([]any{o["to"], o["cc"]}, []any{doc["to"], doc["cc"]}); diff != "" {
					t.Errorf("activity and object are addressed differently:\n%s", diff)
				}
				return o
			}
			want := func(what string, o members, to, cc []any) {
				t.Helper()
				if diff := cmp.Diff([]any{to, cc}, []any{o["to"], o["cc"]}); diff != "" {
					t.Errorf("%s is addressed (-want +got):\n%s", what, diff)
				}
				if tags := o["tag"].([]any); len(tags) != 2 {
					t.Errorf("%s names %d people, want both", what, len(tags))
				}
			}
			const berta, sid = "https://peer.test/users/berta", "https://strange.test/users/sid"
			post := w.publish(alice, social.Draft{Text: "hello @berta@peer.test and @sid@strange.test"})
			if post.Visibility != social.Unlisted || before.Visibility != social.Public {
				t.Errorf("posted %s, and %s before, want unlisted and public", post.Visibility, before.Visibility)
			}
			want("a post for everybody", object(), []any{alice.URI + "/followers"}, []any{public, berta})
			w.publish(alice, social.Draft{Text: "hello @berta@peer.test and @sid@strange.test", Visibility: social.Direct})
			want("a direct one", object(), []any{berta}, []any{})
			w.publish(locked, social.Draft{Text: "hello @adam@asks.test and @sid@strange.test", Visibility: social.Private})
			want("one that names somebody who asked to follow", object(), []any{locked.URI + "/followers"}, []any{asks.uri})
		})
	}
}

// Since 4.3 those whom somebody followed, or asked to follow, within two days hear of a changed profile (federation.md §8.3).
func TestUpdate_of_a_profile_is_told_to_those_followed(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"mastodon-4.1": false, "mastodon": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name))
			alice := w.person("alice")
			w.follows(alice, w.peer("followed.test").actor("fred").known())
			_, err := w.in.Services.Follows.Follow(t.Context(), alice.ID, w.peer("asked.test").actor("greta").known().ID)
			w.must(err)
			w.settle()
			w.mail()
			rename := func(name string) {
				_, err := w.in.Services.Accounts.Update(t.Context(), alice.ID, social.Profile{DisplayName: &name})
				w.must(err)
				w.advance(5 * time.Second)
			}
			rename("A")
			var want []string
			if told {
				want = []string{"asked.test/inbox Update", "followed.test/inbox Update"}
				wantRule(t, w, rules.DeliverFollowedLately)
			}
			w.wantMail("at first", want...)
			w.advance(49 * time.Hour)
			w.mail()
			rename("B")
			w.wantMail("after two days")
		})
	}
}
