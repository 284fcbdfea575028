package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// perPage is how many posts, people or notifications a page shows.
const perPage = 20

// asked is the page of a list that the address asks for; anything that is no id asks for the first.
func asked(c *fiber.Ctx) social.Page {
	maxID, _ := social.ParseID(c.Query("max_id"))
	return social.Page{MaxID: maxID, Limit: perPage}
}

// older is the address of the page after the one ending at last, keeping the rest of the query.
func older(c *fiber.Ctx, last social.ID) string {
	query, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		query = url.Values{}
	}
	query.Set("max_id", last.String())
	return plain(c.Path()) + "?" + query.Encode()
}

// listed loads one page with load, and the address of the next or "". load may leave out what the viewer must not see,
// so a short page does not prove an end: then it looks whether anything follows.
func listed[T any](c *fiber.Ctx, load func(social.Page) ([]T, error), id func(T) social.ID) ([]T, string, error) {
	p := asked(c)
	p.Limit++
	items, err := load(p)
	if err != nil || len(items) == 0 {
		return nil, "", err
	}
	if len(items) > perPage {
		items = items[:perPage]
		return items, older(c, id(items[perPage-1])), nil
	}
	last := id(items[len(items)-1])
	rest, err := load(social.Page{MaxID: last, Limit: perPage})
	if err != nil || len(rest) == 0 {
		return items, "", err
	}
	return items, older(c, last), nil
}

func statusID(v social.StatusView) social.ID { return v.Status.ID }
