package api

import (
	"context"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) listLists(r *request) error {
	lists, err := a.Store.Lists(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	return r.json(clientapi.FromLists(lists))
}

// listsWith are the sender's lists that the account of the path is in.
func (a *API) listsWith(r *request) error {
	account, err := a.account(r)
	if err != nil {
		return err
	}
	lists, err := a.Store.ListsWith(r.ctx, r.viewer(), account.ID)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromLists(lists))
}

// list is the sender's own of the path.
func (a *API) list(r *request) (social.List, error) {
	id, err := r.id()
	if err != nil {
		return social.List{}, err
	}
	return a.Store.ListByID(r.ctx, r.viewer(), id)
}

func (a *API) showList(r *request) error {
	l, err := a.list(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromList(l))
}

func (a *API) createList(r *request) error {
	l, err := a.Lists.Create(r.ctx, r.viewer(), r.list(social.List{}))
	if err != nil {
		return err
	}
	return r.json(clientapi.FromList(l))
}

func (a *API) changeList(r *request) error {
	l, err := a.list(r)
	if err != nil {
		return err
	}
	if l, err = a.Lists.Change(r.ctx, r.viewer(), r.list(l)); err != nil {
		return err
	}
	return r.json(clientapi.FromList(l))
}

// list is l with what the sender says of it.
func (r *request) list(l social.List) social.List {
	if title := r.params.given("title"); title != nil {
		l.Title = *title
	}
	if replies := r.params.text("replies_policy"); replies != "" {
		l.Replies = social.RepliesPolicy(replies)
	}
	if exclusive := r.params.flag("exclusive"); exclusive != nil {
		l.Exclusive = *exclusive
	}
	return l
}

func (a *API) deleteList(r *request) error {
	l, err := a.list(r)
	if err != nil {
		return err
	}
	if err := a.Store.DeleteList(r.ctx, r.viewer(), l.ID); err != nil {
		return err
	}
	return r.empty()
}

// wholeList is how many people are given to who asks for all of a list.
const wholeList = 1000

// listMembers lists the people of a list; limit=0 means all.
func (a *API) listMembers(r *request) error {
	l, err := a.list(r)
	if err != nil {
		return err
	}
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	if limit, err := r.limit(accountsPage); err == nil && limit == 0 {
		p = social.Page{Limit: wholeList}
	}
	members, err := a.Store.ListMembers(r.ctx, l.ID, p)
	if err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(members)), make([]social.ID, len(members))
	for i, m := range members {
		ids[i], cursors[i] = m.AccountID, m.ID
	}
	return a.answerPeople(r, ids, cursors, p.Limit)
}

func (a *API) addMembers(r *request) error    { return a.changeMembers(r, a.Lists.Add) }
func (a *API) removeMembers(r *request) error { return a.changeMembers(r, a.Lists.Remove) }

func (a *API) changeMembers(r *request, do func(ctx context.Context, owner, list social.ID, accounts []social.ID) error) error {
	l, err := a.list(r)
	if err != nil {
		return err
	}
	ids := r.params.ids("account_ids")
	if len(ids) > maxRelationships {
		return unprocessable("At most %d accounts can be named at once.", maxRelationships)
	}
	if err := do(r.ctx, r.viewer(), l.ID, ids); err != nil {
		return err
	}
	return r.empty()
}

// listTimeline lists what the people of a list post.
func (a *API) listTimeline(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	ids, err := a.Reader.List(r.ctx, r.viewer(), id, p)
	if err != nil {
		return err
	}
	return a.answerTimeline(r, ids)
}
