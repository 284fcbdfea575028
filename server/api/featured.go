package api

import (
	"context"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// pin puts one of the sender's posts on their profile.
func (a *API) pin(r *request) error { return a.onProfile(r, "Add", a.Features.Pin) }

func (a *API) unpin(r *request) error { return a.onProfile(r, "Remove", a.Features.Unpin) }

func (a *API) onProfile(r *request, kind string, do func(ctx context.Context, actor, status social.ID) error) error {
	v, err := a.status(r)
	if err != nil {
		return err
	}
	defer r.act(activitylog.Summary{Type: kind, Object: v.Status.URI})()
	if err := do(r.ctx, r.viewer(), v.Status.ID); err != nil {
		return err
	}
	return a.answerStatus(r, v.Status.ID)
}

// pinned lists what an account has pinned, as the sender may see it; there is one page.
func (a *API) pinned(r *request, account social.ID) error {
	ids, err := a.Store.Pins(r.ctx, account)
	if err != nil {
		return err
	}
	vs, err := a.Reader.Statuses(r.ctx, r.viewer(), ids)
	if err != nil {
		return err
	}
	return r.statuses(vs)
}

func (a *API) listFeaturedTags(r *request) error { return a.featuredTagsOf(r, r.account) }

func (a *API) accountFeaturedTags(r *request) error {
	account, err := a.account(r)
	if err != nil {
		return err
	}
	return a.featuredTagsOf(r, account)
}

func (a *API) featuredTagsOf(r *request, account social.Account) error {
	tags, err := a.Store.FeaturedTags(r.ctx, account.ID)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFeaturedTags(account, tags))
}

// featureTag puts a hashtag on the sender's profile.
func (a *API) featureTag(r *request) error {
	name := r.params.text("name")
	if name == "" {
		return missing("name")
	}
	defer r.act(activitylog.Summary{Type: "Add", ObjectType: "Hashtag"})()
	t, err := a.Features.FeatureTag(r.ctx, r.viewer(), name)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFeaturedTags(r.account, []social.FeaturedTag{t})[0])
}

func (a *API) unfeatureTag(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	defer r.act(activitylog.Summary{Type: "Remove", ObjectType: "Hashtag"})()
	if err := a.Features.UnfeatureTag(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.empty()
}

// suggestTags gives the hashtags that the sender uses most and does not feature yet.
func (a *API) suggestTags(r *request) error {
	used, err := a.Store.UsedTags(r.ctx, r.viewer(), social.MaxFeaturedTags)
	if err != nil {
		return err
	}
	tags, err := a.tags(r, used)
	if err != nil {
		return err
	}
	return r.json(tags)
}
