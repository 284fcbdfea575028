package server_test

import (
	"context"
	"testing"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/social"
)

const relayInbox = "https://relay.test/inbox"

// relay is a relay at relay.test, whose actor has the one inbox that there is.
func (w *world) relay() *actor {
	w.t.Helper()
	a := w.peer("relay.test").actor("relay")
	a.doc["type"], a.doc["inbox"] = "Application", relayInbox
	delete(a.doc, "endpoints")
	a.known()
	return a
}

// asRelays does something with the instance's relays as its operator would.
func (w *world) asRelays(do func(ctx context.Context, relays *social.Relays) error) {
	w.t.Helper()
	ctx, done := w.in.Recorder.Action(w.t.Context(), activitylog.Summary{Type: "Follow", Actor: "https://alpha.test/actor", Object: relayInbox})
	err := do(ctx, w.in.Services.Relays)
	done()
	w.must(err)
	w.settle()
}

func (w *world) relayState() social.RelayState {
	w.t.Helper()
	all, err := w.in.Services.Store.Relays(w.t.Context())
	w.must(err)
	if len(all) != 1 {
		w.t.Fatalf("there are %d relays, want 1", len(all))
	}
	return all[0].State
}

// subscribed is an instance whose relay has agreed.
func (w *world) subscribed() *actor {
	w.t.Helper()
	relay := w.relay()
	w.asRelays(func(ctx context.Context, r *social.Relays) error { _, err := r.Add(ctx, relayInbox); return err })
	got := relay.p.got()
	if len(got) != 1 {
		w.t.Fatalf("the relay got %d requests, want 1", len(got))
	}
	follow := decode(w.t, got[0].Request.Body)
	w.send(relay, relay.does("Accept", "1", follow))
	return relay
}

// federation.md §8.4: the subscription, from being asked for to its end.
func TestRelay_subscription(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	relay := w.relay()
	add := func(ctx context.Context, r *social.Relays) error { _, err := r.Add(ctx, relayInbox); return err }
	w.asRelays(add)
	got := relay.p.got()
	if len(got) != 1 || got[0].Target != "/inbox" || signedBy(t, got[0]) != "https://alpha.test/actor#main-key" {
		t.Fatalf("the relay got %d requests, want one Follow by the instance actor", len(got))
	}
	follow := decode(t, got[0].Request.Body)
	if follow["type"] != "Follow" || follow["object"] != public || follow["actor"] != "https://alpha.test/actor" || follow["signature"] != nil {
		t.Errorf("asked by %v", follow)
	}
	if s := w.relayState(); s != social.RelayPending {
		t.Errorf("before the answer it is %s", s)
	}
	alice := w.person("alice")
	w.say(alice, "too early")
	w.settle()
	w.wantMail("before the answer")

	s := w.send(relay, relay.does("Reject", "1", follow))
	if s.entry.State.Rule != rules.AcceptRelayAnswer || w.relayState() != social.RelayRejected {
		t.Errorf("its Reject was taken by %s, and it is %s", s.entry.State.Rule, w.relayState())
	}
	w.asRelays(func(ctx context.Context, r *social.Relays) error { return r.Enable(ctx, relayInbox) })
	again := decode(t, relay.p.got()[0].Request.Body)
	if again["id"] == follow["id"] {
		t.Error("asked again with the same id")
	}
	if s = w.send(relay, relay.does("Accept", "2", follow)); s.entry.State.Rule != rules.DropUnknownObject || w.relayState() != social.RelayPending {
		t.Errorf("an answer to the first request was taken by %s, and it is %s", s.entry.State.Rule, w.relayState())
	}
	w.send(relay, relay.does("Accept", "3", again["id"]))
	if w.relayState() != social.RelayAccepted {
		t.Errorf("after the Accept it is %s", w.relayState())
	}

	w.asRelays(func(ctx context.Context, r *social.Relays) error { return r.Disable(ctx, relayInbox) })
	undo := decode(t, relay.p.got()[0].Request.Body)
	if object, _ := undo["object"].(members); undo["type"] != "Undo" || object["id"] != again["id"] || object["object"] != public {
		t.Errorf("ended by %v", undo)
	}
	if w.relayState() != social.RelayIdle {
		t.Errorf("after its end it is %s", w.relayState())
	}
	w.say(alice, "too late")
	w.settle()
	w.wantMail("after its end")
	w.asRelays(func(ctx context.Context, r *social.Relays) error { return r.Remove(ctx, relayInbox) })
	w.wantMail("forgetting one that is idle")
	w.asRelays(add) // as if it had never been there
	w.wantMail("adding it anew", "relay.test/inbox Follow")
	w.readable()
}

