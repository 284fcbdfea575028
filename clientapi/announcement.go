package clientapi

import (
	"cmp"
	"strings"

	"orrery/social"
	"orrery/social/richtext"
)

// Announcement is something that the people who run a server tell everybody on it.
type Announcement struct {
	ID          string               `json:"id"`
	Content     string               `json:"content"` // HTML
	StartsAt    *Time                `json:"starts_at"`
	EndsAt      *Time                `json:"ends_at"`
	AllDay      bool                 `json:"all_day"`
	PublishedAt Time                 `json:"published_at"`
	UpdatedAt   Time                 `json:"updated_at"`
	Read        *bool                `json:"read,omitempty"`
	Mentions    []Mention            `json:"mentions"`
	Statuses    []AnnouncementStatus `json:"statuses"`
	Tags        []StatusTag          `json:"tags"`
	Emojis      []CustomEmoji        `json:"emojis"`
	Reactions   []Reaction           `json:"reactions"`
}

// AnnouncementStatus is a post that an announcement links to.
type AnnouncementStatus struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

// Reaction is how many people gave one emoji.
type Reaction struct {
	Name      string  `json:"name"`
	Count     int64   `json:"count"`
	Me        *bool   `json:"me,omitempty"`
	URL       *string `json:"url,omitempty"`
	StaticURL *string `json:"static_url,omitempty"`
}

// AnnouncementReaction is what streams tell when a reaction changed.
type AnnouncementReaction struct {
	Name           string `json:"name"`
	Count          int64  `json:"count"`
	AnnouncementID string `json:"announcement_id"`
}

// FromAnnouncement renders v.
func FromAnnouncement(v social.AnnouncementView, r Render) Announcement {
	out := Announcement{
		ID: v.ID.String(), StartsAt: timeOrNull(v.StartsAt), EndsAt: timeOrNull(v.EndsAt), AllDay: v.AllDay,
		PublishedAt: Time{v.PublishedAt}, UpdatedAt: Time{v.UpdatedAt},
		Content:  AnnouncementHTML(v, r),
		Mentions: each(v.Mentions, mention),
		Statuses: each(v.Statuses, func(s social.Status) AnnouncementStatus {
			return AnnouncementStatus{ID: s.ID.String(), URL: cmp.Or(page(s.URL), s.URI)}
		}),
		Tags:      each(v.Tags, func(name string) StatusTag { return StatusTag{Name: name, URL: r.URLs.Tag(name)} }),
		Emojis:    emojis(v.Emojis, r),
		Reactions: each(v.Reactions, func(x social.AnnouncementReaction) Reaction { return reaction(x, r) }),
	}
	if r.Viewer != 0 {
		out.Read = &v.Read
	}
	return out
}

// AnnouncementHTML is the text of v, with its links.
func AnnouncementHTML(v social.AnnouncementView, r Render) string {
	return richtext.Format(v.Text, richtext.Options{Version: r.Text, Origin: r.URLs.Origin, Mention: func(user, domain string) (richtext.Account, bool) {
		for _, a := range v.Mentions {
			if strings.EqualFold(a.Username, user) && strings.EqualFold(a.Domain, domain) {
				return richtext.Account{URL: cmp.Or(page(a.URL), a.URI), User: a.Username, Domain: a.Domain}, true
			}
		}
		return richtext.Account{}, false
	}})
}

func reaction(x social.AnnouncementReaction, r Render) Reaction {
	out := Reaction{Name: x.Name, Count: x.Count}
	if r.Viewer != 0 {
		out.Me = &x.Me
	}
	if x.Emoji != nil {
		e := FromEmoji(*x.Emoji, r)
		out.URL, out.StaticURL = &e.URL, &e.StaticURL
	}
	return out
}
