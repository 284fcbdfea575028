package server_test

import (
	"testing"

	"orrery/federation/rules"
)

// federation.md §5.5 step 5: a key may have an address of its own, where a key stands or its actor (GoToSocial).
func TestKeys_with_an_address_of_their_own(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		serve  func(s stage)
		status int
	}{
		{"a key object", func(s stage) {
			s.p.has(with(s.berta.doc["publicKey"].(members), members{"@context": "https://w3id.org/security/v1"}))
		}, 202},
		{"the actor, in short", func(s stage) {
			s.p.docs["/users/berta/main-key"] = members{
				"@context": activityStreams, "id": s.berta.uri, "type": "Person", "preferredUsername": "berta", "publicKey": s.berta.doc["publicKey"],
			}
		}, 202},
		{"a key whose owner does not list it", func(s stage) {
			s.p.has(with(s.berta.doc["publicKey"].(members), members{}))
			s.p.has(with(s.berta.doc, members{"publicKey": members{"id": s.berta.uri + "#other", "owner": s.berta.uri, "publicKeyPem": s.w().pem(s.berta.key)}}))
		}, 401},
		{"a key that names another owner", func(s stage) {
			s.p.actor("carol")
			s.p.has(with(s.berta.doc["publicKey"].(members), members{"owner": "https://peer.test/users/carol"}))
		}, 401},
		{"an actor that lists a key of another owner", func(s stage) {
			s.p.docs["/users/berta/main-key"] = s.berta.doc
			s.p.has(with(s.berta.doc, members{"publicKey": members{"id": s.berta.keyID, "owner": "https://peer.test/users/carol", "publicKeyPem": s.w().pem(s.berta.key)}}))
		}, 401},
		{"a key that cannot be read", func(s stage) {
			s.p.docs["/users/berta/main-key"] = s.berta.doc
			s.p.has(with(s.berta.doc, members{"publicKey": members{"id": s.berta.keyID, "owner": s.berta.uri, "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}}))
		}, 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := plainStage(w)
			s.berta.keyID = s.berta.uri + "/main-key"
			s.berta.doc["publicKey"].(members)["id"] = s.berta.keyID
			tt.serve(s)
			got := w.sendTo(w.here("alice"), s.berta, s.berta.creates(s.berta.note("1")))
			if got.status != tt.status {
				t.Errorf("answered %d %s, want %d; facts %q", got.status, got.body, tt.status, facts(got.entry))
			}
			if tt.status == 202 {
				s.p.forget()
				if got = w.sendTo(w.here("alice"), s.berta, s.berta.creates(s.berta.note("2"))); got.entry.State.Rule != rules.AcceptAddressed || len(s.p.asked()) > 0 {
					t.Errorf("the second time: by %s after asking %q", got.entry.State.Rule, s.p.asked())
				}
			}
			w.readable()
		})
	}
}

func (s stage) w() *world { return s.world }

// The totals of an actor are kept when they cannot be had again (federation.md §2.5).
func TestActor_totals_are_kept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := plainStage(w)
	for path, n := range map[string]int{"/followers": 7, "/following": 8, "/outbox": 9} {
		s.p.has(members{"@context": activityStreams, "id": s.berta.uri + path, "type": "OrderedCollection", "totalItems": n})
	}
	s.berta.known()
	for _, when := range []string{"at first", "when they cannot be had again"} {
		a, err := w.in.Services.Store.AccountByURI(t.Context(), s.berta.uri)
		w.must(err)
		if a.FollowersCount != 7 || a.FollowingCount != 8 || a.StatusesCount != 9 {
			t.Errorf("%s: %d followers, %d followed, %d posts", when, a.FollowersCount, a.FollowingCount, a.StatusesCount)
		}
		for _, path := range []string{"/followers", "/following", "/outbox"} {
			delete(s.p.docs, "/users/berta"+path)
		}
		w.clock.Advance(25 * 60 * 60 * 1e9)
		s.berta.known()
	}
}
