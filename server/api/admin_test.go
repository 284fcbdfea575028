package api

import (
	"encoding/json"
	"strings"
	"testing"

	"orrery/clientapi"
	"orrery/social"
)

// staffed is a world where mona moderates, ada administers, and both have tokens for everything.
func staffed(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for name, role := range map[string]social.Role{"mona": social.RoleModerator, "ada": social.RoleAdmin} {
		w.join(name)
		if err := w.Moderation.GiveRole(t.Context(), social.InstanceActorID, w.people[name].ID, role); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"alice", "mona", "ada"} {
		w.tokens[name] = w.token(w.people[name].ID, "read write admin:read admin:write")
	}
	return w
}

func TestAdminNeedsScopeAndRole(t *testing.T) {
	t.Parallel()
	w := staffed(t)
	w.tokens["reader"] = w.token(w.people["ada"].ID, "admin:read:reports")
	for _, tt := range []struct {
		as, method, path string
		status           int
	}{
		{"", "GET", "accounts", 401},
		{"bob", "GET", "accounts", 403},   // without the scope
		{"alice", "GET", "accounts", 403}, // without the role
		{"alice", "POST", "accounts/" + w.id("bob") + "/action?type=suspend", 403},
		{"mona", "GET", "accounts", 200},
		{"mona", "GET", "domain_blocks", 403},
		{"mona", "POST", "ip_blocks?ip=192.0.2.1&severity=no_access", 403},
		{"ada", "GET", "domain_blocks", 200},
		{"reader", "GET", "reports", 200},
		{"reader", "GET", "accounts", 403},
		{"mona", "POST", "accounts/" + w.id("ada") + "/action?type=suspend", 403},
		{"mona", "DELETE", "accounts/" + w.id("bob"), 403},
		{"ada", "DELETE", "accounts/" + w.id("bob"), 403}, // who is not suspended
	} {
		if got := w.do(tt.as, tt.method, "/api/v1/admin/"+tt.path, ""); got.status != tt.status {
			t.Errorf("%s %s as %q: %d %s, want %d", tt.method, tt.path, tt.as, got.status, got.body, tt.status)
		}
	}
}

