package api

import (
	"slices"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) listFilters(r *request) error {
	all, err := a.Store.Filters(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	out := []clientapi.Filter{}
	for _, f := range all {
		out = append(out, clientapi.FromFilter(f))
	}
	return r.json(out)
}

// meant tells which filter the path names.
func (r *request) meant() (func(social.Filter) bool, error) {
	id, err := r.id()
	return func(f social.Filter) bool { return f.ID == id }, err
}

// filter is the sender's own of the path.
func (a *API) filter(r *request) (social.Filter, error) {
	meant, err := r.meant()
	if err != nil {
		return social.Filter{}, err
	}
	return a.Filters.Find(r.ctx, r.viewer(), meant)
}

func (a *API) showFilter(r *request) error {
	f, err := a.filter(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilter(f))
}

func (a *API) createFilter(r *request) error {
	var f social.Filter
	if err := a.readFilter(r, &f); err != nil {
		return err
	}
	f, err := a.Filters.Create(r.ctx, r.viewer(), f)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilter(f))
}

func (a *API) changeFilter(r *request) error {
	meant, err := r.meant()
	if err != nil {
		return err
	}
	f, err := a.Filters.Change(r.ctx, r.viewer(), meant, func(f *social.Filter) error { return a.readFilter(r, f) })
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilter(f))
}

func (a *API) deleteFilter(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := a.Store.DeleteFilter(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.empty()
}

// readFilter gives f what the sender says of it, keywords too.
func (a *API) readFilter(r *request, f *social.Filter) error {
	p := r.params
	if title := p.given("title"); title != nil {
		f.Title = *title
	}
	if action := p.text("filter_action"); action != "" {
		f.Action = social.FilterAction(action)
	}
	if err := a.readTerms(r, f); err != nil {
		return err
	}
	for _, sent := range p.objects("keywords_attributes") {
		if err := readKeyword(sent, f); err != nil {
			return err
		}
	}
	return nil
}

// readTerms reads where and for how long a filter counts. An empty expires_in is for good.
func (a *API) readTerms(r *request, f *social.Filter) error {
	if _, ok := r.params["context"]; ok {
		f.Contexts = nil
		for _, word := range r.params.list("context") {
			if c := social.FilterContext(word); !slices.Contains(f.Contexts, c) {
				f.Contexts = append(f.Contexts, c)
			}
		}
	}
	if r.params.given("expires_in") == nil {
		return nil
	}
	seconds, err := r.params.number("expires_in", 0)
	if err != nil {
		return err
	}
	f.ExpiresAt = time.Time{}
	if seconds != 0 {
		f.ExpiresAt = a.Now().Add(time.Duration(seconds) * time.Second)
	}
	return nil
}

// readKeyword adds, changes or removes the keyword that sent is about.
func readKeyword(sent params, f *social.Filter) error {
	k := social.FilterKeyword{WholeWord: true}
	id, err := sent.id("id")
	if err != nil {
		return err
	}
	at := keywordAt(*f, id)
	if id != 0 && at < 0 {
		return errNotFound
	}
	if id != 0 {
		k = f.Keywords[at]
	}
	if sent.yes("_destroy") {
		if id != 0 {
			f.Keywords = slices.Delete(f.Keywords, at, at+1)
		}
		return nil
	}
	keywordOf(sent, &k)
	if id != 0 {
		f.Keywords[at] = k
	} else {
		f.Keywords = append(f.Keywords, k)
	}
	return nil
}

// keywordOf gives k what sent says of it.
func keywordOf(sent params, k *social.FilterKeyword) {
	if word := sent.given("keyword"); word != nil {
		k.Keyword = *word
	}
	if whole := sent.flag("whole_word"); whole != nil {
		k.WholeWord = *whole
	}
}
