package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"orrery/federation/policy"
	"orrery/lab"
	"orrery/server"
	"orrery/social"
)

// asking is one row of spec/federation.md §14 about what we serve: who asks for what, and what is answered.
type asking struct {
	name   string
	policy string // the only policy under which the row is so; both of Mastodon's when ""
	change func(*server.Config, *server.World)
	target func(w *world) string // address on https://alpha.test
	status int
	says   string // part of the body; "" when there must be none of a refusal
}

// federation.md §14.5, rows 155 to 158.
func TestEdgeDocuments(t *testing.T) {
	t.Parallel()
	hidden := func(c *server.Config, _ *server.World) { c.Policy.HiddenNetwork = true }
	at := func(target string) func(w *world) string {
		return func(w *world) string {
			w.person("alice")
			return target
		}
	}
	deleted := func(suffix string) func(w *world) string {
		return func(w *world) string {
			s := w.say(w.person("alice"), "soon gone")
			w.must(w.in.Services.Statuses.Delete(w.t.Context(), s.AccountID, s.ID))
			w.settle()
			return strings.TrimPrefix(s.URI, "https://alpha.test") + suffix
		}
	}
	posted := func(suffix string) func(w *world) string {
		return func(w *world) string {
			return strings.TrimPrefix(w.say(w.person("alice"), "here").URI, "https://alpha.test") + suffix
		}
	}
	webFinger := func(resource string) func(w *world) string {
		return at("/.well-known/webfinger?resource=" + url.QueryEscape(resource))
	}
	for _, r := range []asking{
		{name: "§14.5/155 a deleted post", target: deleted(""), status: 404, says: "error"},
		{name: "§14.5/155 its activity", target: deleted("/activity"), status: 404, says: "error"},
		{name: "§14.5/155 its replies", target: deleted("/replies"), status: 404, says: "error"},
		{name: "§14.5/156 an actor suspended for a while", target: standing(social.Standing{SuspendedAt: lab.Epoch(), SuspensionOrigin: social.OriginLocal}), status: 200, says: `"suspended":true`},
		{name: "§14.5/156 an actor suspended for good", target: standing(social.Standing{SuspendedAt: lab.Epoch(), SuspensionOrigin: social.OriginLocal, DeletedAt: lab.Epoch()}), status: 410, says: "error"},
		{name: "§14.5/157 followers of a hidden network", change: hidden, target: at("/users/alice/followers?page=1"), status: 403, says: "error"},
		{name: "§14.5/157 whom somebody follows", change: hidden, target: at("/users/alice/following?page=1"), status: 403, says: "error"},
		{name: "§14.5/157 the number stays", change: hidden, target: at("/users/alice/followers"), status: 200, says: `"totalItems":0}`},
		{name: "§14.5/157 shown", target: at("/users/alice/followers?page=1"), status: 200, says: `"orderedItems":[]`},
		{name: "§14.5/158 no resource", target: at("/.well-known/webfinger"), status: 400},
		{name: "§14.5/158 a resource of no form", target: webFinger("alice"), status: 400},
		{name: "§14.5/158 another domain", target: webFinger("acct:alice@peer.test"), status: 404},
		{name: "§14.5/158 nobody", target: webFinger("acct:nobody@alpha.test"), status: 404},
		{name: "§14.5/158 somebody", target: webFinger("acct:alice@alpha.test"), status: 200, says: `"subject":"acct:alice@alpha.test"`},
		{name: "§1.1 links since 4.6", policy: "mastodon", target: webFinger("acct:alice@alpha.test"), status: 200, says: "fep/3b86/Create"},
		{name: "§1.1 links of 4.1", policy: "mastodon-4.1", target: webFinger("acct:alice@alpha.test"), status: 200, says: `{uri}"}]}`},
		{name: "§1.6 the instance actor now", policy: "mastodon", target: at("/actor"), status: 200, says: `"preferredUsername":"mastodon.internal"`},
		{name: "§1.6 the instance actor in 4.1", policy: "mastodon-4.1", target: at("/actor"), status: 200, says: `"preferredUsername":"alpha.test"`},
		{name: "§2.3 likes since 4.3", policy: "mastodon", target: posted("/likes"), status: 200, says: `"totalItems":0`},
		{name: "§2.3 likes in 4.1", policy: "mastodon-4.1", target: posted("/likes"), status: 404, says: "error"},
		{name: "§2.3 shares since 4.3", policy: "mastodon", target: posted("/shares"), status: 200, says: `"totalItems":0`},
		{name: "§2.3 the conversation since 4.5", policy: "mastodon", target: conversationOf, status: 200, says: `"attributedTo":"https://alpha.test/users/alice"`},
	} {
		for _, name := range policy.Names()[:2] { // of Mastodon
			if r.policy != "" && r.policy != name {
				continue
			}
			t.Run(r.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				change := r.change
				if change == nil {
					change = func(*server.Config, *server.World) {}
				}
				edges.add(t, r.name, name, fmt.Sprint(r.status), "", rule(""))
				w := newWorld(t, under(name), change)
				status, body := w.reads(r.target(w))
				if status != r.status || !strings.Contains(body, r.says) || r.says == "" && body != "" || strings.Contains(body, "Tombstone") {
					t.Errorf("got %d %s, want %d with %q", status, body, r.status, r.says)
				}
			})
		}
	}
}

