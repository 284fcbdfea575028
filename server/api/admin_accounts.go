package api

import (
	"context"
	"slices"

	"orrery/clientapi"
	"orrery/social"
)

// adminAccountsV1 narrows by flags, one word each.
func (a *API) adminAccountsV1(r *request) error {
	f := social.PeopleFilter{Local: r.params.yes("local"), Remote: r.params.yes("remote")}
	for _, state := range []social.PeopleState{
		social.PeopleActive, social.PeoplePending, social.PeopleDisabled, social.PeopleSilenced, social.PeopleSuspended, social.PeopleSensitized,
	} {
		if r.params.yes(string(state)) {
			f.State = state
		}
	}
	if r.params.yes("staff") {
		f.Roles = social.StaffRoles(social.MayManageReports)
	}
	return a.listPersons(r, f)
}

// adminAccounts narrows by origin, status and roles.
func (a *API) adminAccounts(r *request) error {
	f := social.PeopleFilter{
		Local: r.params.text("origin") == "local", Remote: r.params.text("origin") == "remote", State: social.PeopleState(r.params.text("status")),
	}
	if r.params.text("permissions") == "staff" {
		f.Roles = social.StaffRoles(social.MayManageReports)
	}
	if ids := r.params.list("role_ids"); len(ids) > 0 {
		f.Roles = slices.DeleteFunc(social.Roles(), func(role social.Role) bool { return !slices.Contains(ids, role.ID()) })
		if len(f.Roles) == 0 {
			return emptyList(r)
		}
	}
	return a.listPersons(r, f)
}

func (a *API) listPersons(r *request, f social.PeopleFilter) error {
	for _, unknown := range []string{"ip", "invited_by"} { // of nobody here: none of these are kept
		if r.params.text(unknown) != "" {
			return emptyList(r)
		}
	}
	f.Username, f.DisplayName, f.Domain = r.params.text("username"), r.params.text("display_name"), social.NormalDomain(r.params.text("by_domain"))
	f.Email = r.params.text("email")
	p, err := r.page(adminPage)
	if err != nil {
		return err
	}
	accounts, err := a.Store.People(r.ctx, f, p)
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(accounts))
	for i, account := range accounts {
		ids[i] = account.ID
	}
	persons, err := a.persons(r, ids)
	if err != nil {
		return err
	}
	out := []clientapi.AdminAccount{}
	for _, id := range ids {
		out = append(out, persons[id])
	}
	r.linkAccounts(ids, p.Limit)
	return r.json(out)
}

func (a *API) adminAccount(r *request) error {
	account, err := a.subject(r)
	if err != nil {
		return err
	}
	return a.showPerson(r, account.ID)
}

func (a *API) showPerson(r *request, id social.ID) error {
	persons, err := a.persons(r, []social.ID{id})
	if err != nil {
		return err
	}
	person, ok := persons[id]
	if !ok {
		return errNotFound
	}
	return r.json(person)
}

// moderate does something to the account of the path and shows it as it is then.
func (a *API) moderate(do func(ctx context.Context, by, target social.ID) error) func(*request) error {
	return func(r *request) error {
		account, err := a.subject(r)
		if err != nil {
			return err
		}
		if err := do(r.ctx, r.viewer(), account.ID); err != nil {
			return err
		}
		return a.showPerson(r, account.ID)
	}
}

// The verbs are looked up when they are needed, since routes are listed of an API without services too.
func (a *API) adminApprove(r *request) error     { return a.moderate(a.Moderation.Approve)(r) }
func (a *API) adminReject(r *request) error      { return a.moderate(a.Moderation.Reject)(r) }
func (a *API) adminEnable(r *request) error      { return a.moderate(a.Moderation.Enable)(r) }
func (a *API) adminUnsilence(r *request) error   { return a.moderate(a.Moderation.Unsilence)(r) }
func (a *API) adminUnsuspend(r *request) error   { return a.moderate(a.Moderation.Unsuspend)(r) }
func (a *API) adminUnsensitive(r *request) error { return a.moderate(a.Moderation.Unsensitize)(r) }

// adminDelete removes what a suspended account has, for good. Who is not suspended is not deleted by one click.
func (a *API) adminDelete(r *request) error {
	account, err := a.subject(r)
	if err != nil {
		return err
	}
	if !account.Suspended() {
		return errStaff
	}
	if err := a.Moderation.Delete(r.ctx, r.viewer(), account.ID); err != nil {
		return err
	}
	return a.showPerson(r, account.ID)
}

// adminAct does what the form says to an account, and answers a report with it.
func (a *API) adminAct(r *request) error {
	account, err := a.subject(r)
	if err != nil {
		return err
	}
	report, err := r.params.id("report_id")
	if err != nil {
		return err
	}
	action := social.AccountAction(r.params.text("type"))
	if err := a.Moderation.Act(r.ctx, r.viewer(), account.ID, action, r.params.text("text"), report); err != nil {
		return err
	}
	return r.empty()
}
