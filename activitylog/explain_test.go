package activitylog_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

const publicIRI = "https://www.w3.org/ns/activitystreams#Public"

var names = activitylog.Names{Servers: map[string]string{
	"academy.test": "academy", "techhub.test": "techhub", "masto.test": "masto",
}}

const (
	alice = "https://academy.test/users/alice"
	berta = "https://techhub.test/users/berta"
	canon = "https://masto.test/users/canon"
	post  = alice + "/statuses/1"
)

func fact(f observe.Fact) activitylog.Fact {
	detail, _ := json.Marshal(f)
	return activitylog.Fact{Kind: f.Kind(), Rule: observe.RuleOf(f), Detail: detail}
}

func answer(status int) *activitylog.Answer { return &activitylog.Answer{Status: status} }

// entry is a request of kind between two servers, seen from the first; change says the rest.
func entry(server string, d activitylog.Direction, kind, peer string, change func(*activitylog.Entry)) activitylog.Entry {
	e := activitylog.Entry{Exchange: activitylog.Exchange{ID: 1, Instance: server, Direction: d, Kind: kind, Peer: peer, Attempt: 1}}
	change(&e)
	return e
}

func note(author, object, inReplyTo, text string) activitylog.Summary {
	return activitylog.Summary{ID: object + "/activity", Type: "Create", Actor: author, Object: object, ObjectType: "Note", InReplyTo: inReplyTo, Excerpt: text}
}

