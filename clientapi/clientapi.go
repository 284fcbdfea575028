// Package clientapi is Mastodon's client API: its entities as Go structs, pure constructors that make them of social's
// views, and a small client that scenarios and tests drive servers with, ours and others'.
//
// It loads nothing and decides nothing about privacy: package social loaded the view for one viewer. Routes, parameters
// and status codes are in server/api.
//
// What a newcomer gets wrong: a list is never null, and a key that Mastodon always sends is always sent, null if need be;
// apps throw a whole page away for one wrong key. So optional keys are pointers or have omitempty, and lists are made by
// the constructors. testdata/entities.json is the measure.
package clientapi

import (
	"strings"
	"time"

	"golang.org/x/net/idna"

	"orrery/social"
	"orrery/social/richtext"
)

// Render is what the constructors need beside a view.
type Render struct {
	URLs   social.URLs
	Viewer social.ID // 0 is anybody: then there are no viewer's keys such as favourited
	Text   richtext.Version
	// Cleaned remembers what foreign HTML became; nil is no memory.
	Cleaned *richtext.Cleaned
	// Placeholder is the image of an account or server that has none; "" is DefaultPlaceholder on the origin.
	Placeholder string
	Now         time.Time // says which polls are over
	// Turns is set to the first moment after Now at which something made with this looks different by itself; nil if nobody
	// asks.
	Turns *time.Time
}

// turns notes that something changes at a moment, if that is to come; zero is never.
func (r Render) turns(at time.Time) {
	if r.Turns != nil && at.After(r.Now) && (r.Turns.IsZero() || at.Before(*r.Turns)) {
		*r.Turns = at
	}
}

// DefaultPlaceholder is the path of the image for accounts without one, Mastodon's own.
const DefaultPlaceholder = "/avatars/original/missing.png"

func (r Render) sanitize(foreign string) string { return r.Cleaned.Sanitize(r.Text, foreign) }

func (r Render) placeholder() string {
	if r.Placeholder != "" {
		return r.Placeholder
	}
	return r.URLs.Origin + DefaultPlaceholder
}

// acct is the handle with its domain as people read it, in Unicode.
func acct(a social.Account) string {
	if a.Local() {
		return a.Username
	}
	return a.Username + "@" + readableDomain(a.Domain)
}

func readableDomain(domain string) string {
	if !strings.Contains(domain, "xn--") {
		return domain
	}
	if readable, err := idna.Punycode.ToUnicode(domain); err == nil {
		return readable
	}
	return domain
}

// id is the API's form of an id that may be missing.
func id(n social.ID) *string {
	if n == 0 {
		return nil
	}
	s := n.String()
	return &s
}

// orNull is nil for "".
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// page is address if a browser may be sent there, else "": what other servers claim may be javascript.
func page(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}

// each applies make to all of in; the result is never nil.
func each[In, Out any](in []In, make func(In) Out) []Out {
	out := []Out{}
	for _, v := range in {
		out = append(out, make(v))
	}
	return out
}
