package clientapi

import "orrery/social"

// Profile is what the viewer can change about themselves, as typed and as shown.
type Profile struct {
	ID                 string        `json:"id"`
	DisplayName        string        `json:"display_name"`
	Note               string        `json:"note"` // plain text
	Fields             []Field       `json:"fields"`
	Avatar             *string       `json:"avatar"`
	AvatarStatic       *string       `json:"avatar_static"`
	AvatarDescription  string        `json:"avatar_description"`
	Header             *string       `json:"header"`
	HeaderStatic       *string       `json:"header_static"`
	HeaderDescription  string        `json:"header_description"`
	Locked             bool          `json:"locked"`
	Bot                bool          `json:"bot"`
	HideCollections    *bool         `json:"hide_collections"`
	Discoverable       *bool         `json:"discoverable"`
	Indexable          bool          `json:"indexable"`
	ShowMedia          bool          `json:"show_media"`
	ShowMediaReplies   bool          `json:"show_media_replies"`
	ShowFeatured       bool          `json:"show_featured"`
	AttributionDomains []string      `json:"attribution_domains"`
	FormattedNote      string        `json:"formatted_note"` // HTML
	FormattedFields    []Field       `json:"formatted_fields"`
	FeaturedTags       []FeaturedTag `json:"featured_tags"`
}

// FromProfile renders a for themselves.
func FromProfile(a social.Account, tags []FeaturedTag, r Render) Profile {
	shown := FromAccount(a, r)
	out := Profile{
		ID: shown.ID, DisplayName: a.DisplayName, Note: a.Note, Fields: each(a.Fields, typed),
		AvatarDescription: shown.AvatarDescription, HeaderDescription: shown.HeaderDescription,
		Locked: a.Locked, Bot: a.Bot(), HideCollections: shown.HideCollections, Discoverable: shown.Discoverable, Indexable: a.Indexable,
		ShowMedia: shown.ShowMedia, ShowMediaReplies: shown.ShowMediaReplies, ShowFeatured: shown.ShowFeatured,
		AttributionDomains: append([]string{}, a.AttributionDomains...),
		FormattedNote:      shown.Note, FormattedFields: shown.Fields, FeaturedTags: append([]FeaturedTag{}, tags...),
	}
	if shown.Avatar != r.placeholder() {
		out.Avatar, out.AvatarStatic = &shown.Avatar, &shown.AvatarStatic
	}
	if shown.Header != r.placeholder() {
		out.Header, out.HeaderStatic = &shown.Header, &shown.HeaderStatic
	}
	return out
}
