package followers_test

import (
	"testing"

	"orrery/federation/followers"
)

// Whatever header a stranger sends: it is no list, or has three values; what we write is read as it was.
func FuzzParse(f *testing.F) {
	f.Add(`collectionId="https://p.test/f", url="https://p.test/s", digest="aa"`)
	f.Add(`collectionId="\"",,url=x`)
	f.Fuzz(func(t *testing.T, value string) {
		h, err := followers.Parse(value)
		if err != nil {
			return
		}
		for _, x := range []string{h.Collection, h.URL, h.Digest} {
			if len(x) > len(value) {
				t.Errorf("%q of %q", x, value)
			}
			followers.Origin(x)
		}
	})
}
