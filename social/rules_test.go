package social_test

import (
	"strings"
	"testing"

	"orrery/social"
	"orrery/social/socialtest"
)

// federation.md §10.4, every visibility for every kind of viewer.
func TestCanSee(t *testing.T) {
	t.Parallel()
	const author, named, silent, follower, stranger, anybody social.ID = 1, 2, 3, 4, 5, 0
	for _, tt := range []struct {
		visibility social.Visibility
		sees       []social.ID
	}{
		{social.Public, []social.ID{author, named, silent, follower, stranger, anybody}},
		{social.Unlisted, []social.ID{author, named, silent, follower, stranger, anybody}},
		{social.Private, []social.ID{author, named, silent, follower}},
		{social.Direct, []social.ID{author, named, silent}},
		{social.Limited, []social.ID{author, named, silent}},
		{"", []social.ID{author, named, silent}}, // unknown words hide
		{"PUBLIC", []social.ID{author, named, silent}},
	} {
		sees := map[social.ID]bool{}
		for _, id := range tt.sees {
			sees[id] = true
		}
		for _, viewer := range []social.ID{author, named, silent, follower, stranger, anybody} {
			v := social.StatusView{
				Status: social.Status{Visibility: tt.visibility}, Author: social.Account{ID: author},
				Mentions: []social.Account{{ID: named}}, Silent: []social.Account{{ID: silent}},
			}
			if got := social.CanSee(v, viewer, social.Relationship{Following: viewer == follower}); got != sees[viewer] {
				t.Errorf("%q, viewer %d: got %v, want %v", tt.visibility, viewer, got, sees[viewer])
			}
		}
	}
}

// federation.md §8.2, the carried-over target.
func TestAnsweredAccount(t *testing.T) {
	t.Parallel()
	const alice, bob social.ID = 1, 2
	for _, tt := range []struct {
		name   string
		author social.ID
		parent social.Status
		want   social.ID
	}{
		{"somebody's post", alice, social.Status{AccountID: bob}, bob},
		{"somebody's reply to a third", alice, social.Status{AccountID: bob, ReplyToAccountID: 3}, bob},
		{"somebody's reply to me", alice, social.Status{AccountID: bob, ReplyToAccountID: alice}, bob},
		{"my own post", alice, social.Status{AccountID: alice}, alice},
		{"my own thread", alice, social.Status{AccountID: alice, ReplyToAccountID: alice}, alice},
		{"my own reply to somebody goes on answering them", alice, social.Status{AccountID: alice, ReplyToAccountID: bob}, bob},
	} {
		if got := social.AnsweredAccount(tt.author, tt.parent); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestValidUsername(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"alice": true, "Alice_2": true, "_": true, "0": true, strings.Repeat("a", 30): true, "ALICE": true,
		"": false, strings.Repeat("a", 31): false, "al ice": false, "al-ice": false, "al.ice": false, "älice": false, "alice@b": false, "al/ice": false,
		"alice\n": false, "аlice": false, "a\x00": false, "\xff": false,
		"\u212a": false, "\u017f": false, "\u0131": false, // letters that become ASCII ones in another case
	} {
		if got := social.ValidUsername(name); got != want {
			t.Errorf("ValidUsername(%q): got %v, want %v", name, got, want)
		}
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	alice, berta := socialtest.Alice(), socialtest.Berta()
	equal(t, "handle here", alice.Acct(), "alice")
	equal(t, "handle elsewhere", berta.Acct(), "berta@beta.test")
	equal(t, "name", alice.Name(), "Alice Example")
	equal(t, "name of the nameless", socialtest.Bob().Name(), "bob")
	equal(t, "inbox", berta.PreferredInbox(), "https://beta.test/inbox")
	berta.SharedInboxURL = ""
	equal(t, "inbox of one who shares none", berta.PreferredInbox(), "https://beta.test/users/berta/inbox")
	equal(t, "a person is no group", berta.Group(), false)
	equal(t, "a group is one", socialtest.Club().Group(), true)
}

func TestURLs(t *testing.T) {
	t.Parallel()
	u := social.URLs{Origin: "http://academy.localhost:8080"}
	alice := social.Account{ID: 3, Username: "alice", URI: u.Account("alice", 3)}
	equal(t, "host", u.Host(), "academy.localhost:8080")
	equal(t, "actor", alice.URI, "http://academy.localhost:8080/users/alice")
	equal(t, "status", u.Status(alice, 7), "http://academy.localhost:8080/users/alice/statuses/7")
	equal(t, "page", u.StatusPage(alice, 7), "http://academy.localhost:8080/@alice/7")
	equal(t, "page of a remote one", u.StatusPage(socialtest.Berta(), 7), "http://academy.localhost:8080/@berta@beta.test/7")
	equal(t, "key", u.Key(alice.URI, "pem"), "http://academy.localhost:8080/users/alice#main-key")
	equal(t, "tag of a person", u.TagOf(alice, "a/b c"), "http://academy.localhost:8080/@alice/tagged/a%2Fb%20c")
	equal(t, "conversation", u.Context(alice, 7), "http://academy.localhost:8080/contexts/3-7")
	n := social.URLs{Origin: u.Origin, Numeric: true}
	alice.URI = n.Account("alice", 3)
	equal(t, "actor by number", alice.URI, "http://academy.localhost:8080/ap/users/3")
	equal(t, "status by number", n.Status(alice, 7), "http://academy.localhost:8080/ap/users/3/statuses/7")
	equal(t, "page of it", n.StatusPage(alice, 7), "http://academy.localhost:8080/@alice/7")
	equal(t, "key named after itself", n.Key(alice.URI, "pem"), "http://academy.localhost:8080/ap/users/3#rsa-f0aeace912cf19dc")
	equal(t, "tag", u.Tag("a/b c"), "http://academy.localhost:8080/tags/a%2Fb%20c")
	for uri, want := range map[string]bool{
		"http://academy.localhost:8080/users/alice": true, "https://ACADEMY.localhost:8080/": true, "http://academy.localhost/users/alice": false,
		"http://academy.localhost:8081/": false, "http://academy.localhost:8080@evil.test/": false, "http://evil.test/academy.localhost:8080": false, "": false,
	} {
		equal(t, "IsLocal "+uri, u.IsLocal(uri), want)
	}
}

func TestParseID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]social.ID{"1": 1, "116153576325120002": 116153576325120002, "0": 0, "-99": 0, "": 0, "1x": 0, "99999999999999999999": 0, "1.0": 0} {
		id, valid := social.ParseID(in)
		if valid != (want != 0) || valid && id != want {
			t.Errorf("ParseID(%q): got %d, %v, want %d", in, id, valid, want)
		}
	}
}

func TestSamplesAreWhatTheySay(t *testing.T) {
	t.Parallel()
	seen := map[social.ID]string{}
	for name, v := range socialtest.All() {
		if other, taken := seen[v.Status.ID]; taken {
			t.Errorf("%s and %s have the same id", name, other)
		}
		seen[v.Status.ID] = name
		if v.Status.AccountID != v.Author.ID || (v.Status.BoostOfID != 0) != (v.Boost != nil) || v.Status.Local != v.Author.Local() {
			t.Errorf("%s contradicts itself: %+v", name, v.Status)
		}
		if v.Status.CreatedAt.After(socialtest.Now()) || v.Status.URI == "" {
			t.Errorf("%s has no address or comes from the future", name)
		}
	}
}
