package clientapi

import (
	"strconv"

	"orrery/social"
)

// FeaturedTag is a hashtag on a profile.
type FeaturedTag struct {
	ID            string  `json:"id"`
	Name          string  `json:"name"`
	URL           string  `json:"url"` // the person's own posts with it
	StatusesCount string  `json:"statuses_count"`
	LastStatusAt  *string `json:"last_status_at"` // a date
}

// FromFeaturedTags renders the hashtags on the profile of a.
func FromFeaturedTags(a social.Account, tags []social.FeaturedTag) []FeaturedTag {
	return each(tags, func(t social.FeaturedTag) FeaturedTag {
		f := FeaturedTag{ID: t.ID.String(), Name: t.Name, URL: a.URL + "/tagged/" + t.Tag, StatusesCount: strconv.FormatInt(t.Statuses, 10)}
		if !t.LastStatusAt.IsZero() {
			day := t.LastStatusAt.UTC().Format("2006-01-02")
			f.LastStatusAt = &day
		}
		return f
	})
}
