package richtext

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

func TestSanitize(t *testing.T) {
	t.Parallel()
	const forced = ` rel="nofollow noopener" target="_blank"`
	for _, tt := range []struct {
		name, in, want string
	}{
		{"text is escaped", `a < b & c > d "e" 'f'`, `a &lt; b &amp; c &gt; d "e" 'f'`},
		{"all elements", `<p>a<br>b<span>c</span><del>d</del><s>e</s></p><pre>f</pre><blockquote>g</blockquote><code>h</code><b>i</b><strong>j</strong><u>k</u><i>l</i><em>m</em><ul><li>n</li></ul><ol><li>o</li></ol><ruby>p<rp>(</rp><rt>q</rt></ruby>`,
			`<p>a<br />b<span>c</span><del>d</del><s>e</s></p><pre>f</pre><blockquote>g</blockquote><code>h</code><b>i</b><strong>j</strong><u>k</u><i>l</i><em>m</em><ul><li>n</li></ul><ol><li>o</li></ol><ruby>p<rp>(</rp><rt>q</rt></ruby>`},
		{"others are unwrapped", `<font color=red>a</font><sub>b</sub><img src=x onerror=alert(1)><video>c</video>`, `abc`},
		{"words of blocks stay apart", `<div>a</div><div>b</div>`, ` a  b `},
		{"script and the like go whole", `a<script>alert(1)</script><style>p{}</style><iframe>x</iframe><svg><b>x</b><svg></svg>y</svg><noscript><p>z</p></noscript>b`, `ab`},
		{"script with a slash", `a<script/>alert(1)</script>b`, `ab`},
		{"unclosed script", `a<script>alert(1)<p>`, `a`},
		{"comments and doctype", `<!DOCTYPE html><!-- a --><p>b</p><![CDATA[c]]>`, `<p>b</p>`},
		{"attributes", `<p onclick=x style=y lang=de class="h-a x" id=z>a</p><span title=x translate=no class=mention>b</span><ol start=3 reversed type=a><li value=4 class=h-a>c</li></ol>`,
			`<p lang="de" class="h-a">a</p><span translate="no" class="mention">b</span><ol start="3" reversed=""><li value="4">c</li></ol>`},
		{"translate only no", `<span translate=yes>a</span><span translate>b</span>`, `<span>a</span><span>b</span>`},
		{"classes by token", `<span class="  mention evil h-card u-url p-x dt-y e-z hidden ellipsis	invisible hashtag quote-inline mentions xh-a ">a</span>`, `<span class="mention h-card u-url p-x dt-y e-z ellipsis invisible hashtag quote-inline">a</span>`},
		{"no class left", `<span class="evil">a</span>`, `<span class="">a</span>`},
		{"link", `<a href="https://e.com/?a=1&b=2" onclick=x>a</a>`, `<a href="https://e.com/?a=1&amp;b=2"` + forced + `>a</a>`},
		{"rel and target are forced", `<a target=_top rel="me tag" href="HTTP://e.com" class="u-url mention">a</a>`, `<a rel="nofollow noopener" href="HTTP://e.com" class="u-url mention" target="_blank">a</a>`},
		{"all schemes", `<a href="gemini:x">a</a><a href="magnet:?x">b</a><a href=" https://e.com">c</a>`,
			`<a href="gemini:x"` + forced + `>a</a><a href="magnet:?x"` + forced + `>b</a><a href=" https://e.com"` + forced + `>c</a>`},
		{"scripts in links", `<a href="javascript:alert(1)">a<b>b</b><br></a>c<b>d</b>`, `abc<b>d</b>`},
		{"disguised scheme", "<a href='java\nscript:x'>a</a><a href='&#106;avascript:x'>b</a><a href='\x01javascript:x'>c</a><a href='data:text/html,x'>d</a>", `abcd`},
		{"relative link", `<a href="/x">a</a><a href="//e.com">b</a><a href="?a:b">c</a><a>d</a>`, `abcd`},
		{"the first href counts", `<a href="javascript:x" href="https://e.com">a</a><a href="https://e.com" href="javascript:x">b</a>`, `a<a href="https://e.com"` + forced + `>b</a>`},
		{"link in a link", `<a href="https://a.com">a<a href="https://b.com">b</a>c`, `<a href="https://a.com"` + forced + `>a</a><a href="https://b.com"` + forced + `>b</a>c`},
		{"muted link ends with its parent", `<p><a href="/x"><b>a</b></p><p><b>b</b></p>`, `<p>a</p><p><b>b</b></p>`},
		{"headings", `<h1 class=x>a<em>b</em></h1><h6>c</h6>d`, `<p><strong>a<em>b</em></strong></p><p><strong>c</strong></p>d`},
		{"heading closed by another", `<h1>a</strong>b</p>c</h2>d`, `<p><strong>abc</strong></p>d`},
		{"TeX", `<math><semantics><mrow><mi>x</mi><mspace/></mrow><annotation encoding="application/x-tex">x &lt; y</annotation><annotation encoding="text/plain">x less</annotation></semantics></math>.`, `$x &lt; y$.`},
		{"TeX block", `<math display="block"><semantics><annotation encoding="application/x-tex">x</annotation></semantics></math>`, `$$x$$`},
		{"math in words", `<math><semantics><mi>x</mi><annotation encoding="text/plain">x</annotation></semantics></math>`, `x`},
		{"math without annotation", `a<math><mi>x</mi></math>b`, `ab`},
		{"math with semantics second", `a<math><mi>x</mi><semantics><annotation encoding="text/plain">x</annotation></semantics></math>b`, `ab`},
		{"unclosed elements", `<p><b>a<ul><li>b`, `<p><b>a</b></p><ul><li>b</li></ul>`},
		{"stray end tags", `</p>a</b></ul></nonsense>`, `a`},
		{"wrongly nested", `<b>a<i>b</b>c</i>`, `<b>a<i>b</i></b>c`},
		{"implied ends", `<p>a<p>b<ul><li>c<li>d<ul><li>e</ul><li>f</ul>`, `<p>a</p><p>b</p><ul><li>c</li><li>d<ul><li>e</li></ul></li><li>f</li></ul>`},
		{"unfinished tag", `a<a href="https://e.com`, `a`},
		{"attribute break-out", `<a href='https://e.com/"><script>alert(1)</script>'>a</a>`, `<a href="https://e.com/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"` + forced + `>a</a>`},
		{"raw text elements", `<title><b>x</title><textarea><script>y</textarea>`, `&lt;b&gt;x&lt;script&gt;y`},
		{"control characters", "a\x00\x08b&#13;c&#x1b;d\xff", "ab\ncd"},
		{"Mastodon's own link", `<a href="https://e.com" target="_blank" rel="nofollow noopener noreferrer" translate="no"><span class="invisible">https://</span><span class="">e.com</span><span class="invisible"></span></a>`,
			`<a href="https://e.com" rel="nofollow noopener" translate="no" target="_blank"><span class="invisible">https://</span><span class="">e.com</span><span class="invisible"></span></a>`},
		{"mutation by namespace", `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, ``},
		{"form feed in a tag", "<b\x0cclass=x>a</b>", `<b>a</b>`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Sanitize(tt.in)
			if got != tt.want {
				t.Errorf("Sanitize(%q)\n got %s\nwant %s", tt.in, got, tt.want)
			}
			checkClean(t, got)
		})
	}
}

func TestSanitize41(t *testing.T) {
	t.Parallel()
	in := `<p class="quote-inline">a<s>b</s><ruby>c<rt>d</rt></ruby><a href="https://e.com">e</a></p>`
	want := `<p>abcd<a href="https://e.com" rel="nofollow noopener noreferrer" target="_blank">e</a></p>`
	if got := Mastodon41.Sanitize(in); got != want {
		t.Errorf("Sanitize as 4.1\n got %s\nwant %s", got, want)
	}
}

func TestSanitizeKeepsWhatFormatWrites(t *testing.T) {
	t.Parallel()
	in := Format("@alice #go https://www.example.com/a?b=c&d=e <b>\n'x' \"y\"\n\nz", Options{Origin: "https://academy.test", Mention: people})
	got := PlainText(Sanitize(in))
	want := "@Alice #go https://www.example.com/a?b=c&d=e <b>\n'x' \"y\"\n\nz"
	if got != want {
		t.Errorf("text after formatting and sanitising = %q, want %q", got, want)
	}
}

// checkClean judges a result by two parsers that share nothing with the sanitiser but the tokenizer.
func checkClean(t *testing.T, clean string) {
	t.Helper()
	if again := Sanitize(clean); again != clean {
		t.Errorf("sanitising again changes\n     %s\nto   %s", clean, again)
	}
	if diff := cmp.Diff(tokens(clean), tokens(allowList.Sanitize(clean))); diff != "" {
		t.Errorf("bluemonday finds fault with %s (-ours +its):\n%s", clean, diff)
	}
	checkBalanced(t, clean)
}

// allowList is §12.1 as a bluemonday policy. It knows no nesting and no class tokens; the rest must pass it unchanged.
var allowList = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b", "strong", "u", "i", "em", "ul",
		"ol", "li", "ruby", "rt", "rp")
	p.AllowNoAttrs().OnElements("span", "a")
	p.AllowAttrs("lang").Globally()
	p.AllowAttrs("href", "class", "translate").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^nofollow noopener$`)).OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile(`^_blank$`)).OnElements("a")
	p.AllowAttrs("class").OnElements("span", "p")
	p.AllowAttrs("translate").Matching(regexp.MustCompile(`^no$`)).OnElements("span", "a")
	p.AllowAttrs("start", "reversed").OnElements("ol")
	p.AllowAttrs("value").OnElements("li")
	return p
}()

