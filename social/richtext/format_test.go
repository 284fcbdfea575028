package richtext

import (
	"strings"
	"testing"
)

// people are whom the lab's posts mention.
func people(user, domain string) (Account, bool) {
	switch strings.ToLower(user) + "@" + domain {
	case "alice@", "alice@academy.test":
		return Account{URL: "https://academy.test/@alice", User: "Alice"}, true
	case "alice@techhub", "alice@techhub.test":
		return Account{URL: "https://techhub.test/@alice", User: "alice", Domain: "techhub.test"}, true
	case "berta@techhub", "berta@techhub.test":
		return Account{URL: `https://techhub.test/@berta?a&"b"`, User: "berta", Domain: "techhub.test"}, true
	case "carl@xn--bcher-kva.example":
		return Account{URL: "https://xn--bcher-kva.example/@carl", User: "carl", Domain: "xn--bcher-kva.example"}, true
	case "dana@techhub.localhost:8080":
		return Account{URL: "http://techhub.localhost:8080/@dana", User: "dana", Domain: "techhub.localhost:8080"}, true
	}
	return Account{}, false
}

func TestFormat(t *testing.T) {
	t.Parallel()
	const (
		alice = `<span class="h-card" translate="no"><a href="https://academy.test/@alice" class="u-url mention">@<span>Alice</span></a></span>`
		berta = `<span class="h-card" translate="no"><a href="https://techhub.test/@berta?a&amp;&quot;b&quot;" class="u-url mention">@<span>berta</span></a></span>`
		a31   = "1234567890123456789012345678901"
	)
	link := func(href, rel, prefix, class, shown, rest string) string {
		return `<a href="` + href + `" target="_blank" rel="` + rel + `" translate="no"><span class="invisible">` + prefix +
			`</span><span class="` + class + `">` + shown + `</span><span class="invisible">` + rest + `</span></a>`
	}
	const rel, rel41 = "nofollow noopener", "nofollow noopener noreferrer"
	for _, tt := range []struct {
		name, text string
		change     func(*Options)
		want       string
	}{
		{name: "blank", text: " \n\n ", want: ""},
		{name: "everything is escaped", text: `<b>&amp; "it's"</b>`, want: "<p>&lt;b&gt;&amp;amp; &quot;it&#39;s&quot;&lt;/b&gt;</p>"},
		{name: "paragraphs and breaks", text: "a\nb\n\nc\r\n\r\n\r\n\r\nd\r\ne\n", want: "<p>a<br />b</p><p>c</p><p>d<br />e</p>"},
		{name: "three newlines", text: "a\n\n\nb", want: "<p>a</p><p>b</p>"},
		{name: "a line of spaces is not blank", text: "a\n \nb", want: "<p>a<br /> <br />b</p>"},
		{name: "control characters and bad bytes", text: "a\x00\x1b\xffb\u009c", want: "<p>ab</p>"},
		{name: "mention here", text: "hi @alice!", want: "<p>hi " + alice + "!</p>"},
		{name: "mention by short name, escaped href", text: "@berta@techhub", want: "<p>" + berta + "</p>"},
		{name: "nobody", text: "@nobody <@x@y>", want: "<p>@nobody &lt;@x@y&gt;</p>"},
		{name: "same account twice", text: "@alice @ALICE@academy.test", want: "<p>" + alice + " " + alice + "</p>"},
		{
			name: "same name on two servers", text: "@alice @alice@techhub @berta@techhub",
			want: "<p>" + alice + ` <span class="h-card" translate="no"><a href="https://techhub.test/@alice" class="u-url mention">@<span>alice@techhub.test</span></a></span> ` + berta + "</p>",
		},
		{
			name: "domains on request, in letters", text: "@alice @carl@bücher.example", change: func(o *Options) { o.WithDomains = true },
			want: "<p>" + alice + ` <span class="h-card" translate="no"><a href="https://xn--bcher-kva.example/@carl" class="u-url mention">@<span>carl@bücher.example</span></a></span></p>`,
		},
		{
			name: "domain with a port", text: "@dana@techhub.localhost:8080", change: func(o *Options) { o.WithDomains = true },
			want: `<p><span class="h-card" translate="no"><a href="http://techhub.localhost:8080/@dana" class="u-url mention">@<span>dana@techhub.localhost:8080</span></a></span></p>`,
		},
		{
			name: "hashtag keeps its case, its link does not", text: "#CaféGo",
			want: `<p><a href="https://academy.test/tags/cafego" class="mention hashtag" rel="tag">#<span>CaféGo</span></a></p>`,
		},
		{
			name: "hashtag outside ASCII", text: "＃日本",
			want: `<p><a href="https://academy.test/tags/%E6%97%A5%E6%9C%AC" class="mention hashtag" rel="tag">#<span>日本</span></a></p>`,
		},
		{name: "short link", text: "https://www.e.com/?a=1&b=2", want: "<p>" + link("https://www.e.com/?a=1&amp;b=2", rel, "https://www.", "", "e.com/?a=1&amp;b=2", "") + "</p>"},
		{name: "31 characters are shown", text: "https://e.com/" + a31[:25], want: "<p>" + link("https://e.com/"+a31[:25], rel, "https://", "", "e.com/"+a31[:25], "") + "</p>"},
		{name: "32 are cut", text: "http://e.com/" + a31[:26], want: "<p>" + link("http://e.com/"+a31[:26], rel, "http://", "ellipsis", "e.com/"+a31[:24], "56") + "</p>"},
		{name: "characters, not bytes", text: "https://e.com/" + strings.Repeat("é", 30), want: "<p>" + link("https://e.com/"+strings.Repeat("é", 30), rel, "https://", "ellipsis", "e.com/"+strings.Repeat("é", 24), strings.Repeat("é", 6)) + "</p>"},
		{name: "xmpp", text: "xmpp:a@e.com", want: "<p>" + link("xmpp:a@e.com", rel, "xmpp:", "", "a@e.com", "") + "</p>"},
		{name: "4.1 says noreferrer", text: "https://e.com/", change: func(o *Options) { o.Version = Mastodon41 }, want: "<p>" + link("https://e.com/", rel41, "https://", "", "e.com/", "") + "</p>"},
		{
			name: "profile field", text: "https://e.com/\nx", change: func(o *Options) { o.SingleLine, o.RelMe = true, true },
			want: link("https://e.com/", rel+" me", "https://", "", "e.com/", "") + "\nx",
		},
		{
			name: "quote", text: "yes", change: func(o *Options) { o.QuoteURL = "https://e.com/1" },
			want: `<p class="quote-inline">RE: ` + link("https://e.com/1", rel, "https://", "", "e.com/1", "") + "</p><p>yes</p>",
		},
		{
			name: "quote without text", text: "", change: func(o *Options) { o.QuoteURL = "https://e.com/1" },
			want: `<p class="quote-inline">RE: ` + link("https://e.com/1", rel, "https://", "", "e.com/1", "") + "</p>",
		},
		{
			name: "quote is in the text", text: "https://e.com/1", change: func(o *Options) { o.QuoteURL = "https://e.com/1" },
			want: "<p>" + link("https://e.com/1", rel, "https://", "", "e.com/1", "") + "</p>",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Origin: "https://academy.test", Mention: people}
			if tt.change != nil {
				tt.change(&o)
			}
			if got := Format(tt.text, o); got != tt.want {
				t.Errorf("Format(%q)\n got %s\nwant %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestFormatWithoutResolver(t *testing.T) {
	t.Parallel()
	if got, want := Format("@alice", Options{}), "<p>@alice</p>"; got != want {
		t.Errorf("Format without a resolver = %q, want %q", got, want)
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	got := Canonical("@alice@academy.test @berta@techhub: @nobody@x #t", people)
	want := "@Alice @berta@techhub.test: @nobody@x #t"
	if got != want {
		t.Errorf("Canonical = %q, want %q", got, want)
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, spoiler, text string
		want                int
	}{
		{"empty", "", "", 0},
		{"warning and text", "abc", "de", 5},
		{"a family is one", "", "👩‍👩‍👧‍👦é", 2},
		{"flags", "", "🇩🇪🇫🇷", 2},
		{"links count 23, short and long", "", "https://e.com " + "https://e.com/" + strings.Repeat("x", 400), 47},
		{"a bare domain is text", "", "e.com", 5},
		{"a link in the warning is text", "https://e.com", "", 13},
		{"mentions without domain", "", "@berta@techhub.example hi", 9},
		{"hashtags as they are", "", "#tag", 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Length(tt.spoiler, tt.text); got != tt.want {
				t.Errorf("Length(%q, %q) = %d, want %d", tt.spoiler, tt.text, got, tt.want)
			}
		})
	}
}

func BenchmarkFormat(b *testing.B) {
	text := "Hello @alice and @berta@techhub, see https://en.wikipedia.org/wiki/Go_(programming_language)?x=1#y\n\n#Café & #Go"
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Format(text, Options{Origin: "https://academy.test", Mention: people})
	}
}
