package api

import "github.com/gofiber/fiber/v2"

// Features that this server has none of and whose endpoints apps ask all the same are answered as Mastodon does where they
// are switched off: empty, not as an error. testdata/coverage.tsv lists what is absent by choice.

// noCampaign: nobody asks for donations here.
func noCampaign(r *request) error {
	r.Response().Header.Del(fiber.HeaderContentType)
	r.Status(fiber.StatusNoContent)
	return nil
}

// noReports: there are no annual reports, and nobody is eligible for one.
func noReports(r *request) error {
	return r.json(struct {
		Reports  []struct{} `json:"annual_reports"`
		Accounts []struct{} `json:"accounts"`
		Statuses []struct{} `json:"statuses"`
	}{[]struct{}{}, []struct{}{}, []struct{}{}})
}

func noReport(*request) error { return errNotFound }

func ineligible(r *request) error {
	return r.json(struct {
		State string `json:"state"`
	}{"ineligible"})
}

func noGenerating(r *request) error { return r.empty() }

// confirmed: people need no e-mail address here, so whoever is signed in has nothing to confirm.
func confirmed(r *request) error { return r.json(true) }

func nothingToConfirm(*request) error {
	return &problem{status: fiber.StatusForbidden, message: "This method is only for those who wait to confirm their e-mail address; yours needs no confirmation."}
}

// identityProofs: there have been none since Mastodon 3.5; who asks for nobody's learns that.
func (a *API) identityProofs(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if _, err := a.Store.AccountByID(r.ctx, id); err != nil {
		return err
	}
	return emptyList(r)
}