func TestAdminAccounts(t *testing.T) {
	t.Parallel()
	w := staffed(t)
	act := "/api/v1/admin/accounts/" + w.id("bob") + "/"
	names := func(path string) string {
		t.Helper()
		var out []string
		for _, a := range ok[[]clientapi.AdminAccount](w, "mona", "GET", path, "") {
			out = append(out, a.Account.Acct)
		}
		return strings.Join(out, " ")
	}
	ok[struct{}](w, "mona", "POST", act+"action", "type=silence&text=calm+down")
	for path, want := range map[string]string{
		"/api/v1/admin/accounts?remote=true":                       "rita@remote.test",
		"/api/v1/admin/accounts?silenced=true":                     "bob",
		"/api/v1/admin/accounts?by_domain=remote.test":             "rita@remote.test",
		"/api/v1/admin/accounts?username=LE":                       "lena",
		"/api/v1/admin/accounts?email=a@b.test":                    "",
		"/api/v1/admin/accounts?pending=true":                      "",
		"/api/v2/admin/accounts?origin=remote":                     "rita@remote.test",
		"/api/v2/admin/accounts?status=silenced":                   "bob",
		"/api/v2/admin/accounts?role_ids[]=2":                      "ada",
		"/api/v2/admin/accounts?role_ids[]=99":                     "",
		"/api/v2/admin/accounts?origin=local&username=b&limit=1":   "bob",
		"/api/v2/admin/accounts?status=disabled":                   "",
		"/api/v1/admin/accounts?local=true&display_name=nobody%25": "",
	} {
		if got := names(path); got != want {
			t.Errorf("%s lists %q, want %q", path, got, want)
		}
	}
	staff := names("/api/v2/admin/accounts?permissions=staff")
	if !strings.Contains(staff, "mona") || !strings.Contains(staff, "ada") || strings.Contains(staff, "bob") {
		t.Errorf("staff is %q, want ada and mona", staff)
	}

	got := ok[clientapi.AdminAccount](w, "mona", "GET", strings.TrimSuffix(act, "/"), "")
	if !got.Silenced || got.Suspended || !got.Approved || got.Domain != nil || got.Locale != "en" {
		t.Errorf("bob is %+v, want somebody here who is limited", got)
	}
	told := ok[[]clientapi.Notification](w, "bob", "GET", "/api/v1/notifications?types[]=moderation_warning", "")
	if len(told) != 1 || told[0].ModerationWarning == nil || told[0].ModerationWarning.Text != "calm down" || told[0].ModerationWarning.Action != "silence" {
		t.Errorf("bob was told %+v", told)
	}
	if got := ok[clientapi.AdminAccount](w, "mona", "POST", act+"unsilence", ""); got.Silenced {
		t.Error("unsilence does not")
	}
	ok[struct{}](w, "mona", "POST", act+"action", "type=sensitive")
	if got := ok[clientapi.AdminAccount](w, "mona", "POST", act+"unsensitive", ""); got.Sensitized {
		t.Error("unsensitive does not")
	}
	ok[struct{}](w, "mona", "POST", act+"action", "type=disable")
	w.fails("bob", "GET", "/api/v1/accounts/verify_credentials", "", 403)
	if got := ok[clientapi.AdminAccount](w, "mona", "POST", act+"enable", ""); got.Disabled {
		t.Error("enable does not")
	}
	ok[struct{}](w, "mona", "POST", act+"action", "type=suspend")
	if got := ok[clientapi.AdminAccount](w, "mona", "POST", act+"unsuspend", ""); got.Suspended {
		t.Error("unsuspend does not")
	}
	w.fails("mona", "POST", act+"action", "type=banish", 422)
	w.fails("mona", "POST", act+"approve", "", 403) // he does not wait
	if err := w.Store.SetPending(t.Context(), w.people["bob"].ID, true); err != nil {
		t.Fatal(err)
	}
	w.fails("bob", "GET", "/api/v1/accounts/verify_credentials", "", 403)
	if got := ok[clientapi.AdminAccount](w, "mona", "POST", act+"approve", ""); !got.Approved {
		t.Error("approve does not")
	}
	ok[struct{}](w, "mona", "POST", act+"action", "type=suspend")
	if got := ok[clientapi.AdminAccount](w, "ada", "DELETE", strings.TrimSuffix(act, "/"), ""); !got.Suspended {
		t.Errorf("deleted bob is %+v", got)
	}
	if err := w.Store.SetPending(t.Context(), w.people["lena"].ID, true); err != nil {
		t.Fatal(err)
	}
	ok[clientapi.AdminAccount](w, "mona", "POST", "/api/v1/admin/accounts/"+w.id("lena")+"/reject", "")
	w.fails("mona", "GET", "/api/v1/admin/accounts/1", "", 404)
}