// tokens lists a document's tokens, without the hrefs' values, which bluemonday writes anew.
func tokens(doc string) []html.Token {
	var out []html.Token
	in := html.NewTokenizer(strings.NewReader(doc))
	for in.Next() != html.ErrorToken {
		t := in.Token()
		for i := range t.Attr {
			if t.Attr[i].Key == "href" {
				t.Attr[i].Val = ""
			}
		}
		out = append(out, t)
	}
	return out
}

// tag is how a tag of a result must look.
var tag = regexp.MustCompile(`^<(/?)([a-z]+)((?: [a-z]+="[^"<>]*")*)( /)?>`)

// checkBalanced reads a result as strictly as XML is read.
func checkBalanced(t *testing.T, doc string) {
	t.Helper()
	var open []string
	for rest := doc; rest != ""; {
		at := strings.IndexAny(rest, "<>")
		if at < 0 {
			break
		}
		m := tag.FindStringSubmatch(rest[at:])
		if m == nil {
			t.Fatalf("not a tag at %q in %s", rest[at:], doc)
		}
		rest = rest[at+len(m[0]):]
		switch name := m[2]; {
		case (m[4] != "") != (name == "br"):
			t.Fatalf("%s in %s", m[0], doc)
		case name == "br":
		case m[1] == "":
			if open = append(open, name); len(open) > maxDepth {
				t.Fatalf("deeper than %d", maxDepth)
			}
		case len(open) == 0 || open[len(open)-1] != name:
			t.Fatalf("%s closes nothing, open are %v in %s", m[0], open, doc)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Fatalf("left open: %v in %s", open, doc)
	}
}

func TestSanitizeIsBounded(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{
		"<b>", "<b><p>", "<a href=x>", "<a href=https://e.com>", "<ul><li>", "<h1>", "<div>", "<math>", "<svg>", "</b>", "<ruby><rt>",
		"<math><semantics><annotation encoding=text/plain>", "<script>", "<", "<!--", "&", "<i><p></i>", "<p a=", "<b class=", "\xff", "\x00",
		"<a a b c d e f g lang=x lang=y>",
	} {
		t.Run(piece, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			got := Sanitize(strings.Repeat(piece, maxHTML/len(piece)))
			if took := time.Since(start); took > patience {
				t.Errorf("1 MiB of %q took %v", piece, took)
			}
			if len(got) > 20*maxHTML {
				t.Errorf("1 MiB of %q became %d bytes", piece, len(got))
			}
			checkBalanced(t, got)
		})
	}
	attributes := "<p " + strings.Repeat("lang=x class=y z=1 ", maxHTML/20) + ">a"
	if got, want := Sanitize(attributes), `<p lang="x" class="">a</p>`; got != want {
		t.Errorf("a tag with many attributes = %q, want %q", got, want)
	}
	if got := Sanitize(strings.Repeat("a", maxHTML-1) + "é"); got != strings.Repeat("a", maxHTML-1) {
		t.Errorf("a document over the limit ends in %q, want it cut between characters", got[len(got)-4:])
	}
}

func FuzzSanitize(f *testing.F) {
	for _, seed := range []string{
		`<p>a<b>b<a href="https://e.com" class="mention x">c</a></b><br>`, `<a href=javascript:x><b>y</a>`, "<h1>a<ul><li>b<li>c",
		`<math display=block><semantics><annotation encoding="application/x-tex">x</annotation></semantics></math>`,
		`<svg><script>x</script></svg><style><!--</style>`, "&#13;&amp;lt;&#0;\x00\xff<ruby>a<rt>b<rp>c", `<textarea></p><xmp><b></xmp>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, foreign string) {
		checkClean(t, Sanitize(foreign))
		old := Mastodon41.Sanitize(foreign)
		if again := Mastodon41.Sanitize(old); again != old {
			t.Errorf("as 4.1, sanitising again changes %q to %q", old, again)
		}
	})
}

func BenchmarkSanitize(b *testing.B) {
	post := Format("Hello @alice and @berta@techhub, see https://en.wikipedia.org/wiki/Go_(programming_language)?x=1#y\n\n#Café & #Go",
		Options{Origin: "https://academy.test", Mention: people})
	b.ReportAllocs()
	b.SetBytes(int64(len(post)))
	for b.Loop() {
		Sanitize(post)
	}
}
