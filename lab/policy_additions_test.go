package lab_test

import (
	"strings"
	"testing"
	"time"

	"orrery/federation/rules"
)

// FediFetcher asks the origin of what stands in somebody's home for its thread, again and again, and searches for what is
// new in it (federation.md §13.3.7).
func TestFediFetcher(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"mastodon-4.1", "mastodon-4.1", "mastodon-4.1+fedifetcher"}, "berta alice", "canon berta")
	hello := n.says("alice", "Hello world", "")
	r1 := n.says("blaine", "@alice@academy I am blaine", hello)
	n.boosts("berta", hello)
	n.known("before", r1, "academy", "techhub")
	since := n.now()
	n.wait(11 * time.Minute)
	n.known("after a round", r1, "academy", "techhub", "masto")
	n.has(n.sent("masto", since), "GET academy/api/v1/statuses/", "GET techhub/@blaine/")
	n.names(rules.FetchExternalThread, rules.FetchExternalPost, rules.LearnExternal)

	r2 := n.says("blaine", "@alice@academy And again", hello)
	n.wait(10 * time.Minute)
	n.known("after another round", r2, "academy", "techhub", "masto")

	since = n.now()
	n.wait(30 * time.Hour)
	asked := len(n.sent("masto", since))
	if asked < 20 || asked > 2*250 {
		t.Errorf("%d requests in thirty hours, want some and ever fewer", asked)
	}
}

// A relay passes on to every subscriber what another gives it, unchanged when the document proves its author, else by an
// Announce (federation.md §8.4, §13.4).
func TestRelay(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"mastodon-4.1+relay", "mastodon", "mastodon+relay"})
	hello := n.says("alice", "Hello world", "")
	n.known("a public post", hello, "academy", "masto")
	n.names(rules.AcceptRelayFollow, rules.AcceptToRelay, rules.DeliverRelaySubscriber, rules.AcceptRelay, rules.LDSOK)
	answer := n.says("canon", "@alice@academy Hello alice", hello)
	n.known("an answer", answer, "academy", "masto")
	n.deletes("alice", hello)
	n.known("a deleted post", hello)

	n = newNetwork(t, [3]string{"pleroma+relay", "misskey+relay", "mastodon+relay"})
	hello = n.says("alice", "Hello world", "")
	n.known("a post without a document signature", hello, "academy", "techhub", "masto")
	n.names(rules.AcceptRelayAnnounce)
	since := n.now()
	note := n.says("berta", "Hello from Misskey", "")
	n.known("a post that is signed for relays alone", note, "academy", "techhub", "masto")
	if body := n.body("techhub", "Create", "relay", since); body == "" || !strings.Contains(body, `"signature"`) {
		t.Errorf("what the relay got: %s, want a document signature", body)
	}
}
