package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/social"
)

// owner is somebody who runs alpha.test, and may decide everything.
const owner = social.InstanceActorID

// berta is the account of berta@peer.test as it is kept here.
func bertaOf(w *world) social.Account {
	w.t.Helper()
	a, err := w.in.Services.Store.AccountByURI(w.t.Context(), "https://peer.test/users/berta")
	w.must(err)
	return a
}

// decides decides about peer.test, and lets the decision have its effect.
func (w *world) decides(b social.DomainBlock) social.DomainBlock {
	w.t.Helper()
	if b.Domain == "" {
		b.Domain = "peer.test"
	}
	b, err := w.in.Services.Moderation.BlockDomain(w.t.Context(), owner, b)
	w.must(err)
	w.settle()
	return b
}

func TestEdgeSuspendedDomain(t *testing.T) {
	t.Parallel()
	run(t, []edge{
		{name: "§14.1/18 keyId on a suspended domain", status: 403, outcome: rejected, rule: rules.OriginDomainRefused, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			w.decides(social.DomainBlock{Severity: social.SeveritySuspend})
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/18 of a host below the suspended one", status: 403, outcome: rejected, rule: rules.OriginDomainRefused, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			w.decides(social.DomainBlock{Domain: "test", Severity: social.SeveritySuspend})
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/19 limited federation, not allowed", status: 403, outcome: rejected, rule: rules.OriginDomainRefused, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			w.in.Services.Domains.Limited = true
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/19 limited federation, allowed", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 statuses+1", send: func(w *world) sent {
			s := followed(w)
			w.in.Services.Domains.Limited = true
			_, err := w.in.Services.Moderation.AllowDomain(w.t.Context(), owner, "peer.test")
			w.must(err)
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§11 what a suspended server wrote, carried by another", outcome: dropped, rule: rules.OriginDomainRefused, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			carol := w.peer("other.test").actor("carol")
			w.follows(w.here("alice"), carol.known())
			w.decides(social.DomainBlock{Severity: social.SeveritySuspend})
			return w.send(carol, s.berta.vouched(s.berta.creates(s.berta.note("1"))))
		}},
		{name: "§11 a boost of a post on a suspended server: it is not fetched", outcome: dropped, rule: rules.DropUnknownObject, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			s.p.has(s.berta.note("1"))
			carol := w.peer("other.test").actor("carol")
			w.follows(w.here("alice"), carol.known())
			w.decides(social.DomainBlock{Severity: social.SeveritySuspend})
			return w.send(carol, carol.announces("b", s.berta.uri+"/statuses/1"))
		}, also: func(t *testing.T, w *world, s sent) {
			if got := strings.Join(facts(s.entry), ", "); !strings.Contains(got, string(rules.LimitDomain)) {
				t.Errorf("the log does not say why the post was not fetched: %s", got)
			}
		}},
		{name: "§4.6 a follow by somebody silenced waits", outcome: accepted, rule: rules.AcceptFollowPending, changed: "notifications+1 requests+1", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			w.decides(social.DomainBlock{Severity: social.SeveritySilence})
			return w.send(s.berta, s.berta.does("Follow", "1", alicesURI))
		}},
		{name: "§14.5/127 a follow of somebody who moved", outcome: rejected, rule: rules.RejectFollow, send: func(w *world) sent {
			s := plainStage(w)
			berta := s.berta.known()
			w.must(w.in.Services.Store.SetMoved(w.t.Context(), w.here("alice").ID, berta.ID, w.clock.Now()))
			return w.send(s.berta, s.berta.does("Follow", "1", alicesURI))
		}},
	})
}

