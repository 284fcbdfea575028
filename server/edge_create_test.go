package server_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/social"
)

const alicesURI = "https://alpha.test/users/alice"

// status is a post as it is kept; uri is below https://peer.test/users/berta/statuses/ unless it is an address.
func (w *world) status(uri string) social.Status {
	w.t.Helper()
	if !strings.Contains(uri, "://") {
		uri = "https://peer.test/users/berta/statuses/" + uri
	}
	s, err := w.in.Services.Store.StatusByURI(w.t.Context(), uri)
	w.must(err)
	return s
}

func mention(uri string) members {
	return members{"tag": []any{members{"type": "Mention", "href": uri, "name": "@x"}}}
}

var private = members{"to": []any{"https://peer.test/users/berta/followers"}, "cc": []any{}}

func direct(to ...any) members { return members{"to": to, "cc": []any{}} }

func TestEdgeCreate(t *testing.T) {
	t.Parallel()
	// stranger is berta, known here and followed by nobody.
	stranger := func(w *world) stage {
		s := plainStage(w)
		s.berta.known()
		return s
	}
	from := func(company func(*world) stage, change ...members) func(*world) sent {
		return func(w *world) sent {
			s := company(w)
			return w.send(s.berta, s.berta.creates(s.berta.note("1", change...)))
		}
	}
	keep := func(name string, rule rules.ID, changed string, send func(*world) sent) edge {
		return edge{name: name, outcome: accepted, rule: rule, changed: changed, send: send}
	}
	drop := func(name string, rule rules.ID, changed string, send func(*world) sent) edge {
		return edge{name: name, outcome: dropped, rule: rule, changed: changed, send: send}
	}
	visible := func(v social.Visibility) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			if got := w.status("1").Visibility; got != v {
				t.Errorf("visibility is %s, want %s", got, v)
			}
		}
	}
	run(t, []edge{
		drop("§14.3/59 from a stranger to nobody here", rules.DropUnrelated, "accounts+1", from(plainStage)),
		keep("§14.3/60 the same to a personal inbox", rules.AcceptAddressed, "silent+1 statuses+1", func(w *world) sent {
			s := stranger(w)
			return w.sendTo(w.here("alice"), s.berta, s.berta.creates(s.berta.note("1")))
		}),
		keep("§14.3/61 private, from a stranger, naming alice", rules.AcceptAddressed, "mentions+1 notifications+1 statuses+1",
			from(stranger, with(private, members{"to": []any{"https://peer.test/users/berta/followers", alicesURI}}), mention(alicesURI))),
		keep("§4.1 (d) addressed without being named", rules.AcceptAddressed, "silent+1 statuses+1", from(stranger, members{"cc": []any{alicesURI}})),
		drop("§4.1 (d) named without being addressed", rules.DropUnrelated, "", from(stranger, mention(alicesURI))),
		{policy: "mastodon-4.1", name: "§14.3/62 direct, from somebody followed, to nobody here (4.1)", outcome: accepted, rule: rules.AcceptFollowsAuthor,
			changed: "statuses+1", send: from(followed, direct("https://peer.test/users/someone")), also: visible(social.Direct)},
		{policy: "mastodon-4.1", name: "§3.3 direct to alice", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 mentions+1 notifications+1 statuses+1",
			send: from(followed, direct(alicesURI), mention(alicesURI)), also: visible(social.Direct)},
		{name: "§3.3 unlisted", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, also: visible(social.Unlisted),
			send: from(followed, members{"to": []any{"https://peer.test/users/berta/followers"}, "cc": []any{"as:Public"}})},
		{name: "§3.3 private", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, also: visible(social.Private), send: from(followed, private)},
		drop("§14.3/63 an object of another host", rules.OriginMismatch, "", from(followed, members{"id": "https://elsewhere.test/1"})),
		drop("§14.3/63 an object of this server", rules.OriginMismatch, "", from(followed, members{"id": "https://alpha.test/users/alice/statuses/1"})),
		{name: "§14.3/64 attributed to another of the same host", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives,
			send: from(followed, members{"attributedTo": "https://peer.test/users/other"}), also: func(t *testing.T, w *world, _ sent) {
				a, err := w.in.Services.Store.AccountByID(t.Context(), w.status("1").AccountID)
				if err != nil || a.Username != "berta" {
					t.Errorf("kept under %s (%v), want berta", a.Username, err)
				}
			}},
		{name: "§14.3/66 an object that is only named", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "GET /users/berta/statuses/1",
			send: func(w *world) sent {
				s := followed(w)
				s.p.has(s.berta.note("1", members{"@context": activityStreams}))
				return w.send(s.berta, s.berta.does("Create", "1", s.berta.uri+"/statuses/1"))
			}, also: func(t *testing.T, w *world, _ sent) {
				asked := w.entries(activitylog.Filter{Kind: activitylog.Fetch, Directions: []activitylog.Direction{activitylog.Out}})
				if len(asked) == 0 || asked[0].Exchange.Rule != rules.FetchObject {
					t.Errorf("the newest of %d look-ups is not by %s", len(asked), rules.FetchObject)
				}
				if id := signedBy(t, w.peer("peer.test").seen[0]); id != alicesURI+"#main-key" {
					t.Errorf("the request is signed with %s, want the follower's key", id)
				}
			}},
		drop("§14.3/66 named, and not there", rules.DropUnknownObject, "", func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.does("Create", "1", s.berta.uri+"/statuses/1"))
		}),
		drop("§14.3/66 named, and calls itself otherwise", rules.DropUnknownObject, "", func(w *world) sent {
			s := followed(w)
			s.p.docs["/users/berta/statuses/1"] = s.berta.note("2")
			return w.send(s.berta, s.berta.does("Create", "1", s.berta.uri+"/statuses/1"))
		}),
		{name: "§14.3/67 named on another host", outcome: dropped, rule: rules.DropUnsupportedObj, requests: "-", send: func(w *world) sent {
			s := followed(w)
			w.peer("elsewhere.test")
			return w.send(s.berta, s.berta.does("Create", "1", "https://elsewhere.test/1"))
		}, also: func(t *testing.T, w *world, _ sent) {
			if got := w.peer("elsewhere.test").asked(); len(got) > 0 {
				t.Errorf("elsewhere.test was asked %q", got)
			}
		}},
		drop("§14.3/68 a Tombstone", rules.DropUnsupportedObj, "", from(followed, members{"type": "Tombstone"})),
		drop("§14.3/68 a Document", rules.DropUnsupportedObj, "", from(followed, members{"type": "Document"})),
		drop("§14.3/68 a Place", rules.DropUnsupportedObj, "", from(followed, members{"type": "Place"})),
		drop("§14.3/69 known already", rules.DropDuplicate, "", func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"content": "changed"})))
		}),
		drop("§14.3/69 known already, now to a personal inbox", rules.DropDuplicate, "silent+1", func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			return w.sendTo(w.here("alice"), s.berta, s.berta.creates(s.berta.note("1")))
		}),
		only("mastodon-4.1", drop("§4.1 step 5 a direct post once more, to the inbox of a follower", rules.DropDuplicate, "home+1 silent+1", func(w *world) sent {
			s := followed(w)
			s.berta.p.actor("other")
			w.send(s.berta, s.berta.creates(s.berta.note("1", direct("https://peer.test/users/other"))))
			return w.sendTo(w.here("alice"), s.berta, s.berta.creates(s.berta.note("1", direct("https://peer.test/users/other"))))
		})),
		drop("§14.3/70 known, by somebody else of the same host", rules.DropOtherOwner, "", func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			carol := s.p.actor("carol")
			w.follows(w.here("alice"), carol.known())
			return w.send(carol, carol.creates(s.berta.note("1")))
		}),
		drop("§14.3/71 its deletion came first", rules.DropDeletedBefore, "", func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.does("Delete", "1", s.berta.uri+"/statuses/1"))
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}),
		only("mastodon-4.1", drop("§14.3/71 its deletion came a year earlier", rules.DropDeletedBefore, "", deletedAYearAgo)),
		only("mastodon", drop("§14.3/71 its deletion came a year earlier", rules.DropDeletedBefore, "jobs+1", deletedAYearAgo)), // its author is read again
		{name: "§14.3/73 mentions of whom half exist", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "accounts+3 home+1 mentions+4 notifications+1 statuses+1",
			send: func(w *world) sent {
				s := followed(w)
				tags := []any{members{"type": "Mention", "href": alicesURI, "name": "@alice"}}
				for i := range 6 {
					name := fmt.Sprint("m", i)
					if i < 3 {
						s.p.actor(name)
					}
					tags = append(tags, members{"type": "Mention", "href": "https://peer.test/users/" + name, "name": "@" + name})
				}
				return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"tag": tags})))
			}},
		keep("§14.3/75 an emoji whose picture is nonsense", rules.AcceptFollowsAuthor, arrives, from(followed,
			members{"tag": []any{members{"type": "Emoji", "name": ":x:", "icon": members{"type": "Image", "url": "no address"}}}})),
		{name: "§14.3/80 from the future", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, send: func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1", members{"published": "2030-01-01T00:00:00Z"})))
			return w.send(s.berta, s.berta.creates(s.berta.note("2")))
		}, also: func(t *testing.T, w *world, _ sent) {
			one, two := w.status("1"), w.status("2")
			if one.CreatedAt.Year() != 2030 || one.ID > two.ID {
				t.Errorf("written %s with id %d, the later one has %d", one.CreatedAt, one.ID, two.ID)
			}
		}},
		{name: "§14.3/81 without a date", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, send: from(followed, members{"published": nil}),
			also: func(t *testing.T, w *world, _ sent) {
				if got := w.status("1").CreatedAt; !got.Equal(w.clock.Now()) {
					t.Errorf("written %s, want now, %s", got, w.clock.Now())
				}
			}},
		keep("§14.3/82 answers itself", rules.AcceptFollowsAuthor, "statuses+1", from(followed, members{"inReplyTo": "https://peer.test/users/berta/statuses/1"})),
		{name: "§14.3/82 two posts that answer each other", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 statuses+1", send: func(w *world) sent {
			s := followed(w)
			one, two := s.berta.uri+"/statuses/1", s.berta.uri+"/statuses/2"
			w.send(s.berta, s.berta.creates(s.berta.note("1", members{"inReplyTo": two})))
			return w.send(s.berta, s.berta.creates(s.berta.note("2", members{"inReplyTo": one})))
		}, also: func(t *testing.T, w *world, _ sent) {
			for _, id := range []string{"1", "2"} {
				if _, err := w.in.Services.Store.Ancestors(t.Context(), w.status(id).ID, 40); err != nil {
					t.Error(err)
				}
				if _, err := w.in.Services.Store.Descendants(t.Context(), w.status(id).ID, 40, 40); err != nil {
					t.Error(err)
				}
			}
		}},
		{name: "§14.3/83 answers something that cannot be reached", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "jobs+1 statuses+1",
			send: from(followed, members{"inReplyTo": "https://nowhere.test/1"}), also: func(t *testing.T, w *world, _ sent) {
				w.advance(24 * time.Hour)
				var tries int
				for _, e := range w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.Out}, Limit: 200}) {
					if e.Exchange.URL == "https://nowhere.test/1" {
						tries++
					}
				}
				if tries != 4 {
					t.Errorf("asked %d times, want once and three retries", tries)
				}
				s := w.status("1")
				if !s.Reply() || s.ReplyToID != 0 || s.ReplyToURI != "https://nowhere.test/1" {
					t.Errorf("kept as %+v, want a reply to something unknown", s)
				}
				if c := w.counts(); c["home"] != 0 || c["jobs"] != 0 {
					t.Errorf("home has %d, jobs %d, want none", c["home"], c["jobs"])
				}
			}},
		keep("§14.3/84 answers alice's private post", rules.AcceptRepliesToKnown, "statuses+1", func(w *world) sent {
			s := stranger(w)
			post := w.publish(w.here("alice"), social.Draft{Text: "for followers", Visibility: social.Private})
			w.settle()
			return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"inReplyTo": post.URI})))
		}),
		keep("§4.1 (c) answers a post by somebody followed here", rules.AcceptRepliesToKnown, "statuses+1", func(w *world) sent {
			s := followed(w)
			carol := s.p.actor("carol")
			carol.known()
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			return w.send(carol, carol.creates(carol.note("2", members{"inReplyTo": s.berta.uri + "/statuses/1"})))
		}),
		{name: "§14.3/94 markup that must not be shown", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives,
			send: from(followed, members{"content": `<p onclick="x()">hi</p><script>alert(1)</script><iframe src="//evil"></iframe>`}),
			also: func(t *testing.T, w *world, _ sent) {
				if got := w.status("1").Content; !strings.Contains(got, "<script>") {
					t.Errorf("kept %q, want it raw", got)
				}
				res, err := w.wire.RoundTrip(request(t, "GET", fmt.Sprintf("https://alpha.test/api/v1/statuses/%d", w.status("1").ID)))
				w.must(err)
				defer res.Body.Close()
				body := read(t, res)
				if res.StatusCode != 200 || !strings.Contains(body, "hi") || strings.Contains(body, "alert") || strings.Contains(body, "onclick") || strings.Contains(body, "iframe") {
					t.Errorf("shown as %d %s", res.StatusCode, body)
				}
			}},
	})
}

