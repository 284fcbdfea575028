package lab_test

import (
	"strings"
	"testing"

	"orrery/activitylog"
	"orrery/federation/rules"
)

// joins lets somebody follow the community of a server.
func (n *network) joins(who, server string) {
	n.t.Helper()
	ctx := n.t.Context()
	a, h, err := n.Account(ctx, who)
	if err != nil {
		n.t.Fatal(err)
	}
	ctx, done := h.Instance.Recorder.Action(ctx, activitylog.Summary{Type: "Follow", Actor: a.URI})
	defer done()
	community, err := h.Instance.Services.Searches.Remote.ByHandle(ctx, "community", server+".test")
	if err == nil {
		_, err = h.Instance.Services.Follows.Follow(ctx, a.ID, community.ID)
	}
	n.settled(err)
}

// What happens in a conversation goes to the community, which announces it to all, so all have the same posts and votes
// (federation.md §13.3.1).
func TestLemmy_announces_everything(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"lemmy", "lemmy", "lemmy"}, "berta alice", "canon alice")
	hello := n.says("alice", "Hello world", "")
	n.known("alice's post", hello, "academy", "techhub", "masto")
	since := n.now()
	r1 := n.says("berta", "I name nobody", hello)
	n.known("an answer", r1, "academy", "techhub", "masto")
	n.has(n.sent("techhub", since), "POST Create academy/inbox "+string(rules.DeliverThreadOwner))
	n.has(n.sent("academy", since), "POST Announce techhub/inbox "+string(rules.ForwardThreadOwner), "POST Announce masto/inbox "+string(rules.ForwardThreadOwner))
	body := n.body("academy", "Announce", "masto", since)
	for _, part := range []string{
		`"id":"https://academy.test/activities/announce/create/`, `"actor":"https://academy.test/users/community"`, `"audience":"https://academy.test/users/community"`,
		`"cc":["https://academy.test/users/community/followers"]`, `"actor":"https://techhub.test/users/berta"`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the announcement lacks %s:\n%s", part, body)
		}
	}
	r2 := n.says("canon", "Nor do I", r1)
	n.known("an answer to the answer", r2, "academy", "techhub", "masto")
	n.likes("berta", hello)
	n.likes("alice", hello)
	n.likes("canon", r1)
	n.liked(hello, 2, 2, 2)
	n.liked(r1, 1, 1, 1)
	_, err := as(t, n.Lab, "berta").Unfavourite(t.Context(), n.id("berta", hello))
	n.settled(err)
	n.liked(hello, 1, 1, 1)
	n.deletes("berta", r1)
	n.known("a deleted answer", r1)
	n.names(rules.AcceptHandedOn, rules.LearnHandedOn, rules.DropHandedBack)
}

// A Mastodon that follows the community reads the announced posts at their origin and shows boosts by the community; votes are
// nothing to it (federation.md §13.3.1, interop).
func TestLemmy_and_a_Mastodon(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"lemmy", "lemmy", "mastodon"}, "berta alice")
	n.joins("canon", "academy")
	hello := n.says("alice", "Hello world", "")
	n.known("a post in the community", hello, "academy", "techhub", "masto")
	if s := n.status("masto", hello); s.ObjectType != "Page" || s.BoostsCount != 1 {
		t.Errorf("masto has a %s with %d boosts, want a Page that the community boosts", s.ObjectType, s.BoostsCount)
	}
	r1 := n.says("berta", "I name nobody", hello)
	n.known("an answer", r1, "academy", "techhub", "masto")
	n.likes("berta", hello)
	n.liked(hello, 1, 1, 0)

	// An answer from the Mastodon goes to the author's server, not to the community.
	since := n.now()
	r2 := n.says("canon", "Hello berta", r1)
	n.known("an answer by a Mastodon", r2, "techhub", "masto")
	n.hasNot(n.sent("masto", since), "POST Create academy")
}
