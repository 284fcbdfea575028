package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/server"
	"orrery/social"
)

// chosen is a policy of berta's who may answer: herself and her followers.
func chosen(words string) members {
	return members{"interactionPolicy": members{"canReply": members{words: []any{"https://peer.test/users/berta", "https://peer.test/users/berta/followers"}}}}
}

// A reply to a post of another server that only some people may answer is kept when that server says that its author allowed it
// (federation.md §13.3.4).
func TestAnswering_elsewhere(t *testing.T) {
	t.Parallel()
	const at = "https://peer.test/users/berta/approvals/1"
	good := members{"@context": activityStreams, "id": at, "type": "ReplyApproval", "attributedTo": "https://peer.test/users/berta",
		"object": "https://other.test/users/carla/statuses/2", "target": "https://peer.test/users/berta/statuses/1"}
	plain := func(s stage, carla *actor) members {
		return carla.note("2", members{"inReplyTo": s.berta.uri + "/statuses/1"})
	}
	says := func(change members) func(stage, *actor) members {
		return func(s stage, carla *actor) members {
			s.p.has(with(good, change))
			return with(plain(s, carla), members{"approvedBy": at})
		}
	}
	for _, tt := range []struct {
		name   string
		asked  members // what berta's post says, when it is not the usual
		answer func(s stage, carla *actor) members
		rule   rules.ID
	}{
		{"nothing shows that she may", nil, plain, rules.DropReplyUnapproved},
		{"in the first words for it", chosen("always"), plain, rules.DropReplyUnapproved},
		{"it is proved", nil, says(nil), rules.AcceptFollowsAuthor},
		{"a proof without what it answers", nil, says(members{"target": nil}), rules.AcceptFollowsAuthor},
		{"a proof of another reply", nil, says(members{"object": "https://other.test/users/carla/statuses/3"}), rules.DropReplyUnapproved},
		{"a proof for another post", nil, says(members{"target": "https://peer.test/users/berta/statuses/7"}), rules.DropReplyUnapproved},
		{"a proof by somebody else", nil, says(members{"attributedTo": "https://peer.test/users/mallory"}), rules.DropReplyUnapproved},
		{"something else in its place", nil, says(members{"type": "LikeApproval"}), rules.DropReplyUnapproved},
		{"a proof that is not there", nil, func(s stage, carla *actor) members { return with(plain(s, carla), members{"approvedBy": at}) }, rules.DropReplyUnapproved},
		{"a proof on her own server", nil, func(s stage, carla *actor) members {
			uri := "https://other.test/approvals/1"
			carla.p.has(with(good, members{"id": uri}))
			return with(plain(s, carla), members{"approvedBy": uri})
		}, rules.DropReplyUnapproved},
		{"the post says that everybody may", members{"interactionPolicy": members{"canReply": members{"automaticApproval": public}}}, plain, rules.AcceptFollowsAuthor},
		{"it says nothing", members{"interactionPolicy": members{"canReply": members{}}}, plain, rules.AcceptFollowsAuthor},
		{"it names her", mention("https://other.test/users/carla"), plain, rules.AcceptFollowsAuthor},
		{"it lists her", members{"interactionPolicy": members{"canReply": members{"automaticApproval": "https://other.test/users/carla"}}}, plain, rules.AcceptFollowsAuthor},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under("gotosocial"))
			s := followed(w)
			carla := w.peer("other.test").actor("carla")
			w.follows(w.here("alice"), carla.known())
			if got := w.send(s.berta, s.berta.creates(with(s.berta.note("1", chosen("automaticApproval")), tt.asked))).entry.State.Rule; got != rules.AcceptFollowsAuthor {
				t.Fatalf("berta's post was judged by %s", got)
			}
			if got := w.send(carla, carla.creates(tt.answer(s, carla))).entry.State.Rule; got != tt.rule {
				t.Errorf("decided by %s, want %s", got, tt.rule)
			}
			own := s.berta.note("9", members{"inReplyTo": s.berta.uri + "/statuses/1"})
			if got := w.send(s.berta, s.berta.creates(own)).entry.State.Rule; got != rules.AcceptFollowsAuthor {
				t.Errorf("her own answer was decided by %s", got)
			}
		})
	}
}

