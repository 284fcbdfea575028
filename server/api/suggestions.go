package api

import (
	"orrery/clientapi"
	"orrery/social"
)

func (a *API) listSuggestions(r *request) error {
	found, err := a.suggestions(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromSuggestions(found, r.render()))
}

// listSuggestionsV1 are the bare accounts.
func (a *API) listSuggestionsV1(r *request) error {
	found, err := a.suggestions(r)
	if err != nil {
		return err
	}
	out := []clientapi.Account{}
	for _, s := range found {
		out = append(out, clientapi.FromAccount(s.Account, r.render()))
	}
	return r.json(out)
}

func (a *API) suggestions(r *request) ([]social.Suggestion, error) {
	limit, err := r.limit(accountsPage)
	if err != nil {
		return nil, err
	}
	return social.Suggestions(r.ctx, a.Reader, r.viewer(), limit)
}

func (a *API) dismissSuggestion(r *request) error {
	account, err := a.account(r)
	if err != nil {
		return err
	}
	if err := a.Store.DismissSuggestion(r.ctx, r.viewer(), account.ID); err != nil {
		return err
	}
	return r.empty()
}

// directory lists people who want to be found. It takes no notice of tokens, so everybody gets the same.
func (a *API) directory(r *request) error {
	limit, err := r.limit(accountsPage)
	if err != nil {
		return err
	}
	offset, err := r.offset()
	if err != nil {
		return err
	}
	ids, err := a.Store.Directory(r.ctx, r.viewer(), r.params.yes("local"), r.params.text("order") == "new", offset, limit)
	if err != nil {
		return err
	}
	people, err := a.people(r.ctx, ids)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAccounts(people, r.render()))
}