func TestEdgeSuspendedAccount(t *testing.T) {
	t.Parallel()
	suspended := func(activity func(s stage) members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			w.must(w.in.Services.Moderation.Suspend(w.t.Context(), owner, bertaOf(w).ID))
			w.settle()
			s.p.forget()
			return w.send(s.berta, activity(s))
		}
	}
	run(t, []edge{
		{name: "§14.2/53 actor suspended here, Create", outcome: dropped, rule: rules.OriginSuspendedActor, requests: "-",
			send: suspended(func(s stage) members { return s.berta.creates(s.berta.note("2")) })},
		{name: "§14.2/53 actor suspended here, Like", outcome: dropped, rule: rules.OriginSuspendedActor, requests: "-",
			send: suspended(func(s stage) members { return s.berta.does("Like", "1", alicesURI+"/statuses/1") })},
		{name: "§14.2/53 actor suspended here, Delete", outcome: accepted, rule: rules.AcceptByAuthor, changed: "statuses-1 suppressed+1 tombstones+1",
			send: suspended(func(s stage) members { return s.berta.does("Delete", "1", s.berta.uri+"/statuses/1") })},
		{name: "§14.1/36 personal inbox of nobody", status: 404, outcome: rejected, rule: rules.OriginUnknownInbox, send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/users/nobody/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta)
		}},
		{name: "§14.1/37 personal inbox of somebody who was deleted", status: 410, outcome: rejected, rule: rules.OriginGoneInbox, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			w.must(w.in.Services.Moderation.Leave(w.t.Context(), w.here("alice").ID))
			w.settle()
			return w.post("/users/alice/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta)
		}},
		{name: "§14.1/38 personal inbox of somebody who is suspended", outcome: accepted, rule: rules.AcceptFollow, changed: "follows+1 notifications+1", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			w.must(w.in.Services.Moderation.Suspend(w.t.Context(), owner, w.here("alice").ID))
			w.settle()
			return w.post("/users/alice/inbox", encode(w.t, s.berta.does("Follow", "1", alicesURI)), s.berta)
		}},
		{name: "§2.5 an account that its own server suspends", outcome: accepted, rule: rules.AcceptUpdate, changed: "home-1", send: func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			return w.send(s.berta, s.berta.changes(with(s.berta.doc, members{"suspended": true})))
		}, also: func(t *testing.T, w *world, _ sent) {
			if a := bertaOf(w); a.SuspensionOrigin != social.OriginRemote {
				t.Errorf("berta is suspended by %q, want remote", a.SuspensionOrigin)
			}
			s := stage{w, w.peer("peer.test"), nil}
			berta := s.p.actor("berta")
			w.send(berta, berta.changes(berta.doc))
			if a := bertaOf(w); a.Suspended() {
				t.Error("berta is still suspended when her server says so no more")
			}
		}},
		{name: "§2.5 a suspension here wins", outcome: accepted, rule: rules.AcceptUpdate, send: suspended(func(s stage) members { return s.berta.changes(s.berta.doc) }),
			also: func(t *testing.T, w *world, _ sent) {
				if a := bertaOf(w); a.SuspensionOrigin != social.OriginLocal {
					t.Errorf("berta is suspended by %q, want local", a.SuspensionOrigin)
				}
			}},
	})
}

