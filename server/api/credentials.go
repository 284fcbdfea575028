package api

import (
	"errors"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// user is the sender's settings; an account without any has the usual ones.
func (a *API) user(r *request) (social.User, error) {
	user, err := a.Store.UserByAccount(r.ctx, r.viewer())
	if errors.Is(err, social.ErrNotFound) {
		return social.User{AccountID: r.viewer(), DefaultVisibility: social.Public, DefaultLanguage: "en"}, nil
	}
	return user, err
}

func (a *API) verifyCredentials(r *request) error { return a.answerCredentials(r, r.account) }

func (a *API) answerCredentials(r *request, account social.Account) error {
	user, err := a.user(r)
	if err != nil {
		return err
	}
	if err := a.Reader.Dress(r.ctx, &account); err != nil {
		return err
	}
	// Apps show a badge, so a bounded count is enough.
	waiting, err := a.Store.FollowRequests(r.ctx, account.ID, social.Page{Limit: 1000})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromCredentials(account, user, len(waiting), r.render()))
}

// updateCredentials changes what was sent: display_name, note, locked.
func (a *API) updateCredentials(r *request) error {
	change := social.Profile{
		DisplayName: r.params.given("display_name"), Note: r.params.given("note"), Locked: r.params.flag("locked"),
	}
	defer r.act(activitylog.Summary{Type: "Update", ObjectType: r.account.ActorType, Object: r.account.URI})()
	account, err := a.Accounts.Update(r.ctx, r.viewer(), change)
	if err != nil {
		return err
	}
	return a.answerCredentials(r, account)
}

func (a *API) preferences(r *request) error {
	user, err := a.user(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromUser(user))
}
