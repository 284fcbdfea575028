package translate

import (
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"orrery/federation/vocab"
	"orrery/social"
	"orrery/social/richtext"
)

// Status is what is kept of a remote post. Ids, the parent and mentions are the caller's to find. arrived is when it came.
// It has no id yet: delivered posts take one of their arrival, fetched ones of their date (federation.md §3.6). text is in whose
// way a foreign type is put into words.
func Status(n vocab.Note, author social.Account, activityTo, activityCc []string, arrived time.Time, text richtext.Version) social.Status {
	to, cc := activityTo, activityCc
	if n.HasTo { // each of the two wins for itself (federation.md §3.3)
		to = n.To
	}
	if n.HasCc {
		cc = n.Cc
	}
	s := social.Status{
		URI: n.ID, URL: httpOrEmpty(n.URL), AccountID: author.ID, ReplyToURI: n.InReplyTo,
		Visibility: social.Visibility(vocab.Audience(to, cc, author.FollowersURL)),
		Content:    n.Content, SpoilerText: n.Summary, Sensitive: n.Sensitive || n.Summary != "", Language: n.Language,
		ObjectType: n.Type, Conversation: n.Conversation, CreatedAt: n.Published,
	}
	if n.Converted {
		s.Content, s.SpoilerText, s.Sensitive = Converted(n, text), "", n.Sensitive // its summary is text, not a warning
	}
	if s.CreatedAt.IsZero() {
		s.CreatedAt = arrived
	}
	s.Poll, s.QuotePolicy = Poll(n.Poll, arrived), QuotePolicy(n, author)
	if !n.Updated.IsZero() && !n.Updated.Equal(n.Published) {
		s.EditedAt = n.Updated
	}
	return s
}

// Converted is how a foreign type is shown: title, summary and address; its content is not (federation.md §3.5). Since 4.2 the
// title is a heading and the summary HTML; in 4.1 all three are plain text, in which addresses become links.
func Converted(n vocab.Note, text richtext.Version) string {
	link := httpOrEmpty(n.URL)
	if link == "" {
		link = n.ID
	}
	var parts []string
	plain := richtext.Options{Version: text}
	if text == richtext.Mastodon41 {
		for _, part := range []string{n.Name, n.Summary, link} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		return richtext.Format(strings.Join(parts, "\n\n"), plain)
	}
	if n.Name != "" {
		parts = append(parts, "<h2>"+n.Name+"</h2>")
	}
	if n.Summary != "" {
		parts = append(parts, n.Summary)
	}
	return strings.Join(append(parts, richtext.Format(link, plain)), "\n\n")
}

// Boost is what is kept of an Announce of original.
func Boost(a vocab.Activity, booster social.Account, original social.Status, arrived time.Time) social.Status {
	s := social.Status{
		URI: a.ID, AccountID: booster.ID, BoostOfID: original.ID, CreatedAt: a.Published,
		Visibility: social.Visibility(vocab.Audience(a.To, a.Cc, booster.FollowersURL)),
	}
	if s.CreatedAt.IsZero() {
		s.CreatedAt = arrived
	}
	return s
}

func httpOrEmpty(s string) string {
	if IsHTTP(s) {
		return s
	}
	return ""
}

// IsHTTP reports whether uri is an absolute http or https address with a host.
func IsHTTP(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// SameHost is H(a, b): both http(s), hosts equal without case and port, in ASCII form (federation.md §4.0, §16.2).
func SameHost(a, b string) bool {
	ha, hb := host(a), host(b)
	return ha != "" && ha == hb
}

func host(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	h := strings.ToLower(u.Hostname())
	if ascii, err := idna.Lookup.ToASCII(h); err == nil {
		return ascii
	}
	return h
}

// cut is s, at most n bytes of it.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// cutRunes is s, at most n characters of it.
func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
