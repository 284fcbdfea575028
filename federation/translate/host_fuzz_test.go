package translate_test

import (
	"context"
	"testing"

	"orrery/federation/translate"
	"orrery/social"
)

// badBlocked is a DomainStore of one block; nothing else is asked.
type badBlocked struct{ social.DomainStore }

func (badBlocked) AllDomainBlocks(context.Context) ([]social.DomainBlock, error) {
	return []social.DomainBlock{{Domain: "bad.test", Severity: social.SeveritySuspend}}, nil
}
func (badBlocked) AllDomainAllows(context.Context) ([]social.DomainAllow, error) { return nil, nil }

// Whatever an address looks like: if it leads to a server that is suspended here, it is refused.
func FuzzHost(f *testing.F) {
	for _, uri := range []string{
		"https://bad.test/users/x", "https://BAD.test:443/", "https://bad.test.:443/", "https://ｂａｄ.test/", "https://bad。test#%zz", "http://a@bad.test", "https://xn--bd-viab.test/",
	} {
		f.Add(uri)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		d := &social.Domains{Store: badBlocked{}, Own: "alpha.test"}
		refused, err := d.RefusedURI(t.Context(), uri)
		if err != nil {
			t.Fatal(err)
		}
		if leads := translate.SameHost(uri, "https://bad.test/"); leads && !refused {
			t.Errorf("%q leads to bad.test and is not refused", uri)
		}
	})
}
