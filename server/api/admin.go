package api

import (
	"orrery/clientapi"
	"orrery/social"
)

// errStaff is what apps match on when somebody's role does not allow what their token would.
var errStaff error = &problem{status: 403, message: "This action is not allowed"}

// staff lets only people whose role may do right take a route: a token for everything does not make a moderator.
func (a *API) staff(right social.Right, handle func(*request) error) func(*request) error {
	return func(r *request) error {
		users, err := a.Store.UsersOf(r.ctx, []social.ID{r.viewer()})
		if err != nil {
			return err
		}
		if !users[r.viewer()].Role.Can(right) {
			return errStaff
		}
		return handle(r)
	}
}

// persons renders accounts for staff, with a constant number of queries.
func (a *API) persons(r *request, ids []social.ID) (map[social.ID]clientapi.AdminAccount, error) {
	accounts, err := a.Reader.People(r.ctx, ids)
	if err != nil {
		return nil, err
	}
	users, err := a.Store.UsersOf(r.ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[social.ID]clientapi.AdminAccount, len(accounts))
	for id, account := range accounts {
		out[id] = clientapi.FromPerson(account, users[id], r.render())
	}
	return out, nil
}

// paged answers one page of a list of staff's, linked by the ids of what it shows.
func paged[T, E any](r *request, load func(social.Page) ([]T, error), id func(T) social.ID, render func(T) E) error {
	p, err := r.page(adminPage)
	if err != nil {
		return err
	}
	page, err := load(p)
	if err != nil {
		return err
	}
	ids, out := make([]social.ID, 0, len(page)), []E{}
	for _, x := range page {
		ids, out = append(ids, id(x)), append(out, render(x))
	}
	r.linkAccounts(ids, p.Limit)
	return r.json(out)
}

// adminPage is how many entries staff get when they do not say.
const adminPage = 100
