package api

import (
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// identify finds who sends r and refuses who may not take rt. An unknown token is nobody where anybody may ask, and
// refused elsewhere. A person is demanded after the scope, as in Mastodon: a program's own token gets 422.
func (r *request) identify(rt route) error {
	closed := r.api.closed(rt)
	if rt.access == open && !closed {
		return nil
	}
	if err := r.findToken(); err != nil {
		return err
	}
	switch {
	case closed && r.account.ID == 0:
		return errClosed
	case r.token == nil && rt.access == anybody:
		return nil
	case r.token == nil:
		return errNoToken
	case !allows(r.token.Scopes, rt.scopes):
		return errScope
	case r.account.ID == 0 && rt.access == person:
		return errNoPerson
	}
	return nil
}

// closed reports whether rt is kept for people of this server although it is for everybody elsewhere: under limited federation
// that is all but how a program makes itself known (federation.md §11).
func (a *API) closed(rt route) bool {
	return a.Domains != nil && a.Domains.Limited && !strings.HasPrefix(rt.path, "/v1/apps")
}

// findToken sets token and account; both stay empty when there is no token or nobody has it.
func (r *request) findToken() error {
	secret := bearer(r.Get(fiber.HeaderAuthorization))
	for _, name := range []string{"access_token", "bearer_token"} {
		if secret == "" {
			secret = r.params.text(name)
		}
	}
	if secret == "" {
		return nil
	}
	sender, err := r.api.Reader.Sender(r.ctx, social.Hash(secret))
	if sender.Hash == "" && errors.Is(err, social.ErrNotFound) {
		return r.refuseRevoked(secret)
	}
	if err != nil {
		return err
	}
	if r.account = sender.Account; sender.AccountID != 0 {
		if err := sender.Welcome(r.account); err != nil {
			return err
		}
	}
	r.token, r.secret = &sender.Token, secret
	if now := r.api.Now(); now.Sub(sender.SeenAt) >= social.SeenFor {
		return social.Here(r.ctx, r.api.Store, r.account.ID, now)
	}
	return nil
}

// refuseRevoked tells a token that was taken back, which is refused everywhere, from one that never was.
func (r *request) refuseRevoked(secret string) error {
	revoked, err := r.api.Store.TokenRevoked(r.ctx, social.Hash(secret))
	if err == nil && revoked {
		return errRevoked
	}
	return err
}

// bearer is the token of an Authorization header, or empty. go-mastodon sends "Bearer " without one.
func bearer(header string) string {
	scheme, secret, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}

// allows reports whether one of the scopes wanted was granted; no wish is always fulfilled.
func allows(granted, wanted string) bool {
	if wanted == "" {
		return true
	}
	return slices.ContainsFunc(strings.Fields(wanted), func(s string) bool { return social.Covers(granted, s) })
}