func TestEdgeDeparture(t *testing.T) {
	t.Parallel()
	// full is a berta who wrote, boosted, liked, follows and is followed.
	full := func(w *world) stage {
		s := followed(w)
		post := w.say(w.here("alice"), "hello")
		w.follows(bertaOf(w), w.here("alice"))
		w.send(s.berta, s.berta.creates(s.berta.note("1")))
		w.send(s.berta, s.berta.creates(s.berta.note("2", members{"inReplyTo": post.URI})))
		w.send(s.berta, s.berta.announces("b", post.URI))
		w.send(s.berta, s.berta.does("Like", "1", post.URI))
		s.p.forget()
		return s
	}
	report := func(w *world, statuses ...social.ID) social.Report {
		r, err := w.in.Services.Moderation.Report(w.t.Context(), w.here("alice").ID, social.Complaint{TargetID: bertaOf(w).ID, StatusIDs: statuses})
		w.must(err)
		return r
	}
	run(t, []edge{
		{name: "§14.4/100 Delete of a known actor", outcome: accepted, rule: rules.AcceptDeparture, requests: "-",
			changed: "accounts-1 boosts-1 favourites-1 follows-2 home-2 notifications-2 statuses-2", send: func(w *world) sent {
				s := full(w)
				return w.send(s.berta, s.berta.does("Delete", "1", s.berta.uri))
			}, also: func(t *testing.T, w *world, _ sent) {
				a := w.here("alice")
				if a.FollowersCount != 0 || a.FollowingCount != 0 {
					t.Errorf("alice has %d followers and follows %d, want nobody", a.FollowersCount, a.FollowingCount)
				}
			}},
		{name: "§14.4/100 with more posts than one step takes", outcome: accepted, rule: rules.AcceptDeparture, changed: "accounts-1 follows-1 home-120 statuses-120", send: func(w *world) sent {
			s := followed(w)
			for n := range 120 {
				w.drop("/inbox", encode(w.t, s.berta.creates(s.berta.note("n"+string(rune('a'+n/26))+string(rune('a'+n%26))))), s.berta)
			}
			w.settle()
			return w.send(s.berta, s.berta.does("Delete", "1", s.berta.uri))
		}},
		{name: "§14.4/101 Delete of another actor", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1 tombstones+1", send: func(w *world) sent {
			s := full(w)
			s.p.actor("carol").known()
			return w.send(s.berta, s.berta.does("Delete", "1", "https://peer.test/users/carol"))
		}},
		{name: "§14.1/2 Delete of an unknown actor", outcome: dropped, rule: rules.SigUnknownActor, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.send(nil, s.berta.does("Delete", "1", s.berta.uri))
		}},
		{name: "§14.4/99 Delete of a post that an open report names", outcome: accepted, rule: rules.AcceptByAuthor,
			changed: "home-1 marked+1 statuses-1 suppressed+1 tombstones+1", send: func(w *world) sent {
				s := full(w)
				report(w, w.status("1").ID)
				return w.send(s.berta, s.berta.does("Delete", "1", s.berta.uri+"/statuses/1"))
			}, also: func(t *testing.T, w *world, _ sent) {
				rs, err := w.in.Services.Store.Reports(t.Context(), social.ReportFilter{}, social.Page{Limit: 5})
				w.must(err)
				kept, err := w.in.Services.Store.StatusEvenDeleted(t.Context(), rs[0].StatusIDs)
				w.must(err)
				if len(kept) != 1 {
					t.Errorf("moderators see %d posts of the report, want the one", len(kept))
				}
				before := w.counts()
				_, err = w.in.Services.Moderation.ResolveReport(t.Context(), owner, rs[0].ID)
				w.must(err)
				w.settle()
				if got := w.counts().since(before); got != "marked-1" {
					t.Errorf("closing the report changed %q, want the post gone", got)
				}
			}},
		{name: "§14.4/99 Delete of an actor that an open report is about", outcome: accepted, rule: rules.AcceptDeparture,
			changed: "boosts-1 favourites-1 follows-2 home-2 marked+1 notifications-2 statuses-2", send: func(w *world) sent {
				s := full(w)
				report(w, w.status("1").ID)
				return w.send(s.berta, s.berta.does("Delete", "1", s.berta.uri))
			}, also: func(t *testing.T, w *world, _ sent) {
				rs, err := w.in.Services.Store.Reports(t.Context(), social.ReportFilter{}, social.Page{Limit: 5})
				w.must(err)
				before := w.counts()
				_, err = w.in.Services.Moderation.ResolveReport(t.Context(), owner, rs[0].ID)
				w.must(err)
				w.settle()
				if got := w.counts().since(before); got != "accounts-1 marked-1" {
					t.Errorf("closing the report changed %q, want account and post gone", got)
				}
			}},
	})
}

// gone makes p answer 410 where an actor was.
func (a *actor) gone() {
	a.p.answers("/users/"+a.name, func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(http.StatusGone) })
}

