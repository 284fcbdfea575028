package policy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/policy"
	"orrery/federation/rules"
)

// whom says whom steps name, in order: "mentioned followers".
func whom(steps []policy.Deliver) string {
	var words []string
	for _, s := range steps {
		w := string(s.Whom)
		if s.Personal {
			w += "!"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

type (
	post     = policy.Post
	received = policy.Received
)

// federation.md §13.3, the column of audiences.
func TestReach_of_other_programs(t *testing.T) {
	t.Parallel()
	reply := post{Type: "Create", Visibility: policy.Public, AnswersRemote: true}
	for _, tt := range []struct {
		policy string
		in     post
		want   string
	}{
		{"gotosocial", post{Type: "Create", Visibility: policy.Public}, "mentioned followers"},
		{"gotosocial", reply, "mentioned followers"},
		{"gotosocial", post{Type: "Create", Visibility: policy.Public, AnswersLocal: true}, "mentioned followers"},
		{"gotosocial", post{Type: "Create", Visibility: policy.Direct, AnswersRemote: true}, "mentioned"},
		{"gotosocial", post{Type: "Create", Visibility: policy.Public, AnswersRemote: true, Waits: true, Relays: true}, "parent-author"},
		{"gotosocial", post{Type: "Update", Visibility: policy.Private, AnswersRemote: true, Waits: true}, "parent-author"},
		{"gotosocial", post{Type: "Announce", Visibility: policy.Public}, "boosted-author followers"},
		{"gotosocial", post{Type: "Tallies", Visibility: policy.Public}, "mentioned boosters voters followers"},
		{"misskey", post{Type: "Create", Visibility: policy.Public, Relays: true}, "mentioned followers relays"},
		{"misskey", reply, "mentioned parent-author followers"},
		{"misskey", post{Type: "Create", Visibility: policy.Public, AnswersLocal: true}, "mentioned followers"},
		{"misskey", post{Type: "Create", Visibility: policy.Direct, AnswersRemote: true}, "mentioned"},
		{"misskey", post{Type: "Undo", Visibility: policy.Public}, "boosted-author followers"},
		{"pleroma", reply, "mentioned parent-author followers"},
		{"pleroma", post{Type: "Create", Visibility: policy.Direct, AnswersRemote: true}, "mentioned parent-author"},
		{"pleroma", post{Type: "Delete", Visibility: policy.Public}, "mentioned followers interacted"},
		{"pleroma", post{Type: "Announce", Visibility: policy.Public}, "boosted-author followers"},
		{"lemmy", post{Type: "Create", Visibility: policy.Public, Owner: policy.OwnerHere, Root: true}, "mentioned followers"},
		{"lemmy", post{Type: "Create", Visibility: policy.Public, Owner: policy.OwnerElsewhere, AnswersRemote: true}, "thread-owner mentioned parent-author followers"},
		{"lemmy", post{Type: "Create", Visibility: policy.Private, Owner: policy.OwnerElsewhere, AnswersRemote: true}, "mentioned followers"},
		{"lemmy", post{Type: "Create", Visibility: policy.Direct}, "mentioned"},
		{"lemmy", post{Type: "Announce", Visibility: policy.Public}, "boosted-author followers"},
		{"hubzilla", post{Type: "Create", Visibility: policy.Public, Owner: policy.OwnerHere, Root: true}, "mentioned followers"},
		{"hubzilla", post{Type: "Create", Visibility: policy.Public, Owner: policy.OwnerHere}, "mentioned"},
		{"hubzilla", post{Type: "Create", Visibility: policy.Public, Owner: policy.OwnerElsewhere, AnswersRemote: true}, "thread-owner"},
		{"hubzilla", post{Type: "Announce", Visibility: policy.Public, Owner: policy.OwnerElsewhere}, "thread-owner"},
		{"hubzilla", post{Type: "Create", Visibility: policy.Private, Owner: policy.OwnerElsewhere}, "mentioned followers"},
		{"hubzilla", reply, "mentioned parent-author followers"},
	} {
		p, err := policy.Named(tt.policy)
		if err != nil {
			t.Fatal(err)
		}
		if got := whom(p.Reach(tt.in)); got != tt.want {
			t.Errorf("%s tells of %+v: %s, want %s", tt.policy, tt.in, got, tt.want)
		}
	}
}

// Who is told of a like; an exclamation mark is a personal inbox.
func TestLiked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy     string
		visibility policy.Visibility
		want       string
	}{
		{"mastodon-4.1", policy.Public, "liked-author!"},
		{"mastodon", policy.Public, "liked-author!"},
		{"gotosocial", policy.Public, "liked-author!"},
		{"misskey", policy.Public, "liked-author followers"},
		{"misskey", policy.Private, "liked-author followers"},
		{"misskey", policy.Direct, "liked-author"},
		{"pleroma", policy.Unlisted, "liked-author followers mentioned"},
		{"pleroma", policy.Private, "liked-author!"},
		{"lemmy", policy.Public, "liked-author!"},
	} {
		p, err := policy.Named(tt.policy)
		if err != nil {
			t.Fatal(err)
		}
		if got := whom(p.Liked(policy.Liking{Visibility: tt.visibility})); got != tt.want {
			t.Errorf("%s tells of a like of a %s post: %s, want %s", tt.policy, tt.visibility, got, tt.want)
		}
	}
}

func TestAccept_of_other_programs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy string
		in     received
		want   rules.ID
	}{
		{"gotosocial", received{Type: "Create", AuthorFollowed: true}, rules.AcceptFollowsAuthor},
		{"gotosocial", received{Type: "Create", AnswersLocal: true, AnswersKnown: true}, rules.AcceptRepliesToKnown},
		{"gotosocial", received{Type: "Create", AnswersKnown: true}, rules.DropUnrelated},
		{"gotosocial", received{Type: "Create", CarrierFollowed: true}, rules.DropUnrelated},
		{"gotosocial", received{Type: "Create", Addressed: true}, rules.AcceptAddressed},
		{"gotosocial", received{Type: "Create", Relayed: true}, rules.AcceptRelay},
		{"gotosocial", received{Type: "Create", Fetched: true}, rules.AcceptFetched},
		{"gotosocial", received{Type: "Create", Fetched: true, Answering: policy.AnswerUnproved}, rules.DropReplyUnapproved},
		{"gotosocial", received{Type: "Create", AuthorFollowed: true, AnswersLocal: true, Answering: policy.AnswerRefused}, rules.DropReplyRefused},
		{"gotosocial", received{Type: "Create", AnswersLocal: true, Answering: policy.AnswerAllowed}, rules.AcceptRepliesToKnown},
		{"gotosocial", received{Type: "Create", AuthorFollowed: true, Answering: policy.AnswerProved}, rules.AcceptFollowsAuthor},
		{"gotosocial", received{Type: "Announce", LocalObject: true}, rules.AcceptLocalObject},
		{"gotosocial", received{Type: "Announce"}, rules.DropUnrelated},
		{"misskey", received{Type: "Create"}, rules.AcceptAnything},
		{"misskey", received{Type: "Announce"}, rules.AcceptAnything},
		{"pleroma", received{Type: "Create", Visibility: policy.Private}, rules.AcceptAnything},
		{"pleroma", received{Type: "Create", Fetched: true}, rules.AcceptFetched},
		{"lemmy", received{Type: "Create", HandedOn: true, InThread: true, Owner: policy.OwnerElsewhere}, rules.AcceptHandedOn},
		{"lemmy", received{Type: "Create", HandedOn: true, CarrierFollowed: true}, rules.AcceptHandedOn},
		{"lemmy", received{Type: "Create", HandedOn: true}, rules.DropUnrelated},
		{"lemmy", received{Type: "Create", Owner: policy.OwnerHere}, rules.AcceptOwnThread},
		{"lemmy", received{Type: "Create", AuthorFollowed: true}, rules.AcceptFollowsAuthor},
		{"hubzilla", received{Type: "Create", Fetched: true}, rules.AcceptFetched},
		{"hubzilla", received{Type: "Create", HandedOn: true}, rules.AcceptHandedOn},
		{"hubzilla", received{Type: "Create", Owner: policy.OwnerElsewhere, AuthorOwns: true, AuthorFollowed: true}, rules.AcceptFollowsAuthor},
		{"hubzilla", received{Type: "Create", Owner: policy.OwnerElsewhere, AuthorFollowed: true}, rules.DropNotThroughOwner},
		{"hubzilla", received{Type: "Create", Owner: policy.OwnerHere}, rules.AcceptOwnThread},
	} {
		p, err := policy.Named(tt.policy)
		if err != nil {
			t.Fatal(err)
		}
		want := policy.Decision{Yes: !strings.HasPrefix(string(tt.want), "drop."), Rule: tt.want}
		if got := p.Accept(tt.in); got != want {
			t.Errorf("%s, %+v: got %+v, want %+v", tt.policy, tt.in, got, want)
		}
	}
}

func TestForwardNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"gotosocial", "misskey", "pleroma"} {
		p, err := policy.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Forward(policy.Kept{Type: "Create", Visibility: policy.Public, Signed: true, ParentLocal: true}); got.Yes || got.Rule != rules.ForwardNever {
			t.Errorf("%s: got %+v, want no by %s", name, got, rules.ForwardNever)
		}
	}
}

func TestFirstSeen_of_other_programs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy string
		in     policy.Seen
		want   []string
	}{
		{"gotosocial", policy.Seen{Visibility: policy.Public, UnknownParent: true, ListsReplies: true}, []string{"parent", "thread"}},
		{"gotosocial", policy.Seen{Visibility: policy.Public, UnknownParent: true, ListsReplies: true, Walked: true}, []string{"parent"}},
		{"gotosocial", policy.Seen{Visibility: policy.Private, ListsReplies: true}, nil},
		{"misskey", policy.Seen{Visibility: policy.Public, UnknownParent: true, ListsReplies: true}, []string{"parent"}},
		{"misskey", policy.Seen{Visibility: policy.Public, ListsReplies: true}, nil},
		{"pleroma", policy.Seen{Visibility: policy.Public, UnknownParent: true, ListsReplies: true}, []string{"parent", "replies"}},
	} {
		p, err := policy.Named(tt.policy)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range p.FirstSeen(tt.in) {
			got = append(got, f.What)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s, %+v: got %v, want %v", tt.policy, tt.in, got, tt.want)
		}
	}
}

