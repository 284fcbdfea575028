package lab_test

import (
	"strings"
	"testing"

	"orrery/federation/rules"
)

// Likes reach the followers of who likes, and every Misskey counts them (federation.md §13.3.5).
func TestMisskey_spreads_likes(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"mastodon", "misskey", "misskey"}, "berta alice", "canon alice", "canon berta")
	hello := n.says("alice", "Hello world", "")
	since := n.now()
	n.likes("berta", hello)
	n.liked(hello, 1, 1, 1)
	n.has(n.sent("techhub", since), "POST Like academy/inbox "+string(rules.DeliverLikedAuthor), "POST Like masto/inbox "+string(rules.DeliverLikersFollowers))
	if body := n.body("techhub", "Like", "masto", since); !strings.Contains(body, `"_misskey_reaction":"❤"`) || strings.Contains(body, `"signature"`) {
		t.Errorf("the like as it was sent: %s", body)
	}
	_, err := as(t, n.Lab, "berta").Unfavourite(t.Context(), n.id("berta", hello))
	n.settled(err)
	n.liked(hello, 0, 0, 0)
	n.names(rules.AcceptKnownObject)
}

// A Mastodon drops a like of what is not its own.
func TestMisskey_likes_end_at_Mastodon(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"misskey", "misskey", "mastodon-4.1"}, "berta alice", "canon alice", "canon berta")
	hello := n.says("alice", "Hello world", "")
	n.likes("berta", hello)
	n.liked(hello, 1, 1, 0)
	n.names(rules.DropNotLocal)
}

// It passes nothing on, keeps whatever comes, and believes what a Mastodon passes on by the document's signature.
func TestMisskey_replies(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"misskey", "mastodon", "misskey"}, "berta alice", "canon alice")
	hello := n.says("alice", "Hello world", "")
	r1 := n.says("berta", "@alice@academy Hello alice", hello)
	n.known("a reply to a Misskey", r1, "academy", "techhub")
	n.names(rules.ForwardNever, rules.AcceptAnything)

	n = newNetwork(t, [3]string{"mastodon", "misskey", "misskey"}, "berta alice", "canon alice")
	hello = n.says("alice", "Hello world", "")
	r1 = n.says("berta", "Hello alice", hello)
	n.known("a reply of a Misskey, whose documents are not signed", r1, "academy", "techhub")

	n = newNetwork(t, [3]string{"mastodon", "mastodon", "misskey"}, "berta alice", "canon alice")
	hello = n.says("alice", "Hello world", "")
	r1 = n.says("berta", "Hello alice", hello)
	n.known("a reply that was passed on", r1, "academy", "techhub", "masto")
	n.names(rules.LDSOK, rules.LearnForwarded)
}
