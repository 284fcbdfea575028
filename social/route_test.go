package social_test

import (
	"strings"
	"testing"

	"orrery/social"
)

// federation.md §2.1: an address of this server is read by its path.
func TestRoute(t *testing.T) {
	t.Parallel()
	u := social.URLs{Origin: "https://alpha.test"}
	for uri, want := range map[string]social.Place{
		"https://alpha.test/users/alice":                     {Username: "alice"},
		"https://ALPHA.test/users/ALICE/":                    {Username: "ALICE"},
		"https://alpha.test/users/alice#main-key":            {Username: "alice"},
		"https://alpha.test/@alice":                          {Username: "alice"},
		"https://alpha.test/ap/users/7":                      {Account: 7},
		"https://alpha.test/users/alice/statuses/9":          {Username: "alice", Status: 9},
		"https://alpha.test/ap/users/7/statuses/9?page=1":    {Account: 7, Status: 9},
		"https://alpha.test/@alice/9":                        {Username: "alice", Status: 9},
		"https://alpha.test":                                 {},
		"https://alpha.test/actor":                           {},
		"https://alpha.test/users":                           {},
		"https://alpha.test/users/":                          {},
		"https://alpha.test/users/al%2Fice":                  {},
		"https://alpha.test/@berta@beta.test":                {},
		"https://alpha.test/ap/users/x":                      {},
		"https://alpha.test/ap/users/-99":                    {},
		"https://alpha.test/users/alice/followers":           {},
		"https://alpha.test/users/alice/statuses/x":          {},
		"https://alpha.test/users/alice/statuses/9/replies":  {},
		"https://alpha.test:8443/users/alice":                {},
		"https://beta.test/users/alice":                      {},
		"alice":                                              {},
		"https://[":                                          {},
		"https://alpha.test/" + strings.Repeat("users/", 50): {},
	} {
		got, ok := u.Route(uri)
		if ok && got != want || ok != (want != social.Place{}) {
			t.Errorf("Route(%s): got %+v, %v, want %+v", uri, got, ok, want)
		}
	}
	if got, ok := (social.URLs{}).Route("/users/alice"); ok {
		t.Errorf("an instance without an address finds %+v, want nothing", got)
	}
}
