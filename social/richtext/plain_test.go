package richtext

import (
	"strings"
	"testing"
)

func TestPlainText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, want string
	}{
		{"paragraphs", "<p>a</p><p>b</p>", "a\n\nb"},
		{"breaks", "<p>a<br>b<br /><br />c</p>", "a\nb\n\nc"},
		{"nothing at the ends", "<p><br></p> <p> a </p><br>", "a"},
		{"white space collapses", "<p>a\n  b <b> c</b></p>", "a b c"},
		{"not in pre", "<pre>a\n  b\n</pre><p>c</p>", "a\n  b\n\nc"},
		{"lists and quotations", "<ul><li>a</li><li>b</li></ul><blockquote>c</blockquote>d", "a\nb\nc\nd"},
		{"characters", "a &lt;b&gt; &amp;amp; &quot;c&quot;", `a <b> &amp; "c"`},
		{"scripts are not text", "a<script>b</script><style>c</style>", "a"},
		{"links whole", `<a href="https://e.com"><span class="invisible">https://</span>e.com</a>`, "https://e.com"},
		{"blocks apart", "<div>a</div><div>b</div>", "a b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := PlainText(tt.in); got != tt.want {
				t.Errorf("PlainText(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"<p>abc</p><p>def</p>", 7, "abc def"},
		{"<p>abc</p><p>def</p>", 6, "abc d…"},
		{"<p>abc</p><p>def</p>", 5, "abc…"},
		{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦…"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
		{"", 5, ""},
		{"ab" + strings.Repeat("\u06e3", 100) + "c", 5, "a…"}, // marks on one letter
	} {
		if got := Excerpt(tt.in, tt.n); got != tt.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}
