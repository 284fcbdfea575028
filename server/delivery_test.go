package server_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-fed/httpsig"
	"github.com/google/go-cmp/cmp"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/social"
)

// follower is somebody on host who follows to, without any message.
func (w *world) follower(host, name string, to social.Account) *actor {
	w.t.Helper()
	a := w.peer(host).actor(name)
	w.follows(a.known(), to)
	return a
}

// mail is what each peer got since the last look: "peer.test/inbox Create", by host and path.
func (w *world) mail() []string {
	w.t.Helper()
	var out []string
	for host, p := range w.peers {
		for _, s := range p.got() {
			out = append(out, fmt.Sprintf("%s%s %s", host, s.Target, decode(w.t, s.Request.Body)["type"]))
		}
	}
	slices.Sort(out)
	return out
}

func (w *world) wantMail(what string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.mail()); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// deliveries are the log's entries of what was sent to inboxes, oldest first.
func (w *world) deliveries() []activitylog.Entry {
	w.t.Helper()
	es := w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.Out}, Kind: activitylog.Delivery, Limit: 200})
	slices.Reverse(es)
	for i := range es {
		es[i] = w.entry(es[i])
	}
	return es
}

// federation.md §8.5.
func TestDelivery_is_tried_again_by_the_schedule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	w.peer("peer.test").answer = func(string) int { return 503 }
	w.say(alice, "hello")
	w.settle()
	for n := range 16 {
		due, inFlight, next, err := w.in.Pending(t.Context())
		if err != nil || due != 0 || inFlight != 0 || next.IsZero() {
			t.Fatalf("before retry %d: %d due, %d in flight, next %s, %v; want one later", n, due, inFlight, next, err)
		}
		wait, n4 := next.Sub(w.clock.Now()).Seconds(), float64(n*n*n*n)
		if low, high := 15+n4, 15+1.5*n4; wait < low-0.002 || wait > high {
			t.Errorf("retry %d comes after %.3f s, want %.0f to %.1f", n, wait, low, high)
		}
		w.clock.Set(next)
		w.settle()
	}
	if due, _, next, _ := w.in.Pending(t.Context()); due != 0 || !next.IsZero() {
		t.Errorf("after 16 retries %d are due and the next comes at %s, want none", due, next)
	}
	es := w.deliveries()
	if len(es) != 17 {
		t.Fatalf("the log has %d deliveries, want 17", len(es))
	}
	for i, e := range es {
		want := rules.DeliverRetry
		if i == 16 {
			want = rules.DeliverGaveUp
		}
		if e.Exchange.Attempt != i+1 || e.State.Rule != want || e.State.Outcome != "failed" || e.Answer == nil || e.Answer.Status != 503 {
			t.Errorf("try %d: attempt %d, %s by %s, want %s", i+1, e.Exchange.Attempt, e.State.Outcome, e.State.Rule, want)
		}
		if got := slices.Contains(e.State.Badges, activitylog.Retry); got != (i > 0) {
			t.Errorf("try %d: badges %q", i+1, e.State.Badges)
		}
		if got := facts(e); len(got) != 1 || got[0] != "retried "+string(want) {
			t.Errorf("try %d: facts %q", i+1, got)
		}
		if e.Exchange.Root != es[0].Exchange.Root || e.Exchange.Cause != es[0].Exchange.Cause {
			t.Errorf("try %d stands in another chain of causes", i+1)
		}
	}
	if first, last := header(es[0], "Date"), header(es[16], "Date"); first == last {
		t.Errorf("the last try carries the date of the first, %s", first)
	}
	w.readable()
}

func header(e activitylog.Entry, name string) string {
	for _, f := range e.Exchange.Header {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// federation.md §8.5 and the end of §14.
func TestDelivery_answers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answers []int
		tries   int
		rule    rules.ID
	}{
		{[]int{200, 201, 202, 204}, 1, rules.DeliverFollowers},
		{[]int{400, 403, 404, 405, 406, 410, 413, 422, 501}, 1, rules.DeliverRefused},
		{[]int{302, 401, 408, 429, 500, 502, 503, 504}, 2, rules.DeliverRetry},
	} {
		for _, status := range tt.answers {
			t.Run(fmt.Sprint(status), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				alice := w.person("alice")
				w.follower("peer.test", "berta", alice)
				w.peer("peer.test").answer = func(string) int { return status }
				w.say(alice, "hello")
				w.advance(20 * time.Second)
				es := w.deliveries()
				if len(es) != tt.tries {
					t.Fatalf("tried %d times in 20 seconds, want %d", len(es), tt.tries)
				}
				if got := es[0].State.Rule; got != tt.rule {
					t.Errorf("the first try ended by %s, want %s", got, tt.rule)
				}
				w.readable()
			})
		}
	}
}

