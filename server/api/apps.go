package api

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"orrery/clientapi"
	"orrery/social"
)

// Limits of what a program says about itself.
const (
	maxAppName  = 60   // characters
	maxRedirect = 2000 // characters, also of the website
)

// createApp registers a client program and tells its secret, once.
func (a *API) createApp(r *request) error {
	app, err := newApp(r.params)
	if err != nil {
		return err
	}
	app, secret, err := a.SignIns.App(r.ctx, app)
	if err != nil {
		return err
	}
	out := clientapi.FromNewApp(app, secret)
	if out.VapidKey, err = a.PushKey(r.ctx); err != nil {
		return err
	}
	return r.json(out)
}

func newApp(p params) (social.App, error) {
	app := social.App{Name: strings.TrimSpace(p.text("client_name")), Website: p.text("website"), Scopes: strings.Join(social.Scopes(p.text("scopes")), " ")}
	for _, value := range p.list("redirect_uris") {
		app.RedirectURIs = append(app.RedirectURIs, strings.Fields(value)...)
	}
	if app.Scopes == "" {
		app.Scopes = social.DefaultScope
	}
	switch {
	case app.Name == "":
		return app, unprocessable("Validation failed: Application name can't be blank")
	case utf8.RuneCountInString(app.Name) > maxAppName:
		return app, unprocessable("Validation failed: client_name is longer than %d characters", maxAppName)
	case len(app.RedirectURIs) == 0:
		return app, unprocessable("Validation failed: Redirect URI can't be blank")
	case slices.ContainsFunc(app.RedirectURIs, badRedirect):
		return app, unprocessable("Validation failed: Redirect URI must be an absolute URI")
	case utf8.RuneCountInString(app.Website) > maxRedirect || app.Website != "" && !webPage(app.Website):
		return app, unprocessable("Validation failed: Website must be an http or https address")
	case slices.ContainsFunc(strings.Fields(app.Scopes), func(s string) bool { return !social.KnownScope(s) }):
		return app, unprocessable("Validation failed: Scopes doesn't match configured on the server.")
	}
	return app, nil
}

// badRedirect refuses what no browser may be sent to. Schemes of programs' own are theirs to choose.
func badRedirect(uri string) bool {
	if uri == social.OutOfBand {
		return false
	}
	u, err := url.Parse(uri)
	if err != nil || u.Scheme == "" || strings.Contains(uri, "#") || utf8.RuneCountInString(uri) > maxRedirect {
		return true
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host == ""
	case "javascript", "data", "vbscript":
		return true
	}
	return false
}

func webPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// verifyApp says which program a token was given to. Tokens made by the command line or the lab have none.
func (a *API) verifyApp(r *request) error {
	app, err := a.Store.AppByID(r.ctx, r.token.AppID)
	if errors.Is(err, social.ErrNotFound) {
		app, err = social.App{Name: a.Info.Title, Scopes: r.token.Scopes}, nil
	}
	if err != nil {
		return err
	}
	out := clientapi.FromApp(app)
	if out.VapidKey, err = a.PushKey(r.ctx); err != nil {
		return err
	}
	return r.json(out)
}