// A post that is fetched, here for a boost: whoever wrote it must live where it was found.
func TestEdgeFetchedPosts(t *testing.T) {
	t.Parallel()
	run(t, []edge{
		{name: "§14.3/65 a boosted post that is attributed to an actor of another host", outcome: dropped, rule: rules.DropUnknownObject, requests: "GET /users/berta/statuses/1",
			send: func(w *world) sent {
				s := followed(w)
				w.peer("elsewhere.test").actor("x")
				s.p.has(s.berta.note("1", members{"@context": activityStreams, "attributedTo": "https://elsewhere.test/users/x"}))
				return w.send(s.berta, s.berta.announces("1", s.berta.uri+"/statuses/1"))
			}, also: func(t *testing.T, w *world, _ sent) {
				if got := w.peer("elsewhere.test").asked(); len(got) > 0 {
					t.Errorf("elsewhere.test was asked %q", got)
				}
			}},
	})
}

// §9.0: a post that a person looks up is believed of its own host only.
func TestEdge_posts_that_are_looked_up(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]members{
		"attributed to another host": {"attributedTo": "https://elsewhere.test/users/x"},
		"attributed to nobody":       {"attributedTo": nil},
		"a Place":                    {"type": "Place"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := followed(w)
			w.peer("elsewhere.test").actor("x")
			s.p.has(s.berta.note("1", members{"@context": activityStreams}, change))
			before := w.counts()
			_, _, err := w.in.Services.Searches.Remote.ByURL(t.Context(), w.here("alice").ID, s.berta.uri+"/statuses/1")
			if err == nil {
				t.Error("it was kept")
			}
			if got := w.counts().since(before); got != "" {
				t.Errorf("changed %q, want nothing", got)
			}
			w.readable()
		})
	}
}

