package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/policy"
	"orrery/federation/rules"
)

// federation.md §8.2 as it is now, in the order in which a recipient's reason is given. What is not a boost goes where it
// went in 4.1.
func TestMastodon_Reach(t *testing.T) {
	t.Parallel()
	type post = policy.Post
	var (
		followers  = policy.Deliver{Whom: policy.Followers, Rule: rules.DeliverFollowers}
		mentioned  = policy.Deliver{Whom: policy.Mentioned, Rule: rules.DeliverMention}
		parent     = policy.Deliver{Whom: policy.ParentAuthor, Rule: rules.DeliverParentAuthor}
		parents    = policy.Deliver{Whom: policy.ParentFollowers, Rule: rules.DeliverParentFollow}
		interacted = policy.Deliver{Whom: policy.Interacted, Rule: rules.DeliverInteracted}
		boosted    = policy.Deliver{Whom: policy.BoostedAuthor, Rule: rules.DeliverBoostedAuthor}
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
		{"a public reply to somebody elsewhere", post{Type: "Create", Visibility: policy.Public, AnswersRemote: true}, []policy.Deliver{mentioned, parent, followers, interacted}},
		{"a private one only when they are named", post{Type: "Create", Visibility: policy.Private, AnswersRemote: true}, []policy.Deliver{mentioned, followers}},
		{"a direct one likewise", post{Type: "Create", Visibility: policy.Direct, AnswersRemote: true}, []policy.Deliver{mentioned}},
		{"a public reply to a neighbour", post{Type: "Create", Visibility: policy.Public, AnswersLocal: true}, []policy.Deliver{mentioned, followers, parents, interacted}},
		{"a private one", post{Type: "Create", Visibility: policy.Private, AnswersLocal: true}, []policy.Deliver{mentioned, followers}},
		{"a change of a public post", post{Type: "Update", Visibility: policy.Public}, []policy.Deliver{mentioned, followers, interacted}},
		{"a change of a private post", post{Type: "Update", Visibility: policy.Private}, []policy.Deliver{mentioned, followers}},
		{"a boost: the author like anybody else", post{Type: "Announce", Visibility: policy.Public}, []policy.Deliver{boosted, followers}},
		{"whether or not the author follows the booster", post{Type: "Announce", Visibility: policy.Public, BoostedFollowsBooster: true}, []policy.Deliver{boosted, followers}},
		{"a private boost", post{Type: "Announce", Visibility: policy.Private}, []policy.Deliver{boosted, followers}},
		{"taking a boost back reaches the author too", post{Type: "Undo", Visibility: policy.Public}, []policy.Deliver{boosted, followers}},
		{"deleting a public reply", post{Type: "Delete", Visibility: policy.Public, AnswersRemote: true}, []policy.Deliver{mentioned, parent, followers, interacted}},
		{"deleting a private post tells whoever reacted", post{Type: "Delete", Visibility: policy.Private}, []policy.Deliver{mentioned, followers, interacted}},
		{"deleting a direct post tells whoever reacted", post{Type: "Delete", Visibility: policy.Direct}, []policy.Deliver{mentioned, interacted}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, policy.Mastodon().Reach(tt.in)); diff != "" {
				t.Errorf("Reach (-want +got):\n%s", diff)
			}
		})
	}
}

// federation.md §8.4: relays come last, and only for what is public.
func TestReach_of_relays(t *testing.T) {
	t.Parallel()
	relays := policy.Deliver{Whom: policy.Relays, Rule: rules.DeliverRelay}
	for _, name := range policy.Names() {
		p, err := policy.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []string{"Create", "Update", "Delete", "Announce", "Undo"} {
			for _, v := range []policy.Visibility{policy.Public, policy.Unlisted, policy.Private, policy.Direct} {
				without := p.Reach(policy.Post{Type: kind, Visibility: v})
				want := without
				if v == policy.Public {
					want = append(append([]policy.Deliver(nil), without...), relays)
				}
				if diff := cmp.Diff(want, p.Reach(policy.Post{Type: kind, Visibility: v, Relays: true})); diff != "" {
					t.Errorf("%s, %s %s (-want +got):\n%s", name, v, kind, diff)
				}
			}
		}
	}
}