func TestEdgeActorAnswersGone(t *testing.T) {
	t.Parallel()
	// otherKey delivers with a key that does not fit, so that the actor is read again; its document is gone.
	otherKey := func(w *world) sent {
		s := followed(w)
		s.berta.gone()
		s.berta.key = w.key()
		return w.send(s.berta, s.berta.creates(s.berta.note("1")))
	}
	run(t, []edge{
		only("mastodon-4.1", edge{name: "§14.1/22 a known actor's document answers 410", status: 401, outcome: rejected, rule: rules.KeyRefreshFailed, send: otherKey}),
		only("mastodon", edge{name: "§14.1/22 a known actor's document answers 410", status: 401, outcome: rejected, rule: rules.KeyRefreshFailed,
			changed: "accounts-1 follows-1", send: otherKey}),
	})
}

func TestEdgeMove(t *testing.T) {
	t.Parallel()
	// moves lets berta, whom alice follows, go to bertha on other.test, who says that she was berta unless change says else.
	moves := func(change members, activity ...members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			bertha := w.peer("other.test").actor("bertha")
			bertha.doc = bertha.p.has(with(with(bertha.doc, members{"alsoKnownAs": []any{s.berta.uri}}), change))
			return w.send(s.berta, s.berta.does("Move", "1", s.berta.uri, append([]members{{"target": bertha.uri}}, activity...)...))
		}
	}
	run(t, []edge{
		{name: "§4.11 a Move that both say", outcome: accepted, rule: rules.AcceptMove, changed: "accounts+1 follows-1 requests+1", send: moves(nil),
			also: func(t *testing.T, w *world, _ sent) {
				var got []string
				for _, host := range []string{"other.test", "peer.test"} {
					for _, s := range w.peer(host).got() {
						got = append(got, host+" "+decode(t, s.Request.Body)["type"].(string))
					}
				}
				if want := "other.test Follow, peer.test Undo"; strings.Join(got, ", ") != want {
					t.Errorf("sent %q, want %q", got, want)
				}
				if !w.allNamed()[rules.FetchMoveTarget] {
					t.Error("nothing in the log says why the new account was read")
				}
				if a := bertaOf(w); a.MovedToID == 0 {
					t.Error("berta is not shown as moved")
				}
			}},
		{name: "§14.5/141 Move without a link back", outcome: dropped, rule: rules.DropMoveNotVouched, changed: "accounts+1", send: moves(members{"alsoKnownAs": nil})},
		{name: "§14.5/141 the cool-down does not begin", outcome: accepted, rule: rules.AcceptMove, changed: "follows-1 requests+1", send: func(w *world) sent {
			s := followed(w)
			bertha := w.peer("other.test").actor("bertha")
			w.send(s.berta, s.berta.does("Move", "1", s.berta.uri, members{"target": bertha.uri}))
			bertha.p.has(with(bertha.doc, members{"alsoKnownAs": []any{s.berta.uri}}))
			return w.send(s.berta, s.berta.does("Move", "2", s.berta.uri, members{"target": bertha.uri}))
		}},
		{name: "§4.11 Move to nobody", outcome: dropped, rule: rules.DropMoveNotVouched, send: moves(nil, members{"target": "https://other.test/users/nobody"})},
		{name: "§4.11 Move to somebody suspended here", outcome: dropped, rule: rules.DropMoveNotVouched, send: func(w *world) sent {
			s := followed(w)
			bertha := w.peer("other.test").actor("bertha")
			bertha.p.has(with(bertha.doc, members{"alsoKnownAs": []any{s.berta.uri}}))
			w.must(w.in.Services.Moderation.Suspend(w.t.Context(), owner, bertha.known().ID))
			w.settle()
			return w.send(s.berta, s.berta.does("Move", "1", s.berta.uri, members{"target": bertha.uri}))
		}},
		{name: "§14.5/142 a second Move within seven days", outcome: dropped, rule: rules.DropMoveTooSoon, send: func(w *world) sent {
			moves(nil)(w)
			w.clock.Advance(6 * 24 * time.Hour)
			berta := w.peer("peer.test").actor("berta")
			return w.send(berta, berta.does("Move", "2", berta.uri, members{"target": "https://other.test/users/bertha"}))
		}},
		{name: "§14.5/143 Move of another", outcome: dropped, rule: rules.DropMoveOfAnother, send: func(w *world) sent {
			s := followed(w)
			s.p.actor("carol").known()
			s.p.forget()
			return w.send(s.berta, s.berta.does("Move", "1", "https://peer.test/users/carol", members{"target": "https://other.test/users/bertha"}))
		}, requests: "-"},
	})
}

