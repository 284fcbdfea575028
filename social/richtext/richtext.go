// Package richtext is about the text of posts and profiles: it finds the mentions, hashtags and links in what a person
// typed, renders that text as HTML, cleans the HTML that other servers send, and counts characters, all as Mastodon does
// (federation.md §12).
//
// It looks nobody up and stores nothing. Who a mention means is decided by a function the caller gives; whether a post is
// too long is decided by the caller with [Length] and [MaxLength].
//
// What a newcomer gets wrong: HTML from elsewhere is stored as it came and cleaned each time it is shown (§12.1), so
// that a better sanitiser also heals old posts. And plain text never goes through [Sanitize], nor HTML through [Format].
package richtext

import "unicode"

// Version says whose dialect to write. The grammar is the same in all; allowed elements and link attributes differ.
type Version int

const (
	// Current is the newest Mastodon of the specification.
	Current Version = iota
	// Mastodon41 is Mastodon 4.1, the lab's default: rel carries noreferrer, and s, ruby, rt, rp and the class of p
	// do not survive.
	Mastodon41
)

func (v Version) rel() string {
	if v == Mastodon41 {
		return "nofollow noopener noreferrer"
	}
	return "nofollow noopener"
}

// isWord is the character class Mastodon's patterns call [[:word:]]: letters, marks, decimal digits, connectors.
func isWord(r rune) bool {
	if r < 0x80 {
		return isASCIIAlnum(r) || r == '_'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Pc)
}

// isAlpha is Unicode's Alphabetic property, the class [[:alpha:]].
func isAlpha(r rune) bool {
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Other_Alphabetic)
}

func isASCIIDigit(r rune) bool { return r >= '0' && r <= '9' }

func isASCIIAlnum(r rune) bool {
	return isASCIIDigit(r) || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
