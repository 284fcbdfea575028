package server_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/followers"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/server"
	"orrery/social"
)

// federation.md §8.7: a followers-only post carries, for each inbox, a digest of the author's followers there.
func TestSynchronisation_of_a_private_post(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name))
			alice := w.person("alice")
			berta, bo := w.follower("peer.test", "berta", alice), w.follower("peer.test", "bo", alice)
			carol := w.follower("other.test", "carol", alice)
			w.peer("named.test").actor("nora").known()
			for _, v := range []social.Visibility{social.Public, social.Unlisted, social.Direct} {
				w.publish(alice, social.Draft{Text: "hello @nora@named.test", Visibility: v})
				w.settle()
				for host, p := range w.peers {
					for _, s := range p.got() {
						if value, ok := s.Request.Value(followers.HeaderName); ok {
							t.Errorf("a %s post for %s says %s", v, host, value)
						}
					}
				}
			}
			w.publish(alice, social.Draft{Text: "hello @nora@named.test", Visibility: social.Private})
			w.settle()
			for host, ids := range map[string][]string{"peer.test": {berta.uri, bo.uri}, "other.test": {carol.uri}, "named.test": nil} {
				got := w.peer(host).got()
				if len(got) != 1 {
					t.Errorf("%s got %d posts, want 1", host, len(got))
					continue
				}
				value, _ := got[0].Request.Value(followers.HeaderName)
				h, err := followers.Parse(value)
				want := followers.Header{Collection: alicesURI + "/followers", URL: alicesURI + "/followers_synchronization", Digest: followers.Of(ids).String()}
				if err != nil || h != want {
					t.Errorf("%s was told %s (%v), want %+v", host, value, err, want)
				}
				sig, _ := got[0].Request.Value("Signature")
				if p, err := signature.Parse(sig); err != nil || !slices.Contains(p.Covered, "collection-synchronization") {
					t.Errorf("the signature covers %q (%v), want the header too", p.Covered, err)
				}
				key, err := signature.ParsePublicKeyPEM(w.here("alice").PublicKeyPEM)
				w.must(err)
				v, err := signature.Check(got[0].Request, w.clock.Now(), signature.Mastodon())
				w.must(err)
				w.must(v.Verify(key))
			}
		})
	}
}

// Since 4.6 somebody with 25,000 followers or more sends no digest.
func TestSynchronisation_has_a_limit(t *testing.T) {
	t.Parallel()
	for name, sends := range map[string]bool{"mastodon-4.1": true, "mastodon": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name))
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			_, err := w.db.Exec(t.Context(), "UPDATE accounts SET followers_count = 25000 WHERE id = $1", int64(alice.ID))
			w.must(err)
			w.publish(alice, social.Draft{Text: "hello", Visibility: social.Private})
			w.settle()
			posts := w.peer("peer.test").got()
			if len(posts) != 1 {
				t.Fatalf("%d posts came, want 1", len(posts))
			}
			if _, ok := posts[0].Request.Value(followers.HeaderName); ok != sends {
				t.Errorf("a digest was sent: %v, want %v", ok, sends)
			}
			if said := w.met()[rules.LimitFollowersDigest] > 0; said == sends {
				t.Errorf("the log names %s: %v, want %v", rules.LimitFollowersDigest, said, !sends)
			}
		})
	}
}

// get asks the instance for a document, signed by by unless that is nil.
func (w *world) get(path string, by *actor) (int, members) {
	w.t.Helper()
	req := request(w.t, http.MethodGet, "https://alpha.test"+path)
	req.Header.Set("Accept", "application/activity+json")
	if by != nil {
		w.must(signature.Sign(req, nil, signature.PrivateKey{ID: by.keyID, Key: by.key}, w.clock.Now(), signature.SignAsMastodon41()))
	}
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	w.must(err)
	return res.StatusCode, decode(w.t, body)
}

func TestSynchronisation_list(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.person("anna") // follows from here are nobody else's business
	w.follows(w.here("anna"), alice)
	berta, bo := w.follower("peer.test", "berta", alice), w.follower("peer.test", "bo", alice)
	w.follower("peer.test.evil.test", "eve", alice)
	stranger := w.peer("strange.test").actor("sid")
	const path = "/users/alice/followers_synchronization"
	for _, tt := range []struct {
		name   string
		path   string
		by     *actor
		status int
		want   []any
	}{
		{"unsigned", path, nil, 401, nil},
		{"by one of its people", path, bo, 200, []any{berta.uri, bo.uri}},
		{"by a server without followers", path, stranger, 200, []any{}},
		{"of nobody", "/users/nobody/followers_synchronization", bo, 404, nil},
	} {
		status, doc := w.get(tt.path, tt.by)
		if status != tt.status {
			t.Errorf("%s: answered %d, want %d", tt.name, status, tt.status)
		}
		if status == 200 {
			if diff := cmp.Diff(tt.want, doc["orderedItems"]); diff != "" || doc["id"] != "https://alpha.test"+path || doc["type"] != "OrderedCollection" {
				t.Errorf("%s: %v (-want +got):\n%s", tt.name, doc, diff)
			}
		}
	}
	w.readable()
}

