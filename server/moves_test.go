package server_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/federation/rules"
	"orrery/social"
)

// Who keeps away from an account that moves keeps away from the new one too (federation.md §4.11).
func TestAMoveCarriesOverBlocksMutesAndNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	berta := w.peer("peer.test").actor("berta")
	bertha := w.peer("other.test").actor("bertha")
	bertha.doc = bertha.p.has(with(bertha.doc, members{"alsoKnownAs": []any{berta.uri}}))
	old, target := berta.known(), bertha.known()
	blocker, muter, noter, follower := w.person("alice"), w.person("mona"), w.person("nora"), w.person("fred")
	s := w.in.Services
	_, err := s.Blocks.Block(t.Context(), blocker.ID, old.ID)
	w.must(err)
	_, err = s.Mutes.Mute(t.Context(), muter.ID, old.ID, true, 48*time.Hour)
	w.must(err)
	_, err = s.Regards.Note(t.Context(), noter.ID, old.ID, "sells tea")
	w.must(err)
	_, err = s.Blocks.Block(t.Context(), follower.ID, old.ID)
	w.must(err)
	w.follows(follower, target)
	w.settle()
	w.send(berta, berta.does("Move", "1", berta.uri, members{"target": bertha.uri}))
	w.settle()
	to := func(who social.Account) social.Relationship {
		t.Helper()
		rs, err := s.Reader.Relationships(t.Context(), who.ID, []social.ID{target.ID})
		w.must(err)
		return rs[0]
	}
	if got := to(blocker); !got.Blocking || !strings.Contains(got.Note, "@berta@peer.test") {
		t.Errorf("who blocked the old account: %+v, want a block of the new one and a note that says why", got)
	}
	if got := to(muter); !got.Muting || !got.MutingNotifications || got.MutingExpiresAt.IsZero() {
		t.Errorf("who muted it: %+v, want the same mute", got)
	}
	if got := to(noter); !strings.HasSuffix(got.Note, "sells tea") || got.Blocking || got.Muting {
		t.Errorf("who noted something: %+v, want the note and nothing else", got)
	}
	if got := to(follower); got.Blocking || !got.Following {
		t.Errorf("who blocked the old account but follows the new one: %+v, want that nothing is blocked", got)
	}
	w.advance(49 * time.Hour)
	if to(muter).Muting {
		t.Error("the mute that was carried over does not end")
	}
}

// What people of this server may do about a move, and who hears of it (federation.md §4.11, §8.3, §16.3).
func TestPeopleMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, moves, alice := t.Context(), w.in.Services.Moves, w.person("alice")
	fan, foe := w.peer("peer.test").actor("fan"), w.peer("third.test").actor("foe")
	w.follows(fan.known(), alice)
	foe.known()
	w.send(foe, foe.does("Block", "1", alice.URI))
	next := w.peer("other.test").actor("alicia")
	next.doc = next.p.has(next.doc)
	got := func() string {
		w.settle()
		var out []string
		for _, host := range []string{"peer.test", "third.test"} {
			for _, s := range w.peer(host).got() {
				out = append(out, host+" "+decode(t, s.Request.Body)["type"].(string))
			}
		}
		return strings.Join(out, ", ")
	}
	got()
	refused := func(what, handle string) {
		t.Helper()
		var said *social.Error
		if _, err := moves.Begin(ctx, alice.ID, handle); !errors.As(err, &said) || said.Kind != social.ErrInvalid {
			t.Errorf("%s: %v, want a sentence that says what is wrong", what, err)
		}
	}
	refused("to nobody", "@nobody@other.test")
	refused("to oneself", "@alice")
	refused("without an alias there", next.uri)
	if sent := got(); sent != "" {
		t.Errorf("a move that was refused: sent %q", sent)
	}
	next.doc = next.p.has(with(next.doc, members{"alsoKnownAs": []any{alice.URI}}))
	target, err := moves.Begin(ctx, alice.ID, next.uri)
	w.must(err)
	if sent, want := got(), "peer.test Move, third.test Move"; sent != want {
		t.Errorf("a move: sent %q, want %q", sent, want)
	}
	if !w.allNamed()[rules.DeliverBlockers] {
		t.Errorf("nothing in the log names %s", rules.DeliverBlockers)
	}
	if a, err := w.in.Services.Store.AccountByID(ctx, alice.ID); err != nil || a.MovedToID != target.ID {
		t.Errorf("alice is shown as moved to %d (%v), want %d", a.MovedToID, err, target.ID)
	}
	refused("again on the same day", next.uri)

	w.must(moves.End(ctx, alice.ID))
	w.advance(time.Minute)
	if sent := got(); sent != "peer.test Update" {
		t.Errorf("the end of a move: sent %q, want an Update of the profile", sent)
	}
	if a, err := w.in.Services.Store.AccountByID(ctx, alice.ID); err != nil || a.MovedToID != 0 {
		t.Errorf("alice is still shown as moved (%v)", err)
	}

	if _, err := moves.Aliases(ctx, alice.ID, []string{"@nobody@other.test"}); err == nil {
		t.Error("nobody is an alias, and nothing refuses it")
	}
	if _, err := moves.Aliases(ctx, alice.ID, make([]string, 11)); err == nil {
		t.Error("eleven aliases, and nothing refuses them")
	}
	_, err = moves.Aliases(ctx, alice.ID, []string{next.uri, "@alice"})
	w.must(err)
	w.advance(time.Minute)
	if sent := got(); sent != "peer.test Update" {
		t.Errorf("a new alias: sent %q, want an Update of the profile", sent)
	}
	if a, err := w.in.Services.Store.AccountByID(ctx, alice.ID); err != nil || !slices.Equal(a.AlsoKnownAs, []string{next.uri}) {
		t.Errorf("the aliases are %v (%v), want %s alone", a.AlsoKnownAs, err, next.uri)
	}
}

func TestLimitedFederationKeepsTheAPIForItsPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	token, _, err := w.in.Services.SignIns.Token(t.Context(), alice.ID, 0, "read")
	w.must(err)
	w.in.Services.Domains.Limited = true
	for _, path := range []string{"/api/v2/instance", "/api/v1/accounts/" + alice.ID.String(), "/api/v1/timelines/public"} {
		if got, body := w.asks("GET", path, "", ""); got != 401 {
			t.Errorf("%s without a token: %d %s, want 401", path, got, body)
		}
		if got, body := w.asks("GET", path, token, ""); got != 200 {
			t.Errorf("%s with a token: %d %s, want 200", path, got, body)
		}
	}
	if got, body := w.asks("POST", "/api/v1/apps", "", "client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob"); got != 200 {
		t.Errorf("a program makes itself known: %d %s, want 200", got, body)
	}
}
