package clientapi

import (
	"cmp"
	"html"
	"strconv"

	"orrery/social"
	"orrery/social/richtext"
)

// SiteText is a longer text about a server: its description or what it does with data.
type SiteText struct {
	UpdatedAt Time   `json:"updated_at"`
	Content   string `json:"content"` // HTML
}

// TermsOfService are what both sides agree to.
type TermsOfService struct {
	EffectiveDate string  `json:"effective_date"` // YYYY-MM-DD
	Effective     bool    `json:"effective"`
	Content       string  `json:"content"`
	SucceededBy   *string `json:"succeeded_by"`
}

// Week is what happened on a server in one week: numbers in strings.
type Week struct {
	Week          string `json:"week"` // Unix seconds
	Statuses      string `json:"statuses"`
	Logins        string `json:"logins"`
	Registrations string `json:"registrations"`
}

// OEmbed is how another site shows a status.
type OEmbed struct {
	Type         string `json:"type"`
	Version      string `json:"version"`
	AuthorName   string `json:"author_name"`
	AuthorURL    string `json:"author_url"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"` // seconds
	HTML         string `json:"html"`
	Width        int    `json:"width"`
	Height       *int   `json:"height"`
}

// SiteHTML is a text as pages show it.
func SiteHTML(t social.SiteText, r Render) string {
	return richtext.Format(t.Content, richtext.Options{Version: r.Text, Origin: r.URLs.Origin})
}

// FromSiteText renders t.
func FromSiteText(t social.SiteText, r Render) SiteText {
	at := t.UpdatedAt
	if at.IsZero() {
		at = r.Now
	}
	return SiteText{UpdatedAt: Time{at}, Content: SiteHTML(t, r)}
}

// FromTerms renders the terms, which hold since they were written.
func FromTerms(t social.SiteText, r Render) TermsOfService {
	return TermsOfService{EffectiveDate: t.UpdatedAt.UTC().Format("2006-01-02"), Effective: true, Content: SiteHTML(t, r)}
}

// FromWeeks renders what happened.
func FromWeeks(weeks []social.Week) []Week {
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	return each(weeks, func(w social.Week) Week {
		return Week{Week: n(w.Start.Unix()), Statuses: n(w.Statuses), Logins: n(w.Logins), Registrations: n(w.Registrations)}
	})
}

// FromStatusEmbedded renders v for other sites: a quotation with a link, no frame and no script.
func FromStatusEmbedded(v social.StatusView, provider string, width, height int, r Render) OEmbed {
	a, url := v.Author, html.EscapeString(v.Status.URL)
	out := OEmbed{
		Type: "rich", Version: "1.0", AuthorName: a.Name(), AuthorURL: cmp.Or(a.URL, a.URI), ProviderName: provider, ProviderURL: r.URLs.Origin,
		CacheAge: 86400, Width: width,
		HTML: `<blockquote cite="` + url + `">` + content(v.Status, r) + `<p><a href="` + url + `">` + html.EscapeString(a.Name()) + ` (@` +
			html.EscapeString(a.Username) + `@` + html.EscapeString(r.URLs.Host()) + `)</a></p></blockquote>`,
	}
	if v.Status.SpoilerText != "" { // what stands behind a warning is not shown to who did not ask
		out.HTML = `<blockquote cite="` + url + `"><p><a href="` + url + `">` + html.EscapeString(v.Status.SpoilerText) + `</a></p></blockquote>`
	}
	if height > 0 {
		out.Height = &height
	}
	return out
}
