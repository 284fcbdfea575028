package api

import (
	"slices"

	"orrery/activitylog"
	"orrery/social"
	"orrery/social/richtext"
)

// tagOf is the hashtag of the path, normalised.
func (r *request) tagOf() (string, error) {
	word, err := r.word("id")
	if err != nil {
		return "", err
	}
	tag := richtext.NormalizeTag(word)
	if !richtext.ValidTag(tag) {
		return "", errNotFound
	}
	return tag, nil
}

func (a *API) showTag(r *request) error {
	tag, err := r.tagOf()
	if err != nil {
		return err
	}
	return a.answerTag(r, tag)
}

// featureThisTag puts the hashtag of the path on the sender's profile, unfeatureThisTag takes it off; again changes nothing.
func (a *API) featureThisTag(r *request) error { return a.featuring(r, true) }

func (a *API) unfeatureThisTag(r *request) error { return a.featuring(r, false) }

func (a *API) featuring(r *request, wanted bool) error {
	tag, err := r.tagOf()
	if err != nil {
		return err
	}
	own, err := a.Store.FeaturedTags(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(own, func(t social.FeaturedTag) bool { return t.Tag == tag })
	switch {
	case wanted && at < 0:
		defer r.act(activitylog.Summary{Type: "Add", ObjectType: "Hashtag"})()
		_, err = a.Features.FeatureTag(r.ctx, r.viewer(), tag)
	case !wanted && at >= 0:
		defer r.act(activitylog.Summary{Type: "Remove", ObjectType: "Hashtag"})()
		err = a.Features.UnfeatureTag(r.ctx, r.viewer(), own[at].ID)
	}
	if err != nil {
		return err
	}
	return a.answerTag(r, tag)
}

func (a *API) followTag(r *request) error {
	tag, err := r.tagOf()
	if err != nil {
		return err
	}
	t := social.FollowedTag{ID: a.Lists.NewID(), AccountID: r.viewer(), Tag: tag, CreatedAt: a.Now()}
	if err := a.Store.FollowTag(r.ctx, t); err != nil {
		return err
	}
	return a.answerTag(r, tag)
}

func (a *API) unfollowTag(r *request) error {
	tag, err := r.tagOf()
	if err != nil {
		return err
	}
	if err := a.Store.UnfollowTag(r.ctx, r.viewer(), tag); err != nil {
		return err
	}
	return a.answerTag(r, tag)
}

func (a *API) answerTag(r *request, tag string) error {
	tags, err := a.tags(r, []string{tag})
	if err != nil {
		return err
	}
	return r.json(tags[0])
}

// tagsPage is how many followed hashtags a page has when nobody asks for a number.
const tagsPage = 100

func (a *API) followedTags(r *request) error {
	p, err := r.page(tagsPage)
	if err != nil {
		return err
	}
	tags, err := a.Store.FollowedTags(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	names, cursors := make([]string, len(tags)), make([]social.ID, len(tags))
	for i, t := range tags {
		names[i], cursors[i] = t.Tag, t.ID
	}
	out, err := a.tags(r, names)
	if err != nil {
		return err
	}
	r.linkAccounts(cursors, p.Limit)
	return r.json(out)
}
