package clientapi

import (
	"cmp"
	"strconv"
	"time"

	"orrery/social"
	"orrery/social/richtext"
)

// Account is a person as others see them.
type Account struct {
	ID                string         `json:"id"`
	Username          string         `json:"username"`
	Acct              string         `json:"acct"`
	DisplayName       string         `json:"display_name"`
	Locked            bool           `json:"locked"`
	Bot               bool           `json:"bot"`
	Discoverable      *bool          `json:"discoverable"`
	Indexable         bool           `json:"indexable"`
	Group             bool           `json:"group"`
	CreatedAt         Time           `json:"created_at"` // midnight of the day
	Note              string         `json:"note"`       // HTML
	URL               string         `json:"url"`
	URI               string         `json:"uri"`
	Avatar            string         `json:"avatar"`
	AvatarStatic      string         `json:"avatar_static"`
	AvatarDescription string         `json:"avatar_description"`
	Header            string         `json:"header"`
	HeaderStatic      string         `json:"header_static"`
	HeaderDescription string         `json:"header_description"`
	FollowersCount    int64          `json:"followers_count"`
	FollowingCount    int64          `json:"following_count"`
	StatusesCount     int64          `json:"statuses_count"`
	LastStatusAt      *string        `json:"last_status_at"` // date only
	HideCollections   *bool          `json:"hide_collections"`
	ShowMedia         bool           `json:"show_media"`
	ShowMediaReplies  bool           `json:"show_media_replies"`
	ShowFeatured      bool           `json:"show_featured"`
	FeatureApproval   Approval       `json:"feature_approval"`
	Emojis            []CustomEmoji  `json:"emojis"`
	Fields            []Field        `json:"fields"`
	Roles             *[]AccountRole `json:"roles,omitempty"`   // of local accounts only
	NoIndex           *bool          `json:"noindex,omitempty"` // of local accounts only
	Moved             *Account       `json:"moved,omitempty"`
	Memorial          bool           `json:"memorial,omitempty"`
	Suspended         bool           `json:"suspended,omitempty"`
	Limited           bool           `json:"limited,omitempty"`
	InvalidHandle     bool           `json:"invalid_handle,omitempty"`
	EmailSubscription *bool          `json:"email_subscriptions,omitempty"`
}

// Field is one line of a profile's table.
type Field struct {
	Name       string  `json:"name"`
	Value      string  `json:"value"` // HTML; plain text inside source
	VerifiedAt *string `json:"verified_at"`
}

// AccountRole is a badge on a profile.
type AccountRole struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// CustomEmoji is a picture with a shortcode.
type CustomEmoji struct {
	Shortcode       string  `json:"shortcode"`
	URL             string  `json:"url"`
	StaticURL       string  `json:"static_url"`
	VisibleInPicker bool    `json:"visible_in_picker"`
	Category        *string `json:"category,omitempty"`
	Featured        *bool   `json:"featured,omitempty"`
}

// Approval says who may quote a status or feature an account.
type Approval struct {
	Automatic   []string `json:"automatic"`
	Manual      []string `json:"manual"`
	CurrentUser string   `json:"current_user"` // automatic, manual, denied, unknown
}

// nobody is the approval of an instance that offers no featured accounts.
func nobody() Approval {
	return Approval{Automatic: []string{}, Manual: []string{}, CurrentUser: "denied"}
}

// FromAccount renders a.
func FromAccount(a social.Account, r Render) Account {
	discoverable, hide := a.Discoverable, a.HideCollections
	out := Account{
		ID: a.ID.String(), Username: a.Username, Acct: acct(a), DisplayName: a.DisplayName, Note: note(a, r),
		Locked: a.Locked, Bot: a.Bot(), Group: a.Group(),
		Discoverable: &discoverable, HideCollections: &hide,
		CreatedAt: Time{a.CreatedAt.UTC().Truncate(24 * time.Hour)}, LastStatusAt: day(a.LastStatusAt),
		URL: cmp.Or(page(a.URL), a.URI), URI: a.URI,
		Avatar: cmp.Or(r.URLs.Avatar(a), page(a.AvatarURL), r.placeholder()), AvatarDescription: a.AvatarDescription,
		Header: cmp.Or(r.URLs.Header(a), page(a.HeaderURL), r.placeholder()), HeaderDescription: a.HeaderDescription,
		FollowersCount: a.FollowersCount, FollowingCount: a.FollowingCount, StatusesCount: a.StatusesCount,
		ShowMedia: !a.HideMedia, ShowMediaReplies: !a.HideMediaReplies, ShowFeatured: !a.HideFeatured,
		FeatureApproval: nobody(), Emojis: emojis(a.Emojis, r), Indexable: a.Indexable, Memorial: a.Memorial,
		Fields:        each(a.Fields, func(f social.Field) Field { return field(f, a, r) }),
		InvalidHandle: a.InvalidHandle(),
	}
	if a.Moved != nil {
		moved := FromAccount(*a.Moved, r)
		moved.Moved = nil // one step is enough, and there may be a circle
		out.Moved = &moved
	}
	out.AvatarStatic, out.HeaderStatic = out.Avatar, out.Header
	if a.Local() {
		noIndex := !a.Discoverable
		out.Roles, out.NoIndex = &[]AccountRole{}, &noIndex
	}
	out.Limited = a.Silenced()
	if a.Suspended() {
		out.blank(r)
	}
	return out
}

