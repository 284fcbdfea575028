package api

import (
	"orrery/activitylog"
	"orrery/social"
)

// portray sets the pictures and their descriptions that were sent; an empty picture changes nothing (behaviours.md §6).
func (a *API) portray(r *request, account social.Account) (social.Account, error) {
	p := social.Portrait{
		AvatarDescription: r.params.given("avatar_description"), HeaderDescription: r.params.given("header_description"),
	}
	var err error
	if p.Avatar, err = r.file("avatar"); err != nil {
		return account, err
	}
	if p.Header, err = r.file("header"); err != nil {
		return account, err
	}
	if p.Empty() {
		return account, nil
	}
	return a.Media.Portray(r.ctx, account.ID, p)
}

func (a *API) deleteAvatar(r *request) error { return a.unportray(r, social.Portrait{NoAvatar: true}) }

func (a *API) deleteHeader(r *request) error { return a.unportray(r, social.Portrait{NoHeader: true}) }

func (a *API) unportray(r *request, p social.Portrait) error {
	defer r.act(activitylog.Summary{Type: "Update", ObjectType: r.account.ActorType, Object: r.account.URI})()
	account, err := a.Media.Portray(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	return a.answerCredentials(r, account)
}
