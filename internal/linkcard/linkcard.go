// Package linkcard reads what a page says of itself for those who link to it: OpenGraph, plain HTML, and the oEmbed document
// that it names. It fetches nothing; what it returns is text, and addresses that lie on the web.
//
// What a newcomer gets wrong: everything is hostile. Text is cut, addresses are resolved and checked, and of the HTML that
// an oEmbed document offers only the address of its frame is taken.
package linkcard

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// Page is what a page says. Texts are plain and cut, addresses absolute or "".
type Page struct {
	URL                       string // its own word for its address, on its own host only
	Title, Description        string
	Kind                      string // link, photo, video
	AuthorName, AuthorURL     string
	ProviderName, ProviderURL string
	Creator                   string // handle in the fediverse, as written
	Image, ImageDescription   string
	Width, Height             int
	EmbedURL                  string // of a frame or picture to be shown in place
	Language                  string
	Published                 time.Time
	OEmbed                    string // address of the document that says more
}

// Bounds of what is kept, in characters, pixels, bytes.
const (
	maxText    = 500
	maxAddress = 2048
	maxSide    = 10_000
)

// Read reads the page at address. contentType is the header's.
func Read(address string, contentType string, body []byte) Page {
	base, err := url.Parse(address)
	if err != nil {
		return Page{}
	}
	in, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil {
		return Page{}
	}
	r := reader{base: base, meta: map[string]string{}}
	r.read(html.NewTokenizer(in))
	return r.page()
}

// reader gathers the head of a page. The first word of each kind counts.
type reader struct {
	base             *url.URL
	meta             map[string]string
	title, language  string
	canonical, embed string
}

// maxTags bounds how much of a page is looked at.
const maxTags = 20_000

func (r *reader) read(in *html.Tokenizer) {
	in.SetMaxBuf(1 << 20)
	inTitle := false
	for range maxTags {
		switch in.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if inTitle {
				r.title += string(in.Text())
			}
		case html.EndTagToken:
			inTitle = false
		case html.StartTagToken, html.SelfClosingTagToken:
			t := in.Token()
			inTitle = t.DataAtom == atom.Title && r.title == ""
			r.tag(t)
		}
	}
}

func (r *reader) tag(t html.Token) {
	value := func(name string) string {
		for _, a := range t.Attr {
			if a.Key == name {
				return strings.TrimSpace(a.Val)
			}
		}
		return ""
	}
	switch t.DataAtom {
	case atom.Html:
		r.language = cmp.Or(r.language, value("lang"))
	case atom.Meta:
		name := strings.ToLower(cmp.Or(value("property"), value("name"), value("itemprop")))
		if _, known := r.meta[name]; !known && name != "" && value("content") != "" {
			r.meta[name] = value("content")
		}
	case atom.Link:
		rel := " " + strings.ToLower(value("rel")) + " "
		switch {
		case strings.Contains(rel, " canonical "):
			r.canonical = cmp.Or(r.canonical, value("href"))
		case strings.Contains(rel, " alternate ") && strings.EqualFold(value("type"), "application/json+oembed"):
			r.embed = cmp.Or(r.embed, value("href"))
		}
	}
}

func (r *reader) page() Page {
	m := r.meta
	p := Page{
		URL: r.own(cmp.Or(r.canonical, m["og:url"])), Kind: "link", OEmbed: r.address(r.embed),
		Title: text(cmp.Or(m["og:title"], m["twitter:title"], r.title)), Description: text(cmp.Or(m["og:description"], m["twitter:description"], m["description"])),
		AuthorName:   text(cmp.Or(m["author"], m["article:author"], m["og:article:author"])),
		ProviderName: text(m["og:site_name"]), Creator: cut(m["fediverse:creator"], 255),
		Image: r.address(cmp.Or(m["og:image"], m["og:image:url"], m["twitter:image"])), ImageDescription: text(cmp.Or(m["og:image:alt"], m["twitter:image:alt"])),
		Width: side(m["og:image:width"]), Height: side(m["og:image:height"]),
		Published: date(cmp.Or(m["article:published_time"], m["og:article:published_time"], m["datepublished"])),
	}
	if u, err := url.Parse(p.AuthorName); err == nil && u.Host != "" { // OpenGraph wants an address there
		p.AuthorURL, p.AuthorName = r.address(p.AuthorName), ""
	}
	language, _, _ := strings.Cut(strings.ToLower(cmp.Or(r.language, m["og:locale"])), "-")
	language, _, _ = strings.Cut(language, "_")
	if len(language) == 2 || len(language) == 3 {
		p.Language = language
	}
	return p
}

