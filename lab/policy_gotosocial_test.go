package lab_test

import (
	"strings"
	"testing"
	"time"

	"orrery/federation/rules"
)

// GoToSocial sends a post to whom it is addressed, passes nothing on, signs no document, and signs requests in its own way
// (federation.md §13.3.4).
func TestGoToSocial_addresses(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"gotosocial", "gotosocial", "gotosocial"}, "berta alice", "canon alice")
	hello := n.says("alice", "Hello world", "")
	n.known("alice's post", hello, "academy", "techhub", "masto")
	since := n.now()
	r1 := n.says("berta", "@alice@academy Hello alice", hello)
	n.known("a reply that names alice", r1, "academy", "techhub")
	r2 := n.says("berta", "Hello again", hello)
	n.known("a reply that names nobody", r2, "techhub")
	n.hasNot(n.sent("academy", since), "POST Create")
	if body := n.body("techhub", "Create", "academy", since); body == "" || strings.Contains(body, `"signature"`) {
		t.Errorf("the reply as it was sent: %s, want one without a document signature", body)
	}
	sig := n.header("techhub", "POST", "Signature", since)
	if !strings.Contains(sig, `algorithm="hs2019"`) || !strings.Contains(sig, `headers="(request-target) host date digest"`) || !strings.Contains(sig, "/main-key") {
		t.Errorf("the Signature of a delivery: %s", sig)
	}
	n.names(rules.ForwardNever)

	// Who comes to know a post reads the thread around it: blaine's neighbour boosts nothing, canon searches the reply.
	found, err := as(t, n.Lab, "canon").Search(t.Context(), r2, true)
	n.settled(err)
	if len(found.Statuses) != 1 {
		t.Fatalf("canon finds %d posts, want the reply", len(found.Statuses))
	}
	n.known("what was searched", r2, "techhub", "masto")
}

// It reads the whole thread below a post that it meets, from whatever host, and again when somebody opens it hours later.
func TestGoToSocial_walks_threads(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"mastodon-4.1", "mastodon-4.1", "gotosocial"}, "berta alice", "canon berta")
	hello := n.says("alice", "Hello world", "")
	r1 := n.says("blaine", "@alice@academy I am blaine", hello)
	r2 := n.says("alice", "@blaine@techhub Welcome", r1)
	n.known("before", r2, "academy", "techhub")
	n.boosts("berta", hello)
	n.known("the reply on another host", r1, "academy", "techhub", "masto")
	n.known("the reply to it", r2, "academy", "techhub", "masto")
	n.names(rules.FetchThreadWalk, rules.LearnThreadWalk)

	late := n.says("blaine", "@alice@academy One more", hello)
	n.known("a late reply", late, "academy", "techhub")
	open := func() {
		t.Helper()
		_, err := as(t, n.Lab, "canon").Context(t.Context(), n.id("canon", hello))
		n.settled(err)
	}
	open()
	n.known("as long as the thread is fresh", late, "academy", "techhub")
	n.wait(3 * time.Hour)
	open()
	n.known("two hours later", late, "academy", "techhub", "masto")
	n.names(rules.LimitFresh, rules.LearnThreadOpened)
}

// A reply of GoToSocial has no document signature, so Mastodon does not pass it on; one that Mastodon passes on to GoToSocial
// is read at its origin.
func TestGoToSocial_among_Mastodons(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"mastodon", "gotosocial", "mastodon"}, "berta alice", "canon alice")
	hello := n.says("alice", "Hello world", "")
	r1 := n.says("berta", "@alice@academy Hello alice", hello)
	n.known("a reply from GoToSocial", r1, "academy", "techhub")
	n.names(rules.ForwardNoSignature)

	n = newNetwork(t, [3]string{"mastodon", "mastodon", "gotosocial"}, "berta alice", "canon alice")
	hello = n.says("alice", "Hello world", "")
	since := n.now()
	r1 = n.says("berta", "@alice@academy Hello alice", hello)
	n.known("a reply that was passed on", r1, "academy", "techhub", "masto")
	n.has(n.sent("masto", since), "GET techhub/"+strings.TrimPrefix(r1, "https://techhub.test/")+" "+string(rules.FetchCarried))
}

// Where alice lets only her followers answer, an answer goes to her server alone, and on when that agrees.
func TestGoToSocial_answers_wait(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"gotosocial replies-from=followers", "gotosocial", "gotosocial"}, "berta alice", "canon alice", "canon berta")
	hello := n.says("alice", "Hello world", "")
	since := n.now()
	r1 := n.says("berta", "I like it", hello)
	n.known("a follower's answer", r1, "academy", "techhub", "masto")
	n.has(n.sent("techhub", since), "POST Create academy/inbox "+string(rules.DeliverForApproval), "POST Create masto/inbox "+string(rules.DeliverFollowers))
	n.has(n.sent("academy", since), "POST Accept techhub/users/berta/inbox "+string(rules.DeliverReplyAnswer))
	n.names(rules.AcceptReplyAnswer, rules.FetchReplyApproval)
}
