package social

import (
	"slices"
	"strings"
)

// DefaultScope is what a program gets that asks for nothing in particular.
const DefaultScope = "read"

// scopeTree is Mastodon's tree of scopes: each with what it covers beside itself (behaviours.md §9).
var scopeTree = []struct{ parent, children string }{
	{"profile", ""},
	{"read", "read:accounts read:blocks read:bookmarks read:collections read:favourites read:filters read:follows read:lists " +
		"read:mutes read:notifications read:search read:statuses"},
	{"write", "write:accounts write:blocks write:bookmarks write:collections write:conversations write:favourites write:filters " +
		"write:follows write:lists write:media write:mutes write:notifications write:reports write:statuses"},
	{"follow", "read:blocks write:blocks read:follows write:follows read:mutes write:mutes"},
	{"push", ""},
	{"admin:read", "admin:read:accounts admin:read:reports admin:read:domain_allows admin:read:domain_blocks admin:read:ip_blocks " +
		"admin:read:email_domain_blocks admin:read:canonical_email_blocks"},
	{"admin:write", "admin:write:accounts admin:write:reports admin:write:domain_allows admin:write:domain_blocks admin:write:ip_blocks " +
		"admin:write:email_domain_blocks admin:write:canonical_email_blocks"},
}

// AllScopes are the scopes there are, each once, a parent before its children.
func AllScopes() []string {
	var out []string
	for _, branch := range scopeTree {
		for _, scope := range append([]string{branch.parent}, strings.Fields(branch.children)...) {
			if !slices.Contains(out, scope) {
				out = append(out, scope)
			}
		}
	}
	return out
}

// KnownScope reports whether scope is in the tree.
func KnownScope(scope string) bool {
	for _, branch := range scopeTree {
		if scope == branch.parent || slices.Contains(strings.Fields(branch.children), scope) {
			return true
		}
	}
	return false
}

// Scopes are the words of a list as apps send it, each once, in their order.
func Scopes(list string) []string {
	var out []string
	for _, scope := range strings.Fields(list) {
		if !slices.Contains(out, scope) {
			out = append(out, scope)
		}
	}
	return out
}

// Covers reports whether one of the scopes granted, separated by spaces, is scope or stands above it.
func Covers(granted, scope string) bool {
	for _, has := range strings.Fields(granted) {
		if has == scope {
			return true
		}
		for _, branch := range scopeTree {
			if branch.parent == has && slices.Contains(strings.Fields(branch.children), scope) {
				return true
			}
		}
	}
	return false
}

// sameScopes compares as sets.
func sameScopes(a, b string) bool {
	x, y := Scopes(a), Scopes(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