func TestSentenceOfDeliveries(t *testing.T) {
	t.Parallel()
	reply := note(berta, berta+"/statuses/2", post, "<p><a>@alice</a> Hello alice</p>")
	hello := note(alice, post, "", "<p>Hello world</p>")
	out := func(s activitylog.Summary, rule rules.ID, forWhom []string, a *activitylog.Answer, more ...activitylog.Fact) activitylog.Entry {
		return entry("academy", activitylog.Out, activitylog.Delivery, "masto.test", func(e *activitylog.Entry) {
			e.Exchange.Activity, e.Exchange.Rule, e.Answer = s, rule, a
			e.State = activitylog.State{Carrier: alice, Author: s.Actor}
			if s.Actor != alice {
				e.State.Badges = []string{activitylog.Forwarded}
			}
			e.Facts = append([]activitylog.Fact{fact(observe.Queued{Rule: rule, What: "deliver", For: forWhom})}, more...)
		})
	}
	in := func(s activitylog.Summary, o observe.Outcome, rule rules.ID, a *activitylog.Answer, badges ...string) activitylog.Entry {
		return entry("masto", activitylog.In, activitylog.Delivery, "academy.test", func(e *activitylog.Entry) {
			e.Exchange.Activity, e.Answer = s, a
			e.State = activitylog.State{Carrier: alice, Author: s.Actor, Outcome: o, Rule: rule, Badges: badges}
		})
	}
	profile := activitylog.Summary{Type: "Update", Actor: alice, Object: alice, ObjectType: "Person"}
	edit := activitylog.Summary{Type: "Update", Actor: alice, Object: post, ObjectType: "Note"}
	toCanon := []string{"canon@masto.test"}
	for _, tt := range []struct {
		name string
		e    activitylog.Entry
		want string
	}{
		{"to a follower", out(hello, rules.DeliverFollowers, toCanon, answer(202)), "academy sent alice’s post “Hello world” to masto, because canon there follows alice."},
		{"to followers", out(hello, rules.DeliverFollowers, []string{"@canon@masto.test", "carl@masto.test"}, answer(202)), "academy sent alice’s post “Hello world” to masto, because canon and carl there follow alice."},
		{"to many followers", out(hello, rules.DeliverFollowers, []string{"a", "b", "c", "d", "e"}, answer(202)), "academy sent alice’s post “Hello world” to masto, because a, b and others there follow alice."},
		{"a profile, to a follower", out(profile, rules.DeliverFollowers, toCanon, answer(202)), "academy sent alice’s changed profile to masto, because canon there follows alice."},
		{"a profile, to somebody followed", out(profile, rules.DeliverFollowedLately, toCanon, answer(202)), "academy sent alice’s changed profile to masto, because alice followed canon within two days, or asked to."},
		{"a profile, to somebody named", out(profile, rules.DeliverNamedLately, toCanon, answer(202)), "academy sent alice’s changed profile to masto, because alice named canon in a post of the last two days."},
		{"nobody named", out(hello, rules.DeliverFollowers, nil, answer(202)), "academy sent alice’s post “Hello world” to masto, because somebody there follows alice."},
		{"on its way", out(hello, rules.DeliverFollowers, toCanon, nil), "academy is sending alice’s post “Hello world” to masto, because canon there follows alice."},
		{"forwarded", out(reply, rules.ForwardParentFollowers, toCanon, answer(202)), "academy passed berta’s reply “@alice Hello alice” on to masto, because canon there follows alice, whose post it answers."},
		{"forwarding", out(reply, rules.ForwardParentFollowers, toCanon, nil), "academy is passing berta’s reply “@alice Hello alice” on to masto, because canon there follows alice, whose post it answers."},
		{"mention", out(hello, rules.DeliverMention, toCanon, answer(202)), "academy sent alice’s post “Hello world” to masto, because it names canon."},
		{"parent author", out(note(alice, post, canon+"/statuses/3", ""), rules.DeliverParentAuthor, toCanon, answer(202)), "academy sent alice’s reply to masto, because it answers a post by canon."},
		{"parent's followers", out(note(alice, post, "https://academy.test/users/zoe/statuses/3", ""), rules.DeliverParentFollow, toCanon, answer(202)), "academy sent alice’s reply to masto, because canon there follows zoe, whose post it answers."},
		{"like", out(activitylog.Summary{Type: "Like", Actor: alice, Object: canon + "/statuses/3"}, rules.DeliverLikedAuthor, toCanon, answer(202)), "academy sent alice’s like of a post by canon to masto, to tell canon, who wrote the post."},
		{"boost", out(activitylog.Summary{Type: "Announce", Actor: alice, Object: canon + "/statuses/3"}, rules.DeliverBoostedAuthor, toCanon, answer(202)), "academy sent alice’s boost of a post by canon to masto, to tell canon, who wrote the boosted post."},
		{"follow", out(activitylog.Summary{Type: "Follow", Actor: alice, Object: canon}, rules.DeliverFollowTarget, toCanon, answer(202)), "academy sent alice’s request to follow canon to masto, to ask canon."},
		{"accept", out(activitylog.Summary{Type: "Accept", Actor: alice, ObjectType: "Follow"}, rules.DeliverFollower, toCanon, answer(202)), "academy sent alice’s yes to a follow request to masto, to answer canon, who asked to follow."},
		{"may I quote", out(activitylog.Summary{Type: "QuoteRequest", Actor: alice, Object: canon + "/statuses/3"}, rules.DeliverQuotedAuthor, toCanon, answer(202)), "academy sent alice’s request to quote a post by canon to masto, to ask canon."},
		{"what quotes", out(hello, rules.DeliverQuotedAuthor, toCanon, answer(202)), "academy sent alice’s post “Hello world” to masto, to tell canon, who wrote the quoted post."},
		{"yes, quote it", out(activitylog.Summary{Type: "Accept", Actor: alice, ObjectType: "QuoteRequest"}, rules.DeliverQuoter, toCanon, answer(202)), "academy sent alice’s yes to a request to quote a post to masto, to tell canon, who quotes the post."},
		{"no, do not", out(activitylog.Summary{Type: "Reject", Actor: alice, ObjectType: "QuoteRequest"}, rules.DeliverQuoter, toCanon, answer(202)), "academy sent alice’s no to a request to quote a post to masto, to tell canon, who quotes the post."},
		{"no longer", out(activitylog.Summary{Type: "Delete", Actor: alice, Object: alice + "/quote_authorizations/1", ObjectType: "QuoteAuthorization"}, rules.DeliverQuoter, toCanon, answer(202)), "academy sent word that alice agrees to a quote no longer to masto, to tell canon, who quotes the post."},
		{"undo", out(activitylog.Summary{Type: "Undo", Actor: alice, ObjectType: "Follow"}, rules.DeliverFollowTarget, nil, answer(202)), "academy sent word that alice took back a follow to masto, to tell the person who was followed."},
		{"deletion", out(activitylog.Summary{Type: "Delete", Actor: alice, Object: post}, rules.DeliverInteracted, nil, answer(202)), "academy sent the deletion of a post by alice to masto, because somebody there boosted, liked or answered the post."},
		{"retry", out(hello, rules.DeliverFollowers, toCanon, answer(503), fact(observe.Retried{Rule: rules.DeliverRetry, Attempt: 1, NextAt: "2026-11-21T09:00:17.5Z"})),
			"academy sent alice’s post “Hello world” to masto, because canon there follows alice. masto answered 503: it cannot take it now. It is tried again on 21 November at 09:00:17 UTC."},
		{"refused", out(hello, rules.DeliverFollowers, toCanon, answer(401), fact(observe.Retried{Rule: rules.DeliverRefused, Attempt: 1})),
			"academy sent alice’s post “Hello world” to masto, because canon there follows alice. masto refused it with 401. The other server refused it for good; it is not sent again."},
		{"unreachable", out(hello, rules.DeliverFollowers, toCanon, &activitylog.Answer{Err: "connection refused"}),
			"academy sent alice’s post “Hello world” to masto, because canon there follows alice. masto could not be reached: connection refused."},

		{"kept", in(hello, observe.Accepted, rules.AcceptFollowsAuthor, answer(202)), "masto received alice’s post “Hello world” from academy and kept it: somebody there follows the author."},
		{"kept, carried", in(reply, observe.Accepted, rules.AcceptRelayed, answer(202), activitylog.Forwarded), "masto received berta’s reply “@alice Hello alice”, carried by alice’s server academy, and kept it: it was passed on by somebody whom a person there follows."},
		{"dropped", in(hello, observe.Dropped, rules.DropUnrelated, answer(202)), "masto received alice’s post “Hello world” from academy and dropped it: nobody there follows the author or is addressed, and it answers no post known there."},
		{"refused", in(hello, observe.Rejected, rules.SigDigestMismatch, answer(401)), "masto refused alice’s post “Hello world” from academy (401): the body is not the one that was signed: its digest differs."},
		{"cannot judge", in(hello, observe.Failed, rules.KeyUnreachable, answer(503)), "masto could not judge alice’s post “Hello world” from academy (503): the server that holds the key cannot be reached."},
		{"pending", in(hello, observe.Pending, "", nil), "masto received alice’s post “Hello world” from academy and has not decided about it yet."},
		{"profile changed", in(profile, observe.Accepted, rules.AcceptUpdate, answer(202)), "masto received alice’s changed profile from academy and took it: the author may change what they wrote, and themselves."},
		{"post changed", in(edit, observe.Accepted, rules.AcceptUpdate, answer(202)), "masto received alice’s change of a post from academy and took it: the author may change what they wrote, and themselves."},
		{"changed too late", in(edit, observe.Dropped, rules.DropOutdated, answer(202)), "masto received alice’s change of a post from academy and dropped it: a later change of the post arrived first."},
		{"follow kept", in(activitylog.Summary{Type: "Follow", Actor: alice, Object: canon}, observe.Accepted, rules.AcceptFollow, answer(202)), "masto received alice’s request to follow canon from academy and took it: the person does not lock their account, so the follow holds at once."},
		{"unreadable", in(activitylog.Summary{}, observe.Dropped, rules.JSONMalformed, answer(202)), "masto received something that cannot be read from academy and dropped it: the body is not JSON."},
		{"unknown type", in(activitylog.Summary{Type: "Dance", Actor: alice}, observe.Dropped, rules.DropUnknownType, answer(202)), "masto received an activity of type “Dance” by alice from academy and dropped it: Mastodon knows no activity of this type."},
		{"unknown rule", in(hello, observe.Dropped, "accept.from-tomorrow", answer(202)), "masto received alice’s post “Hello world” from academy and dropped it."},
	} {
		if got := activitylog.Sentence(tt.e, names); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	shy := names
	shy.Shy = true
	if got := activitylog.Sentence(out(hello, rules.DeliverFollowers, toCanon, answer(202)), shy); strings.Contains(got, "canon") {
		t.Errorf("shy names tell who follows: %s", got)
	}
}

func TestSentenceOfLookUpsAndActions(t *testing.T) {
	t.Parallel()
	get := func(d activitylog.Direction, kind string, rule rules.ID, url string, a *activitylog.Answer) activitylog.Entry {
		return entry("masto", d, kind, "techhub.test", func(e *activitylog.Entry) {
			e.Exchange.URL, e.Exchange.Rule, e.Answer = url, rule, a
		})
	}
	do := func(s activitylog.Summary) activitylog.Entry {
		return entry("academy", activitylog.Local, activitylog.Action, "", func(e *activitylog.Entry) { e.Exchange.Activity = s })
	}
	for want, e := range map[string]activitylog.Entry{
		"masto looked up berta’s key at techhub, to check a signature.":                                         get(activitylog.Out, activitylog.Key, rules.FetchKey, berta+"#main-key", answer(200)),
		"masto looked up berta’s key at techhub, to check a signature. techhub answered 410.":                   get(activitylog.Out, activitylog.Key, rules.FetchKey, berta, answer(410)),
		"masto looked up techhub’s own key at techhub, to check a signature. No answer yet.":                    get(activitylog.Out, activitylog.Key, rules.FetchKey, "https://techhub.test/actor#main-key", nil),
		"masto looked berta up at techhub, not having met them before.":                                         get(activitylog.Out, activitylog.Fetch, rules.FetchActor, berta, answer(200)),
		"masto asked techhub for the address of berta, to be sure of the handle.":                               get(activitylog.Out, activitylog.WebFinger, rules.FetchWebFinger, "https://techhub.test/.well-known/webfinger?resource=acct:berta@techhub.test", answer(200)),
		"masto asked techhub for berta’s followers.":                                                            get(activitylog.Out, activitylog.Fetch, rules.FetchCounts, berta+"/followers", answer(200)),
		"masto fetched a post by berta from techhub: the post it answers is not known there, so it is fetched.": get(activitylog.Out, activitylog.Fetch, rules.FetchMissingAncestor, berta+"/statuses/2", answer(200)),
		"masto asked techhub what software it runs. techhub could not be reached: timeout.":                     get(activitylog.Out, activitylog.NodeInfo, "", "https://techhub.test/nodeinfo/2.0", &activitylog.Answer{Err: "timeout"}),
		"masto gave canon’s profile to techhub.":                                                                get(activitylog.In, activitylog.Fetch, "", canon, answer(200)),
		"masto read berta’s profile at techhub again, to have it fresh.":                                        get(activitylog.Out, activitylog.Fetch, rules.FetchActorAgain, berta, answer(200)),
		"masto did not give techhub a post by canon (404).":                                                     get(activitylog.In, activitylog.Fetch, "", canon+"/statuses/9", answer(404)),
		"techhub is asking masto for the replies to a post by canon.":                                           get(activitylog.In, activitylog.Fetch, "", canon+"/statuses/9/replies", nil),
		"masto told techhub what software it runs.":                                                             get(activitylog.In, activitylog.NodeInfo, "", "https://masto.test/nodeinfo/2.0", answer(200)),
		"alice posted “Hello <world>”.":                                                                         do(note(alice, post, "", "Hello &lt;world&gt;")),
		"alice posted something.":                                                                               do(note(alice, post, "", "")),
		"alice answered canon “Hi”.":                                                                            do(note(alice, post, canon+"/statuses/3", "Hi")),
		"alice asked to follow canon.":                                                                          do(activitylog.Summary{Type: "Follow", Actor: alice, Object: canon}),
		"alice searched for @canon@masto.test.":                                                                 do(activitylog.Summary{Type: "Search", Actor: alice, Object: "@canon@masto.test"}),
		"alice opened a post by canon.":                                                                         do(activitylog.Summary{Type: "View", Actor: alice, Object: canon + "/statuses/3"}),
		"alice boosted a post by canon.":                                                                        do(activitylog.Summary{Type: "Announce", Actor: alice, Object: canon + "/statuses/3"}),
		"alice liked a post on far.example.":                                                                    do(activitylog.Summary{Type: "Like", Actor: alice, Object: "https://far.example/notes/3"}),
		"alice took back a like.":                                                                               do(activitylog.Summary{Type: "Undo", Actor: alice, ObjectType: "Like"}),
		"alice deleted a post.":                                                                                 do(activitylog.Summary{Type: "Delete", Actor: alice, Object: post}),
		"alice accepted a follow request.":                                                                      do(activitylog.Summary{Type: "Accept", Actor: alice}),
		"alice changed a post.":                                                                                 do(activitylog.Summary{Type: "Update", Actor: alice, ObjectType: "Note", Object: post}),
		"alice changed their profile.":                                                                          do(activitylog.Summary{Type: "Update", Actor: alice, ObjectType: "Person"}),
	} {
		if got := activitylog.Sentence(e, names); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestNothingHostileGetsIntoASentence(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"\x00", "\u202e", "\n", "\xff", strings.Repeat("x", 5000), "<script>", "https://evil.test/\u2066a", "%zz", "http://[::1"} {
		e := entry("masto", activitylog.In, activitylog.Delivery, evil, func(e *activitylog.Entry) {
			e.Exchange.Activity = activitylog.Summary{Type: evil, Actor: "https://evil.test/" + evil, Object: evil, ObjectType: evil, InReplyTo: evil, Excerpt: "<p>" + evil}
			e.Answer = &activitylog.Answer{Err: evil}
		})
		for _, typ := range []string{evil, "Create", "Like", "Follow", "Announce"} {
			for _, d := range []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local} {
				e.Exchange.Activity.Type, e.Exchange.Direction = typ, d
				got := activitylog.Sentence(e, names)
				if len(got) > 1500 || strings.ContainsAny(got, "\x00\n\u202e\u2066") || strings.ToValidUTF8(got, "") != got {
					t.Errorf("%q as %s: sentence %.300q", evil, typ, got)
				}
			}
		}
	}
}

func TestTitleNamesTypeAndObject(t *testing.T) {
	t.Parallel()
	e := entry("a", activitylog.In, activitylog.Delivery, "b", func(e *activitylog.Entry) { e.Exchange.Activity = note(alice, post, "", "") })
	if got := activitylog.Title(e); got != "Create(Note)" {
		t.Errorf("title %s, want Create(Note)", got)
	}
}

func TestEveryRuleHasAClause(t *testing.T) {
	t.Parallel()
	for _, r := range rules.All() {
		if c := activitylog.Clause(r.ID); c == "" || strings.HasSuffix(c, ".") || strings.Contains(c, " here") {
			t.Errorf("%s: clause %q, want words for the end of a sentence told from outside", r.ID, c)
		}
	}
}

func TestPlainKeepsTextOnly(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<p>one</p><p>two<br>three</p>": "one two three", "a < b > c": "a < b > c", "&lt;b&gt;": "<b>", "x<": "x<", "<a href='": "",
		"👩\u200d🚀": "👩\u200d🚀", " a\t\n b ": "a b", "": "",
	} {
		if got := activitylog.Plain(in, 80); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
	if got := activitylog.Plain("abcdef", 4); got != "abc…" {
		t.Errorf("cut to 4: %q, want abc…", got)
	}
}

var began = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
