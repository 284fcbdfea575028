package richtext

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Whatever HTML a stranger wrote: as plain text, as an excerpt and as a link it stays within its bounds.
func FuzzForeign(f *testing.F) {
	f.Add(`<p>a<br>b</p><p class="quote-inline">RE: <a href="https://a.test/">x</a></p><a href="https://b.test/?q#f" rel="tag">y</a>`)
	f.Add(`<a class="mention" href=//x><a href="HTTPS://u:p@c.test"><a href='http://[::1%25a]/'>` + "\xff\x00")
	f.Add(`<math><script>&#0;&#xD800;</script><!-- <a href="https://d.test"> -->`)
	f.Add(strings.Repeat("0", 41) + strings.Repeat("\u06e3", 2000)) // marks on one letter
	f.Fuzz(func(t *testing.T, foreign string) {
		if plain := PlainText(foreign); utf8.ValidString(foreign) && !utf8.ValidString(plain) {
			t.Errorf("plain text %q", plain)
		}
		if e := Excerpt(foreign, 80); uniseg.GraphemeClusterCount(e) > 80 || len(e) > 80*perCharacter+len("…") || strings.ContainsAny(e, "\n") {
			t.Errorf("an excerpt of %d characters, %d bytes: %q", uniseg.GraphemeClusterCount(e), len(e), e)
		}
		if link := FirstLink(foreign, "here.test"); link != "" {
			u, err := url.Parse(link)
			if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.EqualFold(u.Host, "here.test") || len(link) > maxLink {
				t.Errorf("a link to %q", link)
			}
		}
	})
}
