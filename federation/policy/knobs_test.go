package policy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/policy"
)

func TestSet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value string
		change      func(k *policy.Knobs)
	}{
		{"document-signature", "off", func(k *policy.Knobs) { k.DocumentSignature = false }},
		{"document-signature", "on", func(*policy.Knobs) {}},
		{"follower-sync", "off", func(k *policy.Knobs) { k.FollowerSync = false }},
		{"forwarding", "off", func(k *policy.Knobs) { k.Forwarding = false }},
		{"fetch-replies", "0", func(k *policy.Knobs) { k.FetchReplies = 0 }},
		{"fetch-replies", "500", func(k *policy.Knobs) { k.FetchReplies = 500 }},
		{"fetch-all", "on", func(k *policy.Knobs) { k.FetchAll = true }},
		{"page-cutoff", "7", func(k *policy.Knobs) { k.PageCutoff = 7 }},
		{"fetch-same-host", "off", func(k *policy.Knobs) { k.FetchSameHost = false }},
		{"limited-federation", "on", func(k *policy.Knobs) { k.LimitedFederation = true }},
		{"clock", "5m", func(k *policy.Knobs) { k.Clock = 5 * time.Minute }},
		{"clock", "+1h30m", func(k *policy.Knobs) { k.Clock = 90 * time.Minute }},
		{"clock", "-2h", func(k *policy.Knobs) { k.Clock = -2 * time.Hour }},
		{"clock", "0", func(*policy.Knobs) {}},
		{"secure-mode", "on", func(k *policy.Knobs) { k.SecureMode = true }},
		{"hidden-network", "on", func(k *policy.Knobs) { k.HiddenNetwork = true }},
		{"replies-embedded", "25", func(k *policy.Knobs) { k.RepliesEmbedded = 25 }},
		{"replies-page", "everyone", func(k *policy.Knobs) { k.RepliesEveryone = true }},
		{"replies-page", "author", func(*policy.Knobs) {}},
	} {
		t.Run(tt.name+" "+tt.value, func(t *testing.T) {
			t.Parallel()
			p := policy.Mastodon41()
			want := p.Knobs
			tt.change(&want)
			if err := p.Set(tt.name, tt.value); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, p.Knobs); diff != "" {
				t.Errorf("Knobs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSet_refuses_in_words(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value, want string }{
		{"replies", "on", `there is no knob "replies"; there are carried, clock, compat-forward, document-signature, external-pull, fetch-all, fetch-replies, fetch-same-host, follower-sync, forwarding, hidden-network, limited-federation, listeners-expire, page-cutoff, replies-embedded, replies-from, replies-page, secure-mode, thread-listeners`},
		{"", "", `there is no knob ""; there are carried, clock, compat-forward, document-signature, external-pull, fetch-all, fetch-replies, fetch-same-host, follower-sync, forwarding, hidden-network, limited-federation, listeners-expire, page-cutoff, replies-embedded, replies-from, replies-page, secure-mode, thread-listeners`},
		{"forwarding", "yes", `knob forwarding: "yes" is neither "on" nor "off"`},
		{"forwarding", "ON", `knob forwarding: "ON" is neither "on" nor "off"`},
		{"replies-page", "nobody", `knob replies-page: "nobody" is neither "everyone" nor "author"`},
		{"clock", "soon", `knob clock: "soon" is no time such as 5m or -2h, of a year at most`},
		{"clock", "-9000h", `knob clock: "-9000h" is no time such as 5m or -2h, of a year at most`},
		{"fetch-replies", "-1", `knob fetch-replies: "-1" is no number from 0 to 500`},
		{"fetch-replies", "501", `knob fetch-replies: "501" is no number from 0 to 500`},
		{"fetch-replies", "many", `knob fetch-replies: "many" is no number from 0 to 500`},
		{"replies-embedded", "99999999999999999999", `knob replies-embedded: "99999999999999999999" is no number from 0 to 500`},
	} {
		t.Run(tt.name+" "+tt.value, func(t *testing.T) {
			t.Parallel()
			p := policy.Mastodon41()
			err := p.Set(tt.name, tt.value)
			if err == nil || err.Error() != tt.want {
				t.Errorf("Set: got %v, want %s", err, tt.want)
			}
			if diff := cmp.Diff(policy.Mastodon41().Knobs, p.Knobs); diff != "" {
				t.Errorf("a refused value changed something (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSet_changes_one_instance_only(t *testing.T) {
	t.Parallel()
	a, b := policy.Mastodon41(), policy.Mastodon41()
	copied := a
	if err := a.Set("forwarding", "off"); err != nil {
		t.Fatal(err)
	}
	if !b.Forwarding || !copied.Forwarding {
		t.Errorf("another policy changed too: fresh %v, copy %v, want both on", b.Forwarding, copied.Forwarding)
	}
}

func TestKnobTable_reads_well(t *testing.T) {
	t.Parallel()
	table := policy.KnobTable()
	if !slices.IsSortedFunc(table, func(a, b policy.Knob) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the knobs are not in alphabetical order")
	}
	for _, k := range table {
		if k.Says == "" || strings.ToLower(k.Name) != k.Name {
			t.Errorf("knob %q lacks a sentence or is not in small letters", k.Name)
		}
		for _, v := range k.Values {
			p := policy.Mastodon41()
			if err := p.Set(k.Name, v); err != nil {
				t.Errorf("knob %s offers %q and refuses it: %v", k.Name, v, err)
			}
		}
	}
}

func TestNamed_lists_what_there_is(t *testing.T) {
	t.Parallel()
	want := `there is no policy "friendica"; choose from mastodon-4.1, mastodon, gotosocial, misskey, pleroma, lemmy, hubzilla`
	if _, err := policy.Named("friendica"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What a knob says of itself is what it can be set to.
func TestKnobs_can_be_set_to_what_they_are(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Names() {
		p, err := policy.Named(name + "+fedifetcher")
		if err != nil {
			t.Fatal(err)
		}
		was := p.Knobs
		for _, k := range policy.KnobTable() {
			if err := p.Set(k.Name, k.Get(p.Knobs)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if diff := cmp.Diff(was, p.Knobs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNamed_adds(t *testing.T) {
	t.Parallel()
	p, err := policy.Named("pleroma+relay+fedifetcher")
	if err != nil || p.Name != "pleroma+relay+fedifetcher" || !p.SubscribesRelay || p.ExternalPull != 10*time.Minute || !p.LikesAddressed {
		t.Errorf("got %+v, %v", p, err)
	}
	want := `nothing called "+magic" can be added to a policy; choose from +fedifetcher, +listeners, +relay`
	if _, err := policy.Named("mastodon+magic"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
