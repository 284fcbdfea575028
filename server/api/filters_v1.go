package api

import (
	"slices"

	"orrery/clientapi"
	"orrery/social"
)

// The first form of filters shows each keyword as a filter of its own, under the keyword's id.

func (a *API) listFiltersV1(r *request) error {
	all, err := a.Store.Filters(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	out := []clientapi.FilterV1{}
	for _, f := range all {
		for _, k := range f.Keywords {
			out = append(out, clientapi.FromFilterV1(f, k))
		}
	}
	return r.json(out)
}

func (a *API) showFilterV1(r *request) error {
	f, k, err := a.keyword(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterV1(f, k))
}

func (a *API) createFilterV1(r *request) error {
	phrase := r.params.text("phrase")
	f := social.Filter{Title: phrase, Keywords: []social.FilterKeyword{{}}}
	if err := a.readFilterV1(r, &f, 0); err != nil {
		return err
	}
	f, err := a.Filters.Create(r.ctx, r.viewer(), f)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterV1(f, f.Keywords[0]))
}

// changeFilterV1 changes a keyword, and, while it is the filter's only one, where and how it counts.
func (a *API) changeFilterV1(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	f, err := a.Filters.Change(r.ctx, r.viewer(), hasKeyword(id), func(f *social.Filter) error {
		before := *f
		if err := a.readFilterV1(r, f, keywordAt(*f, id)); err != nil {
			return err
		}
		same := slices.Equal(before.Contexts, f.Contexts) && before.Action == f.Action && before.ExpiresAt.Equal(f.ExpiresAt)
		if len(f.Keywords) > 1 && !same {
			return unprocessable("This filter has several keywords, which a program of this age cannot change together: use a newer one.")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterV1(f, f.Keywords[keywordAt(f, id)]))
}

func (a *API) readFilterV1(r *request, f *social.Filter, keyword int) error {
	k := &f.Keywords[keyword]
	if phrase := r.params.given("phrase"); phrase != nil {
		k.Keyword = *phrase
	}
	if whole := r.params.flag("whole_word"); whole != nil {
		k.WholeWord = *whole
	}
	if irreversible := r.params.flag("irreversible"); irreversible != nil {
		f.Action = social.FilterWarn
		if *irreversible {
			f.Action = social.FilterHide
		}
	}
	return a.readTerms(r, f)
}

// deleteFilterV1 removes a keyword, and a filter that has nothing left to look for.
func (a *API) deleteFilterV1(r *request) error {
	f, k, err := a.keyword(r)
	if err != nil {
		return err
	}
	if len(f.Keywords) > 1 || len(f.Statuses) > 0 {
		_, err = a.Filters.Change(r.ctx, r.viewer(), hasKeyword(k.ID), func(f *social.Filter) error {
			at := keywordAt(*f, k.ID)
			f.Keywords = slices.Delete(f.Keywords, at, at+1)
			return nil
		})
	} else {
		err = a.Store.DeleteFilter(r.ctx, r.viewer(), f.ID)
	}
	if err != nil {
		return err
	}
	return r.empty()
}