// Who lets only followers answer: theirs are kept and told so, with a proof that others can read; others are told no.
func TestAnswering_here(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("gotosocial"), func(c *server.Config, _ *server.World) { c.Policy.RepliesFollowers = true })
	s := plainStage(w)
	carla, alice := w.peer("other.test").actor("carla"), w.here("alice")
	w.follows(s.berta.known(), alice)
	carla.known()
	hello := w.say(alice, "Hello @carla@other.test")
	if _, doc := w.get("/users/alice/statuses/"+hello.ID.String(), s.berta); !strings.Contains(string(encode(t, doc)), `"canReply":{"automaticApproval":["https://alpha.test/users/alice","https://alpha.test/users/alice/followers","https://other.test/users/carla"]}`) {
		t.Errorf("alice's post is %s", encode(t, doc))
	}
	answers := func(who *actor, id string) (rules.ID, []seen) {
		t.Helper()
		w.settle()
		who.p.forget()
		got := w.send(who, who.creates(who.note(id, members{"inReplyTo": hello.URI})))
		return got.entry.State.Rule, who.p.got()
	}
	rule, told := answers(s.berta, "2")
	if rule != rules.AcceptRepliesToKnown || len(told) != 1 {
		t.Fatalf("a follower's answer: %s, told %d times", rule, len(told))
	}
	var accept struct{ Type, Object, Result, Target string }
	w.must(json.Unmarshal(told[0].Request.Body, &accept))
	if accept.Type != "Accept" || accept.Object != s.berta.uri+"/statuses/2" || accept.Target != hello.URI {
		t.Errorf("she was told %+v", accept)
	}
	code, proof := w.get(strings.TrimPrefix(accept.Result, "https://alpha.test"), carla)
	if code != 200 || proof["type"] != "ReplyApproval" || proof["object"] != accept.Object || proof["attributedTo"] != alice.URI || proof["id"] != accept.Result {
		t.Errorf("the proof: %d %v", code, proof)
	}
	if rule, told := answers(s.berta, "2"); rule != rules.DropDuplicate || len(told) != 0 {
		t.Errorf("the same again: %s, told %d times", rule, len(told))
	}
	if rule, told := answers(carla, "3"); rule != rules.AcceptRepliesToKnown || len(told) != 0 {
		t.Errorf("who is named answers: %s, told %d times", rule, len(told))
	}
	rule, told = answers(s.p.actor("mallory"), "4")
	if rule != rules.DropReplyRefused || len(told) != 1 || !strings.Contains(string(told[0].Request.Body), `"type":"Reject"`) ||
		!strings.Contains(string(told[0].Request.Body), `"object":"https://peer.test/users/mallory/statuses/4"`) {
		t.Errorf("a stranger's answer: %s, told %+v", rule, told)
	}
	for _, path := range []string{"/users/alice/reply_approvals/1", "/users/alice/reply_approvals/x", "/users/alice/reply_approvals/" + hello.ID.String()} {
		if code, _ := w.get(path, s.berta); code != 404 {
			t.Errorf("%s: %d, want 404", path, code)
		}
	}
}

