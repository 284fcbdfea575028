package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/social"
)

// asks is a poll by alice, who lives here, and berta, who may vote in it.
func asks(w *world, change ...func(*social.PollDraft)) (stage, social.Status) {
	w.t.Helper()
	s := plainStage(w)
	s.berta.known()
	poll := &social.PollDraft{Options: []string{"Mars", "Venus"}, ExpiresIn: time.Hour}
	for _, c := range change {
		c(poll)
	}
	status := w.publish(w.here("alice"), social.Draft{Text: "Which planet?", Poll: poll})
	w.settle()
	return s, status
}

func several(p *social.PollDraft) { p.Multiple = true }

// votes is a vote as Mastodon sends it; id tells one from the other.
func (a *actor) votes(id string, poll social.Status, name string, change ...members) members {
	author := strings.Split(poll.URI, "/statuses/")[0]
	note := members{"id": a.uri + "#votes/" + id, "type": "Note", "name": name, "attributedTo": a.uri, "inReplyTo": poll.URI, "to": author}
	for _, c := range change {
		note = with(note, c)
	}
	return members{"@context": activityStreams, "id": a.uri + "#votes/" + id + "/activity", "type": "Create", "actor": a.uri, "to": author, "object": note}
}

// tally is what the poll says: "Mars 1, Venus 0 of 1".
func (w *world) tally(poll social.Status) string {
	w.t.Helper()
	v, err := w.in.Services.Reader.Status(w.t.Context(), poll.AccountID, poll.ID)
	w.must(err)
	var out []string
	for _, o := range v.Poll.Options {
		out = append(out, o.Title+" "+social.ID(o.Votes).String())
	}
	return strings.Join(out, ", ") + " of " + social.ID(v.Poll.Voters).String()
}

func TestEdgeVotes(t *testing.T) {
	t.Parallel()
	tallied := func(want string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			var n int64
			w.must(w.db.QueryRow(t.Context(), "select status_id from polls").Scan(&n))
			s, err := w.in.Services.Store.StatusByID(t.Context(), social.ID(n))
			w.must(err)
			if got := w.tally(s); got != want {
				t.Errorf("the poll says %s, want %s", got, want)
			}
		}
	}
	run(t, []edge{
		{name: "§3.2 a vote", outcome: accepted, rule: rules.AcceptVote, changed: "jobs+1 votes+1", requests: "-", also: tallied("Mars 0, Venus 1 of 1"),
			send: func(w *world) sent {
				s, poll := asks(w)
				return w.sendTo(w.here("alice"), s.berta, s.berta.votes("1", poll, "Venus"))
			}},
		{name: "§3.2 a vote to the shared inbox", outcome: accepted, rule: rules.AcceptVote, changed: "jobs+1 votes+1", send: func(w *world) sent {
			s, poll := asks(w)
			return w.send(s.berta, s.berta.votes("1", poll, "Venus"))
		}},
		{name: "§3.2 several choices, one activity each", outcome: accepted, rule: rules.AcceptVote, changed: "votes+1", also: tallied("Mars 1, Venus 1 of 1"),
			send: func(w *world) sent {
				s, poll := asks(w, several)
				w.send(s.berta, s.berta.votes("1", poll, "Venus"))
				return w.send(s.berta, s.berta.votes("2", poll, "Mars"))
			}},
		{name: "§3.2 in a poll whose tallies are secret nothing is told before its end", outcome: accepted, rule: rules.AcceptVote, changed: "votes+1",
			send: func(w *world) sent {
				s, poll := asks(w, func(p *social.PollDraft) { p.HideTotals = true })
				return w.send(s.berta, s.berta.votes("1", poll, "Venus"))
			}},
		{name: "§14.3/77 for what is no choice", outcome: dropped, rule: rules.DropInvalid, also: tallied("Mars 0, Venus 0 of 0"), send: func(w *world) sent {
			s, poll := asks(w)
			return w.send(s.berta, s.berta.votes("1", poll, "venus"))
		}},
		{name: "§14.3/77 for what is no choice, with words: an answer as any", outcome: accepted, rule: rules.AcceptRepliesToKnown, changed: "silent+1 statuses+1",
			send: func(w *world) sent {
				s, poll := asks(w)
				return w.send(s.berta, s.berta.votes("1", poll, "Pluto", members{"content": "<p>Pluto!</p>", "to": []any{public, alicesURI}}))
			}},
		{name: "§14.3/78 twice", outcome: dropped, rule: rules.DropVotedBefore, also: tallied("Mars 0, Venus 1 of 1"), send: func(w *world) sent {
			s, poll := asks(w)
			w.send(s.berta, s.berta.votes("1", poll, "Venus"))
			return w.send(s.berta, s.berta.votes("2", poll, "Mars"))
		}},
		{name: "§14.3/78 the same choice twice, of several", outcome: dropped, rule: rules.DropVotedBefore, also: tallied("Mars 0, Venus 1 of 1"), send: func(w *world) sent {
			s, poll := asks(w, several)
			w.send(s.berta, s.berta.votes("1", poll, "Venus"))
			return w.send(s.berta, s.berta.votes("2", poll, "Venus"))
		}},
		{name: "§14.3/79 when it is over", outcome: dropped, rule: rules.DropPollOver, changed: "", also: tallied("Mars 0, Venus 0 of 0"), send: func(w *world) sent {
			s, poll := asks(w)
			w.advance(2 * time.Hour)
			return w.send(s.berta, s.berta.votes("1", poll, "Venus"))
		}},
	})
}

