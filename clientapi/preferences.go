package clientapi

import (
	"cmp"

	"orrery/social"
)

// Preferences are the settings that apps follow.
type Preferences struct {
	PostingVisibility  string  `json:"posting:default:visibility"`
	PostingSensitive   bool    `json:"posting:default:sensitive"`
	PostingLanguage    *string `json:"posting:default:language"`
	PostingQuotePolicy string  `json:"posting:default:quote_policy"`
	ExpandMedia        string  `json:"reading:expand:media"`
	ExpandSpoilers     bool    `json:"reading:expand:spoilers"`
	AutoplayGIFs       bool    `json:"reading:autoplay:gifs"`
}

// FromUser renders the settings of u.
func FromUser(u social.User) Preferences {
	return Preferences{
		PostingVisibility: string(u.DefaultVisibility), PostingLanguage: orNull(u.DefaultLanguage), PostingQuotePolicy: quotePolicy(u),
		PostingSensitive: u.DefaultSensitive, ExpandMedia: cmp.Or(u.ExpandMedia, social.MediaDefault), ExpandSpoilers: u.ExpandSpoilers,
		AutoplayGIFs: u.AutoplayGIFs,
	}
}
