package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func byKey(t *testing.T, s *Store, keyID string) social.Account {
	t.Helper()
	a, k, err := s.AccountByKeyID(t.Context(), keyID)
	ok(t, err)
	if want := (social.Key{ID: a.KeyID, PEM: a.PublicKeyPEM}); k != want && a.PublicKeyPEM != "" {
		t.Errorf("key %s is %+v, want %+v", keyID, k, want)
	}
	return a
}

func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		ctx := t.Context()
		a := must(s.AccountByID(ctx, berta))(t)
		a.PublicKeyPEM = "MAIN"
		ok(t, s.UpdateAccount(ctx, a))
		main := social.Key{ID: a.KeyID, PEM: "MAIN"}
		same(t, "at first", must(s.Keys(ctx, berta))(t), []social.Key{main})

		others := []social.Key{
			{ID: a.URI + "#ed", PEM: "ED", ExpiresAt: noon.Add(time.Hour)},
			{ID: "https://techhub.test/keys/1", PEM: "ELSEWHERE", Revoked: true},
		}
		ok(t, s.ReplaceOtherKeys(ctx, berta, others))
		same(t, "with others", must(s.Keys(ctx, berta))(t), append([]social.Key{main}, others...))
		for _, want := range append([]social.Key{main}, others...) {
			got, k, err := s.AccountByKeyID(ctx, want.ID)
			ok(t, err)
			same(t, want.ID, k, want)
			same(t, "owner of "+want.ID, got.ID, berta)
		}
		_, k, err := s.AccountByKeyID(ctx, a.URI+"#unknown")
		ok(t, err)
		same(t, "by actor", k, main)

		ok(t, s.ReplaceOtherKeys(ctx, berta, others[:1]))
		_, _, err = s.AccountByKeyID(ctx, others[1].ID)
		fails(t, err, social.ErrNotFound)
		a.KeyID, a.PublicKeyPEM = "", ""
		ok(t, s.UpdateAccount(ctx, a))
		_, k, err = s.AccountByKeyID(ctx, a.URI+"#unknown")
		ok(t, err)
		same(t, "by actor without a main key", k, others[0])
		ok(t, s.ReplaceOtherKeys(ctx, berta, nil))
		_, k, err = s.AccountByKeyID(ctx, a.URI)
		ok(t, err)
		same(t, "without any", k, social.Key{})
	})
}

func TestForgetTombstones(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		ok(t, s.InsertTombstone(ctx, berta, "u", noon))
		ok(t, s.InsertTombstone(ctx, alice, "v", noon))
		ok(t, s.ForgetTombstones(ctx, berta))
		same(t, "of berta", must(s.TakenBack(ctx, 0, "u", noon))(t), false)
		same(t, "of alice", must(s.TakenBack(ctx, 0, "v", noon))(t), true)
	})
}

func TestSetPrivateKey(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		ok(t, s.SetPrivateKey(t.Context(), alice, "NEW"))
		same(t, "private key", must(s.PrivateKey(t.Context(), alice))(t), "NEW")
		fails(t, s.SetPrivateKey(t.Context(), berta, "X"), social.ErrNotFound)
	})
}
