package clientapi

import (
	"encoding/json"
	"strconv"

	"orrery/social"
)

// SearchResults is what a search found.
type SearchResults struct {
	Accounts    []Account         `json:"accounts"`
	Statuses    []Status          `json:"statuses"`
	Hashtags    []Tag             `json:"hashtags"`
	Collections []json.RawMessage `json:"collections"`
}

// Suggestion is somebody whom the viewer may want to follow. Source is the word of older apps.
type Suggestion struct {
	Source  string   `json:"source"`
	Sources []string `json:"sources"`
	Account Account  `json:"account"`
}

// FromSuggestions renders suggestions; never nil.
func FromSuggestions(ss []social.Suggestion, r Render) []Suggestion {
	return each(ss, func(s social.Suggestion) Suggestion {
		source := "global"
		if s.Sources[0] == social.SuggestedByFriends {
			source = "past_interactions"
		}
		return Suggestion{Source: source, Sources: s.Sources, Account: FromAccount(s.Account, r)}
	})
}

// Tag is a hashtag with what it was used for of late.
type Tag struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	URL       string       `json:"url"`
	History   []TagHistory `json:"history"`
	Following *bool        `json:"following,omitempty"`
	Featuring *bool        `json:"featuring,omitempty"`
}

// TagHistory is one day's use: all three are numbers in strings.
type TagHistory struct {
	Day      string `json:"day"` // Unix seconds
	Uses     string `json:"uses"`
	Accounts string `json:"accounts"`
}

// FromTagView renders a hashtag. Hashtags have no rows, so the id is made of the name.
func FromTagView(v social.TagView, r Render) Tag {
	t := Tag{ID: social.NameID(v.Name).String(), Name: v.Shown(), URL: r.URLs.Tag(v.Name), History: history(v.History)}
	if r.Viewer != 0 {
		t.Following, t.Featuring = &v.Following, &v.Featured
	}
	return t
}

// FromTagViews renders hashtags; never nil.
func FromTagViews(vs []social.TagView, r Render) []Tag {
	return each(vs, func(v social.TagView) Tag { return FromTagView(v, r) })
}

func history(days []social.DayUse) []TagHistory {
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	return each(days, func(u social.DayUse) TagHistory {
		return TagHistory{Day: n(u.Day.Unix()), Uses: n(u.Uses), Accounts: n(u.Accounts)}
	})
}

// FromFound renders a search, of whose hashtags tags says more.
func FromFound(f social.Found, tags []social.TagView, r Render) SearchResults {
	return SearchResults{
		Accounts: FromAccounts(f.Accounts, r), Statuses: FromStatuses(f.Statuses, r),
		Hashtags:    FromTagViews(tags, r),
		Collections: []json.RawMessage{},
	}
}