func TestEdgeFlag(t *testing.T) {
	t.Parallel()
	flags := func(object any, change ...members) func(*world) sent {
		return func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.send(s.berta, s.berta.does("Flag", "1", object, change...))
		}
	}
	comment := func(want int) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			rs, err := w.in.Services.Store.Reports(t.Context(), social.ReportFilter{}, social.Page{Limit: 5})
			w.must(err)
			if len(rs) != 1 || len(rs[0].Comment) != want {
				t.Errorf("kept %d reports, want one with a comment of %d characters", len(rs), want)
			}
		}
	}
	run(t, []edge{
		{name: "§4.10 a complaint about somebody here", outcome: accepted, rule: rules.AcceptReport, changed: "reports+1", requests: "-", send: flags([]any{alicesURI}, members{"content": "spam"}), also: comment(4)},
		{name: "§4.10 one object", outcome: accepted, rule: rules.AcceptReport, changed: "reports+1", send: flags(alicesURI), also: comment(0)},
		{name: "§4.10 moderators are told", outcome: accepted, rule: rules.AcceptReport, changed: "notifications+1 reports+1", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			w.must(w.in.Services.Moderation.GiveRole(w.t.Context(), owner, w.person("mona").ID, social.RoleModerator))
			return w.send(s.berta, s.berta.does("Flag", "1", alicesURI))
		}},
		{name: "§4.10 of a post that nobody there could see", outcome: accepted, rule: rules.AcceptReport, changed: "reports+1", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			seen := w.say(w.here("alice"), "public")
			hidden := w.publish(w.here("alice"), social.Draft{Text: "private", Visibility: social.Private})
			w.settle()
			return w.send(s.berta, s.berta.does("Flag", "1", []any{alicesURI, seen.URI, hidden.URI}))
		}, also: func(t *testing.T, w *world, _ sent) {
			rs, err := w.in.Services.Store.Reports(t.Context(), social.ReportFilter{}, social.Page{Limit: 5})
			w.must(err)
			if len(rs) != 1 || len(rs[0].StatusIDs) != 1 {
				t.Errorf("the report names %v, want the public post alone", rs)
			}
		}},
		{name: "§14.5/137 Flag without a person of this server", outcome: dropped, rule: rules.DropReportNobody, send: flags([]any{"https://peer.test/users/berta", "https://elsewhere.test/x"})},
		{name: "§14.5/137 of posts that answer somebody here", outcome: accepted, rule: rules.AcceptReport, changed: "reports+1", send: func(w *world) sent {
			s := followed(w)
			post := w.say(w.here("alice"), "hello")
			w.send(s.berta, s.berta.creates(s.berta.note("1", members{"inReplyTo": post.URI})))
			carol := w.peer("other.test").actor("carol")
			carol.known()
			return w.send(carol, carol.does("Flag", "1", []any{s.berta.uri, s.berta.uri + "/statuses/1"}))
		}},
		{name: "§14.5/138 Flag from a domain whose reports are refused", outcome: dropped, rule: rules.DropReportsRefused, send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			w.decides(social.DomainBlock{Severity: social.SeverityNoop, RejectReports: true})
			return w.send(s.berta, s.berta.does("Flag", "1", alicesURI))
		}},
		{name: "§14.5/139 Flag with posts alone", outcome: dropped, rule: rules.DropReportNobody, send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			post := w.say(w.here("alice"), "x")
			w.settle()
			return w.send(s.berta, s.berta.does("Flag", "1", []any{post.URI}))
		}},
		{name: "§14.5/140 a comment of ten thousand characters", outcome: accepted, rule: rules.AcceptReport, changed: "reports+1",
			send: flags(alicesURI, members{"content": strings.Repeat("x", 10_000)}), also: comment(5000)},
	})
}

