package fetch

import "testing"

// Whatever a page and its Link header say: where the document lies is a part of what was said.
func FuzzLinkAlternate(f *testing.F) {
	f.Add(`<https://p.test/1>; rel="alternate"; type="application/activity+json", <x>`, `<p>`)
	f.Add(`<>;alternate application/activity+json,;,<`, `<link rel="alternate" type='application/ld+json; profile="https://www.w3.org/ns/activitystreams"' href=/2>`)
	f.Fuzz(func(t *testing.T, header, page string) {
		if to := linkAlternate(Response{Link: []string{header}, Body: []byte(page)}); len(to) > len(header)+4*len(page) {
			t.Errorf("%q of %q and %q", to, header, page)
		}
	})
}
