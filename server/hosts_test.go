package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/server"
	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

const day = 24 * time.Hour

// met are the rules of every fact since the beginning of the log, with how often each was stated.
func (w *world) met() map[rules.ID]int {
	w.t.Helper()
	all, err := w.in.Source().FactsSince(w.t.Context(), 0, nil, 10_000)
	w.must(err)
	met := map[rules.ID]int{}
	for _, f := range all {
		met[f.Rule]++
	}
	return met
}

// down makes every inbox of host answer 503 for days days, with a post of author on each.
func (w *world) down(host string, author social.Account, days int) {
	w.t.Helper()
	was := w.peer(host).answer
	w.peer(host).answer = func(string) int { return http.StatusServiceUnavailable }
	for range days {
		w.say(author, "is anybody there?")
		w.advance(day)
	}
	w.peer(host).answer = was
}

// federation.md §8.6.
func TestAvailability_a_server_that_takes_nothing_for_seven_days_is_left_out_until_it_is_heard_of(t *testing.T) {
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		var config server.Config
		var outside server.World
		w := newWorld(t, func(c *server.Config, o *server.World) {
			c.Database = dsn
			config, outside = *c, *o
		})
		alice := w.person("alice")
		berta := w.follower("peer.test", "berta", alice)
		w.follower("other.test", "carol", alice)

		w.down("peer.test", alice, 6)
		w.mail()
		w.down("peer.test", alice, 1)
		if got := w.met(); got[rules.DeliverUnavailable] == 0 || got[rules.DeliverAvailableAgain] != 0 {
			t.Fatalf("after the seventh day of failure the log has no %s, or already %s", rules.DeliverUnavailable, rules.DeliverAvailableAgain)
		}
		var told int
		const q = `SELECT COUNT(*) FROM facts WHERE kind = $1 AND rule = $2`
		w.must(w.db.QueryRow(t.Context(), q, observe.Availability{}.Kind(), string(rules.DeliverUnavailable)).Scan(&told))
		if told != 1 {
			t.Errorf("that the server is left out from now on is told %d times, want once", told)
		}
		w.mail()
		w.advance(3 * day)
		w.wantMail("what was queued is skipped, not tried again")
		if jobs := w.counts()["jobs"]; jobs != 0 {
			t.Errorf("%d jobs are left, want none", jobs)
		}

		// Another process knows it too.
		w.must(w.in.Close())
		again, err := server.New(t.Context(), config, outside)
		w.must(err)
		t.Cleanup(func() { again.Close() })
		w.in = again
		w.net.Handle("alpha.test", again.HandleFast)
		w.wire = w.net.Transport()
		w.say(alice, "hello")
		w.settle()
		w.wantMail("a new post", "other.test/inbox Create")
		post := w.newestAction()
		if !slices.Contains(facts(post), "skipped "+string(rules.DeliverUnavailable)) {
			t.Errorf("the facts of the new post are %q, want one that it was left out", facts(post))
		}

		// Its own post brings it back.
		s := w.send(berta, berta.creates(berta.note("1", members{"to": []any{alicesURI}})))
		if !slices.Contains(facts(s.entry), "availability "+string(rules.DeliverAvailableAgain)) {
			t.Errorf("the facts of its own post are %q, want %s", facts(s.entry), rules.DeliverAvailableAgain)
		}
		w.mail()
		w.say(alice, "hello again")
		w.settle()
		w.wantMail("a post after it was heard of", "other.test/inbox Create", "peer.test/inbox Create")
		w.readable()
	})
}

func (w *world) newestAction() activitylog.Entry {
	w.t.Helper()
	es := w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.Local}, Limit: 1})
	if len(es) == 0 {
		w.t.Fatal("nobody here did anything")
	}
	return w.entry(es[0])
}

func TestAvailability_one_success_forgets_the_days_before(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	w.down("peer.test", alice, 5)
	w.say(alice, "this is taken")
	w.settle()
	w.down("peer.test", alice, 5)
	if got := w.met()[rules.DeliverUnavailable]; got != 0 {
		t.Errorf("two times five days with a success between them left the server out")
	}
}

// federation.md §8.6: a permanent refusal is a success until 4.5 and nothing at all since.
func TestAvailability_of_a_server_that_refuses(t *testing.T) {
	t.Parallel()
	for policy, gone := range map[string]bool{"mastodon-4.1": false, "mastodon": true} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(policy))
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			w.down("peer.test", alice, 5)
			w.peer("peer.test").answer = func(string) int { return http.StatusGone }
			w.advance(14 * time.Hour)
			w.say(alice, "refused")
			w.settle()
			w.down("peer.test", alice, 3)
			if got := w.met()[rules.DeliverUnavailable] > 0; got != gone {
				t.Errorf("left out: %v, want %v", got, gone)
			}
		})
	}
}

// federation.md §8.3: a Follow goes to a server that counts as gone too.
func TestAvailability_does_not_hold_back_a_follow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	berta := w.follower("peer.test", "berta", alice)
	w.down("peer.test", alice, 7)
	w.advance(day)
	w.mail()
	account, err := w.in.Services.Store.AccountByURI(t.Context(), berta.uri)
	w.must(err)
	_, err = w.in.Services.Follows.Follow(t.Context(), alice.ID, account.ID)
	w.must(err)
	w.settle()
	w.wantMail("a follow", "peer.test/users/berta/inbox Follow")
	w.say(alice, "hello")
	w.settle()
	w.wantMail("it was taken, so all else goes there too", "peer.test/inbox Create")
}