// question is a poll by the actor, with so many votes for each of two answers.
func (a *actor) question(id string, mars, venus int, change ...members) members {
	option := func(name string, n int) members {
		return members{"type": "Note", "name": name, "replies": members{"type": "Collection", "totalItems": n}}
	}
	return a.note(id, append([]members{{
		"type": "Question", "oneOf": []any{option("Mars", mars), option("Venus", venus)}, "endTime": "2026-01-02T00:00:00Z", "votersCount": mars + venus,
	}}, change...)...)
}

func TestEdgeQuestions(t *testing.T) {
	t.Parallel()
	says := func(want string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			if got := w.tally(w.status("1")); got != want {
				t.Errorf("the poll says %s, want %s", got, want)
			}
		}
	}
	// then sends berta's poll, and then what she says of it later.
	then := func(later func(s stage) members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.question("1", 1, 2)))
			s.p.forget()
			return w.send(s.berta, s.berta.changes(later(s)))
		}
	}
	run(t, []edge{
		{name: "§3.5 a Question", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", also: says("Mars 1, Venus 2 of 3"), send: func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.creates(s.berta.question("1", 1, 2)))
		}},
		{name: "§14.3/76 with 600 answers", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, send: func(w *world) sent {
			s := followed(w)
			var options []any
			for i := range 600 {
				options = append(options, members{"type": "Note", "name": social.ID(i + 1).String()})
			}
			return w.send(s.berta, s.berta.creates(s.berta.question("1", 0, 0, members{"oneOf": options})))
		}, also: func(t *testing.T, w *world, _ sent) {
			v, err := w.in.Services.Reader.Status(t.Context(), 0, w.status("1").ID)
			if err != nil || len(v.Poll.Options) != 500 || v.Poll.Options[499].Title != "500" {
				t.Errorf("kept %d answers, %v; want the first 500", len(v.Poll.Options), err)
			}
		}},
		{name: "§4.2 step 4 new tallies", outcome: accepted, rule: rules.AcceptTallies, requests: "-", also: says("Mars 5, Venus 6 of 11"),
			send: then(func(s stage) members { return s.berta.question("1", 5, 6, members{"content": "other"}) })},
		{name: "§4.2 step 4 tallies of another question", outcome: dropped, rule: rules.DropEditUndated, requests: "-", also: says("Mars 1, Venus 2 of 3"),
			send: then(func(s stage) members {
				return s.berta.question("1", 5, 6, members{"anyOf": []any{members{"name": "Earth"}}})
			})},
		{name: "§4.2 step 4 tallies with an edit", outcome: accepted, rule: rules.AcceptUpdate, requests: "-", also: says("Mars 5, Venus 6 of 11"),
			send: then(func(s stage) members { return s.berta.question("1", 5, 6, members{"updated": "2026-01-01T13:00:00Z"}) })},
		{name: "§4.2 step 4 another question", outcome: accepted, rule: rules.AcceptUpdate, changed: "versions+2", requests: "-",
			send: then(func(s stage) members {
				return s.berta.question("1", 0, 0, members{"oneOf": []any{members{"name": "Earth"}, members{"name": "Moon"}}, "updated": "2026-01-01T13:00:00Z"})
			}), also: func(t *testing.T, w *world, s sent) {
				says("Earth 0, Moon 0 of 0")(t, w, s)
				if w.status("1").EditedAt.IsZero() {
					t.Error("the post does not count as edited")
				}
			}},
		{name: "§4.2 step 4 tallies of a post that asks nothing", outcome: dropped, rule: rules.DropEditUndated, requests: "-", send: func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			s.p.forget()
			return w.send(s.berta, s.berta.changes(s.berta.question("1", 5, 6)))
		}},
	})
}