// The parent comes with the fetch, and its own parent with the next; the replies it lists, five of its host, come too.
func TestEdge_missing_ancestors_and_listed_replies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	carol := s.p.actor("carol")
	old := members{"@context": activityStreams}
	root := s.p.has(carol.note("root", old))
	middle := s.p.has(carol.note("middle", old, members{"inReplyTo": root["id"]}))
	var items []any
	for i := range 7 {
		items = append(items, s.p.has(carol.note(fmt.Sprint("r", i), old, members{"inReplyTo": root["id"]}))["id"])
	}
	root["replies"] = members{"type": "Collection", "first": members{"type": "CollectionPage", "items": append([]any{"https://elsewhere.test/1"}, items...)}}
	got := w.send(s.berta, s.berta.creates(s.berta.note("1", members{"inReplyTo": middle["id"]})))
	if got.changed != "accounts+1 statuses+8" {
		t.Errorf("changed %q, want carol, the reply, two ancestors and five listed replies", got.changed)
	}
	leaf := w.status("1")
	up, err := w.in.Services.Store.Ancestors(t.Context(), leaf.ID, 40)
	if err != nil || len(up) != 2 {
		t.Errorf("ancestors are %v (%v), want two", up, err)
	}
	asked := s.p.asked()
	for _, path := range []string{"/users/carol/statuses/r5", "/users/carol/statuses/r6"} {
		if slices.Contains(asked, "GET "+path) {
			t.Errorf("%s was fetched, which is more than five", path)
		}
	}
	w.readable()
}

func signedBy(t *testing.T, s seen) string {
	t.Helper()
	header, _ := s.Request.Value("Signature")
	_, rest, ok := strings.Cut(header, `keyId="`)
	id, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Errorf("%s %s is not signed", s.Method, s.Target)
	}
	return id
}

func read(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func deletedAYearAgo(w *world) sent {
	s := followed(w)
	w.send(s.berta, s.berta.does("Delete", "1", s.berta.uri+"/statuses/1"))
	w.clock.Advance(365 * 24 * time.Hour)
	return w.send(s.berta, s.berta.creates(s.berta.note("1")))
}
