package richtext

import (
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"mvdan.cc/xurls/v2"
)

// hostLen returns the length of a host name or address at the start of s, or 0. A name must end in a known top-level
// domain: as much is taken as makes one, so that a link may be followed by ".And" or, in Japanese, by the next word.
func hostLen(s string) int {
	if n := ipv6Literal(s); n > 0 {
		return n
	}
	// More than a valid name can have, so that endless text costs nothing.
	const longest = 1024
	end := 0
	for i, r := range s {
		if !isWord(r) && r != '-' && r != '.' || i > longest {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	name := strings.TrimRight(s[:end], ".-_")
	if addr, err := netip.ParseAddr(name); err == nil && addr.Is4() {
		return boundedHost(s, len(name))
	}
	for name != "" {
		dot := strings.LastIndexByte(name, '.')
		top := topLevelLen(name[dot+1:])
		if top > 0 && (dot > 0 || dot < 0 && strings.EqualFold(name[:top], "localhost")) {
			if n := boundedHost(s, dot+1+top); n > 0 && validHost(s[:n]) {
				return n
			}
		}
		name = name[:max(dot, 0)]
	}
	return 0
}

// boundedHost returns n unless s goes on after n bytes with something that a host cannot end before: it was then the user
// part of an address, or a longer word.
func boundedHost(s string, n int) int {
	if n < len(s) && (isASCIIAlnum(rune(s[n])) || strings.IndexByte("@+-", s[n]) >= 0) {
		return 0
	}
	return n
}

// topLevelLen returns how much of label is a top-level domain: all of it, its ASCII beginning, or nothing.
func topLevelLen(label string) int {
	if knownTopLevel(label) {
		return len(label)
	}
	ascii := strings.IndexFunc(label, func(r rune) bool { return r >= utf8.RuneSelf })
	if ascii > 0 && knownTopLevel(label[:ascii]) {
		return ascii
	}
	return 0
}

func knownTopLevel(label string) bool {
	label = strings.ToLower(label)
	if strings.HasPrefix(label, "xn--") {
		return true
	}
	_, public := slices.BinarySearch(xurls.TLDs, label)
	_, pseudo := slices.BinarySearch(xurls.PseudoTLDs, label)
	return public || pseudo
}

func validHost(host string) bool {
	if strings.Contains(host, "..") {
		return false
	}
	ascii, err := lenientIDNA.ToASCII(host)
	return err == nil && len(ascii) <= maxDomain
}

// ipv6Literal returns the length of a bracketed IPv6 address at the start of s, or 0.
func ipv6Literal(s string) int {
	const longest = len("[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]")
	end := strings.IndexByte(s[:min(len(s), longest)], ']')
	if end < 0 || s[0] != '[' {
		return 0
	}
	addr, err := netip.ParseAddr(s[1:end])
	if err != nil || !addr.Is6() || addr.Zone() != "" {
		return 0
	}
	return end + 1
}

// ASCIIDomain lowers a domain and writes it in punycode. What IDNA refuses (an underscore is fine) is only lowered: such
// a mention will resolve to nobody.
func ASCIIDomain(domain string) string {
	if ascii, err := lenientIDNA.ToASCII(domain); err == nil {
		return strings.ToLower(ascii)
	}
	return strings.ToLower(domain)
}

// lenientIDNA accepts underscores, which host names of the fediverse have.
var lenientIDNA = idna.New(idna.MapForLookup(), idna.StrictDomainName(false))
