package social

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Profile is what a person may change about themselves; nil leaves as it is.
type Profile struct {
	DisplayName, Note       *string
	Locked, Bot             *bool
	Discoverable, Indexable *bool
	HideCollections         *bool
	// What apps are to show of a profile; see Account.HideMedia.
	ShowMedia, ShowMediaReplies, ShowFeatured *bool
	Fields                                    *[]Field  // empty ones are left out; one that stays the same stays verified
	AttributionDomains                        *[]string // hosts, or addresses of which only the host counts
	AvatarText, HeaderText                    *string   // instead of the pictures
}

// Bounds of a profile, in characters.
const (
	maxDisplayName = 30
	maxBio         = 500
	MaxFields      = 4
	MaxFieldLength = 255
	maxAttributed  = 100
	maxPictureText = 150
)

// apply gives a what p says. Errors: ErrInvalid.
func (p Profile) apply(a *Account) error {
	set(&a.DisplayName, p.DisplayName)
	set(&a.Note, p.Note)
	set(&a.Locked, p.Locked)
	set(&a.Discoverable, p.Discoverable)
	set(&a.Indexable, p.Indexable)
	set(&a.HideCollections, p.HideCollections)
	unset(&a.HideMedia, p.ShowMedia)
	unset(&a.HideMediaReplies, p.ShowMediaReplies)
	unset(&a.HideFeatured, p.ShowFeatured)
	set(&a.AvatarDescription, p.AvatarText)
	set(&a.HeaderDescription, p.HeaderText)
	if p.Bot != nil && *p.Bot != a.Bot() {
		a.ActorType = "Person"
		if *p.Bot {
			a.ActorType = "Service"
		}
	}
	if p.Fields != nil {
		fields, err := keepVerified(*p.Fields, a.Fields)
		if err != nil {
			return err
		}
		a.Fields = fields
	}
	if p.AttributionDomains != nil {
		domains, err := attributed(*p.AttributionDomains)
		if err != nil {
			return err
		}
		a.AttributionDomains = domains
	}
	for _, bound := range []struct {
		field, text, what string
		most              int
	}{
		{"display_name", a.DisplayName, "The display name", maxDisplayName},
		{"note", a.Note, "The text about you", maxBio},
		{"avatar_description", a.AvatarDescription, "The text instead of your picture", maxPictureText},
		{"header_description", a.HeaderDescription, "The text instead of the picture above your profile", maxPictureText},
	} {
		if utf8.RuneCountInString(bound.text) > bound.most {
			return &Error{Kind: ErrInvalid, Field: bound.field, Code: CodeTooLong,
				Message: fmt.Sprintf("%s is too long: at most %d characters are possible.", bound.what, bound.most)}
		}
	}
	return nil
}

// set gives at a value that was sent.
func set[T any](at *T, sent *T) {
	if sent != nil {
		*at = *sent
	}
}

// unset gives at the opposite of what was sent.
func unset(at, sent *bool) {
	if sent != nil {
		*at = !*sent
	}
}

// keepVerified is the table that was sent, with what is known of lines that were in the old one.
func keepVerified(sent, old []Field) ([]Field, error) {
	var out []Field
	for _, f := range sent {
		f = Field{Name: strings.TrimSpace(f.Name), Value: strings.TrimSpace(f.Value)}
		if f.Name == "" && f.Value == "" {
			continue
		}
		if utf8.RuneCountInString(f.Name) > MaxFieldLength || utf8.RuneCountInString(f.Value) > MaxFieldLength {
			return nil, &Error{Kind: ErrInvalid, Field: "fields", Code: CodeTooLong, Message: fmt.Sprintf("A line of the table is too long: at most %d characters are possible on each side.", MaxFieldLength)}
		}
		if f.Name == "" {
			return nil, &Error{Kind: ErrInvalid, Field: "fields", Code: CodeBlank, Message: "A line of the table has no label: write one, or leave the line empty."}
		}
		if i := slices.IndexFunc(old, func(o Field) bool { return o.Name == f.Name && o.Value == f.Value }); i >= 0 {
			f = old[i]
		}
		out = append(out, f)
	}
	if len(out) > MaxFields {
		return nil, &Error{Kind: ErrInvalid, Field: "fields", Code: CodeTooLong, Message: fmt.Sprintf("The table has too many lines: at most %d are possible.", MaxFields)}
	}
	return out, nil
}

// attributed are the hosts that were meant, in small letters.
func attributed(sent []string) ([]string, error) {
	var out []string
	for _, word := range sent {
		host := strings.ToLower(strings.TrimSpace(word))
		host = strings.TrimPrefix(strings.TrimPrefix(host, "https://"), "http://")
		host, _, _ = strings.Cut(host, "/")
		host = strings.TrimPrefix(host, "*.")
		if host == "" {
			continue
		}
		if len(host) > 253 || strings.ContainsAny(host, " @?#\"<>\\") || !strings.Contains(host, ".") && host != "localhost" {
			return nil, &Error{Kind: ErrInvalid, Field: "attribution_domains", Code: CodeInvalid, Message: fmt.Sprintf("%q is no domain: write it as example.org.", word)}
		}
		if !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	if len(out) > maxAttributed {
		return nil, &Error{Kind: ErrInvalid, Field: "attribution_domains", Code: CodeTooLong, Message: fmt.Sprintf("At most %d domains are possible.", maxAttributed)}
	}
	return out, nil
}
