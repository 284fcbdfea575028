package api

import (
	"slices"

	"orrery/social"
	"orrery/social/richtext"
)

// homeTimeline pages by the entries themselves: a page whose posts have all gone out of sight must not look like the end.
func (a *API) homeTimeline(r *request) error {
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	entries, err := a.Store.Home(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(entries))
	for i, e := range entries {
		ids[i] = e.StatusID
	}
	return a.answerTimeline(r, ids)
}

// publicTimeline lists what everybody may see, from here, from elsewhere, or both.
func (a *API) publicTimeline(r *request) error {
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	f := social.PublicFilter{OnlyLocal: r.params.yes("local"), OnlyMedia: r.params.yes("only_media")}
	f.OnlyRemote = r.params.yes("remote") && !f.OnlyLocal // both together mean local, as in Mastodon
	ids, err := a.Store.PublicTimeline(r.ctx, r.viewer(), f, p)
	if err != nil {
		return err
	}
	return a.answerTimeline(r, ids)
}

// maxTags is how many hashtags each of any, all and none may add.
const maxTags = 4

// tagTimeline lists public posts with a hashtag. any widens it, all and none narrow it.
func (a *API) tagTimeline(r *request) error {
	name, err := r.word("id")
	if err != nil {
		return err
	}
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	f := social.TagFilter{Any: r.tags("any"), All: r.tags("all"), None: r.tags("none"), OnlyLocal: r.params.yes("local"), OnlyRemote: r.params.yes("remote"),
		OnlyMedia: r.params.yes("only_media")}
	if tag := richtext.NormalizeTag(name); tag != "" && !slices.Contains(f.Any, tag) {
		f.Any = append(f.Any, tag)
	}
	ids, err := a.Store.TagTimeline(r.ctx, r.viewer(), f, p)
	if err != nil {
		return err
	}
	return a.answerTimeline(r, ids)
}

func (r *request) tags(name string) []string {
	var out []string
	for _, word := range r.params.list(name) {
		if tag := richtext.NormalizeTag(word); tag != "" && len(out) < maxTags {
			out = append(out, tag)
		}
	}
	return out
}

// answerTimeline answers with those of ids that the sender may see and wants to.
func (a *API) answerTimeline(r *request, ids []social.ID) error {
	vs, err := a.Reader.Wanted(r.ctx, r.viewer(), ids)
	if err != nil {
		return err
	}
	r.linkStatuses(ids)
	return r.statuses(vs)
}
