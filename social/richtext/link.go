package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// linkSchemes are the beginnings that make a link. Nothing is a link without one: a bare "example.com" stays text (§12.2).
var linkSchemes = []string{
	"https://", "http://", "xmpp:", "magnet:",
	"dat://", "dweb://", "ipfs://", "ipns://", "ssb://", "gopher://", "gemini://",
}

// linkAt reads a link at text[i]. prev is the character before.
func linkAt(text string, i int, prev rune) (Entity, bool) {
	if isASCIIAlnum(prev) || strings.ContainsRune("@＠$#＃", prev) {
		return Entity{}, false
	}
	scheme := linkScheme(text[i:])
	rest := text[i+len(scheme):]
	n := 0
	switch scheme {
	case "":
		return Entity{}, false
	case "magnet:":
		n = queryLen(rest)
	case "xmpp:":
		n = xmppLen(rest)
	default:
		n = webLen(rest)
	}
	end := i + len(scheme) + n
	return Entity{Kind: URL, Start: i, End: end, URL: text[i:end]}, n > 0
}

// linkScheme returns the entry of linkSchemes that s starts with, in any case, or "".
func linkScheme(s string) string {
	if s[0] >= utf8.RuneSelf {
		return ""
	}
	for _, scheme := range linkSchemes {
		if len(s) > len(scheme) && s[0]|0x20 == scheme[0] && strings.EqualFold(s[:len(scheme)], scheme) {
			return scheme
		}
	}
	return ""
}

// webLen returns the length of host[:port][/path][?query] at the start of s, or 0 without a host.
func webLen(s string) int {
	n := hostLen(s)
	if n == 0 {
		return 0
	}
	if p := digitsLen(s[n:], ':'); p > 0 {
		n += p
	}
	n += pathLen(s[n:])
	return n + queryLen(s[n:])
}

// xmppLen reads xmpp's [//account/][user@]host[/resource][?query].
func xmppLen(s string) int {
	n := 0
	if strings.HasPrefix(s, "//") {
		authority := addressLen(s[2:])
		if authority == 0 || !strings.HasPrefix(s[2+authority:], "/") {
			return 0
		}
		n = 2 + authority + 1
	}
	address := addressLen(s[n:])
	if address == 0 {
		address = hostLen(s[n:])
	}
	if address == 0 {
		return 0
	}
	n += address
	n += pathLen(s[n:])
	return n + queryLen(s[n:])
}

// addressLen returns the length of user@host at the start of s, or 0.
func addressLen(s string) int {
	user := 0
	for user < len(s) && (isASCIIAlnum(rune(s[user])) || strings.IndexByte("-._~%!$()*+,;=", s[user]) >= 0) {
		user++
	}
	if user == 0 || user == len(s) || s[user] != '@' {
		return 0
	}
	host := hostLen(s[user+1:])
	if host == 0 {
		return 0
	}
	return user + 1 + host
}

// digitsLen returns the length of lead followed by digits at the start of s, or 0.
func digitsLen(s string, lead byte) int {
	if s == "" || s[0] != lead {
		return 0
	}
	n := 1
	for n < len(s) && isASCIIDigit(rune(s[n])) {
		n++
	}
	if n == 1 {
		return 0
	}
	return n
}

// pathLen returns the length of the path at the start of s, fragment included, without the punctuation of the sentence
// around it. Parentheses belong to the path if they are balanced, as in Wikipedia's titles.
func pathLen(s string) int {
	if !strings.HasPrefix(s, "/") {
		return 0
	}
	end := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '(':
			n := balancedLen(s[i:])
			if n == 0 {
				return end
			}
			i += n
			end = i
		case !isPathChar(r):
			return end
		default:
			i += size
			if !strings.ContainsRune("!*\"'「」;:=,.$%[]~&|@", r) {
				end = i
			}
		}
	}
	return end
}

func isPathChar(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && r != utf8.RuneError && !strings.ContainsRune("<>()?", r)
}

// balancedLen returns the length of a pair of parentheses with something in it, and at most one pair inside, or 0.
func balancedLen(s string) int {
	run := func(from int) int {
		for i, r := range s[from:] {
			if !isPathChar(r) {
				return from + i
			}
		}
		return len(s)
	}
	i := run(1)
	if i < len(s) && s[i] == '(' {
		inner := run(i + 1)
		if inner == i+1 || inner == len(s) || s[inner] != ')' {
			return 0
		}
		i = run(inner + 1)
	}
	if i == 1 || i == len(s) || s[i] != ')' {
		return 0
	}
	return i + 1
}

// queryLen returns the length of the query at the start of s, with its ?, or 0. It ends in a character that a sentence
// does not put after a link.
func queryLen(s string) int {
	if !strings.HasPrefix(s, "?") {
		return 0
	}
	end := 0
	for i, r := range s {
		switch {
		case i == 0:
		case isASCIIAlnum(r), strings.ContainsRune("_&=#/-", r), isForeignQueryChar(r):
			end = i + utf8.RuneLen(r)
		case !strings.ContainsRune("!?*'();:+$%[].,~|@^", r):
			return end
		}
	}
	return end
}

// isForeignQueryChar knows the characters outside ASCII that a query may hold unescaped.
func isForeignQueryChar(r rune) bool {
	return r >= 0xA0 && r != utf8.RuneError && !unicode.IsSpace(r)
}