func TestGoToSocial_Opened(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   policy.Opening
		want policy.Decision
	}{
		{policy.Opening{Visibility: policy.Public, Age: time.Hour}, policy.Decision{Rule: rules.LimitFresh}},
		{policy.Opening{Visibility: policy.Public, Age: 2 * time.Hour}, policy.Decision{Yes: true, Rule: rules.FetchThreadOpened}},
		{policy.Opening{Visibility: policy.Public, Age: 9 * time.Hour, Asked: true, Since: time.Hour}, policy.Decision{Rule: rules.LimitFresh}},
		{policy.Opening{Visibility: policy.Public, Age: 9 * time.Hour, Asked: true, Since: 3 * time.Hour}, policy.Decision{Yes: true, Rule: rules.FetchThreadOpened}},
		{policy.Opening{Visibility: policy.Direct, Age: 9 * time.Hour}, policy.Decision{}},
	} {
		if diff := cmp.Diff(tt.want, policy.GoToSocial().Opened(tt.in)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.in, diff)
		}
	}
}

// In a conversation with an owner the owner is told, and hands on what everybody may see.
func TestOwners(t *testing.T) {
	t.Parallel()
	for _, p := range []policy.Policy{policy.Lemmy(), policy.Hubzilla()} {
		for owner, want := range map[policy.Whose]string{"": "liked-author!", policy.OwnerHere: "", policy.OwnerElsewhere: "thread-owner"} {
			if got := whom(p.Liked(policy.Liking{Visibility: policy.Public, Owner: owner})); got != want {
				t.Errorf("%s tells %q of a like in a conversation owned %q, want %q", p.Name, got, owner, want)
			}
		}
		for _, tt := range []struct {
			in   policy.Happened
			want policy.Decision
		}{
			{policy.Happened{Visibility: policy.Public}, policy.Decision{Yes: true, Rule: rules.ForwardThreadOwner}},
			{policy.Happened{Visibility: policy.Public, Blocked: true}, policy.Decision{Rule: rules.ForwardOwnerBlocks}},
			{policy.Happened{Visibility: policy.Private}, policy.Decision{Rule: rules.ForwardNotPublic}},
		} {
			if got := p.HandOn(tt.in); got != tt.want {
				t.Errorf("%s, %+v: got %+v, want %+v", p.Name, tt.in, got, tt.want)
			}
		}
	}
	steps := policy.Hubzilla().FirstSeen(policy.Seen{History: true, Fetched: true, UnknownParent: true})
	if len(steps) != 1 || steps[0].What != "history" {
		t.Errorf("hubzilla looks up %v, want the history alone", steps)
	}
}
