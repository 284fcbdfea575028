package api

import (
	"slices"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) listKeywords(r *request) error {
	f, err := a.filter(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterKeywords(f.Keywords))
}

func (a *API) addKeyword(r *request) error {
	meant, err := r.meant()
	if err != nil {
		return err
	}
	f, err := a.Filters.Change(r.ctx, r.viewer(), meant, func(f *social.Filter) error {
		k := social.FilterKeyword{WholeWord: true}
		keywordOf(r.params, &k)
		f.Keywords = append(f.Keywords, k)
		return nil
	})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterKeyword(f.Keywords[len(f.Keywords)-1]))
}

// hasKeyword tells the filter that the keyword with this id belongs to.
func hasKeyword(id social.ID) func(social.Filter) bool {
	return func(f social.Filter) bool { return keywordAt(f, id) >= 0 }
}

func keywordAt(f social.Filter, id social.ID) int {
	return slices.IndexFunc(f.Keywords, func(k social.FilterKeyword) bool { return k.ID == id })
}

// keyword is the one of the path, with its filter.
func (a *API) keyword(r *request) (social.Filter, social.FilterKeyword, error) {
	id, err := r.id()
	if err != nil {
		return social.Filter{}, social.FilterKeyword{}, err
	}
	f, err := a.Filters.Find(r.ctx, r.viewer(), hasKeyword(id))
	if err != nil {
		return social.Filter{}, social.FilterKeyword{}, err
	}
	return f, f.Keywords[keywordAt(f, id)], nil
}

func (a *API) showKeyword(r *request) error {
	_, k, err := a.keyword(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterKeyword(k))
}

func (a *API) changeKeyword(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	f, err := a.Filters.Change(r.ctx, r.viewer(), hasKeyword(id), func(f *social.Filter) error {
		keywordOf(r.params, &f.Keywords[keywordAt(*f, id)])
		return nil
	})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterKeyword(f.Keywords[keywordAt(f, id)]))
}

func (a *API) deleteKeyword(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	_, err = a.Filters.Change(r.ctx, r.viewer(), hasKeyword(id), func(f *social.Filter) error {
		at := keywordAt(*f, id)
		f.Keywords = slices.Delete(f.Keywords, at, at+1)
		return nil
	})
	if err != nil {
		return err
	}
	return r.empty()
}

func (a *API) listFilterStatuses(r *request) error {
	f, err := a.filter(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterStatuses(f.Statuses))
}

// addFilterStatus names a post that the sender can see.
func (a *API) addFilterStatus(r *request) error {
	f, err := a.filter(r)
	if err != nil {
		return err
	}
	status, err := r.params.id("status_id")
	if err != nil {
		return err
	}
	if _, err := a.Reader.Status(r.ctx, r.viewer(), status); err != nil {
		return err
	}
	meant := func(x social.Filter) bool { return x.ID == f.ID }
	f, err = a.Filters.Change(r.ctx, r.viewer(), meant, func(f *social.Filter) error {
		if slices.ContainsFunc(f.Statuses, func(s social.FilterStatus) bool { return s.StatusID == status }) {
			return unprocessable("Validation failed: Status has already been taken")
		}
		f.Statuses = append(f.Statuses, social.FilterStatus{StatusID: status})
		return nil
	})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterStatus(f.Statuses[len(f.Statuses)-1]))
}

// namesStatus tells the filter that names a status under this id.
func namesStatus(id social.ID) func(social.Filter) bool {
	return func(f social.Filter) bool { return nameAt(f, id) >= 0 }
}

func nameAt(f social.Filter, id social.ID) int {
	return slices.IndexFunc(f.Statuses, func(s social.FilterStatus) bool { return s.ID == id })
}

func (a *API) showFilterStatus(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	f, err := a.Filters.Find(r.ctx, r.viewer(), namesStatus(id))
	if err != nil {
		return err
	}
	return r.json(clientapi.FromFilterStatus(f.Statuses[nameAt(f, id)]))
}

func (a *API) deleteFilterStatus(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	_, err = a.Filters.Change(r.ctx, r.viewer(), namesStatus(id), func(f *social.Filter) error {
		at := nameAt(*f, id)
		f.Statuses = slices.Delete(f.Statuses, at, at+1)
		return nil
	})
	if err != nil {
		return err
	}
	return r.empty()
}