// standing is where alice's document is, about whom s was decided.
func standing(s social.Standing) func(w *world) string {
	return func(w *world) string {
		w.must(w.in.Services.Store.SetStanding(w.t.Context(), w.person("alice").ID, s))
		return "/users/alice"
	}
}

func conversationOf(w *world) string {
	return strings.TrimPrefix(w.say(w.person("alice"), "here").Conversation, "https://alpha.test")
}

// reads asks for target as another server does, unsigned.
func (w *world) reads(target string) (status int, body string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "https://alpha.test"+target, nil)
	w.must(err)
	req.Header.Set("Accept", "application/activity+json")
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	w.must(err)
	return res.StatusCode, string(b)
}

// What a new account of the current Mastodon is given is what it is reached by (federation.md §2.1).
func TestAddresses_by_number(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("mastodon"), func(c *server.Config, _ *server.World) { c.Policy.NumericURIs = true })
	alice := w.person("alice")
	berta := w.peer("peer.test").actor("berta")
	number := "https://alpha.test/ap/users/" + alice.ID.String()
	if alice.URI != number || !strings.HasPrefix(alice.KeyID, number+"#rsa-") || alice.InboxURL != number+"/inbox" || alice.URL != "https://alpha.test/@alice" {
		t.Errorf("got %s with key %s, inbox %s and page %s", alice.URI, alice.KeyID, alice.InboxURL, alice.URL)
	}
	_, body := w.reads("/ap/users/" + alice.ID.String())
	var doc struct {
		ID        string
		PublicKey struct{ ID string }
	}
	w.must(json.Unmarshal([]byte(body), &doc))
	if doc.ID != alice.URI || doc.PublicKey.ID != alice.KeyID {
		t.Errorf("the document says %+v, want %s with key %s", doc, alice.URI, alice.KeyID)
	}
	if s := w.post("/ap/users/"+alice.ID.String()+"/inbox", encode(t, berta.does("Follow", "1", alice.URI)), berta); s.status != 202 || !strings.Contains(s.changed, "follows+1") {
		t.Errorf("a Follow to the inbox: %d, changed %q, want one follow", s.status, s.changed)
	}
	for _, path := range []string{"/ap/users/7/inbox", "/ap/users/-99/inbox", "/ap/users/0" + alice.ID.String() + "/inbox", "/ap/users/alice/inbox"} {
		if s := w.post(path, encode(t, berta.does("Follow", "2", alice.URI)), berta); s.status != 404 {
			t.Errorf("POST %s: got %d, want 404", path, s.status)
		}
	}
	w.say(alice, "Hello")
	w.settle()
	w.wantMail("accepted and told", "peer.test/inbox Create", "peer.test/users/berta/inbox Accept")
}

// An address of this server is read by its path, whoever wrote it and how (federation.md §2.1).
func TestAddresses_are_read_by_their_path(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Names()[:2] { // of Mastodon
		w := newWorld(t, under(name))
		alice := w.person("alice")
		berta := w.peer("peer.test").actor("berta")
		number := "https://alpha.test/ap/users/" + alice.ID.String()
		for i, uri := range []string{"https://alpha.test/users/ALICE", "https://alpha.test/@alice", number} {
			follower := w.peer("peer.test").actor("f" + strconv.Itoa(i))
			if s := w.send(follower, follower.does("Follow", "1", uri)); !strings.Contains(s.changed, "follows+1") {
				t.Errorf("%s: a Follow of %s changed %q, want one follow", name, uri, s.changed)
			}
		}
		post := w.say(alice, "Hello")
		for i, uri := range []string{number + "/statuses/" + post.ID.String(), "https://alpha.test/@alice/" + post.ID.String(), "https://alpha.test/users/ALICE/statuses/" + post.ID.String()} {
			w.send(berta, berta.creates(berta.note(strconv.Itoa(i), members{"inReplyTo": uri})))
			if got := w.status("https://peer.test/users/berta/statuses/" + strconv.Itoa(i)); got.ReplyToID != post.ID {
				t.Errorf("%s: the answer to %s answers %d, want %d", name, uri, got.ReplyToID, post.ID)
			}
		}
		w.settle()
		stranger := w.person("stranger")
		w.send(berta, berta.creates(berta.note("x", members{"inReplyTo": stranger.URI + "/statuses/" + post.ID.String()})))
		if _, err := w.in.Services.Store.StatusByURI(t.Context(), "https://peer.test/users/berta/statuses/x"); err == nil {
			t.Errorf("%s: an answer to somebody else's address of the post was kept", name)
		}
	}
}
