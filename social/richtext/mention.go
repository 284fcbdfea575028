package richtext

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDomain is the longest domain a mention may name, in bytes of its ASCII form (§12.2).
const maxDomain = 253

// mentionAt reads @user or @user@domain at text[i]. prev is the character before the @.
func mentionAt(text string, i int, prev rune) (Entity, bool) {
	if prev == '=' || prev == '/' || prev != noRune && isWord(prev) {
		return Entity{}, false
	}
	user := username(text[i+1:])
	if user == "" {
		return Entity{}, false
	}
	end := i + 1 + len(user)
	domain := ""
	if strings.HasPrefix(text[end:], "@") {
		typed := mentionDomain(text[end+1:])
		if typed == "" {
			return Entity{}, false
		}
		end += 1 + len(typed)
		domain = ASCIIDomain(typed)
		if len(domain) > maxDomain {
			return Entity{}, false
		}
	}
	if !endsMention(text[end:]) {
		return Entity{}, false
	}
	return Entity{Kind: Mention, Start: i, End: end, User: user, Domain: domain}, true
}

// username reads [a-z0-9_]+([.-]+[a-z0-9_]+)*, any case.
func username(s string) string {
	end := 0
	for i := 0; i < len(s); i++ {
		c := rune(s[i])
		switch {
		case isASCIIAlnum(c) || c == '_':
			end = i + 1
		case (c == '.' || c == '-') && end > 0:
		default:
			return s[:end]
		}
	}
	return s[:end]
}

// mentionDomain reads a host, with its port where a mention may have one: see portAllowed.
func mentionDomain(s string) string {
	if strings.HasPrefix(s, "[") {
		n := ipv6Literal(s)
		return s[:n+mentionPort(s[n:])]
	}
	end := 0
	for i, r := range s {
		if isWord(r) {
			end = i + utf8.RuneLen(r)
		} else if r != '.' && r != '-' || end == 0 {
			break
		}
	}
	if portAllowed(s[:end]) {
		end += mentionPort(s[end:])
	}
	return s[:end]
}

// portAllowed reports whether host is one that only a laboratory uses: localhost, a name under it, or an address. The
// public fediverse has no ports in handles, and "@ann@example.com:30" is more likely a time than a port.
func portAllowed(host string) bool {
	host = strings.ToLower(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// mentionPort returns the length of a ":port" of 2 to 5 digits at the start of s, or 0.
func mentionPort(s string) int {
	if !strings.HasPrefix(s, ":") {
		return 0
	}
	n := 1
	for n < len(s) && isASCIIDigit(rune(s[n])) {
		n++
	}
	next, _ := utf8.DecodeRuneInString(s[n:])
	if n < 3 || n > 6 || isWord(next) {
		return 0
	}
	return n
}

// endsMention reports whether a mention may end before rest. After "@jos" an "é" shows that this was never a handle, as
// does a second @, or "://".
func endsMention(rest string) bool {
	next, size := utf8.DecodeRuneInString(rest)
	switch {
	case size == 0:
		return true
	case next == '@' || next == '＠' || strings.HasPrefix(rest, "://"):
		return false
	}
	return next < 0x80 || !unicode.In(next, unicode.Latin, unicode.Mn)
}
