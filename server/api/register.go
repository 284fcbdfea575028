package api

import (
	"orrery/clientapi"
	"orrery/internal/clientip"
	"orrery/social"
)

// register makes a person of somebody whom a program asks for, and answers with a token for them. Until they are let in, where
// that is done by hand, the token is refused with 403. Invitations do not exist, and no letter is sent: an address counts as
// confirmed.
func (a *API) register(r *request) error {
	p, from := r.params, clientip.Of(r.Ctx)
	account, _, err := a.Accounts.Register(r.ctx, social.SignUp{
		Username: p.text("username"), Email: p.text("email"), EmailRequired: true, Password: p.text("password"), Agreement: p.yes("agreement"),
		Reason: p.text("reason"), Locale: p.text("locale"), From: from, Counted: clientip.Counted(from), App: r.token.AppID,
	})
	if err != nil {
		return err
	}
	bearer, t, err := a.SignIns.Token(r.ctx, account.ID, r.token.AppID, r.token.Scopes)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromToken(bearer, t))
}
