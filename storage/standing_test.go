package storage

import (
	"strings"
	"testing"
	"time"

	"orrery/social"
)

func TestStandingStaysWhenTheProfileChanges(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		ctx := t.Context()
		want := social.Standing{SuspendedAt: noon, SuspensionOrigin: social.OriginRemote, SilencedAt: noon.Add(time.Hour), SensitizedAt: noon.Add(2 * time.Hour)}
		ok(t, s.SetStanding(ctx, berta, want))
		ok(t, s.SetMoved(ctx, berta, alice, noon))
		a := must(s.AccountByID(ctx, berta))(t)
		a.DisplayName, a.Standing, a.MovedToID = "B", social.Standing{}, 0
		ok(t, s.UpdateAccount(ctx, a))
		a = must(s.AccountByID(ctx, berta))(t)
		same(t, "standing", a.Standing, want)
		if a.MovedToID != alice || a.DisplayName != "B" {
			t.Errorf("got moved to %d, called %q", a.MovedToID, a.DisplayName)
		}
		ok(t, s.SetMoved(ctx, berta, alice, time.Time{}))
		same(t, "moved at", must(s.MovedAt(ctx, berta))(t), noon)
		fails(t, s.SetStanding(ctx, 99, want), social.ErrNotFound)
	})
}

func TestRolesAndClosedSignIns(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		ctx := t.Context()
		ok(t, s.InsertUser(ctx, social.User{AccountID: alice, CreatedAt: noon, DefaultVisibility: social.Public}))
		ok(t, s.SetRole(ctx, alice, social.RoleAdmin))
		ok(t, s.SetDisabled(ctx, alice, noon))
		u := must(s.UserByAccount(ctx, alice))(t)
		if u.Role != social.RoleAdmin || !u.DisabledAt.Equal(noon) {
			t.Errorf("got role %q, disabled %s", u.Role, u.DisabledAt)
		}
		fails(t, s.SetRole(ctx, berta, social.RoleAdmin), social.ErrNotFound)
	})
}

func TestAccountsOfADomainAndBelow(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i, domain := range []string{"", "bad.test", "a.bad.test", "notbad.test", "bad.test:8080", "a.bad.test:1", "bad.test.example"} {
			id := social.ID(10 + i)
			ok(t, s.InsertAccount(ctx, social.Account{ID: id, Username: "u", Domain: domain, URI: id.String()}, ""))
		}
		var got []social.ID
		for _, a := range must(s.AccountsOf(ctx, "bad.test", 0, 10))(t) {
			got = append(got, a.ID)
		}
		same(t, "accounts", got, ids(11, 12, 14, 15))
		if page := must(s.AccountsOf(ctx, "bad.test", 11, 1))(t); len(page) != 1 || page[0].ID != 12 {
			t.Errorf("after 11, one: got %v", page)
		}
	})
}

func TestDomainBlocksAndAllows(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		b := social.DomainBlock{ID: 5, Domain: "bad.test", Severity: social.SeveritySuspend, RejectReports: true, PublicComment: "spam", Obfuscate: true, CreatedAt: noon}
		ok(t, s.InsertDomainBlock(ctx, b))
		fails(t, s.InsertDomainBlock(ctx, social.DomainBlock{ID: 6, Domain: "bad.test"}), social.ErrConflict)
		same(t, "block", must(s.DomainBlockByID(ctx, 5))(t), b)
		b.Severity, b.RejectMedia, b.PrivateComment = social.SeveritySilence, true, "seen"
		ok(t, s.UpdateDomainBlock(ctx, b))
		same(t, "all", must(s.AllDomainBlocks(ctx))(t), []social.DomainBlock{b})
		same(t, "page", must(s.DomainBlocks(ctx, social.Page{Limit: 2}))(t), []social.DomainBlock{b})
		ok(t, s.DeleteDomainBlock(ctx, 5))
		fails(t, s.DeleteDomainBlock(ctx, 5), social.ErrNotFound)

		a := social.DomainAllow{ID: 7, Domain: "friend.test", CreatedAt: noon}
		ok(t, s.InsertDomainAllow(ctx, a))
		fails(t, s.InsertDomainAllow(ctx, social.DomainAllow{ID: 8, Domain: "friend.test"}), social.ErrConflict)
		same(t, "allow", must(s.DomainAllowByID(ctx, 7))(t), a)
		same(t, "allows", must(s.DomainAllows(ctx, social.Page{Limit: 2}))(t), []social.DomainAllow{a})
		same(t, "all allows", must(s.AllDomainAllows(ctx))(t), []social.DomainAllow{a})
		ok(t, s.DeleteDomainAllow(ctx, 7))
		fails(t, s.DeleteDomainAllow(ctx, 7), social.ErrNotFound)
	})
}

func TestDeedsAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		d := social.Deed{ID: 3, By: alice, Action: "suspend", TargetType: "account", TargetID: berta, Target: "@berta@techhub.test", At: noon}
		ok(t, s.InsertDeed(ctx, d))
		same(t, "deeds", must(s.Deeds(ctx, social.Page{Limit: 5}))(t), []social.Deed{d})
	})
}

func TestWhatKnowsAnAccountIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		if s.Dialect() != "sqlite" {
			t.Skip("the catalogue is read in SQLite's words")
		}
		// These stay: they are gone through one by one, or are the memory of those who run the server, or a secret's end.
		stays := map[string]bool{
			"follows.account_id": true, "follows.target_id": true, "statuses.account_id": true, "statuses.reply_to_account_id": true,
			"favourites.account_id": true, "audit_log.account_id": true, "reports.account_id": true, "reports.target_id": true,
			"audit_log.target_id": true, "tombstones.account_id": true, "account_keys.account_id": true,
			"quotes.quoted_account_id": true, // whoever quoted them still shows that what they quoted was deleted
		}
		gone := map[string]bool{}
		for _, f := range forgotten {
			words := strings.Fields(f.column) // a condition may stand before it
			gone[f.table+"."+words[len(words)-1]] = true
		}
		columns, err := list(t.Context(), s, scanWord, `
			SELECT m.name || '.' || p.name
			FROM sqlite_master m, pragma_table_info(m.name) p
			WHERE m.type = 'table' AND (p.name LIKE '%account_id' OR p.name IN ('target_id', 'from_id'))`)
		ok(t, err)
		for _, c := range columns {
			if !gone[c] && !stays[c] {
				t.Errorf("%s knows accounts, and nothing says what becomes of it when one is deleted: add it to forgotten in purge.go", c)
			}
		}
	})
}
