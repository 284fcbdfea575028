package richtext

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"mvdan.cc/xurls/v2"
)

// brief writes entities shortly: @user@domain, #name=key, URL.
func brief(entities []Entity) []string {
	var out []string
	for _, e := range entities {
		switch e.Kind {
		case Mention:
			s := "@" + e.User
			if e.Domain != "" {
				s += "@" + e.Domain
			}
			out = append(out, s)
		case Hashtag:
			out = append(out, "#"+e.Name+"="+e.Normalized)
		case URL:
			out = append(out, e.URL)
		}
	}
	return out
}

func checkScan(t *testing.T, text string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, brief(Scan(text))); diff != "" {
		t.Errorf("Scan(%q) (-want +got):\n%s", text, diff)
	}
}

func TestScanMentions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"local", "hello @alice!", []string{"@alice"}},
		{"remote", "cc @Berta@Techhub.Example, thanks", []string{"@Berta@techhub.example"}},
		{"at the end of a sentence", "ask @a@b.example.", []string{"@a@b.example"}},
		{"two", "@a @b@c.test", []string{"@a", "@b@c.test"}},
		{"in parentheses", "(@a)", []string{"@a"}},
		{"user name with dots and dashes", "@a.b-c_d@e.test", []string{"@a.b-c_d@e.test"}},
		{"user name ends in a word character", "@a.-", []string{"@a"}},
		{"full-width neighbours", "見て@aさん", []string(nil)},
		{"Japanese after the name", "@alice さん、@bobさん", []string{"@alice", "@bob"}},
		{"not in an e-mail address", "mail me@example.com", nil},
		{"not after a slash or equals sign", "x/@a y=@b", nil},
		{"accented name is no handle", "@josé", nil},
		{"two at signs in a row", "@@a @a@ @a@b.test@c.test", []string{"@a"}},
		{"followed by ://", "@http://example.com", []string(nil)},
		{"lab: short name of a server", "@berta@techhub hi", []string{"@berta@techhub"}},
		{"lab: port on localhost", "@a@localhost:3000, @b@academy.localhost:8080.", []string{"@a@localhost:3000", "@b@academy.localhost:8080"}},
		{"lab: port on addresses", "@a@127.0.0.1:8080 @b@[::1]:8080 @c@[::1]", []string{"@a@127.0.0.1:8080", "@b@[::1]:8080", "@c@[::1]"}},
		{"no port elsewhere", "@a@example.com:8080 @b@notlocalhost:80", []string{"@a@example.com", "@b@notlocalhost"}},
		{"port of 1 or 6 digits is none", "@a@localhost:1 @b@localhost:123456", []string{"@a@localhost", "@b@localhost"}},
		{"port runs into a word", "@a@localhost:80x", []string{"@a@localhost"}},
		{"international domain", "@a@bücher.example", []string{"@a@xn--bcher-kva.example"}},
		{"domain of 253", "@a@" + strings.Repeat("a.", 126) + "a", []string{"@a@" + strings.Repeat("a.", 126) + "a"}},
		{"domain of 254", "@a@" + strings.Repeat("a.", 126) + "ab", nil},
		{"bad IPv6", "@a@[::g]", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkScan(t, tt.text, tt.want...)
		})
	}
}

func TestScanHashtags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"plain", "I like #Go.", []string{"#Go=go"}},
		{"full-width sign", "＃日本語 です", []string{"#日本語=日本語"}},
		{"accents fold", "#Café #ĿŁøđ", []string{"#Café=cafe", "#ĿŁøđ=l·lod"}},
		{"full-width letters", "#ＡＢＣ", []string{"#ＡＢＣ=abc"}},
		{"Vietnamese stays", "#Tiếng", []string{"#Tiếng=tiếng"}},
		{"Thai with its signs", "#ไม่เป็นไร", []string{"#ไม่เป็นไร=ไม่เป็นไร"}},
		{"Persian with ZWNJ", "#می\u200cخواهم", []string{"#می\u200cخواهم=می\u200cخواهم"}},
		{"middle dots", "#a·b #キ・ワ #a·", []string{"#a·b=a·b", "#キ・ワ=キ・ワ", "#a=a"}},
		{"digits alone are none", "#1 #2024", nil},
		{"digits and a letter or separator", "#1a #2024_05 #1·2", []string{"#1a=1a", "#2024_05=2024_05", "#1·2=1·2"}},
		{"separator only at an end", "#_1 #1_ #_", nil},
		{"only after white space", "x#a (#b) /#c ##d\n#e", []string{"#e=e"}},
		{"before a link", "#日本語https://example.com/ y", []string{"#日本語=日本語", "https://example.com/"}},
		{"ends at a dash", "#well-known", []string{"#well=well"}},
		{"emoji ends it", "#yes🎉", []string{"#yes=yes"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkScan(t, tt.text, tt.want...)
		})
	}
}

