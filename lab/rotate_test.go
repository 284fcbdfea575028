package lab_test

import (
	"slices"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/lab"
)

// A new key is believed by who reads the actor again, and followers, who cannot know that it is the same person, ask anew
// (federation.md §2.5, §5.5 step 6).
func TestARotatedKeyIsBelieved(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l := newLab(t)
	alice, academy, err := l.Account(ctx, "alice")
	if err != nil {
		t.Fatal(err)
	}
	followers := func() int {
		t.Helper()
		all, err := academy.Instance.Services.Store.RemoteFollowers(ctx, alice.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	before := followers()
	again, err := academy.Instance.Services.Accounts.RotateKey(ctx, alice.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again.PublicKeyPEM == alice.PublicKeyPEM {
		t.Fatal("the key is the old one")
	}
	if err := l.Advance(ctx, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, h := range l.Hosts {
		if h == academy {
			continue
		}
		kept, err := h.Instance.Services.Store.AccountByURI(ctx, alice.URI)
		if err != nil {
			continue // alice is not known there
		}
		if kept.PublicKeyPEM != again.PublicKeyPEM || kept.KeyID != again.KeyID {
			t.Errorf("%s keeps the old key of alice", h.Name)
		}
		if !told(t, h, rules.KeyRefreshed) || !told(t, h, rules.KeyAllReplaced) {
			t.Errorf("%s does not tell that the key was read again and that followers ask anew", h.Name)
		}
	}
	if got := followers(); got != before || before == 0 {
		t.Errorf("alice has %d followers elsewhere, want the %d of before", got, before)
	}
	if _, err := academy.Instance.Services.Accounts.RotateKey(ctx, 12345); err == nil {
		t.Error("nobody got a new key")
	}
}

// told reports whether a fact of h's log names rule.
func told(t *testing.T, h *lab.Host, rule rules.ID) bool {
	t.Helper()
	es, err := h.Instance.Source().Entries(t.Context(), activitylog.Filter{Directions: []activitylog.Direction{activitylog.In}, Kind: activitylog.Delivery, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		if e, err = h.Instance.Source().Entry(t.Context(), e.Exchange.ID); err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(e.Facts, func(f activitylog.Fact) bool { return f.Rule == rule }) {
			return true
		}
	}
	return false
}
