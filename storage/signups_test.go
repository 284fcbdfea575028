package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestWhoMayNotJoin(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx, page := t.Context(), social.Page{Limit: 5}
		d := social.EmailDomainBlock{ID: 5, Domain: "mail.test", AllowWithApproval: true, CreatedAt: noon}
		ok(t, s.InsertEmailDomainBlock(ctx, d))
		fails(t, s.InsertEmailDomainBlock(ctx, social.EmailDomainBlock{ID: 6, Domain: "mail.test"}), social.ErrConflict)
		same(t, "domain", must(s.EmailDomainBlockByID(ctx, 5))(t), d)
		same(t, "domains", must(s.EmailDomainBlocks(ctx, page))(t), []social.EmailDomainBlock{d})
		ok(t, s.DeleteEmailDomainBlock(ctx, 5))
		fails(t, s.DeleteEmailDomainBlock(ctx, 5), social.ErrNotFound)

		e := social.EmailBlock{ID: 7, Hash: "abc", CreatedAt: noon}
		ok(t, s.InsertEmailBlock(ctx, e))
		fails(t, s.InsertEmailBlock(ctx, social.EmailBlock{ID: 8, Hash: "abc"}), social.ErrConflict)
		same(t, "address", must(s.EmailBlockByID(ctx, 7))(t), e)
		same(t, "by hash", must(s.EmailBlocksByHash(ctx, "abc"))(t), []social.EmailBlock{e})
		same(t, "addresses", must(s.EmailBlocks(ctx, page))(t), []social.EmailBlock{e})
		ok(t, s.DeleteEmailBlock(ctx, 7))
		fails(t, s.DeleteEmailBlock(ctx, 7), social.ErrNotFound)

		b := social.IPBlock{ID: 9, Network: "192.0.2.0/24", Severity: social.IPNoSignUp, Comment: "bots", ExpiresAt: noon.Add(time.Hour), CreatedAt: noon}
		ok(t, s.InsertIPBlock(ctx, b))
		fails(t, s.InsertIPBlock(ctx, social.IPBlock{ID: 10, Network: "192.0.2.0/24"}), social.ErrConflict)
		b.Severity, b.ExpiresAt, b.Comment = social.IPNoService, time.Time{}, ""
		ok(t, s.UpdateIPBlock(ctx, b))
		ok(t, s.InsertIPBlock(ctx, social.IPBlock{ID: 11, Network: "2001:db8::/32"}))
		fails(t, s.UpdateIPBlock(ctx, social.IPBlock{ID: 11, Network: "192.0.2.0/24"}), social.ErrConflict)
		same(t, "network", must(s.IPBlockByID(ctx, 9))(t), b)
		same(t, "networks", must(s.IPBlocks(ctx, social.Page{Limit: 5, MaxID: 10}))(t), []social.IPBlock{b})
		ok(t, s.DeleteIPBlock(ctx, 9))
		fails(t, s.DeleteIPBlock(ctx, 9), social.ErrNotFound)
	})
}

func TestPeopleAsStaffSeeThem(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		ctx := t.Context()
		ok(t, s.InsertUser(ctx, social.User{AccountID: alice, CreatedAt: noon, DefaultVisibility: social.Public, DefaultLanguage: "en"}))
		ok(t, s.SetRole(ctx, alice, social.RoleAdmin))
		ok(t, s.SetPending(ctx, alice, true))
		fails(t, s.SetPending(ctx, berta, true), social.ErrNotFound)
		if u := must(s.UserByAccount(ctx, alice))(t); !u.Pending {
			t.Error("alice does not wait")
		}
		ok(t, s.SetStanding(ctx, berta, social.Standing{SilencedAt: noon}))
		for _, tt := range []struct {
			name string
			f    social.PeopleFilter
			want social.ID
		}{
			{"of a role", social.PeopleFilter{Roles: []social.Role{social.RoleAdmin}}, alice},
			{"waiting", social.PeopleFilter{State: social.PeoplePending}, alice},
			{"limited", social.PeopleFilter{State: social.PeopleSilenced}, berta},
			{"here by name", social.PeopleFilter{Local: true, Username: "AL"}, alice},
		} {
			got := must(s.People(ctx, tt.f, social.Page{Limit: 5}))(t)
			if len(got) != 1 || got[0].ID != tt.want {
				t.Errorf("%s: got %d people, want %d alone", tt.name, len(got), tt.want)
			}
		}
		if u := must(s.UsersOf(ctx, []social.ID{alice, berta}))(t); len(u) != 1 || u[alice].Role != social.RoleAdmin || !u[alice].Pending {
			t.Errorf("users: %+v", u)
		}
		ok(t, s.PutAccountNote(ctx, alice, berta, "x"))
		same(t, "wary", must(s.Wary(ctx, berta, 0, 5))(t), []social.ID{alice})
		ok(t, s.InsertBlock(ctx, social.Block{ID: 77, AccountID: berta, TargetID: alice, URI: "https://techhub.test/b", CreatedAt: noon}))
		if got := must(s.BlockersElsewhere(ctx, alice))(t); len(got) != 1 || got[0].ID != berta {
			t.Errorf("who blocks alice elsewhere: %d accounts, want berta", len(got))
		}
	})
}
