package storage

import (
	"testing"

	"orrery/social"
)

func TestSettingsAndJoining(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if v := must(s.Setting(ctx, "x"))(t); v != "" {
			t.Errorf("what was never set is %q", v)
		}
		ok(t, s.PutSetting(ctx, "x", "1"))
		ok(t, s.PutSetting(ctx, "x", "2"))
		same(t, "setting", must(s.Setting(ctx, "x"))(t), "2")

		people(t, s)
		ok(t, s.InsertUser(ctx, social.User{AccountID: alice, CreatedAt: noon, Email: "alice@mail.test", Reason: "stars", AppID: 7, Pending: true}))
		same(t, "by address", must(s.UserByEmail(ctx, "alice@mail.test"))(t), alice)
		if _, err := s.UserByEmail(ctx, ""); err == nil {
			t.Error("somebody has no address and is found by it")
		}
		u := must(s.UserByAccount(ctx, alice))(t)
		if u.Email != "alice@mail.test" || u.Reason != "stars" || u.AppID != 7 || !u.Pending {
			t.Errorf("user: %+v", u)
		}
		ok(t, s.SetPending(ctx, alice, true))
		if found := must(s.SearchAccounts(ctx, "alice", 5))(t); len(found) != 0 {
			t.Error("who waits is found")
		}
		ok(t, s.SetPending(ctx, alice, false))
		if found := must(s.SearchAccounts(ctx, "alice", 5))(t); len(found) != 1 {
			t.Error("who was let in is not found")
		}
	})
}