// federation.md §8.5.
func TestCircuit_ten_failures_in_a_row_hold_an_inbox_back_for_a_minute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	w.follower("other.test", "carol", alice)
	p := w.peer("peer.test")
	p.answer = func(string) int { return http.StatusServiceUnavailable }
	for range 12 {
		w.say(alice, "hello")
		w.settle()
	}
	if got := strings.Count(strings.Join(w.mail(), "\n"), "peer.test"); got != 10 {
		t.Errorf("the inbox was tried %d times, want 10", got)
	}
	if got := w.met()[rules.DeliverCircuitOpen]; got != 2 {
		t.Errorf("%s was stated %d times, want 2", rules.DeliverCircuitOpen, got)
	}
	skipped := w.newestAction()
	if !slices.Contains(facts(skipped), "skipped "+string(rules.DeliverCircuitOpen)) || !slices.Contains(facts(skipped), "retried "+string(rules.DeliverRetry)) {
		t.Errorf("the facts of the twelfth post are %q, want that its delivery was held back and is tried again", facts(skipped))
	}

	// For the rest of the minute nothing gets there, neither new posts nor what falls due again.
	w.advance(40 * time.Second)
	for _, m := range w.mail() {
		if strings.HasPrefix(m, "peer.test") {
			t.Errorf("within the minute: %s", m)
		}
	}
	// Then one try is let through; it fails, and the minute begins again.
	w.advance(25 * time.Second)
	w.say(alice, "one more")
	w.settle()
	if got := strings.Count(strings.Join(w.mail(), "\n"), "peer.test"); got != 1 {
		t.Errorf("after the minute the inbox was tried %d times, want once", got)
	}
	// When that succeeds, everything comes.
	w.advance(61 * time.Second)
	p.answer = func(string) int { return http.StatusAccepted }
	w.advance(20 * time.Minute)
	creates := strings.Count(strings.Join(w.mail(), "\n"), "peer.test")
	if jobs := w.counts()["jobs"]; creates != 13 || jobs != 0 {
		t.Errorf("at last %d posts came and %d jobs are left, want all 13 and none", creates, jobs)
	}
	w.readable()
}

// federation.md §7, §8.5: what is forwarded of a deletion is of low priority, given up after eight retries.
func TestDelivery_of_low_priority_is_given_up_after_eight_retries(t *testing.T) {
	t.Parallel()
	th := newThread(t, social.Public)
	th.send(th.berta, th.reply())
	th.mail()
	th.peer("third.test").answer = func(string) int { return http.StatusServiceUnavailable }
	th.send(th.berta, th.berta.vouched(th.berta.does("Delete", "1", members{"id": th.berta.uri + "/statuses/1", "type": "Tombstone"})))
	for n := range 8 {
		_, _, next, err := th.in.Pending(t.Context())
		th.must(err)
		wait, n4 := next.Sub(th.clock.Now()).Seconds(), float64(n*n*n*n)
		if low, high := 15+n4, 15+1.5*n4; wait < low-0.002 || wait > high {
			t.Errorf("retry %d comes after %.3f s, want %.0f to %.1f", n, wait, low, high)
		}
		th.clock.Set(next)
		th.settle()
	}
	if got := len(th.mail()); got != 9 {
		t.Errorf("it was sent %d times, want 9", got)
	}
	es := th.deliveries()
	if last := es[len(es)-1]; last.State.Rule != rules.DeliverGaveUp || last.State.Outcome != observe.Failed {
		t.Errorf("the last try ended %s by %s", last.State.Outcome, last.State.Rule)
	}
	if jobs := th.counts()["jobs"]; jobs != 0 {
		t.Errorf("%d jobs are left", jobs)
	}
}

// federation.md §8.1: since 4.4 suspended people elsewhere hear of deletions only.
func TestDelivery_to_the_suspended(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{"mastodon-4.1": {"peer.test/inbox Create"}, "mastodon": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name))
			alice := w.person("alice")
			berta := w.follower("peer.test", "berta", alice)
			account, err := w.in.Services.Store.AccountByURI(t.Context(), berta.uri)
			w.must(err)
			w.must(w.in.Services.Store.SetStanding(t.Context(), account.ID, social.Standing{SuspendedAt: w.clock.Now(), SuspensionOrigin: social.OriginLocal}))
			post := w.say(alice, "hello")
			w.settle()
			w.wantMail("a post", want...)
			if got := w.met()[rules.DeliverSuspended] > 0; got != (want == nil) {
				t.Errorf("the log names %s: %v", rules.DeliverSuspended, got)
			}
			w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, post.ID))
			w.settle()
			w.wantMail("its deletion", "peer.test/inbox Delete")
		})
	}
}

// federation.md §8.5: since 4.4 a 401 is final for what a deleted account still has to say.
func TestDelivery_refused_because_the_sender_is_gone(t *testing.T) {
	t.Parallel()
	for name, tries := range map[string]int{"mastodon-4.1": 2, "mastodon": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name), func(c *server.Config, _ *server.World) { c.Policy.DoubleKnock = false })
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			w.peer("peer.test").answer = func(string) int { return http.StatusUnauthorized }
			w.say(alice, "goodbye")
			_, err := w.in.Step(t.Context()) // it is planned
			w.must(err)
			w.must(w.in.Services.Store.SetStanding(t.Context(), alice.ID, social.Standing{DeletedAt: w.clock.Now()}))
			w.advance(20 * time.Second)
			if got := len(w.deliveries()); got != tries {
				t.Errorf("tried %d times in 20 seconds, want %d", got, tries)
			}
		})
	}
}