// told is a private post by berta that comes with a digest of her followers here.
func (s stage) told(id string, h string) sent {
	s.t.Helper()
	n := s.berta.note(id, members{"to": []any{s.berta.uri + "/followers"}, "cc": []any{}})
	body := encode(s.t, s.berta.creates(n))
	return s.post("/inbox", body, nil, func(r *http.Request) {
		r.Header.Set(followers.HeaderName, h)
		s.must(signature.Sign(r, body, signature.PrivateKey{ID: s.berta.keyID, Key: s.berta.key}, s.clock.Now(), signature.SignAsMastodon41()))
	})
}

// counts is the header by which berta says who follows her from here.
func (s stage) counts(ids ...string) string {
	return followers.Header{
		Collection: s.berta.uri + "/followers", URL: s.berta.uri + "/followers_synchronization", Digest: followers.Of(ids).String(),
	}.String()
}

// lists makes berta's server answer with these.
func (s stage) lists(ids ...any) {
	s.p.has(members{"@context": activityStreams, "id": s.berta.uri + "/followers_synchronization", "type": "OrderedCollection", "orderedItems": ids})
}

func TestEdgeSynchronisation(t *testing.T) {
	t.Parallel()
	const list = "GET /users/berta/followers_synchronization"
	kept := func(header func(s stage) string) func(w *world) sent {
		return func(w *world) sent {
			s := followed(w)
			return s.told("1", header(s))
		}
	}
	says := func(rule rules.ID) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, s sent) {
			t.Helper()
			if !slices.ContainsFunc(facts(s.entry), func(f string) bool { return strings.HasSuffix(f, " "+string(rule)) }) {
				t.Errorf("the facts are %q, want one by %s", facts(s.entry), rule)
			}
		}
	}
	arrives := edge{outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 statuses+1"}
	row := func(name, requests string, rule rules.ID, send func(w *world) sent) edge {
		e := arrives
		e.name, e.requests, e.send, e.also = name, requests, send, says(rule)
		return e
	}
	run(t, []edge{
		row("§8.7 both agree", "-", rules.AcceptFollowersEqual, kept(func(s stage) string { return s.counts(alicesURI) })),
		row("§14.5/149 a list on another host", "-", rules.DropSyncForeign, kept(func(s stage) string {
			return strings.Replace(s.counts(), `url="https://peer.test`, `url="https://evil.test`, 1)
		})),
		row("§14.5/149 the followers of somebody else", "-", rules.DropSyncForeign, kept(func(s stage) string {
			return strings.Replace(s.counts(), "/users/berta/followers\"", "/users/bo/followers\"", 1)
		})),
		row("§14.5/149 a header without a list", "-", rules.DropSyncForeign, kept(func(s stage) string { return `collectionId="` + s.berta.uri + `/followers"` })),
		row("§14.5/150 no list of parameters", "-", rules.DropSyncUnreadable, kept(func(stage) string { return "nonsense" })),
		row("§8.7 they differ, and there is no list", list, rules.FetchFollowers, kept(func(s stage) string { return s.counts() })),
	})
}

