package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/policy"
	"orrery/federation/rules"
)

// federation.md §4.1 step 4 and §4.4 step 1, column 4.1: the same for every visibility.
func TestMastodon41_Accept(t *testing.T) {
	t.Parallel()
	type received = policy.Received
	for _, tt := range []struct {
		name string
		in   received
		want policy.Decision
	}{
		{"asked for, though nobody here cares", received{Type: "Create", Fetched: true}, policy.Decision{Yes: true, Rule: rules.AcceptFetched}},
		{"(a) the author is followed", received{Type: "Create", AuthorFollowed: true}, policy.Decision{Yes: true, Rule: rules.AcceptFollowsAuthor}},
		{"(a) the carrier is followed", received{Type: "Create", CarrierFollowed: true}, policy.Decision{Yes: true, Rule: rules.AcceptRelayed}},
		{"(c) it answers a known post", received{Type: "Create", AnswersKnown: true}, policy.Decision{Yes: true, Rule: rules.AcceptRepliesToKnown}},
		{"(d) somebody here is addressed", received{Type: "Create", Addressed: true}, policy.Decision{Yes: true, Rule: rules.AcceptAddressed}},
		{"(d) a private post that addresses somebody here", received{Type: "Create", Visibility: policy.Private, Addressed: true}, policy.Decision{Yes: true, Rule: rules.AcceptAddressed}},
		{"row 62: a direct post of a followed author that names nobody here is kept", received{Type: "Create", Visibility: policy.Direct, AuthorFollowed: true}, policy.Decision{Yes: true, Rule: rules.AcceptFollowsAuthor}},
		{"a private post from a stranger", received{Type: "Create", Visibility: policy.Private}, policy.Decision{Rule: rules.DropUnrelated}},
		{"row 59: a public post from a stranger", received{Type: "Create", Visibility: policy.Public}, policy.Decision{Rule: rules.DropUnrelated}},

		{"row 104: a stranger boosts a local post", received{Type: "Announce", LocalObject: true}, policy.Decision{Yes: true, Rule: rules.AcceptLocalObject}},
		{"row 105: a stranger boosts a remote post", received{Type: "Announce"}, policy.Decision{Rule: rules.DropUnrelated}},
		{"a boost by somebody followed", received{Type: "Announce", AuthorFollowed: true}, policy.Decision{Yes: true, Rule: rules.AcceptFollowsAuthor}},
		{"a boost carried by somebody followed", received{Type: "Announce", CarrierFollowed: true}, policy.Decision{Yes: true, Rule: rules.AcceptRelayed}},
		{"being addressed does not help a boost", received{Type: "Announce", Addressed: true}, policy.Decision{Rule: rules.DropUnrelated}},
		{"nor does answering something known", received{Type: "Announce", AnswersKnown: true}, policy.Decision{Rule: rules.DropUnrelated}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := policy.Mastodon41().Accept(tt.in); got != tt.want {
				t.Errorf("Accept: got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// federation.md §7, rows Create and Delete.
func TestMastodon41_Forward(t *testing.T) {
	t.Parallel()
	type kept = policy.Kept
	for _, tt := range []struct {
		name string
		in   kept
		want policy.Decision
	}{
		{"a signed public reply to a local post", kept{Type: "Create", Visibility: policy.Public, Signed: true, ParentLocal: true}, policy.Decision{Yes: true, Rule: rules.ForwardParentFollowers}},
		{"a signed unlisted reply to a local post", kept{Type: "Create", Visibility: policy.Unlisted, Signed: true, ParentLocal: true}, policy.Decision{Yes: true, Rule: rules.ForwardParentFollowers}},
		{"a private reply", kept{Type: "Create", Visibility: policy.Private, Signed: true, ParentLocal: true}, policy.Decision{Rule: rules.ForwardNotPublic}},
		{"a direct reply", kept{Type: "Create", Visibility: policy.Direct, Signed: true, ParentLocal: true}, policy.Decision{Rule: rules.ForwardNotPublic}},
		{"without a document signature", kept{Type: "Create", Visibility: policy.Public, ParentLocal: true}, policy.Decision{Rule: rules.ForwardNoSignature}},
		{"with one that is not safe to pass on", kept{Type: "Create", Visibility: policy.Public, Unsafe: true, ParentLocal: true}, policy.Decision{Rule: rules.LDSUnsafe}},
		{"a reply to a remote post, even when the root is local", kept{Type: "Create", Visibility: policy.Public, Signed: true}, policy.Decision{Rule: rules.ForwardNotLocalParent}},
		{"a reply to a remote post that was boosted here", kept{Type: "Create", Visibility: policy.Public, Signed: true, Shared: true}, policy.Decision{Rule: rules.ForwardNotLocalParent}},
		{"the deletion of a reply to a local post", kept{Type: "Delete", Visibility: policy.Public, Signed: true, ParentLocal: true}, policy.Decision{Yes: true, Rule: rules.ForwardDeleteBooster}},
		{"the deletion of a post boosted here", kept{Type: "Delete", Visibility: policy.Public, Signed: true, Shared: true}, policy.Decision{Yes: true, Rule: rules.ForwardDeleteBooster}},
		{"the deletion of a post that nobody here shared", kept{Type: "Delete", Visibility: policy.Public, Signed: true}, policy.Decision{Rule: rules.ForwardNotLocalParent}},
		{"the deletion of a private reply", kept{Type: "Delete", Visibility: policy.Private, Signed: true, ParentLocal: true}, policy.Decision{Rule: rules.ForwardNotPublic}},
		{"the change of a reply to a local post", kept{Type: "Update", Visibility: policy.Public, Signed: true, ParentLocal: true}, policy.Decision{Yes: true, Rule: rules.ForwardUpdateSharers}},
		{"the change of a post boosted here", kept{Type: "Update", Visibility: policy.Unlisted, Signed: true, Shared: true}, policy.Decision{Yes: true, Rule: rules.ForwardUpdateSharers}},
		{"the change of a post that nobody here shared", kept{Type: "Update", Visibility: policy.Public, Signed: true}, policy.Decision{Rule: rules.ForwardNotLocalParent}},
		{"the change of a private reply", kept{Type: "Update", Visibility: policy.Private, Signed: true, ParentLocal: true}, policy.Decision{Rule: rules.ForwardNotPublic}},
		{"an unsigned change", kept{Type: "Update", Visibility: policy.Public, Shared: true}, policy.Decision{Rule: rules.ForwardNoSignature}},
		{"an unsigned deletion", kept{Type: "Delete", Visibility: policy.Public, Shared: true}, policy.Decision{Rule: rules.ForwardNoSignature}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := policy.Mastodon41().Forward(tt.in); got != tt.want {
				t.Errorf("Forward: got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// federation.md §8.2 in its 4.1 reading, in the order in which a recipient's reason is given.
func TestMastodon41_Reach(t *testing.T) {
	t.Parallel()
	type post = policy.Post
	var (
		followers    = policy.Deliver{Whom: policy.Followers, Rule: rules.DeliverFollowers}
		mentioned    = policy.Deliver{Whom: policy.Mentioned, Rule: rules.DeliverMention}
		parent       = policy.Deliver{Whom: policy.ParentAuthor, Rule: rules.DeliverParentAuthor}
		parents      = policy.Deliver{Whom: policy.ParentFollowers, Rule: rules.DeliverParentFollow}
		interacted   = policy.Deliver{Whom: policy.Interacted, Rule: rules.DeliverInteracted}
		boostedAlone = policy.Deliver{Whom: policy.BoostedAuthor, Personal: true, Rule: rules.DeliverBoostedAuthor}
	)
	for _, tt := range []struct {
		name string
		in   post
		want []policy.Deliver
	}{
		{"a public post", post{Type: "Create", Visibility: policy.Public}, []policy.Deliver{mentioned, followers, interacted}},
		{"an unlisted post", post{Type: "Create", Visibility: policy.Unlisted}, []policy.Deliver{mentioned, followers, interacted}},
		{"a private post", post{Type: "Create", Visibility: policy.Private}, []policy.Deliver{mentioned, followers}},
		{"a direct post goes to nobody but the named", post{Type: "Create", Visibility: policy.Direct}, []policy.Deliver{mentioned}},
		{"a public reply to somebody elsewhere goes there, named or not", post{Type: "Create", Visibility: policy.Public, AnswersRemote: true}, []policy.Deliver{mentioned, parent, followers, interacted}},
		{"a private one only when they are named", post{Type: "Create", Visibility: policy.Private, AnswersRemote: true}, []policy.Deliver{mentioned, followers}},
		{"a direct one likewise", post{Type: "Create", Visibility: policy.Direct, AnswersRemote: true}, []policy.Deliver{mentioned}},
		{"a public reply to a neighbour goes to the neighbour's followers too", post{Type: "Create", Visibility: policy.Public, AnswersLocal: true}, []policy.Deliver{mentioned, followers, parents, interacted}},
		{"a private one does not", post{Type: "Create", Visibility: policy.Private, AnswersLocal: true}, []policy.Deliver{mentioned, followers}},
		{"a boost: followers, and the author in their own inbox", post{Type: "Announce", Visibility: policy.Public}, []policy.Deliver{followers, boostedAlone}},
		{"unless the author follows the booster", post{Type: "Announce", Visibility: policy.Public, BoostedFollowsBooster: true}, []policy.Deliver{followers}},
		{"taking a boost back reaches the followers only", post{Type: "Undo", Visibility: policy.Public}, []policy.Deliver{followers}},
		{"deleting a public reply", post{Type: "Delete", Visibility: policy.Public, AnswersRemote: true}, []policy.Deliver{mentioned, parent, followers, interacted}},
		{"deleting a private post tells whoever reacted", post{Type: "Delete", Visibility: policy.Private}, []policy.Deliver{mentioned, followers, interacted}},
		{"deleting a direct post tells whoever reacted", post{Type: "Delete", Visibility: policy.Direct}, []policy.Deliver{mentioned, interacted}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, policy.Mastodon41().Reach(tt.in)); diff != "" {
				t.Errorf("Reach (-want +got):\n%s", diff)
			}
		})
	}
}

// federation.md §9.1 and §9.2.
func TestMastodon41_FirstSeen(t *testing.T) {
	t.Parallel()
	parent := policy.Fetch{What: "parent", Rule: rules.FetchMissingAncestor}
	replies := policy.Fetch{What: "replies", Rule: rules.FetchRepliesFirst}
	for _, tt := range []struct {
		name string
		in   policy.Seen
		want []policy.Fetch
	}{
		{"nothing to look up", policy.Seen{}, nil},
		{"the parent is unknown", policy.Seen{UnknownParent: true}, []policy.Fetch{parent}},
		{"it lists replies", policy.Seen{ListsReplies: true}, []policy.Fetch{replies}},
		{"both, upwards first", policy.Seen{UnknownParent: true, ListsReplies: true}, []policy.Fetch{parent, replies}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, policy.Mastodon41().FirstSeen(tt.in)); diff != "" {
				t.Errorf("FirstSeen (-want +got):\n%s", diff)
			}
		})
	}
}

// The constants of federation.md §16.3 and the row "home feed reblog falloff" of §0.1.
func TestMastodon41_starts_with_the_documented_limits(t *testing.T) {
	t.Parallel()
	want := policy.Knobs{DocumentSignature: true, Forwarding: true, RepliesEmbedded: 5, FetchReplies: 5, FetchSameHost: true, PageCutoff: 5, BoostFallOff: 40, FollowerSync: true}
	if diff := cmp.Diff(want, policy.Mastodon41().Knobs); diff != "" {
		t.Errorf("Knobs (-want +got):\n%s", diff)
	}
}

func TestEveryNamedPolicyIsComplete(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Names() {
		p, err := policy.Named(name)
		if err != nil {
			t.Errorf("Named(%q): %v", name, err)
			continue
		}
		if p.Name != name || p.Upstream.Name == "" || p.Upstream.Version == "" || p.Accept == nil || p.Forward == nil || p.Reach == nil || p.Liked == nil || p.Opened == nil || p.FirstSeen == nil {
			t.Errorf("policy %q lacks a part: %+v", name, p)
		}
	}
	if got := policy.Names()[0]; got != "mastodon-4.1" {
		t.Errorf("the default policy: got %q, want mastodon-4.1", got)
	}
}
