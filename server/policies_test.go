package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/server"
)

// Misskey takes an activity only with an id of its actor's own host (federation.md §13.3.5).
func TestMisskey_wants_ids_of_the_actors_host(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, id string
		rule     rules.ID
	}{
		{"its own", "https://peer.test/users/berta#create/1", rules.AcceptAnything},
		{"another's", "https://other.test/create/1", rules.OriginOtherHostID},
		{"none", "", rules.OriginOtherHostID},
	} {
		w := newWorld(t, under("misskey"))
		s := plainStage(w)
		create := with(s.berta.creates(s.berta.note("1")), members{"id": tt.id})
		if got := w.send(s.berta, create).entry.State.Rule; got != tt.rule {
			t.Errorf("%s: decided by %s, want %s", tt.name, got, tt.rule)
		}
	}
}

// What somebody else carried is read at its origin, and must be by whom the activity says (federation.md §13.3.6).
func TestPleroma_reads_the_carried_at_its_origin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		send func(s stage, carrier *actor) members
		rule rules.ID
	}{
		{"as it says", func(s stage, _ *actor) members { return s.berta.creates(s.p.has(s.berta.note("1"))) }, rules.AcceptFetched},
		{"by another", func(s stage, _ *actor) members {
			note := s.berta.note("1")
			s.p.has(with(note, members{"attributedTo": s.p.actor("mallory").uri}))
			return s.berta.creates(note)
		}, rules.OriginNotTheAuthor},
		{"it is not there", func(s stage, _ *actor) members { return s.berta.creates(s.berta.note("1")) }, rules.DropUnknownObject},
		{"no post", func(s stage, _ *actor) members { return s.berta.announces("1", "https://peer.test/x") }, rules.OriginActorMismatch},
	} {
		w := newWorld(t, under("pleroma"))
		s := plainStage(w)
		carrier := w.peer("carrier.test").actor("carla")
		if got := w.send(carrier, tt.send(s, carrier)).entry.State.Rule; got != tt.rule {
			t.Errorf("%s: decided by %s, want %s", tt.name, got, tt.rule)
		}
	}
}

// GoToSocial signs a refused look-up once more, without the query (federation.md §13.3.4).
func TestGoToSocial_tries_without_the_query(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("gotosocial"))
	s := plainStage(w)
	s.berta.known()
	asked := 0
	list := "https://peer.test/users/berta/statuses/1/replies"
	s.p.has(members{"@context": activityStreams, "id": list, "type": "Collection", "first": list + "?page=true"})
	s.p.answers("/users/berta/statuses/1/replies", func(c *fasthttp.RequestCtx) {
		if asked++; len(c.QueryArgs().QueryString()) > 0 && asked < 3 {
			c.SetStatusCode(http.StatusUnauthorized)
			return
		}
		c.SetContentType("application/activity+json")
		c.SetBodyString(`{"@context":"` + activityStreams + `","id":"` + list + `","type":"CollectionPage","items":[]}`)
	})
	note := s.p.has(s.berta.note("1", members{"replies": list + "?page=true"}))
	w.send(s.berta, s.berta.creates(with(note, members{"to": []any{public, alicesURI}})))
	if !strings.Contains(w.rulesNamed(), string(rules.SigSecondTarget)) {
		t.Errorf("nothing names %s; asked %d times", rules.SigSecondTarget, asked)
	}
}

// A chain of replies is followed so many steps and no further (federation.md §13.3.4 to §13.3.6).
func TestThreads_are_followed_so_far(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("pleroma"), func(c *server.Config, _ *server.World) { c.Policy.ThreadDepth = 2 })
	s := plainStage(w)
	answering := func(id, parent string) members {
		return s.p.has(s.berta.note(id, members{"inReplyTo": s.berta.uri + "/statuses/" + parent}))
	}
	answering("2", "1")
	answering("3", "2")
	w.send(s.berta, s.berta.creates(answering("4", "3")))
	w.status("2")
	if _, err := w.in.Services.Store.StatusByURI(t.Context(), s.berta.uri+"/statuses/1"); err == nil {
		t.Error("the third ancestor was fetched, want two at most")
	}
	if !strings.Contains(w.rulesNamed(), string(rules.LimitDepth)) {
		t.Errorf("nothing names %s", rules.LimitDepth)
	}
}

// A relay takes subscriptions and ends them, and passes on nothing that is not public or comes from elsewhere.
func TestRelay_takes_subscribers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *server.Config, _ *server.World) { c.Policy = policy.RelayServer() })
	berta := w.peer("peer.test").actor("berta")
	if s := w.send(berta, berta.creates(berta.note("1"))); s.entry.State.Rule != rules.DropNotForRelay {
		t.Errorf("from a stranger: %s, want %s", s.entry.State.Rule, rules.DropNotForRelay)
	}
	follow := berta.does("Follow", "1", public)
	if s := w.send(berta, follow); s.entry.State.Rule != rules.AcceptRelayFollow || s.changed != "accounts+0 follows+1" && s.changed != "follows+1" {
		t.Errorf("a subscription: %s, changed %q", s.entry.State.Rule, s.changed)
	}
	other := w.peer("other.test").actor("otto")
	w.send(other, other.does("Follow", "1", public))
	if s := w.send(berta, berta.creates(berta.note("2", private))); s.entry.State.Rule != rules.DropNotForRelay {
		t.Errorf("what is private: %s, want %s", s.entry.State.Rule, rules.DropNotForRelay)
	}
	w.peer("other.test").forget()
	w.send(berta, berta.creates(berta.note("3")))
	got := w.peer("other.test").got()
	if len(got) == 0 || !strings.Contains(string(got[len(got)-1].Request.Body), `"Announce"`) {
		t.Errorf("the other subscriber got %d requests, want an Announce last", len(got))
	}
	if s := w.send(other, other.does("Undo", "1", follow, members{"object": other.does("Follow", "1", public)})); s.changed != "follows-1" {
		t.Errorf("the end of a subscription changed %q, want one follow less", s.changed)
	}
}

// Only who owns a conversation can hand on what happens in it (federation.md §13.3.1, §13.3.2).
func TestOwners_alone_hand_on(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(by *actor, activity members) members{
		"lemmy": func(by *actor, activity members) members { return by.does("Announce", "1", activity) },
		"hubzilla": func(by *actor, activity members) members {
			return by.does("Add", "1", activity, members{"target": members{"type": "OrderedCollection", "id": "https://peer.test/threads/1", "attributedTo": "https://peer.test/users/berta"}})
		},
	} {
		w := newWorld(t, under(name))
		s := plainStage(w)
		mallory := w.peer("mallory.test").actor("mallory")
		got := w.send(mallory, wrap(mallory, s.berta.creates(s.berta.note("1", members{"audience": "https://peer.test/c/community"}))))
		if got.entry.State.Rule != rules.DropNotTheOwner {
			t.Errorf("%s: decided by %s, want %s", name, got.entry.State.Rule, rules.DropNotTheOwner)
		}
	}
}

// rulesNamed are all rules of facts and requests in the log.
func (w *world) rulesNamed() string {
	w.t.Helper()
	var all []string
	facts, err := w.in.Source().FactsSince(w.t.Context(), 0, nil, 10_000)
	w.must(err)
	for _, f := range facts {
		all = append(all, string(f.Rule))
	}
	for _, e := range w.entries(activitylog.Filter{Limit: activitylog.MaxLimit}) {
		all = append(all, string(e.Exchange.Rule))
	}
	return strings.Join(all, " ")
}
