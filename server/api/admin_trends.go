package api

import (
	"orrery/clientapi"
	"orrery/social"
)

// reviews are what staff decided about what trends, by subject; nil for what they did not look at.
func (a *API) reviews(r *request, kind social.TrendKind) (func(subject string) *social.Review, error) {
	all, err := a.Store.Reviews(r.ctx, kind)
	return func(subject string) *social.Review {
		if review, decided := all[subject]; decided {
			return &review
		}
		return nil
	}, err
}

// reviewed renders what trends, each with what was decided about it.
func reviewed[V, E any](vs []V, review func(string) *social.Review, subject func(V) string, render func(V, *social.Review) E) []E {
	out := []E{}
	for _, v := range vs {
		out = append(out, render(v, review(subject(v))))
	}
	return out
}

func (a *API) adminTrendingTags(r *request) error {
	return ranked(r, trendsPage, func() ([]string, error) { return a.Trends.Tags(r.ctx, true) }, func(tags []string) ([]clientapi.AdminTag, error) {
		return a.decidedTags(r, tags)
	})
}

func (a *API) adminTrendingLinks(r *request) error {
	return ranked(r, trendsPage, func() ([]social.ID, error) { return a.Trends.Links(r.ctx, true) }, func(ids []social.ID) ([]clientapi.AdminTrendingLink, error) {
		return a.reviewedLinks(r, ids)
	})
}

func (a *API) reviewedLinks(r *request, ids []social.ID) ([]clientapi.AdminTrendingLink, error) {
	vs, err := a.Trends.LinkViews(r.ctx, ids)
	if err != nil {
		return nil, err
	}
	review, err := a.reviews(r, social.TrendLink)
	return reviewed(vs, review, func(v social.LinkView) string { return v.ID.String() }, func(v social.LinkView, x *social.Review) clientapi.AdminTrendingLink {
		return clientapi.FromReviewedLink(v, x, r.render())
	}), err
}

func (a *API) adminTrendingStatuses(r *request) error {
	return ranked(r, statusesPage, func() ([]social.ID, error) { return a.Trends.Statuses(r.ctx, true) }, func(ids []social.ID) ([]clientapi.AdminTrendingStatus, error) {
		return a.reviewedStatuses(r, ids)
	})
}

func (a *API) reviewedStatuses(r *request, ids []social.ID) ([]clientapi.AdminTrendingStatus, error) {
	vs, err := a.Reader.Statuses(r.ctx, r.viewer(), ids)
	if err != nil {
		return nil, err
	}
	review, err := a.reviews(r, social.TrendStatus)
	return reviewed(vs, review, func(v social.StatusView) string { return v.Status.ID.String() }, func(v social.StatusView, x *social.Review) clientapi.AdminTrendingStatus {
		return clientapi.FromReviewedStatus(v, x, r.render())
	}), err
}

// adminReviewTag approves or rejects the hashtag of the path.
func (a *API) adminReviewTag(allowed bool) func(*request) error {
	return func(r *request) error {
		tag, err := a.namedTag(r)
		if err != nil {
			return err
		}
		if err := a.Moderation.ReviewTrend(r.ctx, r.viewer(), social.TrendTag, tag, allowed); err != nil {
			return err
		}
		return a.answerDecidedTag(r, tag)
	}
}

func (a *API) adminReviewLink(allowed bool) func(*request) error {
	return func(r *request) error {
		id, err := r.id()
		if err != nil {
			return err
		}
		if _, err := a.Store.CardByID(r.ctx, id); err != nil {
			return err
		}
		if err := a.Moderation.ReviewTrend(r.ctx, r.viewer(), social.TrendLink, id.String(), allowed); err != nil {
			return err
		}
		out, err := a.reviewedLinks(r, []social.ID{id})
		return only(r, out, err)
	}
}

func (a *API) adminReviewStatus(allowed bool) func(*request) error {
	return func(r *request) error {
		v, err := a.status(r)
		if err != nil {
			return err
		}
		if v.Status.Visibility != social.Public {
			return errNotFound
		}
		if err := a.Moderation.ReviewTrend(r.ctx, r.viewer(), social.TrendStatus, v.Status.ID.String(), allowed); err != nil {
			return err
		}
		out, err := a.reviewedStatuses(r, []social.ID{v.Status.ID})
		return only(r, out, err)
	}
}

// only answers the one thing of a list of one.
func only[E any](r *request, list []E, err error) error {
	if err != nil {
		return err
	}
	if len(list) != 1 {
		return errNotFound
	}
	return r.json(list[0])
}

// adminPublishers lists the hosts of pages that were linked to.
func (a *API) adminPublishers(r *request) error {
	hosts, err := a.Store.KnownHosts(r.ctx)
	if err != nil {
		return err
	}
	review, err := a.reviews(r, social.TrendPublisher)
	if err != nil {
		return err
	}
	load := func(p social.Page) ([]string, error) { return social.Named(hosts, p), nil }
	return paged(r, load, social.NameID, func(host string) clientapi.AdminPublisher { return clientapi.FromPublisher(host, review(host)) })
}

func (a *API) adminReviewPublisher(allowed bool) func(*request) error {
	return func(r *request) error {
		host, err := a.nameIn(r, a.Store.KnownHosts)
		if err != nil {
			return err
		}
		if err := a.Moderation.ReviewTrend(r.ctx, r.viewer(), social.TrendPublisher, host, allowed); err != nil {
			return err
		}
		review, err := a.reviews(r, social.TrendPublisher)
		if err != nil {
			return err
		}
		return r.json(clientapi.FromPublisher(host, review(host)))
	}
}
