package views

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"orrery/activitylog"
)

// EntryView is one entry with everything around it.
type EntryView struct {
	Entry   activitylog.Entry
	Other   *activitylog.Entry // the same request in the other side's log
	Cause   *activitylog.Entry
	Effects []activitylog.Entry
	Reading Reading
	Origin  string // scheme://host of the page, for the permalink
}

// MaxShown is how many bytes of a body a page shows; the rest is behind a link.
const MaxShown = 32 << 10

// mostParts bounds what one body may cost a page, whatever it is made of.
const mostParts = 20000

// deepest is where indenting stops: a body of ten thousand brackets must not become a page of blanks.
const deepest = 24

// bodyShown is a body ready for display.
type bodyShown struct {
	parts []jsonPart // when it is JSON
	text  string     // when it is not
	cut   bool
}

type jsonPart struct {
	class string // k key, s string, n anything else
	text  string
	uri   string // the log is asked about it
}

func showBody(c activitylog.Content) bodyShown {
	if json.Valid(c.Bytes) {
		return showJSON(c.Bytes)
	}
	return bodyShown{text: rawText(c.Bytes), cut: len(c.Bytes) > MaxShown}
}

// rawText is the beginning of a body as it was sent, with what cannot be seen made visible.
func rawText(b []byte) string { return visibleText(string(b[:min(len(b), MaxShown)])) }

// rawBytes is the beginning of a body as bytes, beside their characters.
func rawBytes(b []byte) string { return hex.Dump(b[:min(len(b), 2048)]) }

// showJSON writes valid JSON in lines, in the order it was sent, with addresses as links into the log.
func showJSON(b []byte) bodyShown {
	var out bodyShown
	depth, size := 0, 0
	put := func(class, text, uri string) {
		out.parts = append(out.parts, jsonPart{class, text, uri})
		size += len(text)
	}
	line := func() { put("n", "\n"+strings.Repeat("  ", min(depth, deepest)), "") }
	for i := 0; i < len(b); {
		if size > MaxShown || len(out.parts) > mostParts {
			out.cut = true
			break
		}
		switch c := b[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
		case '{', '[':
			j := i + 1 + blanks(b[i+1:])
			if b[j] == c+2 { // empty: "]" and "}" follow their opening by two
				put("n", string(c)+string(b[j]), "")
				i = j + 1
				continue
			}
			put("n", string(c), "")
			depth++
			line()
			i++
		case '}', ']':
			depth--
			line()
			put("n", string(c), "")
			i++
		case ',':
			put("n", ",", "")
			line()
			i++
		case ':':
			put("n", ": ", "")
			i++
		case '"':
			end := i + stringEnd(b[i:])
			word := b[i:end]
			if next := end + blanks(b[end:]); next < len(b) && b[next] == ':' {
				put("k", visibleText(string(word[:min(len(word), MaxShown)])), "")
			} else {
				shown := word[:min(len(word), MaxShown)]
				out.cut = out.cut || len(shown) < len(word)
				put("s", visibleText(string(shown)), addressIn(word))
			}
			i = end
		default:
			end := bytes.IndexAny(b[i:], ",]} \t\r\n")
			if end < 0 {
				end = len(b) - i
			}
			put("n", string(b[i:i+min(end, MaxShown)]), "")
			i += end
		}
	}
	return out
}

func blanks(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t\r\n")) }

// stringEnd is the length of the JSON string that b begins with.
func stringEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// addressIn is the address that a JSON string holds, "" when it holds none. Vocabularies are no places.
func addressIn(word []byte) string {
	var s string
	if len(word) > 2048 || json.Unmarshal(word, &s) != nil {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Host == "www.w3.org" || u.Host == "w3id.org" {
		return ""
	}
	return s
}

// visible is s on one line, cut, with what cannot be seen made visible.
func visible(s string, max int) string {
	if len(s) > 4*max {
		s = s[:4*max]
	}
	runes := []rune(strings.ReplaceAll(visibleText(s), "\n", "␤"))
	if len(runes) > max {
		return string(runes[:max-1]) + "…"
	}
	return string(runes)
}

// visibleText keeps lines and tabs and replaces other control characters, direction marks and broken UTF-8, which could
// make a page unreadable or lie.
func visibleText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u200d':
			return r
		case r < 0x20:
			return '␀' + r
		case r == 0x7f:
			return '␡'
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return utf8.RuneError
		}
		return r
	}, s)
}

// requestLine is the first line of a request as it stands on the wire.
func requestLine(x activitylog.Exchange) string {
	target := x.URL
	if u, err := url.Parse(x.URL); err == nil && u.Host != "" {
		target = u.RequestURI()
	}
	return visible(x.Method+" "+target+" HTTP/1.1", 2000)
}

// signatureWords say in one line whose check this is and how it went.
func (v EntryView) signature() (c activitylog.Checked, by string, ok bool) {
	if c, ok = activitylog.SignatureOf(v.Entry); ok {
		return c, v.Entry.Exchange.Instance, true
	}
	if v.Other != nil {
		c, ok = activitylog.SignatureOf(*v.Other)
		return c, v.Other.Exchange.Instance, ok
	}
	return c, "", false
}

// document is the document signature as told by whoever checked it.
func (v EntryView) document() (told activitylog.Told, by, creator, detail string, ok bool) {
	for _, e := range []*activitylog.Entry{&v.Entry, v.Other} {
		if e == nil {
			continue
		}
		d, found := activitylog.DocumentSignatureOf(*e)
		if !found {
			continue
		}
		for _, f := range e.Facts {
			if f.Kind == d.Kind() {
				told = activitylog.Tell(f, v.Reading.Names)
			}
		}
		return told, e.Exchange.Instance, d.Creator, d.Detail, true
	}
	return told, "", "", "", false
}

// claimedSignature is the Signature header of a request that nobody here has checked.
func (v EntryView) claimedSignature() string {
	for _, f := range v.Entry.Exchange.Header {
		if strings.EqualFold(f.Name, "Signature") {
			return visible(f.Value, 4000)
		}
	}
	return ""
}

// margin says how far inside its time window a signature was judged.
func margin(seconds int64) string {
	if seconds < 0 {
		return count(int(-seconds), "second", "seconds") + " outside the time window"
	}
	return count(int(seconds), "second", "seconds") + " inside the time window"
}

func ladderClass(m activitylog.Mark) string {
	switch m {
	case activitylog.No:
		return "no"
	case activitylog.Neither:
		return "na"
	}
	return "yes"
}

// sizeWords says how big a body was and how much of it is kept.
func sizeWords(c activitylog.Content) string {
	s := strconv.Itoa(c.Size) + " bytes"
	if c.Truncated {
		s += ", of which the first " + strconv.Itoa(activitylog.MaxBody) + " are kept"
	}
	return s
}

// otherName is the server on the other side.
func (v EntryView) otherName() string {
	if v.Other != nil {
		return v.Other.Exchange.Instance
	}
	return v.Reading.Names.Server(v.Entry.Exchange.Peer)
}

func markOf(ok bool) activitylog.Mark {
	if ok {
		return activitylog.Yes
	}
	return activitylog.No
}

// statusLine is a status with its usual words.
func statusLine(status int) string {
	return strings.TrimSpace("HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status))
}
