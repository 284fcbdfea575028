package richtext

import (
	"strings"
	"testing"
)

// TestBothVersions walks through federation.md §12.1 and §12.2 sentence by sentence, for both versions: where they differ the
// row says how 4.1 does it.
func TestBothVersions(t *testing.T) {
	t.Parallel()
	const rel, rel41 = ` rel="nofollow noopener" target="_blank"`, ` rel="nofollow noopener noreferrer" target="_blank"`
	elements := func(names ...string) string {
		var b strings.Builder
		for _, name := range names {
			b.WriteString("<" + name + ">x</" + name + ">")
		}
		return b.String()
	}
	kept := elements("p", "span", "del", "pre", "blockquote", "code", "b", "strong", "u", "i", "em", "ul", "ol")
	var links, relative, gone strings.Builder
	var links41 strings.Builder
	for _, scheme := range []string{"http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini", "HTTPS"} {
		a := `<a href="` + scheme + `:x"`
		links.WriteString(a + rel + ">x</a>")
		links41.WriteString(a + rel41 + ">x</a>")
	}
	for _, href := range []string{"ftp://e.com", "mailto:a@e.com", "data:text/html,x", "vbscript:x", "//e.com/", "/x", "x", "#x", "?x", ""} {
		relative.WriteString(`<a href="` + href + `">x</a>`)
		gone.WriteString("x")
	}
	for _, tt := range []struct{ name, in, want, in41 string }{
		{name: "elements of both", in: kept, want: kept, in41: kept},
		{name: "elements since 4.2", in: "<s>a</s><ruby>b<rp>(</rp><rt>c</rt></ruby>", want: "<s>a</s><ruby>b<rp>(</rp><rt>c</rt></ruby>", in41: "ab(c"},
		{name: "others are unwrapped", in: "<big>a</big><form>b</form>", want: "ab", in41: "ab"},
		{name: "what goes with its content", in: "<script>a</script><style>b</style><iframe>c</iframe><template>d</template>e", want: "e", in41: "e"},
		{name: "lang on all", in: `<p lang="de">a<br lang="fr"></p><li lang="x">b</li>`, want: `<p lang="de">a<br lang="fr" /></p><li lang="x">b</li>`,
			in41: `<p lang="de">a<br lang="fr" /></p><li lang="x">b</li>`},
		{name: "class of p", in: `<p class="quote-inline">a</p>`, want: `<p class="quote-inline">a</p>`, in41: "<p>a</p>"},
		{name: "class of others", in: `<b class="mention">a</b><ul class="h-x"></ul>`, want: `<b>a</b><ul></ul>`, in41: `<b>a</b><ul></ul>`},
		{name: "lists", in: `<ol start="3" reversed type="a" value="1"><li value="4" start="1">a</li></ol><ul start="2"></ul>`,
			want: `<ol start="3" reversed=""><li value="4">a</li></ol><ul></ul>`, in41: `<ol start="3" reversed=""><li value="4">a</li></ol><ul></ul>`},
		{name: "rel and target of links", in: `<a href="https://e.com" rel="me" target="_self">a</a>`,
			want: `<a href="https://e.com" rel="nofollow noopener" target="_blank">a</a>`, in41: `<a href="https://e.com" rel="nofollow noopener noreferrer" target="_blank">a</a>`},
		{name: "classes", in: `<span class="h-card p-name u-url dt-start e-content mention hashtag ellipsis invisible quote-inline button h">a</span>`,
			want: `<span class="h-card p-name u-url dt-start e-content mention hashtag ellipsis invisible quote-inline">a</span>`,
			in41: `<span class="h-card p-name u-url dt-start e-content mention hashtag ellipsis invisible quote-inline">a</span>`},
		{name: "translate", in: `<span translate="no">a</span><span translate="yes">b</span><p translate="no">c</p>`,
			want: `<span translate="no">a</span><span>b</span><p>c</p>`, in41: `<span translate="no">a</span><span>b</span><p>c</p>`},
		{name: "headings", in: elements("h1", "h2", "h3", "h4", "h5", "h6"), want: strings.Repeat("<p><strong>x</strong></p>", 6),
			in41: strings.Repeat("<p><strong>x</strong></p>", 6)},
		{name: "formulas", in: formula("", "application/x-tex", "a^2") + formula("block", "application/x-tex", "b") + formula("", "text/plain", "c"),
			want: "$a^2$$$b$$c", in41: "$a^2$$$b$$c"},
		{name: "schemes", in: links.String(), want: links.String(), in41: links41.String()},
		{name: "other schemes and relative links", in: relative.String(), want: gone.String(), in41: gone.String()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for version, want := range map[Version]string{Current: tt.want, Mastodon41: tt.in41} {
				if got := version.Sanitize(tt.in); got != want {
					t.Errorf("version %d of %s\n got %s\nwant %s", version, tt.in, got, want)
				}
			}
		})
	}
}

func formula(display, encoding, text string) string {
	return `<math display="` + display + `"><semantics><mi>x</mi><annotation encoding="` + encoding + `">` + text + `</annotation></semantics></math>`
}

// TestFormatInBothVersions is what differs between the versions in what is written here, which is the rel of links alone.
func TestFormatInBothVersions(t *testing.T) {
	t.Parallel()
	const text = "@alice #Tag https://www.e.com/?a=b&c xmpp:a@e.com\n\n<b>"
	current := Format(text, Options{Origin: "https://academy.test", Mention: people})
	old := Format(text, Options{Version: Mastodon41, Origin: "https://academy.test", Mention: people})
	if want := strings.ReplaceAll(current, `"nofollow noopener"`, `"nofollow noopener noreferrer"`); old != want || old == current {
		t.Errorf("as 4.1\n got %s\nwant %s", old, want)
	}
	const me, me41 = `rel="nofollow noopener me"`, `rel="nofollow noopener noreferrer me"`
	for version, want := range map[Version]string{Current: me, Mastodon41: me41} {
		if got := Format("https://e.com", Options{Version: version, RelMe: true}); !strings.Contains(got, want) {
			t.Errorf("the link of a field is %s, want %s", got, want)
		}
	}
}

// TestLengthAtTheLimit is federation.md §12.3 around 500: every link counts 23, a mention without its domain.
func TestLengthAtTheLimit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, spoiler, text string
		want                int
	}{
		{"letters", "", strings.Repeat("a", 500), 500},
		{"families", "", strings.Repeat("👩‍👩‍👧‍👦", 500), 500},
		{"warning and text", strings.Repeat("a", 100), strings.Repeat("b", 401), 501},
		{"a long link", "", strings.Repeat("a", 476) + " https://e.com/" + strings.Repeat("x", 3000), 500},
		{"a short link counts as much", "", strings.Repeat("a", 476) + " http://e.com", 500},
		{"a mention", "", strings.Repeat("a", 493) + " @berta@a.very.long.domain.example", 500},
	} {
		if got := Length(tt.spoiler, tt.text); got != tt.want {
			t.Errorf("%s: counts %d, want %d", tt.name, got, tt.want)
		}
	}
}
