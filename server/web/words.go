package web

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"orrery/social"
	"orrery/social/richtext"
	"orrery/views"
)

// words is the text of a post as safe HTML. Links to people who were mentioned, to hashtags and to pages of this server
// lead to our own pages, where one can follow and answer; all others open apart.
func (w *Web) words(v *social.StatusView) string {
	return w.pictured(w.homeward(w.Text.Sanitize(v.Status.Content), v), v.Emojis)
}

// pictured puts the pictures of emojis into the text of clean HTML, code left as it is.
func (w *Web) pictured(clean string, emojis []social.Emoji) string {
	if len(emojis) == 0 || !strings.Contains(clean, ":") {
		return clean
	}
	l := views.Look{URLs: w.URLs}
	var out strings.Builder
	in, verbatim := html.NewTokenizer(strings.NewReader(clean)), 0
	for in.Next() != html.ErrorToken {
		raw := string(in.Raw())
		switch t := in.Token(); {
		case t.Type == html.StartTagToken && (t.Data == "code" || t.Data == "pre"):
			verbatim++
		case t.Type == html.EndTagToken && (t.Data == "code" || t.Data == "pre"):
			verbatim--
		case t.Type == html.TextToken && verbatim == 0:
			raw = l.Emojify(raw, emojis)
		}
		out.WriteString(raw)
	}
	return out.String()
}

// homeward changes nothing but links. clean is what the sanitiser made: well-formed, so that other tokens stay as they are.
func (w *Web) homeward(clean string, v *social.StatusView) string {
	if !strings.Contains(clean, "<a ") {
		return clean
	}
	var out strings.Builder
	in := html.NewTokenizer(strings.NewReader(clean))
	for in.Next() != html.ErrorToken {
		raw := bytes.Clone(in.Raw()) // Token uses it up
		t := in.Token()
		if t.Type == html.StartTagToken && t.Data == "a" {
			if to, ok := w.inside(t, v); ok {
				out.WriteString(`<a class="` + html.EscapeString(value(t, "class")) + `" href="` + html.EscapeString(to) + `">`)
				continue
			}
		}
		out.Write(raw)
	}
	return out.String()
}

// inside is the path on this server that a link of v means, if any.
func (w *Web) inside(link html.Token, v *social.StatusView) (string, bool) {
	href, classes := value(link, "href"), strings.Fields(value(link, "class"))
	if slices.Contains(classes, "hashtag") {
		tag, err := url.PathUnescape(path.Base(href))
		if tag = richtext.NormalizeTag(tag); err == nil && slices.Contains(v.Tags, tag) {
			return "/tags/" + url.PathEscape(tag), true
		}
	}
	if slices.Contains(classes, "mention") {
		for _, a := range v.Mentions {
			if href == a.URL || href == a.URI {
				return "/@" + a.Acct(), true
			}
		}
	}
	if rest, ok := strings.CutPrefix(href, w.URLs.Origin); ok && local(rest, "") != "" {
		return rest, true
	}
	return "", false
}

func value(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