// allNamed are the rules that the facts and requests of the log name.
func (w *world) allNamed() map[rules.ID]bool {
	w.t.Helper()
	met := map[rules.ID]bool{}
	facts, err := w.in.Source().FactsSince(w.t.Context(), 0, nil, 10_000)
	w.must(err)
	for _, f := range facts {
		met[f.Rule] = true
	}
	for _, e := range w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.Out}, Limit: activitylog.MaxLimit}) {
		met[e.Exchange.Rule] = true
	}
	return met
}

// TestEdgeActorDocument is §14.5/156: what is served of somebody who is suspended, and who is gone.
func TestEdgeActorDocument(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(policy))
			alice := w.person("alice")
			post := w.say(alice, "hello")
			get := func(uri string) (int, members) {
				t.Helper()
				status, body := w.reads(strings.TrimPrefix(uri, "https://alpha.test"))
				if body == "" {
					return status, nil
				}
				return status, decode(t, []byte(body))
			}
			finger := "https://alpha.test/.well-known/webfinger?resource=acct:alice@alpha.test"
			check := func(when string, want map[string]int) {
				t.Helper()
				for uri, status := range want {
					if got, _ := get(uri); got != status {
						t.Errorf("%s: %s answered %d, want %d", when, uri, got, status)
					}
				}
			}
			w.must(w.in.Services.Moderation.Suspend(t.Context(), owner, alice.ID))
			w.settle()
			check("suspended", map[string]int{alice.URI: 200, alice.OutboxURL: 403, alice.FollowersURL: 403, post.URI: 403, finger: 200})
			if _, doc := get(alice.URI); doc["suspended"] != true || doc["name"] != "alice" {
				t.Errorf("suspended: the document says %v of suspended, name %v", doc["suspended"], doc["name"])
			}
			w.must(w.in.Services.Moderation.Unsuspend(t.Context(), owner, alice.ID))
			w.settle()
			check("back", map[string]int{alice.URI: 200, alice.OutboxURL: 200, post.URI: 200})
			if _, doc := get(alice.URI); doc["suspended"] != nil {
				t.Errorf("back: the document says %v of suspended", doc["suspended"])
			}
			w.must(w.in.Services.Moderation.Suspend(t.Context(), owner, alice.ID))
			w.advance(social.SuspensionGrace + time.Minute)
			check("after thirty days", map[string]int{alice.URI: 410, alice.OutboxURL: 410, post.URI: 410, finger: 410})
			if _, err := w.in.Services.Accounts.Create(t.Context(), social.NewAccount{Username: "Alice"}); err == nil {
				t.Error("the name of somebody who is gone could be taken")
			}
		})
	}
}

