package lab_test

import (
	"strings"
	"testing"

	"orrery/federation/rules"
)

// Likes are addressed to the followers of who likes, the author, and whom the post was addressed to; a reply is addressed to
// whom it answers (federation.md §13.3.6).
func TestPleroma_addresses(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"pleroma", "pleroma", "pleroma"}, "berta alice")
	hello := n.says("alice", "@canon@masto Hello world", "")
	since := n.now()
	n.likes("berta", hello)
	n.liked(hello, 1, 1, 1)
	n.has(n.sent("techhub", since), "POST Like academy/inbox "+string(rules.DeliverLikedAuthor), "POST Like masto/inbox "+string(rules.DeliverLikedAudience))
	body := n.body("techhub", "Like", "academy", since)
	if !strings.Contains(body, `"to":["https://techhub.test/users/berta/followers","https://academy.test/users/alice"]`) ||
		!strings.Contains(body, `"cc":["https://www.w3.org/ns/activitystreams#Public","https://masto.test/users/canon"]`) {
		t.Errorf("the like as it was sent: %s", body)
	}
	sig := n.header("techhub", "POST", "Signature", since)
	if !strings.Contains(sig, `headers="(request-target) host content-length digest date"`) {
		t.Errorf("the Signature of a delivery: %s", sig)
	}
	r1 := n.says("berta", "I name nobody", hello)
	n.known("a reply", r1, "academy", "techhub")
	if body := n.body("techhub", "Create", "academy", since); !strings.Contains(body, `"https://academy.test/users/alice"`) || strings.Contains(body, `"signature"`) {
		t.Errorf("the reply as it was sent: %s", body)
	}
}

// What a Mastodon passes on is read at its origin, or refused where the operator wants that; the current Mastodon then knocks a
// second time and gives up.
func TestPleroma_does_not_believe_carriers(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"mastodon", "mastodon", "pleroma"}, "berta alice", "canon alice")
	hello := n.says("alice", "Hello world", "")
	since := n.now()
	r1 := n.says("berta", "Hello alice", hello)
	n.known("a reply that was passed on", r1, "academy", "techhub", "masto")
	n.has(n.sent("masto", since), "GET techhub/"+strings.TrimPrefix(r1, "https://techhub.test/")+" "+string(rules.FetchCarried))

	n = newNetwork(t, [3]string{"mastodon", "mastodon", "pleroma carried=refuse"}, "berta alice", "canon alice")
	hello = n.says("alice", "Hello world", "")
	r1 = n.says("berta", "Hello alice", hello)
	n.known("a reply that was passed on and refused", r1, "academy", "techhub")
	n.names(rules.OriginCarrier, rules.SigSecondKnock)
}

// Replies that a post lists are fetched from whatever host, and those that they list, too.
func TestPleroma_reads_downwards(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, [3]string{"mastodon-4.1 replies-page=everyone", "mastodon-4.1", "pleroma"}, "berta alice", "canon berta")
	hello := n.says("alice", "Hello world", "")
	r1 := n.says("blaine", "@alice@academy I am blaine", hello)
	n.boosts("berta", hello)
	n.known("a listed reply on another host", r1, "academy", "techhub", "masto")
}
