package richtext

import "testing"

func TestFirstLink(t *testing.T) {
	t.Parallel()
	for html, want := range map[string]string{
		`<p><a href="https://a.test/@x" class="u-url mention">@x</a> <a href="https://a.test/tags/y" class="mention hashtag" rel="tag">#y</a> <a href="https://b.test/1?a=1&amp;b=2">z</a> <a href="https://c.test">c</a>`: "https://b.test/1?a=1&b=2",
		`<p class="quote-inline">RE: <a href="https://a.test/1">x</a></p><p><a href="http://b.test/">b</a></p>`:                                                                                                            "http://b.test/",
		`<a href="https://own.test/1">x</a><a href="https://OWN.test/2">x</a><a href="mailto:a@b.test">x</a><a href="/x">x</a><a href="https://u:p@b.test/">x</a><a>x</a>`:                                                 "",
		`plain https://a.test/`: "",
	} {
		if got := FirstLink(html, "own.test"); got != want {
			t.Errorf("FirstLink(%s) = %q, want %q", html, got, want)
		}
	}
}