func TestAdminReports(t *testing.T) {
	t.Parallel()
	w := staffed(t)
	rule, err := w.Moderation.AddRule(t.Context(), social.InstanceActorID, "Be kind", "")
	if err != nil {
		t.Fatal(err)
	}
	post := w.post("bob", "rude")
	ok[clientapi.Report](w, "alice", "POST", "/api/v1/reports", "account_id="+w.id("bob")+"&status_ids[]="+post+"&comment=so+rude")
	told := ok[[]clientapi.Notification](w, "mona", "GET", "/api/v1/notifications", "")
	if len(told) != 1 || told[0].Type != "admin.report" || told[0].Report == nil || told[0].Report.Comment != "so rude" {
		t.Fatalf("mona was told %+v, want the report", told)
	}
	if one := ok[clientapi.Notification](w, "mona", "GET", "/api/v1/notifications/"+told[0].ID, ""); one.Report == nil {
		t.Error("the notification alone has no report")
	}
	open := ok[[]clientapi.AdminReport](w, "mona", "GET", "/api/v1/admin/reports?target_account_id="+w.id("bob"), "")
	if len(open) != 1 || len(open[0].Statuses) != 1 || open[0].Account.Username != "alice" || open[0].TargetAccount.Username != "bob" {
		t.Fatalf("the open reports are %+v", open)
	}
	one := "/api/v1/admin/reports/" + open[0].ID
	if got := ok[clientapi.AdminReport](w, "mona", "POST", one+"/assign_to_self", ""); got.AssignedAccount == nil || got.AssignedAccount.Username != "mona" {
		t.Errorf("assigned: %+v", got.AssignedAccount)
	}
	if got := ok[clientapi.AdminReport](w, "mona", "POST", one+"/unassign", ""); got.AssignedAccount != nil {
		t.Error("unassign does not")
	}
	if got := ok[clientapi.AdminReport](w, "mona", "PUT", one, "category=violation&rule_ids[]="+rule.ID.String()); got.Category != "violation" || len(got.Rules) != 1 {
		t.Errorf("changed: %s with %d rules", got.Category, len(got.Rules))
	}
	w.fails("mona", "PUT", one, "category=taste", 422)
	if got := ok[clientapi.AdminReport](w, "mona", "POST", one+"/resolve", ""); !got.ActionTaken || got.ActionTakenByAccount == nil || got.ActionTakenAt == nil {
		t.Errorf("resolved: %+v", got)
	}
	if got := ok[[]clientapi.AdminReport](w, "mona", "GET", "/api/v1/admin/reports", ""); len(got) != 0 {
		t.Errorf("%d reports are open, want none", len(got))
	}
	if got := ok[[]clientapi.AdminReport](w, "mona", "GET", "/api/v1/admin/reports?resolved=true", ""); len(got) != 1 {
		t.Errorf("%d reports are resolved, want one", len(got))
	}
	if got := ok[clientapi.AdminReport](w, "mona", "POST", one+"/reopen", ""); got.ActionTaken {
		t.Error("reopen does not")
	}
	ok[struct{}](w, "mona", "POST", "/api/v1/admin/accounts/"+w.id("bob")+"/action", "type=none&text=please&report_id="+open[0].ID)
	if got := ok[clientapi.AdminReport](w, "mona", "GET", one, ""); !got.ActionTaken {
		t.Error("an action that answers a report does not close it")
	}
	w.fails("mona", "GET", "/api/v1/admin/reports/1", "", 404)
	if got := ok[clientapi.Instance](w, "", "GET", "/api/v2/instance", ""); len(got.Rules) != 1 {
		t.Errorf("the instance has %d rules, want one", len(got.Rules))
	}
	if got := ok[clientapi.InstanceV1](w, "", "GET", "/api/v1/instance", ""); len(got.Rules) != 1 {
		t.Errorf("v1 has %d rules, want one", len(got.Rules))
	}
}

func TestAdminServers(t *testing.T) {
	t.Parallel()
	w := staffed(t)
	const blocks, allows = "/api/v1/admin/domain_blocks", "/api/v1/admin/domain_allows"
	b := ok[clientapi.AdminDomainBlock](w, "ada", "POST", blocks, "domain=Bad.test&severity=silence&reject_media=true&public_comment=spam")
	if b.Domain != "bad.test" || b.Severity != "silence" || !b.RejectMedia || b.PrivateComment != nil || *b.PublicComment != "spam" {
		t.Errorf("blocked: %+v", b)
	}
	for domain, status := range map[string]int{"bad.test&severity=suspend": 422, "x.bad.test&severity=noop": 422, "y.bad.test&severity=suspend": 200, "no+domain": 422} {
		got := w.do("ada", "POST", blocks, "domain="+domain)
		if got.status != status {
			t.Errorf("a block of %s: %d %s, want %d", domain, got.status, got.body, status)
		}
		var existing clientapi.ExistingDomainBlockError
		if err := json.Unmarshal(got.body, &existing); strings.Contains(domain, "bad.test") && status == 422 && (err != nil || existing.ExistingDomainBlock.ID != b.ID) {
			t.Errorf("a block of %s: %s (%v), want the block that is there", domain, got.body, err)
		}
	}
	one := blocks + "/" + b.ID
	if got := ok[clientapi.AdminDomainBlock](w, "ada", "PUT", one, "severity=suspend&obfuscate=true"); got.Severity != "suspend" || !got.Obfuscate || !got.RejectMedia {
		t.Errorf("changed: %+v", got)
	}
	if got := ok[clientapi.AdminDomainBlock](w, "ada", "GET", one, ""); got.Severity != "suspend" {
		t.Errorf("shown: %+v", got)
	}
	if got := ok[[]clientapi.AdminDomainBlock](w, "ada", "GET", blocks, ""); len(got) != 2 {
		t.Errorf("%d blocks, want two", len(got))
	}
	ok[clientapi.AdminDomainBlock](w, "ada", "DELETE", one, "")
	w.fails("ada", "GET", one, "", 404)

	a := ok[clientapi.AdminDomainAllow](w, "ada", "POST", allows, "domain=friend.test")
	if again := ok[clientapi.AdminDomainAllow](w, "ada", "POST", allows, "domain=friend.test"); again.ID != a.ID {
		t.Errorf("allowed twice: %s and %s", a.ID, again.ID)
	}
	if got := ok[[]clientapi.AdminDomainAllow](w, "ada", "GET", allows, ""); len(got) != 1 {
		t.Errorf("%d servers are allowed, want one", len(got))
	}
	ok[clientapi.AdminDomainAllow](w, "ada", "GET", allows+"/"+a.ID, "")
	ok[clientapi.AdminDomainAllow](w, "ada", "DELETE", allows+"/"+a.ID, "")
	w.fails("ada", "DELETE", allows+"/"+a.ID, "", 404)
}

