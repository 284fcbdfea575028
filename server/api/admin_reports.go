package api

import (
	"slices"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) adminReports(r *request) error {
	p, err := r.page(adminPage)
	if err != nil {
		return err
	}
	f := social.ReportFilter{Resolved: r.params.yes("resolved")}
	if f.AccountID, err = r.params.id("account_id"); err != nil {
		return err
	}
	if f.Target, err = r.params.id("target_account_id"); err != nil {
		return err
	}
	reports, err := a.Store.Reports(r.ctx, f, p)
	if err != nil {
		return err
	}
	out, err := a.complaints(r, reports)
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(reports))
	for i, x := range reports {
		ids[i] = x.ID
	}
	r.linkAccounts(ids, p.Limit)
	return r.json(out)
}

// complaints renders reports with their people, posts and rules.
func (a *API) complaints(r *request, reports []social.Report) ([]clientapi.AdminReport, error) {
	var people, posts []social.ID
	for _, x := range reports {
		people = append(people, x.AccountID, x.TargetID, x.Assigned, x.ClosedBy)
		posts = append(posts, x.StatusIDs...)
	}
	persons, err := a.persons(r, people)
	if err != nil {
		return nil, err
	}
	views, err := a.Reader.Reported(r.ctx, posts)
	if err != nil {
		return nil, err
	}
	rules, err := a.Store.InstanceRules(r.ctx)
	if err != nil {
		return nil, err
	}
	out := []clientapi.AdminReport{}
	for _, x := range reports {
		statuses, broken := []clientapi.Status{}, []social.InstanceRule{}
		for _, v := range views {
			if slices.Contains(x.StatusIDs, v.Status.ID) {
				statuses = append(statuses, clientapi.FromStatus(v, r.render()))
			}
		}
		for _, rule := range rules {
			if slices.Contains(x.RuleIDs, rule.ID) {
				broken = append(broken, rule)
			}
		}
		person := func(id social.ID) *clientapi.AdminAccount {
			if p, ok := persons[id]; ok && id != 0 {
				return &p
			}
			return nil
		}
		out = append(out, clientapi.FromComplaint(x, person, statuses, clientapi.FromRules(broken)))
	}
	return out, nil
}

func (a *API) adminReport(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	report, err := a.Store.ReportByID(r.ctx, id)
	return a.complaint(r, report, err)
}

// complaint answers with one report.
func (a *API) complaint(r *request, report social.Report, err error) error {
	if err != nil {
		return err
	}
	out, err := a.complaints(r, []social.Report{report})
	if err != nil {
		return err
	}
	return r.json(out[0])
}

func (a *API) adminChangeReport(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	category := social.ReportCategory(r.params.text("category"))
	if !slices.Contains([]social.ReportCategory{"", social.ReportOther, social.ReportSpam, social.ReportLegal, social.ReportViolation}, category) {
		return unprocessable("Validation failed: Category is not included in the list")
	}
	var rules []social.ID
	if r.params.given("rule_ids") != nil {
		rules = append([]social.ID{}, r.params.ids("rule_ids")...)
	}
	report, err := a.Moderation.UpdateReport(r.ctx, r.viewer(), id, category, rules)
	return a.complaint(r, report, err)
}

func (a *API) adminAssign(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	report, err := a.Moderation.AssignReport(r.ctx, r.viewer(), id)
	return a.complaint(r, report, err)
}

func (a *API) adminUnassign(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	report, err := a.Moderation.UnassignReport(r.ctx, r.viewer(), id)
	return a.complaint(r, report, err)
}

func (a *API) adminResolve(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	report, err := a.Moderation.ResolveReport(r.ctx, r.viewer(), id)
	return a.complaint(r, report, err)
}

func (a *API) adminReopen(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	report, err := a.Moderation.ReopenReport(r.ctx, r.viewer(), id)
	return a.complaint(r, report, err)
}
