package clientapi

import (
	"cmp"
	"html"

	"orrery/social"
	"orrery/social/richtext"
)

// ServerInfo is what an instance says about itself, and the counts of its people and posts.
type ServerInfo struct {
	Title, Description string
	Domain             string // the domain of its handles
	Version            string // Mastodon's number first: apps parse it
	SourceURL          string
	ContactEmail       string
	StreamingOrigin    string // "wss://host", without a path
	PushKey            string // public, of web push
	Thumbnail          string // "" is the placeholder
	Languages          []string
	Quotes             bool // posts can be quoted
	// MediaTypes are the MIME types of uploads that are taken, none when no uploads are; MaxMediaDescription counts characters.
	MediaTypes          []string
	MaxMediaDescription int
	Joining             social.Registration

	People, ActivePeople, Statuses, Domains int64

	Contact           *social.Account // whom to write to; nil for nobody
	LimitedFederation bool
	Privacy, Terms    bool // there are such texts
}

// Instance is the second version of a server's description.
type Instance struct {
	Domain        string         `json:"domain"`
	Title         string         `json:"title"`
	Version       string         `json:"version"`
	SourceURL     string         `json:"source_url"`
	Description   string         `json:"description"`
	Usage         Usage          `json:"usage"`
	Thumbnail     Thumbnail      `json:"thumbnail"`
	Icon          []InstanceIcon `json:"icon"`
	Languages     []string       `json:"languages"`
	Configuration Configuration  `json:"configuration"`
	Registrations Registrations  `json:"registrations"`
	APIVersions   APIVersions    `json:"api_versions"`
	Wrapstodon    *string        `json:"wrapstodon"`
	Contact       Contact        `json:"contact"`
	Rules         []Rule         `json:"rules"`
}

// Usage counts people.
type Usage struct {
	Users struct {
		ActiveMonth int64 `json:"active_month"`
	} `json:"users"`
}

// Thumbnail is the server's picture.
type Thumbnail struct {
	URL         string            `json:"url"`
	Description string            `json:"description"`
	Blurhash    *string           `json:"blurhash,omitempty"`
	Versions    map[string]string `json:"versions,omitempty"`
}

// InstanceIcon is the server's icon in one size.
type InstanceIcon struct {
	Src  string `json:"src"`
	Size string `json:"size"`
}

// Registrations says how one joins.
type Registrations struct {
	Enabled          bool    `json:"enabled"`
	ApprovalRequired bool    `json:"approval_required"`
	ReasonRequired   *bool   `json:"reason_required"`
	Message          *string `json:"message"`
	MinAge           *int    `json:"min_age"`
	URL              *string `json:"url"`
}

// APIVersions says what is served beyond the first version; apps turn features on by it, so it says no more than is true.
// docs/api-coverage.md has what each number claims and which test shows it.
type APIVersions struct {
	Mastodon int `json:"mastodon"`
}

// Level is the number that apps are told; LevelWithoutQuotes where posts cannot be quoted, which is what 7 claims.
const (
	Level              = 9
	LevelWithoutQuotes = 6
)

func (s ServerInfo) level() int {
	if s.Quotes {
		return Level
	}
	return LevelWithoutQuotes
}

// Contact is whom to write to.
type Contact struct {
	Email   string   `json:"email"`
	Account *Account `json:"account"`
}

// Rule is one of the house rules.
type Rule struct {
	ID           string                     `json:"id"`
	Text         string                     `json:"text"`
	Hint         string                     `json:"hint"`
	Translations map[string]RuleTranslation `json:"translations"`
}

// RuleTranslation is a rule in another language.
type RuleTranslation struct {
	Text string `json:"text"`
	Hint string `json:"hint"`
}

