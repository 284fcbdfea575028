package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestAccountRoundTrip(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		want := social.Account{
			ID: 7, Username: "Dora", Domain: "far.test", URI: "https://far.test/u/7", URL: "https://far.test/@Dora",
			ActorType: "Group", DisplayName: "Dora Ö", Note: "<p>hi</p>", Locked: true, Discoverable: true,
			InboxURL: "i", SharedInboxURL: "si", OutboxURL: "o", FollowersURL: "fs", FollowingURL: "fg", FeaturedURL: "ft",
			KeyID: "https://far.test/u/7#k", PublicKeyPEM: "PUB", AvatarURL: "av", HeaderURL: "hd",
			FeaturedTagsURL: "tg", AvatarKey: "ak", HeaderKey: "hk", AvatarDescription: "a cat", HeaderDescription: "the sea",
			Fields:      []social.Field{{Name: "site", Value: "<a>x</a>", VerifiedAt: noon}, {Name: "ö"}},
			AlsoKnownAs: []string{"https://old.test/u/1"}, AttributionDomains: []string{"blog.test"},
			Indexable: true, Memorial: true, HideCollections: true,
			FollowersCount: 3, FollowingCount: 4, StatusesCount: 5,
			CreatedAt: noon, FetchedAt: noon.Add(time.Hour), LastStatusAt: noon.Add(time.Millisecond),
		}
		ok(t, s.InsertAccount(ctx, want, "SECRET"))
		same(t, "by id", must(s.AccountByID(ctx, 7))(t), want)
		same(t, "by URI", must(s.AccountByURI(ctx, want.URI))(t), want)
		same(t, "by handle", must(s.AccountByHandle(ctx, "dORA", "FAR.test"))(t), want)
		same(t, "by key", byKey(t, s, want.KeyID), want)
		same(t, "by actor", byKey(t, s, want.URI+"#other"), want)
		same(t, "ids", must(s.AccountsByID(ctx, ids(7, 8)))(t), map[social.ID]social.Account{7: want})
		same(t, "URIs", must(s.AccountsByURI(ctx, []string{want.URI, "x"}))(t), map[string]social.Account{want.URI: want})
		same(t, "private key", must(s.PrivateKey(ctx, 7))(t), "SECRET")

		want.DisplayName, want.Locked, want.FollowersCount, want.PublicKeyPEM = "D", false, 30, "PUB2"
		want.Fields, want.AlsoKnownAs, want.Memorial = want.Fields[1:], nil, false
		ok(t, s.UpdateAccount(ctx, want))
		same(t, "updated", must(s.AccountByID(ctx, 7))(t), want)
		same(t, "key kept", must(s.PrivateKey(ctx, 7))(t), "SECRET")
	})
}

func TestAccountMissingAndTaken(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		for name, look := range map[string]func() (social.Account, error){
			"id":        func() (social.Account, error) { return s.AccountByID(ctx, 99) },
			"URI":       func() (social.Account, error) { return s.AccountByURI(ctx, "") },
			"handle":    func() (social.Account, error) { return s.AccountByHandle(ctx, "alice", "techhub.test") },
			"key":       func() (social.Account, error) { a, _, err := s.AccountByKeyID(ctx, "https://no.test#k"); return a, err },
			"empty key": func() (social.Account, error) { a, _, err := s.AccountByKeyID(ctx, ""); return a, err },
		} {
			if _, err := look(); err == nil {
				t.Errorf("account by %s: no error", name)
			} else {
				fails(t, err, social.ErrNotFound)
			}
		}
		_, err := s.PrivateKey(ctx, berta)
		fails(t, err, social.ErrNotFound)
		fails(t, s.UpdateAccount(ctx, social.Account{ID: 99}), social.ErrNotFound)
		fails(t, s.InsertAccount(ctx, social.Account{ID: 20, Username: "ALICE", URI: "new"}, ""), social.ErrConflict)
		fails(t, s.InsertAccount(ctx, social.Account{ID: 20, Username: "x", URI: "https://techhub.test/users/berta"}, ""), social.ErrConflict)
	})
}

func TestSomebodyElsesKeyIDIsNotTaken(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		mallory := social.Account{ID: 0, Username: "mallory", Domain: "bad.test", URI: "https://bad.test/m",
			KeyID: "https://techhub.test/users/berta#main-key"}
		ok(t, s.InsertAccount(t.Context(), mallory, ""))
		people(t, s)
		if got := byKey(t, s, mallory.KeyID); got.Username != "berta" {
			t.Errorf("the key belongs to %s, want berta", got.Username)
		}
	})
}

func TestUpdateLeavesLocalCounters(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		publish(t, s, post(10, alice))
		a := must(s.AccountByID(t.Context(), alice))(t)
		a.StatusesCount, a.Note = 900, "new"
		ok(t, s.UpdateAccount(t.Context(), a))
		got := must(s.AccountByID(t.Context(), alice))(t)
		if got.StatusesCount != 1 || got.Note != "new" {
			t.Errorf("got %d statuses and note %q, want 1 and new", got.StatusesCount, got.Note)
		}
	})
}

func TestLocalAccountsAndSearch(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		ok(t, s.InsertAccount(ctx, social.Account{ID: social.InstanceActorID, Username: "academy.test", URI: "ia"}, "K"))
		people(t, s)
		ok(t, s.InsertAccount(ctx, social.Account{ID: 8, Username: "a_x", Domain: "d.test", URI: "8", DisplayName: "Ängel  von Oben", FollowersCount: 9}, ""))
		names := func(as []social.Account) (out []string) {
			for _, a := range as {
				out = append(out, a.Username)
			}
			return out
		}
		same(t, "local", names(must(s.LocalAccounts(ctx))(t)), []string{"alice", "anna"})
		for q, want := range map[string][]string{
			"A": {"a_x", "alice", "anna"}, "an": {"anna"}, "a_": {"a_x"}, "%": nil, "än": {"a_x"},
			"von": {"a_x"}, "OBEN a_": {"a_x"}, "on": nil, "ob anna": nil, "": nil, " ": nil, "% %": nil,
		} {
			same(t, "search "+q, names(must(s.SearchAccounts(ctx, q, 10))(t)), want)
		}
		same(t, "limit", names(must(s.SearchAccounts(ctx, "a", 1))(t)), []string{"a_x"})
	})
}