func TestScanLinks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"end of sentence", "See https://example.com/a/b.", []string{"https://example.com/a/b"}},
		{"host only", "https://example.com, http://example.com!", []string{"https://example.com", "http://example.com"}},
		{"scheme required", "example.com www.example.com", nil},
		{"balanced parentheses", "(https://en.wikipedia.org/wiki/Go_(game))", []string{"https://en.wikipedia.org/wiki/Go_(game)"}},
		{"nested once", "https://e.com/a(b(c)d)e", []string{"https://e.com/a(b(c)d)e"}},
		{"unbalanced", "https://e.com/a(b https://e.com/a)b", []string{"https://e.com/a", "https://e.com/a"}},
		{"query and fragment", "https://e.com/a?b=c&d=é#f!", []string{"https://e.com/a?b=c&d=é#f"}},
		{"query without path", "https://e.com?x=1.", []string{"https://e.com?x=1"}},
		{"question about a link", "did you see https://e.com/a?", []string{"https://e.com/a"}},
		{"trailing slash", "https://e.com/.", []string{"https://e.com/"}},
		{"quotes and brackets", `"https://e.com/a" <https://e.com/b> [https://e.com/c]`, []string{"https://e.com/a", "https://e.com/b", "https://e.com/c"}},
		{"mention and hashtag inside", "https://e.com/@alice/1#tag https://e.com/#a", []string{"https://e.com/@alice/1#tag", "https://e.com/#a"}},
		{"any case", "HTTPS://Example.COM/A", []string{"HTTPS://Example.COM/A"}},
		{"lab hosts", "http://academy.localhost:8080/@a/1 https://academy.test/x http://localhost:3000", []string{"http://academy.localhost:8080/@a/1", "https://academy.test/x", "http://localhost:3000"}},
		{"addresses", "http://127.0.0.1:8080/x http://[::1]:8080/x", []string{"http://127.0.0.1:8080/x", "http://[::1]:8080/x"}},
		{"unknown top-level domain", "https://foo.notatld/ https://foo", nil},
		{"as much of the host as is one", "https://example.com.And https://example.comを見て", []string{"https://example.com", "https://example.com"}},
		{"Japanese before it", "これhttps://e.com/a", []string{"https://e.com/a"}},
		{"inside a word", "xhttps://e.com/ #https://e.com/", []string{"#https=https"}},
		{"international", "https://bücher.example/ä https://президент.рф", []string{"https://bücher.example/ä", "https://президент.рф"}},
		{"user info is no link", "https://user@e.com/ https://u:p@e.com/", nil},
		{"xmpp", "xmpp:ann@example.com?join, xmpp:room@muc.example.com", []string{"xmpp:ann@example.com?join", "xmpp:room@muc.example.com"}},
		{"magnet", "magnet:?xt=urn:btih:abc. magnet: no", []string{"magnet:?xt=urn:btih:abc"}},
		{"other schemes", "gemini://e.com/x ftp://e.com/ javascript://e.com/", []string{"gemini://e.com/x"}},
		{"scheme alone", "https:// http://. https://.localhost https://..com", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkScan(t, tt.text, tt.want...)
		})
	}
}

func TestScanOffsets(t *testing.T) {
	t.Parallel()
	text := "é @Ann@B.test #Tägx https://e.com/ü."
	var got []string
	for _, e := range Scan(text) {
		got = append(got, text[e.Start:e.End])
	}
	want := []string{"@Ann@B.test", "#Tägx", "https://e.com/ü"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("text at the offsets (-want +got):\n%s", diff)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"go": true, "Größe": true, "a_b": true, "1a": true, "1_2": true,
		"": false, "1": false, "a b": false, "#a": false, "a-b": false, "a·": false, "\xff": false,
	} {
		if got := ValidTag(name); got != want {
			t.Errorf("ValidTag(%q) = %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"Größe": "große", "ÀÉÎõü": "aeiou", "İstanbul": "istanbul", "ŉ": "ʼn", "ſ": "s", "a-b!c": "abc",
		"ｶﾞ": "ガ", "#x": "x", "½": "12", "": "", "\xffa": "a",
	} {
		if got := NormalizeTag(name); got != want {
			t.Errorf("NormalizeTag(%q) = %q, want %q", name, got, want)
		}
	}
}

// The lists of top-level domains are searched by halving.
func TestTopLevelDomainsAreSorted(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]string{"TLDs": xurls.TLDs, "PseudoTLDs": xurls.PseudoTLDs} {
		if !slices.IsSorted(list) {
			t.Errorf("xurls.%s is not sorted", name)
		}
	}
}

// patience is far above what any of these takes on a busy machine, and far below what going back for each byte of 1 MiB takes.
const patience = time.Minute

// The pieces are those on which a careless scanner goes back again and again.
func TestScanTakesLinearTime(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{
		"@a@", "@a.", "@a@b-", " #_", " #·a·", "http://", "https://e.com/(", "https://e.com/....", "-http://a.b.c",
		"https://e.com/((a", "xmpp:a@", "xmpp://", "magnet:?", "@a@[", "@a@[::1]:", "https://com.com.", "\xff@a",
	} {
		start := time.Now()
		Scan(strings.Repeat(piece, 1<<20/len(piece)))
		if took := time.Since(start); took > patience {
			t.Errorf("Scan of 1 MiB of %q took %v", piece, took)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"@a@localhost:3000 #x https://e.com/(a)?b=c#d", "@b@[::1]:80", "＃日本語https://example.comを", "\xff@a#b",
		"xmpp://a@b.com/c@d.com/e?f", "@josé @@ #_1·", "ŉİ#ŉİ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, e := range Scan(text) {
			if e.Start < last || e.End <= e.Start || e.End > len(text) {
				t.Fatalf("entity %+v after offset %d in %q", e, last, text)
			}
			last = e.End
			typed := text[e.Start:e.End]
			switch e.Kind {
			case Mention:
				if !strings.HasPrefix(typed, "@"+e.User) {
					t.Errorf("mention %+v is typed %q", e, typed)
				}
			case Hashtag:
				if e.Normalized == "" || !ValidTag(e.Name) || NormalizeTag(e.Normalized) != e.Normalized {
					t.Errorf("hashtag %+v in %q, normalised again %q", e, text, NormalizeTag(e.Normalized))
				}
			case URL:
				if typed != e.URL || !utf8.ValidString(typed) || strings.ContainsAny(typed, " \n<>") {
					t.Errorf("link %+v is typed %q", e, typed)
				}
			default:
				t.Errorf("kind %d", e.Kind)
			}
		}
	})
}
