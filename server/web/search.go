package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// found is how many people and hashtags a search shows.
const found = 20

// search finds people, posts and hashtags. Only for somebody signed in other servers are asked: a stranger must not make
// us fetch.
func (w *Web) search(c *fiber.Ctx) error {
	l, err := w.look(c, "Search", "search")
	if err != nil {
		return err
	}
	q := strings.TrimSpace(field(c, "q"))
	if q == "" {
		return w.draw(c, views.SearchPage(l, "", social.Found{}, views.Wrong{}))
	}
	if len(q) > 2048 {
		c.Status(fiber.StatusUnprocessableEntity)
		return w.draw(c, views.SearchPage(l, "", social.Found{}, views.Wrong{Fields: map[string]string{"q": "That is too long to search for. Give a name, a handle, a hashtag or a link."}}))
	}
	ctx := c.UserContext()
	if l.Viewer != nil {
		var done func()
		ctx, done = w.act(ctx, activitylog.Summary{Type: "Search", Actor: l.Viewer.URI, Object: q})
		defer done()
	}
	result, err := w.Searches.Find(ctx, viewerID(l), q, l.Viewer != nil, found)
	if mendable(err) {
		return w.draw(c, views.SearchPage(l, q, social.Found{}, blame{"q": "q", "": "q"}.wrong(c, "", err)))
	}
	if err != nil {
		return err
	}
	if len(result.Statuses) == 0 {
		if result.Statuses, err = w.Searches.Posts(ctx, viewerID(l), q, social.PostScope{Limit: found}); err != nil {
			return err
		}
	}
	return w.draw(c, views.SearchPage(l, q, result, views.Wrong{}))
}
