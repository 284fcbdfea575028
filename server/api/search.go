package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// maxQuery bounds what is searched for, in bytes.
const maxQuery = 2048

// query is what to search for.
func (r *request) query() (string, error) {
	q := strings.TrimSpace(r.params.text("q"))
	switch {
	case q == "":
		return "", missing("q")
	case len(q) > maxQuery:
		return "", unprocessable("That is too long to search for: at most %d bytes are possible.", maxQuery)
	}
	return q, nil
}

func (a *API) search(r *request) error {
	found, err := a.find(r)
	if err != nil {
		return err
	}
	tags, err := a.Trends.TagViews(r.ctx, r.viewer(), found.Tags)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFound(found, tags, r.render()))
}

// searchV1 differs in that hashtags are bare names.
func (a *API) searchV1(r *request) error {
	found, err := a.find(r)
	if err != nil {
		return err
	}
	full := clientapi.FromFound(found, nil, r.render())
	return r.json(struct {
		Accounts []clientapi.Account `json:"accounts"`
		Statuses []clientapi.Status  `json:"statuses"`
		Hashtags []string            `json:"hashtags"`
	}{full.Accounts, full.Statuses, append([]string{}, found.Tags...)})
}

// find searches. Only people may ask other servers or go beyond the first page.
func (a *API) find(r *request) (social.Found, error) {
	q, err := r.query()
	if err != nil {
		return social.Found{}, err
	}
	limit, err := r.limit(statusesPage)
	if err != nil {
		return social.Found{}, err
	}
	offset, err := r.offset()
	if err != nil {
		return social.Found{}, err
	}
	author, err := r.params.id("account_id")
	if err != nil {
		return social.Found{}, err
	}
	if r.viewer() == 0 && (r.params.yes("resolve") || offset > 0) {
		return social.Found{}, &problem{status: fiber.StatusUnauthorized, message: "Asking other servers and turning pages is for people who signed in: send a token, or leave resolve and offset out."}
	}
	if r.params.yes("resolve") {
		defer r.act(activitylog.Summary{Type: "Search", Object: q})()
	}
	found, err := a.Searches.Find(r.ctx, r.viewer(), q, r.params.yes("resolve"), offset+limit)
	if err != nil {
		return social.Found{}, err
	}
	if found.Accounts, err = a.onlyFollowed(r, found.Accounts); err != nil {
		return social.Found{}, err
	}
	if found, err = onlyType(found, r.params.text("type")); err != nil {
		return social.Found{}, err
	}
	if kind := r.params.text("type"); (kind == "" || kind == "statuses") && len(found.Statuses) == 0 && !address(q) {
		scope := social.PostScope{Author: author, Offset: offset, Limit: limit}
		if scope.MinID, err = r.params.id("min_id"); err != nil {
			return social.Found{}, err
		}
		if scope.MaxID, err = r.params.id("max_id"); err != nil {
			return social.Found{}, err
		}
		posts, err := a.Searches.Posts(r.ctx, r.viewer(), q, scope)
		if err != nil {
			return social.Found{}, err
		}
		found.Accounts, found.Tags = part(found.Accounts, offset, limit), part(found.Tags, offset, limit)
		found.Statuses = posts
		return found, nil
	}
	found.Accounts, found.Tags = part(found.Accounts, offset, limit), part(found.Tags, offset, limit)
	found.Statuses = part(by(author, found.Statuses), offset, limit)
	return found, nil
}

// address reports whether q is one, which gives exactly what lies there.
func address(q string) bool {
	return strings.HasPrefix(q, "https://") || strings.HasPrefix(q, "http://")
}

// onlyType leaves one kind of result; "" leaves all.
func onlyType(f social.Found, kind string) (social.Found, error) {
	switch kind {
	case "":
		return f, nil
	case "accounts":
		return social.Found{Accounts: f.Accounts}, nil
	case "statuses":
		return social.Found{Statuses: f.Statuses}, nil
	case "hashtags":
		return social.Found{Tags: f.Tags}, nil
	}
	return f, malformed("type is accounts, statuses or hashtags.")
}

// by leaves what author wrote; 0 leaves all.
func by(author social.ID, vs []social.StatusView) []social.StatusView {
	var out []social.StatusView
	for _, v := range vs {
		if author == 0 || v.Author.ID == author {
			out = append(out, v)
		}
	}
	return out
}