// blank leaves of a suspended account that it exists.
func (a *Account) blank(r Render) {
	a.DisplayName, a.Note, a.Fields, a.Emojis, a.Suspended = "", "", []Field{}, []CustomEmoji{}, true
	a.Avatar, a.AvatarStatic, a.Header, a.HeaderStatic = r.placeholder(), r.placeholder(), r.placeholder(), r.placeholder()
	a.AvatarDescription, a.HeaderDescription = "", ""
	a.FollowersCount, a.FollowingCount, a.StatusesCount, a.LastStatusAt = 0, 0, 0, nil
}

// note is the text about a: typed here as plain text, or HTML that another server claims.
func note(a social.Account, r Render) string {
	if a.Local() {
		return richtext.Format(a.Note, richtext.Options{Version: r.Text, Origin: r.URLs.Origin})
	}
	return r.sanitize(a.Note)
}

// field is a line of a's table: typed here as plain text, whose links are the person's own, or HTML that another server claims.
func field(f social.Field, a social.Account, r Render) Field {
	out := Field{Name: f.Name, Value: r.sanitize(f.Value), VerifiedAt: verified(f)}
	if a.Local() {
		out.Value = richtext.Format(f.Value, richtext.Options{
			Version: r.Text, Origin: r.URLs.Origin, SingleLine: true, WithDomains: true, RelMe: true,
		})
	}
	return out
}

// CredentialAccount is a person as they see themselves.
type CredentialAccount struct {
	Account
	Source Source `json:"source"`
	Role   Role   `json:"role"`
}

// Source is what the person typed and chose.
type Source struct {
	Privacy             string   `json:"privacy"`
	Sensitive           bool     `json:"sensitive"`
	Language            string   `json:"language"`
	Note                string   `json:"note"` // plain text
	Fields              []Field  `json:"fields"`
	FollowRequestsCount int      `json:"follow_requests_count"`
	HideCollections     *bool    `json:"hide_collections"`
	Discoverable        *bool    `json:"discoverable"`
	Indexable           bool     `json:"indexable"`
	AttributionDomains  []string `json:"attribution_domains"`
	QuotePolicy         string   `json:"quote_policy"`
}

func verified(f social.Field) *string {
	if f.VerifiedAt.IsZero() {
		return nil
	}
	at := f.VerifiedAt.UTC().Format(timeFormat)
	return &at
}

// typed is a line of one's own table as it was typed.
func typed(f social.Field) Field {
	return Field{Name: f.Name, Value: f.Value, VerifiedAt: verified(f)}
}

// Role is what the person may do beyond posting.
type Role struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	Permissions     string `json:"permissions"` // bit mask in decimal
	Color           string `json:"color"`
	Highlighted     bool   `json:"highlighted"`
	CollectionLimit int    `json:"collection_limit"`
}

// rights are the bits of what role may do, in decimal.
func rights(role social.Role) string { return strconv.FormatUint(uint64(role.Rights()), 10) }

// FromCredentials renders a, whose user is u, for themselves. requests is how many wait to follow.
func FromCredentials(a social.Account, u social.User, requests int, r Render) CredentialAccount {
	out := CredentialAccount{Account: FromAccount(a, r), Role: FromRole(u.Role)}
	out.Source = Source{
		Privacy: string(u.DefaultVisibility), Sensitive: u.DefaultSensitive, Language: u.DefaultLanguage, Note: a.Note, Fields: each(a.Fields, typed),
		FollowRequestsCount: requests, HideCollections: out.HideCollections, Discoverable: out.Discoverable,
		Indexable: a.Indexable, AttributionDomains: append([]string{}, a.AttributionDomains...), QuotePolicy: quotePolicy(u),
	}
	return out
}
