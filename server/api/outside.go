package api

import (
	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// Words reads the parameters of a request as those under /api are read, for endpoints of apps at other paths. The answer
// gives the last value of a name, "" when there is none.
func (a *API) Words(c *fiber.Ctx) (func(name string) string, error) {
	p, err := readParams(c)
	return p.text, err
}

// Person finds who sends a request to an endpoint at another path; the token must have one of scopes.
func (a *API) Person(c *fiber.Ctx, scopes string) (social.Account, error) {
	r := &request{Ctx: c, api: a, ctx: c.UserContext()}
	var err error
	if r.params, err = readParams(c); err == nil {
		err = r.identify(route{access: person, scopes: scopes})
	}
	return r.account, err
}

// Refuse answers err as under /api.
func (a *API) Refuse(c *fiber.Ctx, err error) error { return a.answerError(c, err) }
