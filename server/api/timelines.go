package api

import (
	"cmp"
	"context"
	"slices"

	"orrery/clientapi"
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
	return a.answerTimeline(r, ids, nil)
}

// publicTimeline lists what everybody may see, from here, from elsewhere, or both.
func (a *API) publicTimeline(r *request) error {
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	if r.params.yes("only_media") { // no post here has media
		return emptyList(r)
	}
	local, remote := r.params.yes("local"), r.params.yes("remote")
	if local { // both together mean local, as in Mastodon
		remote = false
	}
	ids, err := a.Store.PublicTimeline(r.ctx, local, remote, p)
	if err != nil {
		return err
	}
	return a.answerTimeline(r, ids, nil)
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
	if r.params.yes("only_media") {
		return emptyList(r)
	}
	names := append([]string{name}, r.tags("any")...)
	ids, err := a.tagged(r.ctx, names, r.params.yes("local"), p)
	if err != nil {
		return err
	}
	all, none := r.tags("all"), r.tags("none")
	return a.answerTimeline(r, ids, func(v social.StatusView) bool {
		has := func(tag string) bool { return slices.Contains(v.Tags, tag) }
		lacks := func(tag string) bool { return !has(tag) }
		return !slices.ContainsFunc(all, lacks) && !slices.ContainsFunc(none, has) && !(r.params.yes("remote") && v.Status.Local)
	})
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

// tagged is one page of the posts that have one of the hashtags, each once.
func (a *API) tagged(ctx context.Context, names []string, onlyLocal bool, p social.Page) ([]social.ID, error) {
	var ids []social.ID
	for _, name := range names {
		found, err := a.Store.TagTimeline(ctx, richtext.NormalizeTag(name), onlyLocal, p)
		if err != nil {
			return nil, err
		}
		ids = append(ids, found...)
	}
	slices.SortFunc(ids, func(x, y social.ID) int { return cmp.Compare(y, x) })
	ids = slices.Compact(ids)
	switch {
	case len(ids) <= p.Limit:
		return ids, nil
	case p.MinID != 0: // the page just above the cursor
		return ids[len(ids)-p.Limit:], nil
	}
	return ids[:p.Limit], nil
}

// answerTimeline answers with those of ids that the sender may see and keep says yes to; nil keeps all.
func (a *API) answerTimeline(r *request, ids []social.ID, keep func(social.StatusView) bool) error {
	vs, err := a.Reader.Statuses(r.ctx, r.viewer(), ids)
	if err != nil {
		return err
	}
	if keep != nil {
		vs = slices.DeleteFunc(vs, func(v social.StatusView) bool { return !keep(v) })
	}
	r.linkStatuses(ids)
	return r.json(clientapi.FromStatuses(vs, r.render()))
}
