package lab_test

import (
	"strings"
	"testing"
	"time"

	"orrery/federation/rules"
)

// Whoever begins a conversation hands on what happens in it, in Adds to its history; others tell the owner alone (federation.md
// §13.3.2).
func TestHubzilla_owner_hands_on(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"hubzilla", "hubzilla", "hubzilla"}, "berta alice", "canon alice")
	hello := n.says("alice", "Hello world", "")
	n.known("alice's post", hello, "academy", "techhub", "masto")
	since := n.now()
	r1 := n.says("berta", "I name nobody", hello)
	n.known("an answer", r1, "academy", "techhub", "masto")
	n.has(n.sent("techhub", since), "POST Create academy/inbox "+string(rules.DeliverThreadOwner))
	n.hasNot(n.sent("techhub", since), "POST Create masto")
	n.has(n.sent("academy", since), "POST Add masto/inbox "+string(rules.ForwardThreadOwner), "POST Add techhub/inbox "+string(rules.ForwardThreadOwner))
	n.hasNot(n.sent("academy", since), "POST Create")
	body := n.body("academy", "Add", "masto", since)
	for _, part := range []string{
		`"target":{"type":"OrderedCollection","id":"https://academy.test/threads/`, `"attributedTo":"https://academy.test/users/alice"}`,
		`"actor":"https://techhub.test/users/berta"`, `"contextHistory":"https://academy.test/threads/`, `"signature":{"type":"RsaSignature2017"`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the Add lacks %s:\n%s", part, body)
		}
	}
	r2 := n.says("canon", "Nor do I", r1)
	n.known("an answer to the answer", r2, "academy", "techhub", "masto")
	n.likes("berta", hello)
	n.likes("alice", r1)
	n.likes("canon", r1)
	n.liked(hello, 1, 1, 1)
	n.liked(r1, 2, 2, 2)
	n.boosts("canon", hello)
	for _, server := range []string{"academy", "techhub", "masto"} {
		if got := n.status(server, hello).BoostsCount; got != 1 {
			t.Errorf("%s counts %d boosts, want 1", server, got)
		}
	}
	r3 := n.says("alice", "Good to see you", r2)
	n.known("the owner's own answer", r3, "academy", "techhub", "masto")
	n.deletes("berta", r1)
	n.known("a deleted answer", r1)
	n.names(rules.AcceptHandedOn, rules.LearnHandedOn, rules.LDSOK, rules.AcceptOwnThread)
}

// Programs that know no histories get what was written as it was; an answer of theirs that does not come through the owner is not
// taken (federation.md §13.3.2).
func TestHubzilla_and_Mastodons(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"hubzilla", "hubzilla", "mastodon-4.1"}, "berta alice", "canon alice")
	hello := n.says("alice", "Hello world", "")
	since := n.now()
	r1 := n.says("berta", "I name nobody", hello)
	n.known("an answer", r1, "academy", "techhub", "masto")
	n.has(n.sent("academy", since), "POST Create masto/inbox "+string(rules.ForwardUnwrapped))
	n.hasNot(n.sent("academy", since), "POST Add masto")
	r2 := n.says("canon", "Hello alice", hello)
	n.known("a Mastodon's answer to the owner", r2, "academy", "techhub", "masto")
	r3 := n.says("canon", "Hello berta", r1)
	n.known("a Mastodon's answer to somebody else", r3, "masto")
	n.names(rules.DropNotThroughOwner)

	n = newNetwork(t, [3]string{"hubzilla compat-forward=off", "hubzilla", "mastodon-4.1"}, "berta alice", "canon alice")
	hello = n.says("alice", "Hello world", "")
	r1 = n.says("berta", "I name nobody", hello)
	n.known("an answer that is not passed on unwrapped", r1, "academy", "techhub")

	n = newNetwork(t, [3]string{"mastodon", "hubzilla", "mastodon"}, "berta alice", "canon alice")
	hello = n.says("alice", "Hello world", "")
	r1 = n.says("berta", "I name nobody", hello)
	n.known("an answer in a Mastodon's conversation", r1, "academy", "techhub", "masto")
}

// The owner hands on nothing of somebody whom they block.
func TestHubzilla_owner_blocks(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"hubzilla", "mastodon", "hubzilla"}, "canon alice")
	hello := n.says("alice", "Hello world", "")
	found, err := as(t, n.Lab, "berta").Search(t.Context(), hello, true)
	n.settled(err)
	if len(found.Statuses) != 1 {
		t.Fatalf("berta finds %d posts", len(found.Statuses))
	}
	r1 := n.says("berta", "@alice@academy Hello", hello)
	n.known("an answer", r1, "academy", "techhub", "masto")
	a, h, err := n.Account(t.Context(), "alice")
	if err == nil {
		berta, err2 := h.Instance.Services.Searches.Remote.ByHandle(t.Context(), "berta", "techhub.test")
		if err = err2; err == nil {
			_, err = h.Instance.Services.Blocks.Block(t.Context(), a.ID, berta.ID)
		}
	}
	n.settled(err)
	n.deletes("berta", r1)
	n.known("an answer that was taken back by somebody blocked", r1, "masto")
	n.names(rules.ForwardOwnerBlocks)
}

// Who comes late reads the history; who opens a thread does, too.
func TestHubzilla_history(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"hubzilla", "hubzilla", "hubzilla"}, "berta alice")
	hello := n.says("alice", "Hello world", "")
	r1 := n.says("berta", "I am berta", hello)
	n.known("before", r1, "academy", "techhub")
	found, err := as(t, n.Lab, "canon").Search(t.Context(), hello, true)
	n.settled(err)
	if len(found.Statuses) != 1 {
		t.Fatalf("canon finds %d posts", len(found.Statuses))
	}
	n.known("what stood in the history", r1, "academy", "techhub", "masto")
	r2 := n.says("berta", "And again", hello)
	n.known("what came later", r2, "academy", "techhub")
	n.wait(20 * time.Minute)
	_, err = as(t, n.Lab, "canon").Context(t.Context(), n.id("canon", hello))
	n.settled(err)
	n.known("when the thread was opened", r2, "academy", "techhub", "masto")
	n.names(rules.FetchHistory, rules.LearnHistory)
}

// Whoever reads a conversation is told what happens in it, until they have not read it for long (federation.md §13.3.3).
func TestHubzilla_listeners(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"hubzilla+listeners listeners-expire=24h", "hubzilla", "hubzilla"}, "berta alice")
	hello := n.says("alice", "Hello world", "")
	_, err := as(t, n.Lab, "canon").Search(t.Context(), hello, true)
	n.settled(err)
	r1 := n.says("berta", "I name nobody", hello)
	n.known("an answer", r1, "academy", "techhub", "masto")
	n.names(rules.ForwardListeners)
	n.wait(25 * time.Hour)
	r2 := n.says("berta", "Is anybody there", hello)
	n.known("an answer a day later", r2, "academy", "techhub")
}
