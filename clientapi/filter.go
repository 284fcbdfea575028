package clientapi

import "orrery/social"

// FilterResult says which of the viewer's filters a status met.
type FilterResult struct {
	Filter         Filter    `json:"filter"`
	KeywordMatches *[]string `json:"keyword_matches"`
	StatusMatches  *[]string `json:"status_matches"`
}

// Filter is a viewer's filter. Inside a FilterResult it has no keywords and statuses.
type Filter struct {
	ID           string           `json:"id"`
	Title        string           `json:"title"`
	Context      []string         `json:"context"`
	ExpiresAt    *Time            `json:"expires_at"`
	FilterAction string           `json:"filter_action"`
	Keywords     *[]FilterKeyword `json:"keywords,omitempty"`
	Statuses     *[]FilterStatus  `json:"statuses,omitempty"`
}

// FilterKeyword is a word or phrase of a filter.
type FilterKeyword struct {
	ID        string `json:"id"`
	Keyword   string `json:"keyword"`
	WholeWord bool   `json:"whole_word"`
}

// FilterStatus is a post that a filter names.
type FilterStatus struct {
	ID       string `json:"id"`
	StatusID string `json:"status_id"`
}

// FilterV1 is the first form of filters: one for each keyword.
type FilterV1 struct {
	ID           string   `json:"id"`
	Phrase       string   `json:"phrase"`
	Context      []string `json:"context"`
	ExpiresAt    *Time    `json:"expires_at"`
	Irreversible bool     `json:"irreversible"` // hidden, not warned of
	WholeWord    bool     `json:"whole_word"`
}

// FromFilter renders f whole.
func FromFilter(f social.Filter) Filter {
	out := filter(f)
	keywords, statuses := FromFilterKeywords(f.Keywords), FromFilterStatuses(f.Statuses)
	out.Keywords, out.Statuses = &keywords, &statuses
	return out
}

func filter(f social.Filter) Filter {
	return Filter{
		ID: f.ID.String(), Title: f.Title, Context: contexts(f), ExpiresAt: timeOrNull(f.ExpiresAt), FilterAction: string(f.Action),
	}
}

func contexts(f social.Filter) []string {
	return each(f.Contexts, func(c social.FilterContext) string { return string(c) })
}

// FromFilterKeyword renders k.
func FromFilterKeyword(k social.FilterKeyword) FilterKeyword {
	return FilterKeyword{ID: k.ID.String(), Keyword: k.Keyword, WholeWord: k.WholeWord}
}

// FromFilterKeywords renders ks; never nil.
func FromFilterKeywords(ks []social.FilterKeyword) []FilterKeyword {
	return each(ks, FromFilterKeyword)
}

// FromFilterStatus renders s.
func FromFilterStatus(s social.FilterStatus) FilterStatus {
	return FilterStatus{ID: s.ID.String(), StatusID: s.StatusID.String()}
}

// FromFilterStatuses renders ss; never nil.
func FromFilterStatuses(ss []social.FilterStatus) []FilterStatus { return each(ss, FromFilterStatus) }

// FromFilterV1 renders one keyword of f as a filter.
func FromFilterV1(f social.Filter, k social.FilterKeyword) FilterV1 {
	return FilterV1{
		ID: k.ID.String(), Phrase: k.Keyword, Context: contexts(f), ExpiresAt: timeOrNull(f.ExpiresAt),
		Irreversible: f.Action == social.FilterHide, WholeWord: k.WholeWord,
	}
}

// filterResults renders the filters that caught v and count still.
func filterResults(v social.StatusView, r Render) []FilterResult {
	out := []FilterResult{}
	for _, m := range v.Filtered {
		if m.Filter.Expired(r.Now) {
			continue
		}
		r.turns(m.Filter.ExpiresAt)
		result := FilterResult{Filter: filter(m.Filter)}
		if len(m.Keywords) > 0 {
			result.KeywordMatches = &m.Keywords
		}
		if len(m.Statuses) > 0 {
			ids := each(m.Statuses, social.ID.String)
			result.StatusMatches = &ids
		}
		out = append(out, result)
	}
	return out
}
