package api

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
)

// trendsPage is how many hashtags or links are given when nobody asks for a number.
const trendsPage = 10

// ranked answers one page of a list that is paged by places, with links onwards while there is more and back when there is
// something before.
func ranked[T, E any](r *request, usual int, load func() ([]T, error), render func([]T) ([]E, error)) error {
	limit, err := r.limit(usual)
	if err != nil {
		return err
	}
	offset, err := r.offset()
	if err != nil {
		return err
	}
	all, err := load()
	if err != nil {
		return err
	}
	page := part(all, offset, limit)
	out, err := render(page)
	if err != nil {
		return err
	}
	r.linkPlaces(offset, limit, len(page))
	if out == nil {
		out = []E{}
	}
	return r.json(out)
}

// linkPlaces adds the Link header of lists that are paged by places.
func (r *request) linkPlaces(offset, limit, shown int) {
	links := ""
	if shown == limit && limit > 0 {
		links = r.link("next", "offset", social.ID(offset+limit))
	}
	if offset > 0 {
		if links != "" {
			links += ", "
		}
		links += r.link("prev", "offset", social.ID(max(offset-limit, 0)))
	}
	if links != "" {
		r.Set(fiber.HeaderLink, links)
	}
}

func (a *API) trendingTags(r *request) error {
	return ranked(r, trendsPage, func() ([]string, error) { return a.Trends.Tags(r.ctx, false) }, func(tags []string) ([]clientapi.Tag, error) {
		return a.tags(r, tags)
	})
}

func (a *API) trendingStatuses(r *request) error {
	return ranked(r, statusesPage, func() ([]social.ID, error) { return a.Trends.Statuses(r.ctx, false) }, func(ids []social.ID) ([]clientapi.Status, error) {
		vs, err := a.Reader.Wanted(r.ctx, r.viewer(), ids)
		return clientapi.FromStatuses(vs, r.render()), err
	})
}

// tags renders hashtags with their history and what the sender does with them.
func (a *API) tags(r *request, names []string) ([]clientapi.Tag, error) {
	vs, err := a.Trends.TagViews(r.ctx, r.viewer(), names)
	return clientapi.FromTagViews(vs, r.render()), err
}

func (a *API) trendingLinks(r *request) error {
	return ranked(r, trendsPage, func() ([]social.ID, error) { return a.Trends.Links(r.ctx, false) }, func(ids []social.ID) ([]clientapi.TrendingLink, error) {
		vs, err := a.Trends.LinkViews(r.ctx, ids)
		return clientapi.FromLinks(vs, r.render()), err
	})
}

// linkTimeline lists public posts that link to a page that trends.
func (a *API) linkTimeline(r *request) error {
	address := r.params.text("url")
	if address == "" {
		return missing("url")
	}
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	card, err := a.Store.CardByURL(r.ctx, address)
	if err != nil {
		return err
	}
	trending, err := a.Trends.Links(r.ctx, false)
	if err != nil {
		return err
	}
	if !slices.Contains(trending, card.ID) {
		return errNotFound
	}
	ids, err := a.Store.LinkTimeline(r.ctx, r.viewer(), card.ID, p)
	if err != nil {
		return err
	}
	return a.answerTimeline(r, ids)
}
