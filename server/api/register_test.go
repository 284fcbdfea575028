package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"orrery/clientapi"
	"orrery/social"
)

const joining = "/api/v1/accounts"

func (w *world) opens(r social.Registration) {
	w.t.Helper()
	if err := w.Moderation.SetRegistration(w.t.Context(), social.InstanceActorID, r); err != nil {
		w.t.Fatal(err)
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, _, err := w.SignIns.App(t.Context(), social.App{Name: "toot", RedirectURIs: []string{social.OutOfBand}, Scopes: "read write"})
	if err != nil {
		t.Fatal(err)
	}
	program, _, err := w.SignIns.Token(t.Context(), 0, app.ID, "read write")
	if err != nil {
		t.Fatal(err)
	}
	const dora = "username=dora&email=Dora@Mail.test&password=correct+horse&agreement=true&locale=de-AT"
	w.fails(program, "POST", joining, dora, http.StatusForbidden) // closed unless it is opened
	if i := ok[clientapi.Instance](w, "", "GET", "/api/v2/instance", ""); i.Registrations.Enabled {
		t.Error("a closed server says that it is open")
	}
	w.opens(social.Registration{Mode: social.RegistrationsForAll})
	if i := ok[clientapi.InstanceV1](w, "", "GET", "/api/v1/instance", ""); !i.Registrations || i.ApprovalRequired {
		t.Errorf("an open server says %v, approval %v", i.Registrations, i.ApprovalRequired)
	}
	token := ok[clientapi.Token](w, program, "POST", joining, dora)
	if token.Scope != "read write" || token.TokenType != "Bearer" {
		t.Errorf("token: %+v", token)
	}
	me := ok[clientapi.CredentialAccount](w, token.AccessToken, "GET", "/api/v1/accounts/verify_credentials", "")
	if me.Username != "dora" || me.Source.Language != "de" {
		t.Errorf("joined as %s, who writes %q", me.Username, me.Source.Language)
	}
	for name, tt := range map[string]struct{ form, field, code string }{
		"nothing":           {"", "username", social.CodeBlank},
		"no address":        {"username=eve&password=correct+horse&agreement=1", "email", social.CodeBlank},
		"a bad address":     {"username=eve&email=eve&password=correct+horse&agreement=1", "email", social.CodeInvalid},
		"an address again":  {"username=eve&email=dora@mail.test&password=correct+horse&agreement=1", "email", social.CodeTaken},
		"a name again":      {"username=DORA&email=e@mail.test&password=correct+horse&agreement=1", "username", social.CodeTaken},
		"no name":           {"username=a+b&email=e@mail.test&password=correct+horse&agreement=1", "username", social.CodeInvalid},
		"a long name":       {"username=" + strings.Repeat("x", 31) + "&email=e@mail.test&password=correct+horse&agreement=1", "username", social.CodeTooLong},
		"a reserved name":   {"username=Admin&email=e@mail.test&password=correct+horse&agreement=1", "username", social.CodeReserved},
		"a short password":  {"username=eve&email=e@mail.test&password=short&agreement=1", "password", social.CodeTooShort},
		"no password":       {"username=eve&email=e@mail.test&agreement=1", "password", social.CodeBlank},
		"no agreement":      {"username=eve&email=e@mail.test&password=correct+horse&agreement=false", "agreement", social.CodeAccepted},
		"a very long story": {"username=eve&email=e@mail.test&password=correct+horse&agreement=1&reason=" + strings.Repeat("x", 501), "reason", social.CodeTooLong},
	} {
		got := w.do(program, "POST", joining, tt.form)
		var e clientapi.ValidationError
		if err := json.Unmarshal(got.body, &e); err != nil || got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s, want 422", name, got.status, got.body)
			continue
		}
		if d := e.Details[tt.field]; len(d) != 1 || d[0].Error != tt.code || d[0].Description == "" || !strings.HasPrefix(e.Error, "Validation failed: ") {
			t.Errorf("%s: %s, want %s of %s", name, got.body, tt.code, tt.field)
		}
	}
	w.fails(w.token(0, "read"), "POST", joining, dora, http.StatusForbidden)
	w.fails("", "POST", joining, dora, http.StatusUnauthorized)
}