// own is a canonical address: one on another host, or the bare front of the host, is not believed.
func (r *reader) own(address string) string {
	a := r.address(address)
	u, err := url.Parse(a)
	if err != nil || u.Host != r.base.Host || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return ""
	}
	return a
}

func (r *reader) address(s string) string { return resolve(r.base, s) }

func resolve(base *url.URL, s string) string {
	if s == "" || len(s) > maxAddress {
		return ""
	}
	u, err := base.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return cut(u.String(), maxAddress)
}

// Embed adds what the oEmbed document at address says; false when it is none that is understood.
func (p *Page) Embed(address string, document []byte) bool {
	base, err := url.Parse(address)
	if err != nil {
		return false
	}
	var d struct {
		Type, Title   any
		URL           any `json:"url"`
		AuthorName    any `json:"author_name"`
		AuthorURL     any `json:"author_url"`
		ProviderName  any `json:"provider_name"`
		ProviderURL   any `json:"provider_url"`
		ThumbnailURL  any `json:"thumbnail_url"`
		HTML          any `json:"html"`
		Width, Height any
	}
	if json.Unmarshal(document, &d) != nil {
		return false
	}
	kind, embed := word(d.Type), ""
	switch kind {
	case "video":
		embed = resolve(base, frame(word(d.HTML)))
		if !strings.HasPrefix(embed, "https://") {
			kind = "link"
		}
	case "photo":
		if embed = resolve(base, word(d.URL)); embed == "" {
			kind = "link"
		}
	case "link", "rich": // what is shown in place by scripts of others is only linked to
		kind = "link"
	default:
		return false
	}
	p.Kind, p.EmbedURL = kind, ""
	p.Title = cmp.Or(text(word(d.Title)), p.Title)
	p.AuthorName, p.AuthorURL = cmp.Or(text(word(d.AuthorName)), p.AuthorName), cmp.Or(resolve(base, word(d.AuthorURL)), p.AuthorURL)
	p.ProviderName, p.ProviderURL = cmp.Or(text(word(d.ProviderName)), p.ProviderName), cmp.Or(resolve(base, word(d.ProviderURL)), p.ProviderURL)
	p.Image = cmp.Or(resolve(base, word(d.ThumbnailURL)), p.Image)
	if kind != "link" {
		p.EmbedURL, p.Width, p.Height = embed, side(word(d.Width)), side(word(d.Height))
	}
	if kind == "photo" {
		p.Image = embed
	}
	return true
}

// frame is the address of the first frame in a piece of HTML.
func frame(piece string) string {
	in := html.NewTokenizer(strings.NewReader(piece))
	for range maxTags {
		switch in.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := in.Token(); t.DataAtom == atom.Iframe {
				for _, a := range t.Attr {
					if a.Key == "src" {
						return a.Val
					}
				}
			}
		}
	}
	return ""
}

// word is a string or number of a document, "" for anything else.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return ""
}

// text is s on one line, cut.
func text(s string) string {
	return cut(strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " "), maxText)
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

func side(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > maxSide {
		return 0
	}
	return n
}

func date(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1900 && t.Year() < 3000 {
			return t.UTC()
		}
	}
	return time.Time{}
}
