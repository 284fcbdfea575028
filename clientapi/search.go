package clientapi

import (
	"encoding/json"
	"hash/fnv"
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

// FromTag renders a normalised hashtag. Tags have no rows, so the id is made of the name; no history is kept.
func FromTag(name string, r Render) Tag {
	h := fnv.New32a()
	h.Write([]byte(name))
	t := Tag{ID: strconv.FormatUint(uint64(h.Sum32()), 10), Name: name, URL: r.URLs.Tag(name), History: []TagHistory{}}
	if r.Viewer != 0 {
		no := false
		t.Following, t.Featuring = &no, &no
	}
	return t
}

// FromFound renders a search.
func FromFound(f social.Found, r Render) SearchResults {
	return SearchResults{
		Accounts: FromAccounts(f.Accounts, r), Statuses: FromStatuses(f.Statuses, r),
		Hashtags:    each(f.Tags, func(name string) Tag { return FromTag(name, r) }),
		Collections: []json.RawMessage{},
	}
}
