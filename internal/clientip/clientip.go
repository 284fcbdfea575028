// Package clientip says which address a request came from, in one way for all that counts or limits by it: rate limits,
// attempts to sign in and to join, streams. What is counted under an address is theirs.
//
// What a newcomer gets wrong: X-Forwarded-For is written by whoever likes to. It is believed only from a private address,
// which is a proxy of our own, and only its last part, which that proxy wrote.
package clientip

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Of is the address that c came from, "" when only a private one is known: it may speak for everybody.
func Of(c *fiber.Ctx) string {
	ip, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	if ip = ip.Unmap(); own(ip) {
		all := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
		ip, _ = netip.ParseAddr(strings.TrimSpace(all[len(all)-1]))
		if ip = ip.Unmap(); own(ip) {
			return ""
		}
	}
	return ip.WithZone("").String()
}

// own reports whether ip is no address of the world outside.
func own(ip netip.Addr) bool {
	return !ip.IsValid() || ip.IsUnspecified() || ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
}

// Counted is what is counted of an address: the whole, or with IPv6, of which everybody has many, the first half.
func Counted(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || !ip.Is6() || ip.Is4In6() {
		return address
	}
	half, _ := ip.Prefix(64)
	return half.String()
}