func TestAdminSignUps(t *testing.T) {
	t.Parallel()
	w := staffed(t)
	const domains, emails, ips = "/api/v1/admin/email_domain_blocks", "/api/v1/admin/canonical_email_blocks", "/api/v1/admin/ip_blocks"
	d := ok[clientapi.AdminEmailDomainBlock](w, "ada", "POST", domains, "domain=Mail.test&allow_with_approval=true")
	if d.Domain != "mail.test" || !d.AllowWithApproval {
		t.Errorf("blocked: %+v", d)
	}
	w.fails("ada", "POST", domains, "domain=mail.test", 422)
	ok[clientapi.AdminEmailDomainBlock](w, "ada", "GET", domains+"/"+d.ID, "")
	if got := ok[[]clientapi.AdminEmailDomainBlock](w, "ada", "GET", domains, ""); len(got) != 1 {
		t.Errorf("%d domains of addresses, want one", len(got))
	}
	ok[clientapi.AdminEmailDomainBlock](w, "ada", "DELETE", domains+"/"+d.ID, "")
	w.fails("ada", "GET", domains+"/"+d.ID, "", 404)

	e := ok[clientapi.AdminCanonicalEmailBlock](w, "ada", "POST", emails, "email=j.Doe%2Bx@mail.test")
	if got := ok[[]clientapi.AdminCanonicalEmailBlock](w, "ada", "POST", emails+"/test", "email=jdoe@Mail.test"); len(got) != 1 || got[0] != e {
		t.Errorf("the same address in other words: %+v, want %+v", got, e)
	}
	if got := ok[[]clientapi.AdminCanonicalEmailBlock](w, "ada", "POST", emails+"/test", "email=other@mail.test"); len(got) != 0 {
		t.Errorf("another address: %+v", got)
	}
	w.fails("ada", "POST", emails, "canonical_email_hash="+e.CanonicalEmailHash, 422)
	w.fails("ada", "POST", emails, "canonical_email_hash=abc", 422)
	w.fails("ada", "POST", emails+"/test", "", 400)
	ok[clientapi.AdminCanonicalEmailBlock](w, "ada", "GET", emails+"/"+e.ID, "")
	ok[[]clientapi.AdminCanonicalEmailBlock](w, "ada", "GET", emails, "")
	ok[clientapi.AdminCanonicalEmailBlock](w, "ada", "DELETE", emails+"/"+e.ID, "")

	ip := ok[clientapi.AdminIPBlock](w, "ada", "POST", ips, "ip=192.0.2.77/24&severity=sign_up_block&comment=bots&expires_in=3600")
	if ip.IP != "192.0.2.0/24" || ip.ExpiresAt == nil {
		t.Errorf("blocked: %+v", ip)
	}
	w.fails("ada", "POST", ips, "ip=192.0.2.1/24&severity=no_access", 422)
	w.fails("ada", "POST", ips, "ip=here&severity=no_access", 422)
	w.fails("ada", "POST", ips, "ip=192.0.2.1", 422)
	if got := ok[clientapi.AdminIPBlock](w, "ada", "PUT", ips+"/"+ip.ID, "severity=no_access&expires_in="); got.Severity != "no_access" || got.ExpiresAt != nil || got.Comment != "bots" {
		t.Errorf("changed: %+v", got)
	}
	ok[clientapi.AdminIPBlock](w, "ada", "GET", ips+"/"+ip.ID, "")
	if got := ok[[]clientapi.AdminIPBlock](w, "ada", "GET", ips, ""); len(got) != 1 {
		t.Errorf("%d networks, want one", len(got))
	}
	ok[clientapi.AdminIPBlock](w, "ada", "DELETE", ips+"/"+ip.ID, "")
	w.fails("ada", "DELETE", ips+"/"+ip.ID, "", 404)
}
