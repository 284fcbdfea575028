package social_test

import (
	"strings"
	"testing"
	"time"

	"orrery/social"
)

func TestAccounts_Create(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.Accounts.Create(ctx, social.NewAccount{Username: "Alice", DisplayName: "A", Password: "12345678", Locked: true}))(t)
		equal(t, "uri", a.URI, "https://alpha.test/users/Alice")
		equal(t, "page", a.URL, "https://alpha.test/@Alice")
		equal(t, "key id", a.KeyID, a.URI+"#main-key")
		equal(t, "shared inbox", a.SharedInboxURL, "https://alpha.test/inbox")
		kept := must(w.Store.AccountByHandle(ctx, "aLICE", ""))(t)
		equal(t, "kept", kept.ID, a.ID)
		equal(t, "locked", kept.Locked, true)
		equal(t, "private key", must(w.Store.PrivateKey(ctx, a.ID))(t), "private key of Alice")
		user := must(w.Store.UserByAccount(ctx, a.ID))(t)
		equal(t, "hash", user.PasswordHash, "hash of 12345678")
		equal(t, "default visibility", user.DefaultVisibility, social.Public)

		lab := must(w.Accounts.Create(ctx, social.NewAccount{Username: "bob"}))(t)
		equal(t, "hash of one without a password", must(w.Store.UserByAccount(ctx, lab.ID))(t).PasswordHash, "")
	})
}

func TestAccounts_Create_refuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person(t, "alice")
		for _, tt := range []struct {
			name string
			in   social.NewAccount
			want error
		}{
			{"no name", social.NewAccount{Password: "12345678"}, social.ErrInvalid},
			{"a strange name", social.NewAccount{Username: "al ice"}, social.ErrInvalid},
			{"a short password", social.NewAccount{Username: "bob", Password: "1234567"}, social.ErrInvalid},
			{"a taken name", social.NewAccount{Username: "alice"}, social.ErrConflict},
			{"a taken name in capitals", social.NewAccount{Username: "ALICE"}, social.ErrConflict},
		} {
			_, err := w.Accounts.Create(t.Context(), tt.in)
			fails(t, tt.name, err, tt.want)
		}
		equal(t, "people", len(must(w.Store.LocalAccounts(t.Context()))(t)), 1)
	})
}

func TestAccounts_EnsureInstanceActor_makes_one(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := must(w.Accounts.EnsureInstanceActor(t.Context(), "alpha.test"))(t)
		again := must(w.Accounts.EnsureInstanceActor(t.Context(), "alpha.test"))(t)
		equal(t, "id", first.ID, social.InstanceActorID)
		equal(t, "uri", again.URI, "https://alpha.test/actor")
		equal(t, "type", again.ActorType, "Application")
		equal(t, "key", again.PublicKeyPEM, first.PublicKeyPEM)
		equal(t, "people", len(must(w.Store.LocalAccounts(t.Context()))(t)), 0)
	})
}

func TestAccounts_Update(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice := w.person(t, "alice")
		name, note, locked := "Ä", strings.Repeat("é", 500), true
		a := must(w.Accounts.Update(t.Context(), alice.ID, social.Profile{DisplayName: &name, Note: &note, Locked: &locked}))(t)
		equal(t, "name", a.DisplayName, "Ä")
		a = must(w.Accounts.Update(t.Context(), alice.ID, social.Profile{}))(t)
		equal(t, "what is not given stays", a.Locked && a.Note == note, true)
		w.clock.Advance(social.ProfileRest - time.Second)
		equal(t, "told at once", w.kinds(t), "")
		w.clock.Advance(time.Second)
		events := w.events(t)
		equal(t, "changes to tell of: one, as the second changed nothing", len(events), 1)
		equal(t, "revision", events[0].Object, a.Revision)

		long, longer := strings.Repeat("x", 31), strings.Repeat("x", 501)
		_, err := w.Accounts.Update(t.Context(), alice.ID, social.Profile{DisplayName: &long})
		fails(t, "a long name", err, social.ErrInvalid)
		_, err = w.Accounts.Update(t.Context(), alice.ID, social.Profile{Note: &longer})
		fails(t, "a long text", err, social.ErrInvalid)
		equal(t, "name after refusals", must(w.Store.AccountByID(t.Context(), alice.ID))(t).DisplayName, "Ä")
		_, err = w.Accounts.Update(t.Context(), 12345, social.Profile{})
		fails(t, "nobody", err, social.ErrNotFound)
	})
}