// federation.md §3.2: a vote here in a poll elsewhere.
func TestVote_is_told_to_the_author_alone(t *testing.T) { eachPolicy(t, voteIsTold) }

func voteIsTold(t *testing.T, policy string) {
	w := newWorld(t, under(policy))
	s := followed(w)
	w.send(s.berta, s.berta.creates(s.berta.question("1", 1, 2, members{"anyOf": []any{members{"name": "Mars"}, members{"name": "Venus"}, members{"name": "Earth"}}})))
	w.follower("third.test", "fred", w.here("alice"))
	w.mail()
	poll := w.status("1")
	w.must(w.in.Services.Polls.Vote(t.Context(), w.here("alice").ID, poll.ID, []int{0, 2}))
	w.settle()
	peer := w.peers["peer.test"].seen
	if len(peer) != 2 {
		t.Fatalf("peer.test got %d requests, want one for each choice", len(peer))
	}
	var names []string
	for _, r := range peer {
		body := decode(t, r.Request.Body)
		note := body["object"].(members)
		if body["type"] != "Create" || body["signature"] != nil || note["content"] != nil || note["published"] != nil || note["inReplyTo"] != poll.URI || body["to"] != s.berta.uri {
			t.Errorf("told %s", r.Request.Body)
		}
		names = append(names, note["name"].(string))
	}
	if slices.Sort(names); !slices.Equal(names, []string{"Earth", "Mars"}) {
		t.Errorf("voted for %q", names)
	}
	for _, e := range w.deliveries()[len(w.deliveries())-2:] {
		if e.Exchange.Rule != rules.DeliverPollAuthor {
			t.Errorf("delivered by %s, want %s", e.Exchange.Rule, rules.DeliverPollAuthor)
		}
	}
	w.wantMail("a vote", "peer.test/users/berta/inbox Create", "peer.test/users/berta/inbox Create")
	w.advance(48 * time.Hour)
	ns, err := w.in.Services.Reader.Notifications(t.Context(), w.here("alice").ID, social.NotificationFilter{Types: []social.NotificationType{social.NotifyPoll}}, social.Page{})
	if err != nil || len(ns) != 1 {
		t.Errorf("the voter was told of the end %d times, %v; want once", len(ns), err)
	}
	w.readable()
}

// federation.md §3.2: three minutes after the first vote and at the end, to those named, boosters, voters and followers.
func TestTallies_are_told(t *testing.T) { eachPolicy(t, talliesAreTold) }