func TestSynchronisation_mends(t *testing.T) {
	t.Parallel()
	const anna = "https://alpha.test/users/anna"
	both := []string{"mastodon-4.1", "mastodon"}
	for _, tt := range []struct {
		name     string
		policies []string
		before   func(s stage) // alice follows berta, anna is here
		digest   []string
		list     func(s stage)
		changed  string
		rule     rules.ID
		mail     []string
	}{
		{"a request that was accepted there", both, func(s stage) {
			_, err := s.in.Services.Follows.Follow(s.t.Context(), s.here("anna").ID, s.account().ID)
			s.must(err)
			s.settle()
			s.mail()
		}, []string{alicesURI, anna}, func(s stage) { s.lists(alicesURI, anna) }, "follows+1 home+1 requests-1 statuses+1", rules.AcceptFollowListed, nil},
		{"a follow that is unknown here", both, nil, []string{alicesURI, anna}, func(s stage) { s.lists(alicesURI, anna) },
			"home+1 statuses+1", rules.DeliverFollowDisowned, []string{"peer.test/users/berta/inbox Undo"}},
		{"a follow that is unknown there", both, nil, nil, func(s stage) { s.lists() },
			"follows-1 statuses+1", rules.DropFollowUnlisted, []string{"peer.test/users/berta/inbox Undo"}},
		{"a list that is not the one announced is not believed", both[1:], nil, []string{anna}, func(s stage) { s.lists() },
			"home+1 statuses+1", rules.LimitFollowersIncomplete, nil},
		{"which 4.1 does not look at", both[:1], nil, []string{anna}, func(s stage) { s.lists() },
			"follows-1 statuses+1", rules.DropFollowUnlisted, []string{"peer.test/users/berta/inbox Undo"}},
		{"people of other servers and things on the list do not count", both, nil, []string{"https://third.test/users/x"},
			func(s stage) {
				s.lists("https://third.test/users/x", members{"id": alicesURI}, 7, alicesURI+"/nobody", "https://alpha.test/actor", alicesURI)
			},
			"home+1 statuses+1", "", nil},
		{"a list of two pages", both[1:], nil, []string{alicesURI, anna}, func(s stage) { s.pages(2, alicesURI, anna) },
			"home+1 statuses+1", rules.DeliverFollowDisowned, []string{"peer.test/users/berta/inbox Undo"}},
		{"of which 4.1 reads the first", both[:1], nil, []string{alicesURI, anna}, func(s stage) { s.pages(2, anna, alicesURI) },
			"follows-1 statuses+1", rules.DropFollowUnlisted, []string{"peer.test/users/berta/inbox Undo", "peer.test/users/berta/inbox Undo"}},
		{"a list of more than ten pages is not believed", both[1:], nil, nil, func(s stage) { s.pages(11) },
			"home+1 statuses+1", rules.LimitFollowersIncomplete, nil},
		{"a page on another host ends it", both[1:], nil, nil, func(s stage) {
			s.p.has(members{"@context": activityStreams, "id": s.berta.uri + "/followers_synchronization", "type": "OrderedCollection",
				"orderedItems": []any{}, "next": "https://evil.test/page"})
		}, "home+1 statuses+1", "", nil},
	} {
		for _, policy := range tt.policies {
			t.Run(tt.name+"/"+policy, func(t *testing.T) {
				t.Parallel()
				s := followed(newWorld(t, under(policy)))
				s.person("anna")
				if tt.before != nil {
					tt.before(s)
				}
				tt.list(s)
				s.p.forget()
				got := s.told("1", s.counts(tt.digest...))
				// An Undo carries the post's reader away with it, whose home was filled first or never.
				if c := strings.ReplaceAll(got.changed, "home+1 home-1", ""); c != tt.changed {
					t.Errorf("changed %q, want %q", c, tt.changed)
				}
				if tt.rule != "" && s.met()[tt.rule] == 0 {
					t.Errorf("nothing names %s; facts %q", tt.rule, facts(got.entry))
				}
				s.wantMail("what was sent", tt.mail...)
				s.readable()
			})
		}
	}
}

func (s stage) account() social.Account {
	s.t.Helper()
	a, err := s.in.Services.Store.AccountByURI(s.t.Context(), s.berta.uri)
	s.must(err)
	return a
}

// pages makes berta's server answer with a list of n pages, with one of ids on each.
func (s stage) pages(n int, ids ...string) {
	uri := s.berta.uri + "/followers_synchronization"
	s.p.has(members{"@context": activityStreams, "id": uri, "type": "OrderedCollection", "first": uri + "/1"})
	for i := 1; i <= n; i++ {
		page := members{"@context": activityStreams, "id": fmt.Sprintf("%s/%d", uri, i), "type": "OrderedCollectionPage", "orderedItems": []any{}}
		if i <= len(ids) {
			page["orderedItems"] = []any{ids[i-1]}
		}
		if i < n {
			page["next"] = fmt.Sprintf("%s/%d", uri, i+1)
		}
		s.p.has(page)
	}
}

// The change of a followers-only post carries the digest as the post did; with the knob off neither does, and none is read.
func TestSynchronisation_of_a_change_and_switched_off(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"on", "off"} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *server.Config, _ *server.World) {
				if err := c.Policy.Set("follower-sync", value); err != nil {
					panic(err)
				}
			})
			s := plainStage(w)
			alice := w.here("alice")
			w.follows(s.berta.known(), alice)
			w.follows(alice, bertaOf(w))
			post := w.publish(alice, social.Draft{Text: "hello", Visibility: social.Private})
			w.settle()
			w.clock.Advance(time.Second)
			_, err := w.in.Services.Statuses.Edit(t.Context(), alice.ID, post.ID, social.Draft{Text: "hello again"})
			w.must(err)
			w.settle()
			var got []string
			for _, m := range s.p.got() {
				_, digest := m.Request.Value(followers.HeaderName)
				got = append(got, fmt.Sprint(decode(t, m.Request.Body)["type"], " ", digest))
			}
			on := value == "on"
			if diff := cmp.Diff([]string{fmt.Sprint("Create ", on), fmt.Sprint("Update ", on)}, got); diff != "" {
				t.Errorf("whether a digest came along (-want +got):\n%s", diff)
			}
			h := followers.Header{Collection: s.berta.uri + "/followers", URL: s.berta.uri + "/followers_synchronization", Digest: followers.Of(nil).String()}
			s.told("1", h.String())
			if read := w.met()[rules.FetchFollowers] > 0; read != on {
				t.Errorf("the list of berta's followers was read: %v, want %v", read, on)
			}
		})
	}
}