// Where somebody answers by hand, who asks is nobody yet.
func TestRegister_byHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.opens(social.Registration{Mode: social.RegistrationsByHand, ReasonRequired: true})
	if err := w.Moderation.GiveRole(ctx, social.InstanceActorID, w.people["alice"].ID, social.RoleModerator); err != nil {
		t.Fatal(err)
	}
	staff := w.token(w.people["alice"].ID, "read write admin:read admin:write")
	program := w.token(0, "read write")
	const eve = "username=eve&email=eve@mail.test&password=correct+horse&agreement=1"
	w.fails(program, "POST", joining, eve, http.StatusUnprocessableEntity) // without a reason
	token := ok[clientapi.Token](w, program, "POST", joining, eve+"&reason=Stars")
	if said := w.fails(token.AccessToken, "GET", "/api/v1/accounts/verify_credentials", "", http.StatusForbidden); said != "Your login is currently pending approval" {
		t.Errorf("eve is told %q", said)
	}
	w.fails("", "GET", "/api/v1/accounts/lookup?acct=eve", "", http.StatusNotFound)
	waiting := ok[[]clientapi.AdminAccount](w, staff, "GET", "/api/v2/admin/accounts?status=pending", "")
	if len(waiting) != 1 || waiting[0].Username != "eve" || waiting[0].Email != "eve@mail.test" || waiting[0].InviteRequest == nil || *waiting[0].InviteRequest != "Stars" || waiting[0].Approved {
		t.Fatalf("waiting: %+v", waiting)
	}
	id := waiting[0].ID
	w.fails("bob", "GET", "/api/v1/accounts/"+id, "", http.StatusNotFound)
	if found := ok[[]clientapi.Account](w, "bob", "GET", "/api/v1/accounts?id[]="+id, ""); len(found) != 0 {
		t.Errorf("bob sees %+v", found)
	}
	if ns := ok[[]clientapi.Notification](w, staff, "GET", "/api/v1/notifications?types[]=admin.sign_up", ""); len(ns) != 1 || ns[0].Account.Username != "eve" {
		t.Errorf("alice is told %+v", ns)
	}
	ok[clientapi.AdminAccount](w, staff, "POST", "/api/v1/admin/accounts/"+id+"/approve", "")
	ok[clientapi.CredentialAccount](w, token.AccessToken, "GET", "/api/v1/accounts/verify_credentials", "")
	ok[clientapi.Account](w, "", "GET", "/api/v1/accounts/lookup?acct=eve", "")

	w.opens(social.Registration{Mode: social.RegistrationsForAll})
	if _, err := w.Moderation.BlockEmailDomain(ctx, social.InstanceActorID, social.EmailDomainBlock{Domain: "bad.test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Moderation.BlockEmailDomain(ctx, social.InstanceActorID, social.EmailDomainBlock{Domain: "odd.test", AllowWithApproval: true}); err != nil {
		t.Fatal(err)
	}
	if got := w.do(program, "POST", joining, "username=x&email=x@mail.bad.test&password=correct+horse&agreement=1"); !strings.Contains(string(got.body), social.CodeBlocked) {
		t.Errorf("from a blocked domain: %s", got.body)
	}
	odd := ok[clientapi.Token](w, program, "POST", joining, "username=x&email=x@odd.test&password=correct+horse&agreement=1")
	w.fails(odd.AccessToken, "GET", "/api/v1/accounts/verify_credentials", "", http.StatusForbidden)
	if _, err := w.Moderation.BlockIP(ctx, social.InstanceActorID, social.IPBlock{Network: "0.0.0.0/0", Severity: social.IPNoSignUp}); err != nil {
		t.Fatal(err)
	}
	if got := w.from("192.0.2.9", program, "POST", joining, "username=y&email=y@mail.test&password=correct+horse&agreement=1"); got.status != http.StatusForbidden {
		t.Errorf("from a blocked network: %d %s, want 403", got.status, got.body)
	}
}

// Those behind a proxy are told apart by what it says of them, as by the rate limits; an IPv6 network counts as one.
func TestRegister_isThrottledBehindAProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opens(social.Registration{Mode: social.RegistrationsForAll})
	app, _, err := w.SignIns.App(t.Context(), social.App{Name: "toot", RedirectURIs: []string{social.OutOfBand}, Scopes: "read write"})
	if err != nil {
		t.Fatal(err)
	}
	program, _, err := w.SignIns.Token(t.Context(), 0, app.ID, "read write")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	join := func(from string) int {
		n++
		return w.from(from, program, "POST", joining, fmt.Sprintf("username=p%d&email=p%d@mail.test&password=correct+horse&agreement=1", n, n)).status
	}
	for _, network := range [][]string{{"198.51.100.1"}, {"2001:db8:1:2::1", "2001:db8:1:2::2"}} {
		for range social.SignUpsPerAddress {
			if got := join(network[0]); got != http.StatusOK {
				t.Fatalf("%s: %d, want 200", network[0], got)
			}
		}
		if got := join(network[len(network)-1]); got != http.StatusTooManyRequests {
			t.Errorf("%s after %d: %d, want 429", network, social.SignUpsPerAddress, got)
		}
	}
	if got := join("198.51.100.2"); got != http.StatusOK {
		t.Errorf("a neighbour: %d, want 200", got)
	}
}
