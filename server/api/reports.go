package api

import (
	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// createReport files a complaint about somebody.
func (a *API) createReport(r *request) error {
	id, err := r.params.id("account_id")
	if err != nil {
		return err
	}
	if id == 0 {
		return missing("account_id")
	}
	target, err := a.Store.AccountByID(r.ctx, id)
	if err != nil {
		return err
	}
	defer r.act(activitylog.Summary{Type: "Flag", Object: target.URI})()
	report, err := a.Moderation.Report(r.ctx, r.viewer(), social.Complaint{
		TargetID: id, StatusIDs: r.params.ids("status_ids"), Comment: r.params.text("comment"), Forward: r.params.yes("forward"),
		ForwardTo: r.params.list("forward_to_domains"), Category: social.ReportCategory(r.params.text("category")),
		RuleIDs: r.params.ids("rule_ids"),
	})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromReport(report, target, r.render()))
}

// instanceRules are what the server asks its people to keep.
func (a *API) instanceRules(r *request) error {
	rules, err := a.Store.InstanceRules(r.ctx)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromRules(rules))
}

// instanceDomainBlocks are the servers that this one decided about, without those where only flags count.
func (a *API) instanceDomainBlocks(r *request) error {
	blocks, err := a.Store.AllDomainBlocks(r.ctx)
	if err != nil {
		return err
	}
	out := []clientapi.DomainBlock{}
	for _, b := range blocks {
		if b.Severity != social.SeverityNoop {
			out = append(out, clientapi.FromDomainBlock(b))
		}
	}
	return r.json(out)
}
