package api

import (
	"context"
	"slices"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// boost passes a status on and answers with the wrapper.
func (a *API) boost(r *request) error {
	v, err := a.proper(r)
	if err != nil {
		return err
	}
	defer r.act(activitylog.Summary{Type: "Announce", Object: v.Status.URI})()
	boost, err := a.Statuses.Boost(r.ctx, r.viewer(), v.Status.ID, social.Visibility(r.params.text("visibility")))
	if err != nil {
		return err
	}
	return a.answerStatus(r, boost.ID)
}

// unboost takes a boost back and answers with the original, also when there was none.
func (a *API) unboost(r *request) error {
	return a.react(r, activitylog.Summary{Type: "Undo", ObjectType: "Announce"}, a.Statuses.Unboost)
}

func (a *API) favourite(r *request) error {
	return a.react(r, activitylog.Summary{Type: "Like"}, a.Reactions.Favourite)
}

func (a *API) unfavourite(r *request) error {
	return a.react(r, activitylog.Summary{Type: "Undo", ObjectType: "Like"}, a.Reactions.Unfavourite)
}

// react does what is done to a status and answers with that status.
func (a *API) react(r *request, what activitylog.Summary, do func(ctx context.Context, actor, status social.ID) (social.ID, error)) error {
	v, err := a.proper(r)
	if err != nil {
		return err
	}
	what.Object = v.Status.URI
	defer r.act(what)()
	id, err := do(r.ctx, r.viewer(), v.Status.ID)
	if err != nil {
		return err
	}
	return a.answerStatus(r, id)
}

// proper is the status of the path, or what it boosts.
func (a *API) proper(r *request) (*social.StatusView, error) {
	v, err := a.status(r)
	return v.Proper(), err
}

func (a *API) favouritedBy(r *request) error { return a.reactedBy(r, a.Store.FavouritedBy) }

func (a *API) boostedBy(r *request) error { return a.reactedBy(r, a.Store.BoostedBy) }

// reactedBy lists people; the store pages them by their own ids.
func (a *API) reactedBy(r *request, list func(ctx context.Context, status social.ID, p social.Page) ([]social.ID, error)) error {
	v, err := a.proper(r)
	if err != nil {
		return err
	}
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	ids, err := list(r.ctx, v.Status.ID, p)
	if err != nil {
		return err
	}
	people, err := a.peopleFor(r, ids)
	if err != nil {
		return err
	}
	r.linkAccounts(ids, p.Limit)
	return r.json(clientapi.FromAccounts(people, r.render()))
}

// people loads accounts in the order of ids.
func (a *API) people(ctx context.Context, ids []social.ID) ([]social.Account, error) {
	found, err := a.Reader.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []social.Account
	for _, id := range ids {
		if account, ok := found[id]; ok && !account.Waiting {
			out = append(out, account)
		}
	}
	return out, nil
}

// peopleFor is people without those whom the sender blocks or mutes, and those who block them.
func (a *API) peopleFor(r *request, ids []social.ID) ([]social.Account, error) {
	people, err := a.people(r.ctx, ids)
	if err != nil || r.viewer() == 0 || len(people) == 0 {
		return people, err
	}
	ties, err := a.Store.Relationships(r.ctx, r.viewer(), ids)
	return slices.DeleteFunc(people, func(p social.Account) bool {
		tie := ties[p.ID]
		return tie.Blocking || tie.BlockedBy || tie.Muting
	}), err
}

// dress loads what belongs to people when they are shown.
func (a *API) dress(ctx context.Context, people []social.Account) error {
	all := make([]*social.Account, len(people))
	for i := range people {
		all[i] = &people[i]
	}
	return a.Reader.Dress(ctx, all...)
}