// federation.md §8.4: everything public goes to the relay, and nothing else.
func TestRelay_gets_what_is_public(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name))
			w.subscribed()
			alice := w.person("alice")
			berta := w.peer("peer.test").actor("berta")
			w.follows(alice, berta.known())
			for v, want := range map[social.Visibility][]string{
				social.Public: {"relay.test/inbox Create"}, social.Unlisted: nil, social.Private: nil, social.Direct: nil,
			} {
				w.publish(alice, social.Draft{Text: "hello", Visibility: v})
				w.settle()
				w.wantMail(string(v), want...)
			}
			post := w.say(alice, "to be taken back")
			w.settle()
			w.mail()
			w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, post.ID))
			w.settle()
			w.wantMail("a deletion", "relay.test/inbox Delete")

			w.send(berta, berta.creates(berta.note("1")))
			w.mail()
			_, err := w.in.Services.Statuses.Boost(t.Context(), alice.ID, w.status("1").ID, "")
			w.must(err)
			w.settle()
			if got := w.peer("relay.test").got(); len(got) != 1 || decode(t, got[0].Request.Body)["type"] != "Announce" {
				t.Errorf("of the boost the relay got %d, want one Announce", len(got))
			}
			_, err = w.in.Services.Statuses.Unboost(t.Context(), alice.ID, w.status("1").ID)
			w.must(err)
			w.settle()
			if got := w.peer("relay.test").got(); len(got) != 1 || decode(t, got[0].Request.Body)["type"] != "Undo" {
				t.Errorf("of its end the relay got %d, want one Undo", len(got))
			}
			for i, e := range w.deliveries() {
				want := rules.DeliverRelay
				if i == 0 {
					want = rules.DeliverRelayFollow
				}
				if e.Exchange.Peer == "relay.test" && e.Exchange.Rule != want {
					t.Errorf("delivery %d was made by %s, want %s", i, e.Exchange.Rule, want)
				}
			}
			w.readable()
		})
	}
}

// federation.md §4.1 (b), §8.4, §14.4/110: what relays of both styles bring.
func TestEdgeRelay(t *testing.T) {
	t.Parallel()
	run(t, []edge{
		{name: "§8.4 a relay passes a signed post on", outcome: accepted, rule: rules.AcceptRelay, changed: "accounts+1 statuses+1", send: func(w *world) sent {
			relay := w.subscribed()
			berta := w.peer("peer.test").actor("berta")
			return w.send(relay, berta.vouched(berta.creates(berta.note("1"))))
		}},
		{name: "§8.4 a post that it does not vouch for", outcome: dropped, rule: rules.OriginActorMismatch, send: func(w *world) sent {
			relay := w.subscribed()
			berta := w.peer("peer.test").actor("berta")
			return w.send(relay, berta.creates(berta.note("1")))
		}},
		{name: "§8.4 a relay that nobody asked", outcome: dropped, rule: rules.DropUnrelated, changed: "accounts+1", send: func(w *world) sent {
			relay := w.relay()
			berta := w.peer("peer.test").actor("berta")
			return w.send(relay, berta.vouched(berta.creates(berta.note("1"))))
		}},
		{name: "§8.4 a relay whose subscription has ended", outcome: dropped, rule: rules.DropUnrelated, changed: "accounts+1", send: func(w *world) sent {
			relay := w.subscribed()
			w.asRelays(func(ctx context.Context, r *social.Relays) error { return r.Disable(ctx, relayInbox) })
			berta := w.peer("peer.test").actor("berta")
			return w.send(relay, berta.vouched(berta.creates(berta.note("1"))))
		}},
		{name: "§14.4/110 a relay announces a post", outcome: accepted, rule: rules.AcceptRelayAnnounce, changed: "accounts+1 statuses+1",
			requests: "GET /users/berta/statuses/1, GET /users/berta, GET /.well-known/webfinger?resource=acct:berta@peer.test, GET /users/berta/outbox, GET /users/berta/following, GET /users/berta/followers",
			send: func(w *world) sent {
				relay := w.subscribed()
				berta := w.peer("peer.test").actor("berta")
				berta.p.has(with(berta.note("1"), members{"@context": activityStreams}))
				return w.send(relay, relay.announces("1", berta.uri+"/statuses/1"))
			}},
		{name: "§14.4/110 a post that is known", outcome: accepted, rule: rules.AcceptRelayAnnounce, send: func(w *world) sent {
			relay := w.subscribed()
			post := w.say(w.person("alice"), "mine")
			w.settle()
			return w.send(relay, relay.announces("1", post.URI))
		}},
		{name: "§14.4/110 what cannot be fetched", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			relay := w.subscribed()
			w.peer("peer.test")
			return w.send(relay, relay.announces("1", "https://peer.test/nothing"))
		}},
	})
}
