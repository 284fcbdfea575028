package api

import (
	"orrery/clientapi"
	"orrery/social"
)

// Bounds of familiar followers: of how many people at once, and how many of each.
const (
	maxFamiliar   = 40
	familiarShown = 40
)

// familiarFollowers lists, for each of id[], whom the sender follows that follows them too.
func (a *API) familiarFollowers(r *request) error {
	wanted := r.params.ids("id")
	if len(wanted) > maxFamiliar {
		return unprocessable("At most %d accounts can be asked for at once.", maxFamiliar)
	}
	known, err := a.Store.AccountsByID(r.ctx, wanted)
	if err != nil {
		return err
	}
	out := []clientapi.FamiliarFollowers{}
	for _, id := range wanted {
		if _, ok := known[id]; !ok {
			continue
		}
		var ids []social.ID
		if ids, err = a.Store.FamiliarFollowers(r.ctx, r.viewer(), id, familiarShown); err != nil {
			return err
		}
		people, err := a.people(r.ctx, ids)
		if err != nil {
			return err
		}
		out = append(out, clientapi.FamiliarFollowers{ID: id.String(), Accounts: clientapi.FromAccounts(people, r.render())})
	}
	return r.json(out)
}