func TestDelivery_to_a_host_that_is_not_there_and_then_is(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	a := w.peer("peer.test").actor("berta")
	account := a.known()
	account.ID, account.URI, account.Domain, account.KeyID = w.in.Services.Follows.NewID(), "https://later.test/users/berta", "later.test", "https://later.test/k"
	account.InboxURL, account.SharedInboxURL = "https://later.test/users/berta/inbox", ""
	w.must(w.in.Services.Store.Atomically(t.Context(), func(ctx context.Context, tx social.Tx) error { return tx.InsertAccount(ctx, account, "") }))
	w.follows(account, alice)
	w.say(alice, "hello")
	w.settle()
	es := w.deliveries()
	if len(es) != 1 || es[0].State.Outcome != "failed" || es[0].Answer == nil || es[0].Answer.Err == "" {
		t.Fatalf("got %+v, want one that failed on the network", es)
	}
	w.peer("later.test")
	w.advance(time.Minute)
	w.wantMail("after it came", "later.test/users/berta/inbox Create")
	w.readable()
}

// federation.md §8.1.
func TestDelivery_one_copy_for_each_shared_inbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	for _, name := range []string{"a", "b", "c"} {
		w.follower("peer.test", name, alice)
	}
	w.follower("other.test", "d", alice)
	lone := w.peer("lone.test").actor("e")
	delete(lone.doc, "endpoints")
	w.follows(lone.known(), alice)
	w.say(alice, "hello")
	w.settle()
	w.wantMail("three followers share an inbox, one has none to share",
		"lone.test/users/e/inbox Create", "other.test/inbox Create", "peer.test/inbox Create")
}

// federation.md §5.1 and §6.2: what we send verifies, with a library that is not ours and with our own verifier.
func TestDelivery_signatures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	w.say(alice, "Grüße & <b>more</b>")
	w.settle()
	posts := w.peer("peer.test").got()
	if len(posts) != 1 {
		t.Fatalf("got %d posts, want one", len(posts))
	}
	r := posts[0].Request
	key, err := signature.ParsePublicKeyPEM(w.here("alice").PublicKeyPEM)
	w.must(err)

	v, err := signature.Check(r, w.clock.Now(), signature.Mastodon41())
	w.must(err)
	w.must(v.Verify(key))
	header, _ := r.Value("Signature")
	if want := `keyId="` + alicesURI + `#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",signature="`; !strings.HasPrefix(header, want) {
		t.Errorf("Signature is %s, want it to begin with %s", header, want)
	}

	std, err := http.NewRequestWithContext(t.Context(), r.Method, "https://peer.test"+r.Target, bytes.NewReader(r.Body))
	w.must(err)
	for _, f := range r.Header {
		std.Header.Add(f.Name, f.Value)
	}
	std.Header.Set("Host", r.Host)
	verifier, err := httpsig.NewVerifier(std)
	w.must(err)
	w.must(verifier.Verify(key, httpsig.RSA_SHA256))

	doc, err := signature.DecodeDocument(r.Body)
	w.must(err)
	w.must(signature.VerifyDocument(doc, key, w.clock.Now(), signature.Documents41()))
	doc["object"].(members)["content"] = "x"
	if signature.VerifyDocument(doc, key, w.clock.Now(), signature.Documents41()) == nil {
		t.Error("a changed document still verifies")
	}
}

// federation.md §6.2, §8.1, §8.2: who gets a post, in which inbox, and which documents are signed.
func TestDelivery_visibilities(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v      social.Visibility
		signed bool
		want   []string
	}{
		{social.Public, true, []string{"named.test/inbox Create", "peer.test/inbox Create"}},
		{social.Unlisted, true, []string{"named.test/inbox Create", "peer.test/inbox Create"}},
		{social.Private, false, []string{"named.test/inbox Create", "peer.test/inbox Create"}},
		{social.Direct, false, []string{"named.test/inbox Create"}},
	} {
		t.Run(string(tt.v), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			w.peer("named.test").actor("nora").known()
			w.publish(alice, social.Draft{Text: "hello @nora@named.test", Visibility: tt.v})
			w.settle()
			for _, p := range w.peers {
				for _, s := range p.seen {
					if _, signed := decode(t, s.Request.Body)["signature"]; signed != tt.signed {
						t.Errorf("the copy for %s has a document signature: %v, want %v", p.host, signed, tt.signed)
					}
				}
			}
			w.wantMail("recipients", tt.want...)
		})
	}
}