// TestEdgeWhoIsTold is what others hear of a suspension, an end, a move and a report (federation.md §8.3).
func TestEdgeWhoIsTold(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(policy))
			s := plainStage(w)
			alice := w.here("alice")
			berta := s.berta.known()
			carol := w.peer("other.test").actor("carol").known()
			w.follows(berta, alice)
			w.follows(alice, carol)
			dora := w.peer("third.test").actor("dora")
			w.follows(alice, dora.known())
			// Long ago: whoever was followed lately hears of a changed profile for that alone.
			_, err := w.db.Exec(t.Context(), "UPDATE follows SET created_at = 0")
			w.must(err)
			told := func() string {
				var out []string
				for _, host := range []string{"peer.test", "other.test", "third.test"} {
					for _, got := range w.peer(host).got() {
						doc := decode(t, got.Request.Body)
						line := host + got.Target + " " + doc["type"].(string)
						if o, ok := doc["object"].(map[string]any); ok && o["suspended"] == true {
							line += " suspended"
						}
						out = append(out, line)
					}
				}
				return strings.Join(out, ", ")
			}
			expect := func(what, want string) {
				t.Helper()
				w.settle()
				if got := told(); got != want {
					t.Errorf("%s: told %q, want %q", what, got, want)
				}
			}
			ctx := context.Background()
			m := w.in.Services.Moderation
			post := w.say(alice, "hello")
			w.settle()
			told()
			w.send(s.berta, s.berta.creates(s.berta.note("1", members{"inReplyTo": post.URI})))
			told()

			_, err = m.Report(ctx, alice.ID, social.Complaint{TargetID: berta.ID, StatusIDs: []social.ID{w.status("1").ID}, Comment: "rude", Forward: true})
			w.must(err)
			expect("a report that is passed on", "peer.test/users/berta/inbox Flag")
			_, err = m.Report(ctx, alice.ID, social.Complaint{TargetID: berta.ID})
			w.must(err)
			expect("a report that is not", "")
			w.send(dora, dora.creates(dora.note("1")))
			w.send(s.berta, s.berta.creates(s.berta.note("2", members{"inReplyTo": dora.uri + "/statuses/1"})))
			told()
			_, err = m.Report(ctx, alice.ID, social.Complaint{
				TargetID: berta.ID, StatusIDs: []social.ID{w.status("2").ID}, Forward: true, ForwardTo: []string{"peer.test", "third.test"},
			})
			w.must(err)
			expect("a report that goes to the person answered too", "peer.test/users/berta/inbox Flag, third.test/inbox Flag")

			w.send(dora, dora.does("Flag", "1", alice.URI))
			w.must(m.Suspend(ctx, owner, alice.ID))
			w.advance(time.Minute)
			expect("a suspension", "peer.test/inbox Update suspended, third.test/inbox Update suspended")
			w.must(m.Unsuspend(ctx, owner, alice.ID))
			w.advance(time.Minute)
			expect("the end of it", "peer.test/inbox Update, third.test/inbox Update")

			w.must(m.Suspend(ctx, owner, berta.ID))
			expect("a suspension of somebody elsewhere", "peer.test/users/berta/inbox Reject")
			w.must(m.Unsuspend(ctx, owner, berta.ID))
			w.settle()
			w.follows(berta, alice)

			b := w.decides(social.DomainBlock{Domain: "other.test", Severity: social.SeveritySuspend})
			expect("a suspension of a server", "other.test/users/carol/inbox Undo")
			unsent := w.publish(alice, social.Draft{Text: "@carol@other.test are you there?", Visibility: social.Direct})
			expect("a post that names somebody there", "")
			w.must(w.in.Services.Statuses.Delete(ctx, alice.ID, unsent.ID))
			expect("its end, which suspended people hear of elsewhere", "")
			_, err = m.UnblockDomain(ctx, owner, b.ID)
			w.must(err)
			expect("the end of it", "")
			if a, err := w.in.Services.Store.AccountByID(ctx, carol.ID); err != nil || a.Suspended() {
				t.Errorf("carol is still suspended (%v)", err)
			}

			w.in.Services.Domains.Limited = true
			w.say(alice, "is anybody there?")
			expect("a post, when nobody is allowed", "")
			w.in.Services.Domains.Limited = false

			w.must(m.Leave(ctx, alice.ID))
			expect("an end", "peer.test/inbox Delete, other.test/inbox Delete, third.test/inbox Delete")

			met := w.allNamed()
			for _, rule := range []rules.ID{
				rules.DeliverReported, rules.DeliverReportForwarded, rules.DeliverReporters, rules.DeliverEverybody, rules.DeliverDomainRefused,
			} {
				if !met[rule] {
					t.Errorf("nothing in the log names %s", rule)
				}
			}
		})
	}
}
