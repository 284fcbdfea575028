package api

import (
	"context"

	"orrery/clientapi"
	"orrery/social"
)

// nameIn is which of names has the id of the path.
func (a *API) nameIn(r *request, names func(context.Context) ([]string, error)) (string, error) {
	id, err := r.id()
	if err != nil {
		return "", err
	}
	all, err := names(r.ctx)
	if err != nil {
		return "", err
	}
	return social.NameOf(all, id)
}

// namedTag is the hashtag whose id stands in the path.
func (a *API) namedTag(r *request) (string, error) { return a.nameIn(r, a.Store.KnownTags) }

// decidedTags are hashtags as staff see them.
func (a *API) decidedTags(r *request, tags []string) ([]clientapi.AdminTag, error) {
	vs, err := a.Trends.TagViews(r.ctx, r.viewer(), tags)
	if err != nil {
		return nil, err
	}
	decided, err := a.Store.TagDecisions(r.ctx, tags)
	if err != nil {
		return nil, err
	}
	review, err := a.reviews(r, social.TrendTag)
	return reviewed(vs, review, func(v social.TagView) string { return v.Name }, func(v social.TagView, x *social.Review) clientapi.AdminTag {
		return clientapi.FromTagDecision(v, decided[v.Name], x, r.render())
	}), err
}

func (a *API) answerDecidedTag(r *request, tag string) error {
	out, err := a.decidedTags(r, []string{tag})
	return only(r, out, err)
}

// adminTags lists all hashtags, by their ids: these are made of the names, so that the order says nothing.
func (a *API) adminTags(r *request) error {
	all, err := a.Store.KnownTags(r.ctx)
	if err != nil {
		return err
	}
	p, err := r.page(adminPage)
	if err != nil {
		return err
	}
	tags := social.Named(all, p)
	out, err := a.decidedTags(r, tags)
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(tags))
	for i, tag := range tags {
		ids[i] = social.NameID(tag)
	}
	r.linkAccounts(ids, p.Limit)
	return r.json(out)
}

func (a *API) adminTag(r *request) error {
	tag, err := a.namedTag(r)
	if err != nil {
		return err
	}
	return a.answerDecidedTag(r, tag)
}

// adminChangeTag changes what was sent, and leaves the rest.
func (a *API) adminChangeTag(r *request) error {
	tag, err := a.namedTag(r)
	if err != nil {
		return err
	}
	decided, err := a.Store.TagDecisions(r.ctx, []string{tag})
	if err != nil {
		return err
	}
	d := decided[tag]
	d.Tag = tag
	if display := r.params.given("display_name"); display != nil {
		d.Display = *display
	}
	if usable := r.params.flag("usable"); usable != nil {
		d.Barred = !*usable
	}
	if listable := r.params.flag("listable"); listable != nil {
		d.Unlisted = !*listable
	}
	if err := a.Moderation.DecideTag(r.ctx, r.viewer(), d); err != nil {
		return err
	}
	if trendable := r.params.flag("trendable"); trendable != nil {
		if err := a.Moderation.ReviewTrend(r.ctx, r.viewer(), social.TrendTag, tag, *trendable); err != nil {
			return err
		}
	}
	return a.answerDecidedTag(r, tag)
}