// FromServer renders the second version.
func FromServer(s ServerInfo, r Render) Instance {
	out := Instance{
		Domain: s.Domain, Title: s.Title, Version: s.Version, SourceURL: s.SourceURL, Description: s.Description,
		Thumbnail: Thumbnail{URL: cmp.Or(s.Thumbnail, r.placeholder())}, Icon: []InstanceIcon{}, Languages: s.languages(),
		Configuration: s.configuration(r), APIVersions: APIVersions{Mastodon: s.level()},
		Contact: Contact{Email: s.ContactEmail, Account: s.contact(r)}, Rules: []Rule{}, Registrations: s.registrations(),
	}
	out.Usage.Users.ActiveMonth = s.ActivePeople
	return out
}

func (s ServerInfo) registrations() Registrations {
	reason := s.Joining.Approval() && s.Joining.ReasonRequired
	out := Registrations{Enabled: s.Joining.Open(), ApprovalRequired: s.Joining.Approval(), ReasonRequired: &reason}
	if !out.Enabled {
		out.ReasonRequired = nil
		if s.Joining.Message != "" {
			message := "<p>" + html.EscapeString(s.Joining.Message) + "</p>"
			out.Message = &message
		}
	}
	return out
}

func (s ServerInfo) contact(r Render) *Account {
	if s.Contact == nil {
		return nil
	}
	a := FromAccount(*s.Contact, r)
	return &a
}

func (s ServerInfo) languages() []string {
	if len(s.Languages) == 0 {
		return []string{"en"}
	}
	return s.Languages
}

// InstanceV1 is the first version of a server's description, which many apps still ask for.
type InstanceV1 struct {
	URI              string          `json:"uri"` // the bare domain
	Title            string          `json:"title"`
	ShortDescription string          `json:"short_description"`
	Description      string          `json:"description"`
	Email            string          `json:"email"`
	Version          string          `json:"version"`
	URLs             InstanceURLs    `json:"urls"`
	Stats            InstanceStats   `json:"stats"`
	Thumbnail        *string         `json:"thumbnail"`
	Languages        []string        `json:"languages"`
	Registrations    bool            `json:"registrations"`
	ApprovalRequired bool            `json:"approval_required"`
	InvitesEnabled   bool            `json:"invites_enabled"`
	Configuration    ConfigurationV1 `json:"configuration"`
	ContactAccount   *Account        `json:"contact_account"`
	Rules            []Rule          `json:"rules"`
}

// InstanceURLs holds strings only: go-mastodon reads it as such a map.
type InstanceURLs struct {
	StreamingAPI string `json:"streaming_api"`
}

// InstanceStats counts.
type InstanceStats struct {
	UserCount   int64 `json:"user_count"`
	StatusCount int64 `json:"status_count"`
	DomainCount int64 `json:"domain_count"`
}

// FromServerV1 renders the first version.
func FromServerV1(s ServerInfo, r Render) InstanceV1 {
	thumbnail := cmp.Or(s.Thumbnail, r.placeholder())
	c := s.configuration(r)
	v1 := ConfigurationV1{Statuses: c.Statuses, Polls: c.Polls, MediaAttachments: c.MediaAttachments.MediaLimitsV1}
	v1.Accounts.MaxFeaturedTags = c.Accounts.MaxFeaturedTags
	return InstanceV1{
		URI: s.Domain, Title: s.Title, ShortDescription: s.Description, Description: s.Description, Email: s.ContactEmail,
		Version: s.Version, URLs: InstanceURLs{StreamingAPI: s.StreamingOrigin},
		Stats:         InstanceStats{UserCount: s.People, StatusCount: s.Statuses, DomainCount: s.Domains},
		Registrations: s.Joining.Open(), ApprovalRequired: s.Joining.Approval(),
		Thumbnail: &thumbnail, Languages: s.languages(), Configuration: v1, ContactAccount: s.contact(r), Rules: []Rule{},
	}
}

func (s ServerInfo) statusLimits() StatusLimits {
	l := StatusLimits{MaxCharacters: richtext.MaxLength, CharactersReservedPerURL: richtext.LinkLength}
	if len(s.MediaTypes) > 0 {
		l.MaxMediaAttachments = social.MaxAttachments
	}
	return l
}
