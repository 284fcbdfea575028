package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) extendedDescription(r *request) error { return a.siteText(r, social.SiteDescription) }

func (a *API) privacyPolicy(r *request) error { return a.siteText(r, social.SitePrivacy) }

// siteText answers with an empty text when nobody wrote it: apps show the page all the same.
func (a *API) siteText(r *request, name string) error {
	t, err := a.Store.SiteText(r.ctx, name)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromSiteText(t, r.render()))
}

// terms are not there when nobody wrote them, nor those of another day than theirs.
func (a *API) terms(r *request) error {
	t, err := a.Store.SiteText(r.ctx, social.SiteTerms)
	if err != nil {
		return err
	}
	out := clientapi.FromTerms(t, r.render())
	if date := r.Params("date"); t.Content == "" || date != "" && date != out.EffectiveDate {
		return errNotFound
	}
	return r.json(out)
}

// maxPeers bounds the list of known servers.
const maxPeers = 50_000

func (a *API) peers(r *request) error { return a.answerPeers(r, "", maxPeers) }

// peersFound is how many servers a search gives.
const peersFound = 10

func (a *API) searchPeers(r *request) error {
	q := strings.TrimSpace(r.params.text("q"))
	if q == "" {
		return missing("q")
	}
	limit, err := r.limit(peersFound)
	if err != nil {
		return err
	}
	return a.answerPeers(r, q, limit)
}

// answerPeers lists known servers but those that are not spoken with. Under limited federation the list is kept secret.
func (a *API) answerPeers(r *request, prefix string, limit int) error {
	out := []string{}
	if a.Info.LimitedFederation {
		return r.json(out)
	}
	domains, err := a.Store.Peers(r.ctx, prefix, "", limit)
	if err != nil {
		return err
	}
	for _, d := range domains {
		refused, err := a.Domains.Refused(r.ctx, d)
		if err != nil {
			return err
		}
		if !refused {
			out = append(out, d)
		}
	}
	return r.json(out)
}

// weeksTold is how many weeks of activity are told.
const weeksTold = 12

func (a *API) activity(r *request) error {
	weeks, err := a.Store.Weeks(r.ctx, social.LastWeeks(a.Now(), weeksTold))
	if err != nil {
		return err
	}
	return r.json(clientapi.FromWeeks(weeks))
}

// translationLanguages are none: there is nothing here that translates.
func (a *API) translationLanguages(r *request) error { return r.json(map[string][]string{}) }

// translate tells apps what they offer nobody once they have read the instance's configuration.
func (a *API) translate(r *request) error {
	if _, err := a.status(r); err != nil {
		return err
	}
	return &problem{status: fiber.StatusServiceUnavailable, message: "This server does not translate: use a program on your own device."}
}

// oEmbed shows a public post of this server to another site.
func (a *API) oEmbed(r *request) error {
	address := r.params.text("url")
	if address == "" {
		return missing("url")
	}
	width, err := r.params.number("maxwidth", 400)
	if err != nil {
		return err
	}
	height, err := r.params.number("maxheight", 0)
	if err != nil {
		return err
	}
	s, err := a.Store.StatusByURI(r.ctx, address)
	if err != nil {
		return err
	}
	v, err := a.Reader.Status(r.ctx, 0, s.ID)
	if err != nil {
		return err
	}
	if !v.Status.Local || v.Boost != nil {
		return errNotFound
	}
	return r.json(clientapi.FromStatusEmbedded(v, a.Info.Title, width, height, r.render()))
}
