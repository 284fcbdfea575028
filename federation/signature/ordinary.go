package signature

import (
	"strings"

	"github.com/piprate/json-gold/ld"
)

// isURL is ld.IsURL, without its regular expression for ordinary addresses: it took a third of all that checking a
// document cost.
func isURL(s string) bool { return ordinary(s) || ld.IsURL(s) }

// ordinary reports that s is an http address of the kind nearly all are, of which the library is sure to think so too:
// a host of letters, figures and single hyphens between them, two or more in a row, and a path without escapes. It may
// say no to others that are good. TestOrdinaryAddressesAreAddresses compares the two.
func ordinary(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "http://"); !ok {
			return false
		}
	}
	if len(s) > 2000 {
		return false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, port, hasPort := strings.Cut(rest[:end], ":")
	if !ordinaryHost(host) || hasPort && (port == "" || len(port) > 5 || strings.Trim(port, "0123456789") != "") {
		return false
	}
	for i := end; i < len(rest); i++ {
		c := rest[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte("/?#-._~:@!$&()*+,;=", c) < 0 {
			return false
		}
	}
	return true
}

func ordinaryHost(host string) bool {
	run, last := 0, byte('.') // letters and figures since a dot or hyphen; what that was
	figures := false          // in the last label
	for i := range len(host) {
		switch c := host[i]; {
		case c >= 'a' && c <= 'z':
			run++
		case c >= '0' && c <= '9':
			run++
			figures = true
		case (c == '.' || c == '-') && run >= 2:
			run, last = 0, c
			if c == '.' {
				figures = false
			}
		default:
			return false
		}
	}
	return run >= 2 && last == '.' && !figures
}
