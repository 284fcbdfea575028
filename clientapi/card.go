package clientapi

import (
	"cmp"
	"html"
	"strconv"
	"time"

	"orrery/social"
)

// TrendingLink is a page that many link to, with its use of late.
type TrendingLink struct {
	PreviewCard
	History []TagHistory `json:"history"`
}

// FromLinks renders pages that trend; never nil.
func FromLinks(vs []social.LinkView, r Render) []TrendingLink {
	return each(vs, func(v social.LinkView) TrendingLink {
		return TrendingLink{PreviewCard: *FromCard(&v.Card, r), History: history(v.History)}
	})
}

// FromCard renders c, nil when there is none.
func FromCard(c *social.Card, r Render) *PreviewCard {
	if c == nil {
		return nil
	}
	out := &PreviewCard{
		URL: cmp.Or(page(c.Link), c.URL), Title: c.Title, Description: c.Description, Type: c.Kind, AuthorName: c.AuthorName, AuthorURL: c.AuthorURL,
		ProviderName: c.ProviderName, ProviderURL: c.ProviderURL, HTML: frame(*c), Width: c.Width, Height: c.Height,
		Image: orNull(r.URLs.Copied(c.ID, social.RemoteCard, c.ImageURL)), Authors: []CardAuthor{},
	}
	if c.Kind == "photo" {
		out.EmbedURL = c.EmbedURL
	}
	if !c.PublishedAt.IsZero() {
		at := c.PublishedAt.UTC().Format(time.RFC3339)
		out.PublishedAt = &at
	}
	switch {
	case c.Author != nil:
		a := FromAccount(*c.Author, r)
		out.Authors = append(out.Authors, CardAuthor{Name: c.Author.Name(), URL: cmp.Or(page(c.Author.URL), c.Author.URI), Account: &a})
	case c.AuthorName != "" || c.AuthorURL != "":
		out.Authors = append(out.Authors, CardAuthor{Name: c.AuthorName, URL: c.AuthorURL})
	}
	return out
}

// frame shows a film in place: built here, so that nothing of what its site offers runs beside it.
func frame(c social.Card) string {
	if c.Kind != "video" || c.EmbedURL == "" {
		return ""
	}
	return `<iframe src="` + html.EscapeString(c.EmbedURL) + `" width="` + strconv.Itoa(c.Width) + `" height="` + strconv.Itoa(c.Height) +
		`" allowfullscreen="allowfullscreen" sandbox="allow-scripts allow-same-origin" frameborder="0"></iframe>`
}
