package api

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
	"orrery/social/richtext"
)

// unexpected are those mentioned in text whom the sender did not expect: not among allowed_mentions, when that is sent.
// Apps use it so that a typo does not show a direct post to a stranger.
func (a *API) unexpected(r *request, text string) ([]social.Account, error) {
	if r.params.given("allowed_mentions") == nil {
		return nil, nil
	}
	allowed := r.params.ids("allowed_mentions")
	var out []social.Account
	for _, e := range richtext.Scan(text) {
		if e.Kind != richtext.Mention {
			continue
		}
		account, err := a.Statuses.Resolve(r.ctx, e.User, e.Domain)
		if errors.Is(err, social.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		known := slices.ContainsFunc(out, func(x social.Account) bool { return x.ID == account.ID })
		if !known && !slices.Contains(allowed, account.ID) {
			out = append(out, account)
		}
	}
	return out, nil
}

func (r *request) answerUnexpected(people []social.Account) error {
	return sendJSON(r.Ctx, fiber.StatusUnprocessableEntity, clientapi.UnexpectedMentions{
		Error:              "The post mentions people you did not expect: look at the names, or allow them, and send it again.",
		UnexpectedAccounts: clientapi.FromAccounts(people, r.render()),
	})
}
