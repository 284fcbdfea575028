package api

import (
	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

func (a *API) block(r *request) error {
	return a.changeFollow(r, activitylog.Summary{Type: "Block"}, a.Blocks.Block)
}

func (a *API) unblock(r *request) error {
	return a.changeFollow(r, activitylog.Summary{Type: "Undo", ObjectType: "Block"}, a.Blocks.Unblock)
}

// listBlocks lists whom the sender blocks.
func (a *API) listBlocks(r *request) error {
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	blocks, err := a.Store.Blocks(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(blocks)), make([]social.ID, len(blocks))
	for i, b := range blocks {
		ids[i], cursors[i] = b.TargetID, b.ID
	}
	return a.answerPeople(r, ids, cursors, p.Limit)
}

// answerPeople answers with the accounts of ids; cursors, as many, page them.
func (a *API) answerPeople(r *request, ids, cursors []social.ID, limit int) error {
	people, err := a.people(r.ctx, ids)
	if err != nil {
		return err
	}
	r.linkAccounts(cursors, limit)
	return r.json(clientapi.FromAccounts(people, r.render()))
}

// listDomainBlocks lists the domains that the sender blocks for themselves.
func (a *API) listDomainBlocks(r *request) error {
	p, err := r.page(domainsPage)
	if err != nil {
		return err
	}
	blocks, err := a.Store.UserDomainBlocks(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	out, cursors := []string{}, make([]social.ID, len(blocks))
	for i, b := range blocks {
		out, cursors[i] = append(out, b.Domain), b.ID
	}
	r.linkAccounts(cursors, p.Limit)
	return r.json(out)
}

// domainsPage is how many domains a page has when nobody asks for a number.
const domainsPage = 100

func (a *API) blockDomain(r *request) error {
	domain := a.foreign(r.params.text("domain"))
	defer r.act(activitylog.Summary{Type: "Block", Object: domain})()
	if err := a.Blocks.BlockDomain(r.ctx, r.viewer(), domain); err != nil {
		return err
	}
	return r.empty()
}

func (a *API) unblockDomain(r *request) error {
	if err := a.Blocks.UnblockDomain(r.ctx, r.viewer(), a.foreign(r.params.text("domain"))); err != nil {
		return err
	}
	return r.empty()
}