func talliesAreTold(t *testing.T, policy string) {
	w := newWorld(t, under(policy))
	s, poll := asks(w)
	w.follower("third.test", "fred", w.here("alice"))
	w.peer("fourth.test").actor("greta").known()
	w.settle()
	w.mail()
	start := w.clock.Now()
	w.send(s.berta, s.berta.votes("1", poll, "Venus"))
	greta := w.peers["fourth.test"].actor("greta")
	greta.known()
	w.advance(time.Minute)
	w.send(greta, greta.votes("1", poll, "Mars"))
	w.mail()
	w.advance(start.Add(3 * time.Minute).Sub(w.clock.Now()))
	w.wantMail("before three minutes have passed")
	w.advance(time.Second)
	body := w.peers["peer.test"].seen[0].Request.Body
	doc, err := signature.DecodeDocument(body)
	w.must(err)
	key, err := signature.ParsePublicKeyPEM(w.here("alice").PublicKeyPEM)
	w.must(err)
	w.must(signature.VerifyDocument(doc, key, w.clock.Now(), signature.Documents41()))
	told := decode(t, body)
	if _, ok := told["cc"]; ok || told["published"] != nil || told["object"].(members)["type"] != "Question" || told["object"].(members)["votersCount"] != 2.0 {
		t.Errorf("told %s", body)
	}
	w.wantMail("once for both votes", "fourth.test/inbox Update", "peer.test/inbox Update", "third.test/inbox Update")
	var by []string
	for _, e := range w.deliveries()[len(w.deliveries())-3:] {
		by = append(by, e.Exchange.Peer+" "+string(e.Exchange.Rule))
	}
	slices.Sort(by)
	want := []string{"fourth.test " + string(rules.DeliverVoters), "peer.test " + string(rules.DeliverVoters), "third.test " + string(rules.DeliverFollowers)}
	if diff := cmp.Diff(want, by); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.advance(time.Hour)
	if last := decode(t, w.peers["third.test"].seen[0].Request.Body)["object"].(members); last["closed"] == nil || last["closed"] != last["endTime"] {
		t.Errorf("closed at %v, want its end, %v", last["closed"], last["endTime"])
	}
	w.wantMail("at the end", "fourth.test/inbox Update", "peer.test/inbox Update", "third.test/inbox Update")
	w.advance(48 * time.Hour)
	w.wantMail("afterwards")
	ns, err := w.in.Services.Reader.Notifications(t.Context(), w.here("alice").ID, social.NotificationFilter{Types: []social.NotificationType{social.NotifyPoll}}, social.Page{})
	if err != nil || len(ns) != 1 || ns[0].Status.Status.ID != poll.ID {
		t.Errorf("the author was told of the end %d times, %v; want once", len(ns), err)
	}
	w.readable()
}

// federation.md §9.7.
func TestPoll_is_read_again_when_somebody_looks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	alice := w.here("alice")
	w.send(s.berta, s.berta.creates(s.berta.question("1", 1, 2)))
	poll := w.status("1")
	look := func(viewer social.ID, want string, requests ...string) {
		t.Helper()
		s.p.forget()
		_, err := w.in.Services.Polls.Show(t.Context(), viewer, poll.ID)
		w.must(err)
		if got := w.tally(poll); got != want {
			t.Errorf("the poll says %s, want %s", got, want)
		}
		if got := s.p.asked(); !slices.Equal(got, requests) {
			t.Errorf("peer.test was asked %q, want %q", got, requests)
		}
	}
	s.p.has(s.berta.question("1", 3, 4, members{"@context": activityStreams}))
	look(0, "Mars 1, Venus 2 of 3")
	look(alice.ID, "Mars 3, Venus 4 of 7", "GET /users/berta/statuses/1")
	if id := signedBy(t, s.p.seen[0]); id != alicesURI+"#main-key" {
		t.Errorf("the request is signed with %s, want the viewer's key", id)
	}
	asked := w.entries(activitylog.Filter{Kind: activitylog.Fetch, Directions: []activitylog.Direction{activitylog.Out}})
	if asked[0].Exchange.Rule != rules.FetchPoll {
		t.Errorf("looked up by %s, want %s", asked[0].Exchange.Rule, rules.FetchPoll)
	}
	s.p.has(s.berta.question("1", 5, 6, members{"@context": activityStreams}))
	look(alice.ID, "Mars 3, Venus 4 of 7")
	w.advance(61 * time.Second)
	look(alice.ID, "Mars 5, Venus 6 of 11", "GET /users/berta/statuses/1")
	w.advance(61 * time.Second)
	s.p.has(s.berta.question("1", 9, 9, members{"@context": activityStreams, "attributedTo": "https://peer.test/users/other"}))
	look(alice.ID, "Mars 5, Venus 6 of 11", "GET /users/berta/statuses/1", "GET /users/other")
	w.advance(13 * time.Hour)
	s.p.has(s.berta.question("1", 7, 8, members{"@context": activityStreams, "closed": "2026-01-02T00:00:00Z"}))
	look(alice.ID, "Mars 7, Venus 8 of 15", "GET /users/berta/statuses/1")
	w.advance(5 * time.Hour)
	look(alice.ID, "Mars 7, Venus 8 of 15")
	w.readable()
}
