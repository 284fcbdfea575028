package api

import (
	"orrery/clientapi"
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
	return r.json(clientapi.FromTag(tag, r.render()))
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
	return a.answerTag(r, tag, true)
}

func (a *API) unfollowTag(r *request) error {
	tag, err := r.tagOf()
	if err != nil {
		return err
	}
	if err := a.Store.UnfollowTag(r.ctx, r.viewer(), tag); err != nil {
		return err
	}
	return a.answerTag(r, tag, false)
}

func (a *API) answerTag(r *request, tag string, follows bool) error {
	t := clientapi.FromTag(tag, r.render())
	t.Following = &follows
	return r.json(t)
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
	out, cursors, yes := []clientapi.Tag{}, make([]social.ID, len(tags)), true
	for i, t := range tags {
		tag := clientapi.FromTag(t.Tag, r.render())
		tag.Following = &yes
		out, cursors[i] = append(out, tag), t.ID
	}
	r.linkAccounts(cursors, p.Limit)
	return r.json(out)
}