// An answer written here waits: its addressee alone is sent it, and only their word sends it on or deletes it.
func TestAnswering_waits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("gotosocial"))
	s := followed(w)
	carla, alice := w.peer("other.test").actor("carla"), w.here("alice")
	w.follows(carla.known(), alice)
	w.send(s.berta, s.berta.creates(s.berta.note("1", chosen("automaticApproval"))))
	write := func(text string) social.Status {
		t.Helper()
		r := w.publish(alice, social.Draft{Text: text, ReplyTo: w.status("1").ID})
		w.settle()
		return r
	}
	reply := write("I like it")
	if toBerta, toCarla := s.p.got(), carla.p.got(); len(toBerta) != 1 || len(toCarla) != 0 {
		t.Fatalf("berta was sent %d activities, alice's follower %d, want 1 and 0", len(toBerta), len(toCarla))
	}
	path := strings.TrimPrefix(reply.URI, "https://alpha.test")
	if code, _ := w.get(path, carla); code != 404 {
		t.Errorf("the waiting answer: %d, want 404", code)
	}
	yes := members{"result": s.berta.uri + "/approvals/1"}
	for _, tt := range []struct {
		name string
		by   *actor
		say  members
		rule rules.ID
	}{
		{"somebody else says yes", carla, carla.does("Accept", "1", reply.URI, members{"result": "https://other.test/approvals/1"}), rules.DropUnknownObject},
		{"a proof elsewhere", s.berta, s.berta.does("Accept", "2", reply.URI, members{"result": "https://other.test/approvals/1"}), rules.OriginMismatch},
		{"yes", s.berta, s.berta.does("Accept", "3", reply.URI, yes), rules.AcceptReplyAnswer},
		{"yes again", s.berta, s.berta.does("Accept", "4", reply.URI, yes), rules.DropDuplicate},
		{"no, later", s.berta, s.berta.does("Reject", "5", reply.URI), rules.DropDuplicate},
	} {
		carla.p.forget()
		if got := w.send(tt.by, tt.say).entry.State.Rule; got != tt.rule {
			t.Errorf("%s: decided by %s, want %s", tt.name, got, tt.rule)
		}
		if got := carla.p.got(); (len(got) == 1) != (tt.name == "yes") || len(got) == 1 && !strings.Contains(string(got[0].Request.Body), `"approvedBy":"`+s.berta.uri+`/approvals/1"`) {
			t.Errorf("%s: alice's follower was sent %+v", tt.name, got)
		}
	}
	if code, doc := w.get(path, carla); code != 200 || doc["approvedBy"] != s.berta.uri+"/approvals/1" {
		t.Errorf("the answer as it is read: %d %v", code, doc)
	}

	refused := write("Or not")
	if got := w.send(s.berta, s.berta.does("Reject", "6", refused.URI)).entry.State.Rule; got != rules.AcceptReplyAnswer {
		t.Errorf("no: decided by %s", got)
	}
	if _, err := w.in.Services.Store.StatusByURI(t.Context(), refused.URI); err == nil {
		t.Error("the answer that was refused is still there")
	}
	if got := carla.p.got(); len(got) != 0 {
		t.Errorf("of it alice's follower was sent %+v", got)
	}

	refused = write("Nor this")
	_, err := w.in.Services.Moderation.Report(t.Context(), w.person("bob").ID, social.Complaint{TargetID: alice.ID, StatusIDs: []social.ID{refused.ID}})
	w.must(err)
	w.send(s.berta, s.berta.does("Reject", "7", refused.URI))
	if kept, err := w.in.Services.Store.StatusEvenDeleted(t.Context(), []social.ID{refused.ID}); err != nil || len(kept) != 1 {
		t.Errorf("moderators see %d of the answer that was refused, which is reported: %v", len(kept), err)
	}
}

// Programs that know no such choice take no notice of it.
func TestAnswering_unknown(t *testing.T) {
	eachPolicy(t, func(t *testing.T, name string) {
		w := newWorld(t, under(name), func(c *server.Config, _ *server.World) { c.Policy.RepliesFollowers = true })
		s := followed(w)
		w.send(s.berta, s.berta.creates(s.berta.note("1", chosen("automaticApproval"))))
		carla := w.peer("other.test").actor("carla")
		w.follows(w.here("alice"), carla.known())
		hello := w.say(w.here("alice"), "Hello")
		for id, to := range map[string]string{"2": s.berta.uri + "/statuses/1", "3": hello.URI} {
			if got := w.send(carla, carla.creates(carla.note(id, members{"inReplyTo": to}))).entry.State.Rule; got != rules.AcceptFollowsAuthor {
				t.Errorf("an answer to %s: %s", to, got)
			}
		}
		if p, _ := policy.Named(name); p.Approvals {
			t.Errorf("%s understands approvals", name)
		}
	})
}
