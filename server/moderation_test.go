package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"orrery/clientapi"
	"orrery/social"
)

// asks sends a request of the client API as somebody with a token for everything.
func (w *world) asks(method, path, token, form string) (int, []byte) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, "https://alpha.test"+path, strings.NewReader(form))
	w.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	w.must(err)
	return res.StatusCode, body
}

func TestWhoIsSuspendedIsKeptOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m, alice := w.in.Services.Moderation, w.person("alice")
	token, _, err := w.in.Services.SignIns.Token(t.Context(), alice.ID, 0, "read write")
	w.must(err)
	cookie, err := w.in.Services.SignIns.Open(t.Context(), alice.ID)
	w.must(err)
	expect := func(when string, status int, in bool) {
		t.Helper()
		if got, body := w.asks("GET", "/api/v1/accounts/verify_credentials", token, ""); got != status {
			t.Errorf("%s: the API answers %d %s, want %d", when, got, body, status)
		}
		if _, err := w.in.Services.SignIns.Session(t.Context(), cookie); (err == nil) != in {
			t.Errorf("%s: the session ends with %v, want it to hold: %t", when, err, in)
		}
	}
	expect("at first", 200, true)
	w.must(m.Suspend(t.Context(), owner, alice.ID))
	expect("suspended", 403, false)
	w.must(m.Unsuspend(t.Context(), owner, alice.ID))
	expect("back", 200, true)
	w.must(m.Disable(t.Context(), owner, alice.ID))
	expect("disabled", 403, false)
	w.must(m.Enable(t.Context(), owner, alice.ID))
	expect("enabled", 200, true)
}

func TestModeratorsActOnThoseBelowThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m, alice, mona, ada := w.in.Services.Moderation, w.person("alice"), w.person("mona"), w.person("ada")
	w.must(m.GiveRole(t.Context(), owner, mona.ID, social.RoleModerator))
	w.must(m.GiveRole(t.Context(), owner, ada.ID, social.RoleAdmin))
	for what, err := range map[string]error{
		"somebody without a role suspends": m.Suspend(t.Context(), alice.ID, mona.ID),
		"a moderator suspends an admin":    m.Suspend(t.Context(), mona.ID, ada.ID),
		"a moderator suspends themselves":  m.Suspend(t.Context(), mona.ID, mona.ID),
		"a moderator blocks a server": func() error {
			_, err := m.BlockDomain(t.Context(), mona.ID, social.DomainBlock{Domain: "x.test"})
			return err
		}(),
		"an admin makes an owner":             m.GiveRole(t.Context(), ada.ID, alice.ID, social.RoleOwner),
		"somebody suspends the server itself": m.Suspend(t.Context(), owner, owner),
	} {
		if err == nil {
			t.Errorf("%s: nothing forbids it", what)
		}
	}
	w.must(m.Suspend(t.Context(), mona.ID, alice.ID))
	deeds, err := w.in.Services.Store.Deeds(t.Context(), social.Page{Limit: 1})
	if err != nil || len(deeds) != 1 || deeds[0].By != mona.ID || deeds[0].Action != "suspend" || deeds[0].Target != "@alice" {
		t.Errorf("the last deed is %+v (%v), want that mona suspended @alice", deeds, err)
	}
}

// What an open report names stays for moderators, whoever takes it back and however; closing the last of them lets it go.
func TestReportsKeepWhatTheyName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	alice, bob := w.here("alice"), w.person("bob")
	m := w.in.Services.Moderation
	names := func(target social.Account, statuses ...social.ID) social.Report {
		t.Helper()
		r, err := m.Report(t.Context(), bob.ID, social.Complaint{TargetID: target.ID, StatusIDs: statuses})
		w.must(err)
		return r
	}
	for _, id := range []string{"1", "2"} {
		w.send(s.berta, s.berta.creates(s.berta.note(id)))
	}
	berta := s.berta.known()
	one, two, here := w.status("1"), w.status("2"), w.say(alice, "Rude")
	both, first, own := names(berta, one.ID, two.ID), names(berta, one.ID), names(alice, here.ID)
	for _, id := range []string{"1", "2"} {
		w.send(s.berta, s.berta.does("Delete", "d"+id, s.berta.uri+"/statuses/"+id))
	}
	w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, here.ID))
	w.settle()
	for _, tt := range []struct {
		close social.Report
		kept  []social.ID
	}{{social.Report{}, []social.ID{one.ID, two.ID, here.ID}}, {both, []social.ID{one.ID, here.ID}}, {own, []social.ID{one.ID}}, {first, nil}} {
		if tt.close.ID != 0 {
			_, err := m.ResolveReport(t.Context(), owner, tt.close.ID)
			w.must(err)
		}
		got, err := w.in.Services.Store.StatusEvenDeleted(t.Context(), []social.ID{one.ID, two.ID, here.ID})
		w.must(err)
		for _, id := range []social.ID{one.ID, two.ID, here.ID} {
			if _, is := got[id]; is != slices.Contains(tt.kept, id) {
				t.Errorf("with report %d closed, status %d is kept: %t", tt.close.ID, id, is)
			}
		}
	}
}

func TestReportsByApps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, bob := w.person("alice"), w.person("bob")
	m := w.in.Services.Moderation
	rule, err := m.AddRule(t.Context(), owner, "Be kind", "")
	w.must(err)
	_, err = m.BlockDomain(t.Context(), owner, social.DomainBlock{Domain: "bad.test", Severity: social.SeveritySuspend, Obfuscate: true, PublicComment: "spam"})
	w.must(err)
	seen, hidden := w.say(bob, "rude"), w.publish(bob, social.Draft{Text: "rude", Visibility: social.Private})
	token, _, err := w.in.Services.SignIns.Token(t.Context(), alice.ID, 0, "write:reports")
	w.must(err)
	status, body := w.asks("POST", "/api/v1/reports", token, "account_id="+bob.ID.String()+"&status_ids[]="+seen.ID.String()+"&status_ids[]="+hidden.ID.String()+
		"&rule_ids[]="+rule.ID.String()+"&comment=so+rude")
	var got clientapi.Report
	if err := json.Unmarshal(body, &got); err != nil || status != 200 {
		t.Fatalf("answered %d %s (%v)", status, body, err)
	}
	if got.Category != "violation" || got.Comment != "so rude" || len(got.StatusIDs) != 1 || got.TargetAccount.Username != "bob" || got.ActionTaken {
		t.Errorf("got %+v", got)
	}
	if status, body := w.asks("POST", "/api/v1/reports", token, "account_id="+alice.ID.String()); status != 422 {
		t.Errorf("a report about oneself: answered %d %s, want 422", status, body)
	}
	if _, body := w.asks("GET", "/api/v1/instance/rules", "", ""); !strings.Contains(string(body), `"text":"Be kind"`) {
		t.Errorf("the rules are %s", body)
	}
	if _, body := w.asks("GET", "/api/v1/instance/domain_blocks", "", ""); !strings.Contains(string(body), `"domain":"ba*.**st"`) || !strings.Contains(string(body), `"comment":"spam"`) {
		t.Errorf("the blocks are %s", body)
	}
}
