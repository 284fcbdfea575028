package social

import (
	"context"
	"testing"
)

// decided is a DomainStore of two lists; everything else is not asked.
type decided struct {
	DomainStore
	blocks []DomainBlock
	allows []DomainAllow
	reads  int
}

func (d *decided) AllDomainBlocks(context.Context) ([]DomainBlock, error) {
	d.reads++
	return d.blocks, nil
}
func (d *decided) AllDomainAllows(context.Context) ([]DomainAllow, error) { return d.allows, nil }

func TestTheLongestNameDecides(t *testing.T) {
	t.Parallel()
	store := &decided{blocks: []DomainBlock{
		{Domain: "bad.test", Severity: SeveritySuspend}, {Domain: "good.bad.test", Severity: SeverityNoop},
		{Domain: "loud.test", Severity: SeveritySilence}, {Domain: "port.test:8080", Severity: SeveritySuspend},
		{Domain: "bücher.test", Severity: SeveritySuspend}, {Domain: "[::1]:9", Severity: SeveritySuspend},
	}}
	d := &Domains{Store: store, Own: "alpha.bad.test"}
	for _, tt := range []struct {
		domain  string
		want    Severity
		refused bool
	}{
		{"bad.test", SeveritySuspend, true}, {"BAD.test.", SeveritySuspend, true}, {"a.b.bad.test", SeveritySuspend, true}, {"bad.test:9", SeveritySuspend, true},
		{"good.bad.test", SeverityNoop, false}, {"x.good.bad.test", SeverityNoop, false},
		{"notbad.test", "", false}, {"test", "", false}, {"", "", false},
		{"loud.test", SeveritySilence, false}, {"port.test:8080", SeveritySuspend, true}, {"port.test", "", false},
		{"alpha.bad.test", SeveritySuspend, false},
		{"bad.test.:443", SeveritySuspend, true}, {"ｂａｄ.test", SeveritySuspend, true}, {"bad。test", SeveritySuspend, true},
		{"bücher.test", SeveritySuspend, true}, {"xn--bcher-kva.test", SeveritySuspend, true}, {"strasse.test", "", false}, {"[::1]:9", SeveritySuspend, true},
	} {
		b, err := d.Block(t.Context(), tt.domain)
		if err != nil || b.Severity != tt.want {
			t.Errorf("block of %q: got %q (%v), want %q", tt.domain, b.Severity, err, tt.want)
		}
		if got, err := d.Refused(t.Context(), tt.domain); err != nil || got != tt.refused {
			t.Errorf("%q refused: got %t (%v), want %t", tt.domain, got, err, tt.refused)
		}
	}
	if store.reads != 1 {
		t.Errorf("the list was read %d times, want once", store.reads)
	}
	if got, err := d.RefusedURI(t.Context(), "https://bad.test/users/x#%zz"); err != nil || !got {
		t.Errorf("an address with a strange fragment: refused %t (%v), want true", got, err)
	}
	store.blocks = nil
	d.Forget()
	if got, err := d.RefusedURI(t.Context(), "https://bad.test/users/x"); err != nil || got {
		t.Errorf("after the block was lifted: refused %t (%v)", got, err)
	}
}

func TestLimitedFederationRefusesWhoIsNotAllowed(t *testing.T) {
	t.Parallel()
	d := &Domains{Store: &decided{allows: []DomainAllow{{Domain: "friend.test"}}}, Limited: true, Own: "alpha.test"}
	for uri, want := range map[string]bool{
		"https://friend.test/users/x": false, "https://friend.test:80/": false, "https://sub.friend.test/": true,
		"https://other.test/": true, "https://alpha.test/users/a": false, "acct:x@friend.test": false, "acct:x@other.test": true,
	} {
		if got, err := d.RefusedURI(t.Context(), uri); err != nil || got != want {
			t.Errorf("%s refused: got %t (%v), want %t", uri, got, err, want)
		}
	}
}

func TestRolesStandAboveEachOther(t *testing.T) {
	t.Parallel()
	if !RoleOwner.Above(RoleAdmin) || !RoleModerator.Above(RoleNone) || RoleAdmin.Above(RoleAdmin) || Role("king").Above(RoleNone) {
		t.Error("owner, admin, moderator, everybody: each must stand above the next and nobody beside themselves")
	}
	if !RoleModerator.Can(MayManageReports) || RoleModerator.Can(MayManageFederation) || RoleNone.Staff() || !RoleOwner.Can(MayManageFederation) {
		t.Error("moderators work on reports, admins on other servers too, owners on everything")
	}
}