// federation.md §8.2: the boosted author's own inbox, unless they follow the booster.
func TestDelivery_of_boosts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		follows bool
		want    []string
		undone  []string // 4.1 tells the followers only
	}{
		{"the author does not follow the booster", false, []string{"author.test/users/carol/inbox Announce", "peer.test/inbox Announce"}, []string{"peer.test/inbox Undo"}},
		{"the author follows the booster", true, []string{"author.test/inbox Announce", "peer.test/inbox Announce"},
			[]string{"author.test/inbox Undo", "peer.test/inbox Undo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			carol := w.peer("author.test").actor("carol")
			account := carol.known()
			w.follows(alice, account)
			if tt.follows {
				w.follows(account, alice)
			}
			w.send(carol, carol.creates(carol.note("1")))
			post := w.status(carol.uri + "/statuses/1")
			_, err := w.in.Services.Statuses.Boost(t.Context(), alice.ID, post.ID, "")
			w.must(err)
			w.settle()
			for _, s := range w.peers["peer.test"].seen {
				doc := decode(t, s.Request.Body)
				if doc["object"] != post.URI || doc["signature"] != nil {
					t.Errorf("sent %s, want an unsigned document that names the post", s.Request.Body)
				}
			}
			w.wantMail("the boost", tt.want...)
			_, err = w.in.Services.Statuses.Unboost(t.Context(), alice.ID, post.ID)
			w.must(err)
			w.settle()
			for _, s := range w.peers["peer.test"].seen {
				if decode(t, s.Request.Body)["signature"] == nil {
					t.Error("the Undo carries no document signature")
				}
			}
			w.wantMail("and its end", tt.undone...)
			if c := w.counts(); c["marked"] != 0 || c["boosts"] != 0 || c["jobs"] != 0 {
				t.Errorf("left behind: %v", c)
			}
		})
	}
}

// federation.md §8.2: a deletion reaches everybody who had to do with the post, whatever its visibility.
func TestDelivery_of_deletions(t *testing.T) {
	t.Parallel()
	for _, v := range []social.Visibility{social.Public, social.Private} {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			nora := w.peer("named.test").actor("nora")
			nora.known()
			post := w.publish(alice, social.Draft{Text: "hello @nora@named.test", Visibility: v})
			w.settle()
			liker := w.peer("liker.test").actor("lea")
			booster := w.peer("booster.test").actor("bo")
			replier := w.peer("replier.test").actor("rex")
			w.send(liker, liker.does("Like", "1", post.URI))
			w.send(replier, replier.creates(replier.note("1", members{"inReplyTo": post.URI})))
			want := []string{"liker.test/inbox Delete", "named.test/inbox Delete", "peer.test/inbox Delete", "replier.test/inbox Delete"}
			if v == social.Public {
				w.send(booster, booster.announces("1", post.URI))
				want = append([]string{"booster.test/inbox Delete"}, want...)
			}
			w.mail()
			w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, post.ID))
			w.settle()
			for _, p := range w.peers {
				for _, s := range p.seen {
					doc := decode(t, s.Request.Body)
					if _, signed := doc["signature"]; signed != (v == social.Public) {
						t.Errorf("signed is %v for a %s post", signed, v)
					}
					if !strings.Contains(string(s.Request.Body), `"type":"Tombstone"`) {
						t.Errorf("sent %s", s.Request.Body)
					}
				}
			}
			w.wantMail("the deletion", want...)
		})
	}
}

// federation.md §8.3.
func TestDelivery_of_likes_goes_to_the_author_alone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	carol := w.peer("author.test").actor("carol")
	w.follows(alice, carol.known())
	w.send(carol, carol.creates(carol.note("1")))
	id := w.status(carol.uri + "/statuses/1").ID
	_, err := w.in.Services.Reactions.Favourite(t.Context(), alice.ID, id)
	w.must(err)
	w.settle()
	w.wantMail("the like", "author.test/users/carol/inbox Like")
	_, err = w.in.Services.Reactions.Unfavourite(t.Context(), alice.ID, id)
	w.must(err)
	w.settle()
	w.wantMail("and its end", "author.test/users/carol/inbox Undo")
}

// federation.md §8.2: replies go to the parent's author, and, among people here, to the parent author's followers.
func TestDelivery_of_replies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, anna := w.person("alice"), w.person("anna")
	w.follower("alices.test", "f", alice)
	w.follower("annas.test", "g", anna)
	carol := w.peer("author.test").actor("carol")
	w.follows(alice, carol.known())
	w.send(carol, carol.creates(carol.note("1")))
	remote := w.status(carol.uri + "/statuses/1")

	first := w.publish(alice, social.Draft{Text: "no name", ReplyTo: remote.ID})
	w.settle()
	w.wantMail("a reply to carol that does not name her", "alices.test/inbox Create", "author.test/inbox Create")
	w.publish(alice, social.Draft{Text: "and more", ReplyTo: first.ID})
	w.settle()
	w.wantMail("a reply to oneself in carol's thread (§8.2, carried over)", "alices.test/inbox Create", "author.test/inbox Create")
	w.publish(alice, social.Draft{Text: "quietly", ReplyTo: remote.ID, Visibility: social.Private})
	w.settle()
	w.wantMail("a private reply that names nobody", "alices.test/inbox Create")

	mine := w.say(alice, "mine")
	w.settle()
	w.mail()
	w.publish(anna, social.Draft{Text: "neighbour", ReplyTo: mine.ID})
	w.settle()
	w.wantMail("a reply to a neighbour", "alices.test/inbox Create", "annas.test/inbox Create")
}
