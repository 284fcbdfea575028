package followers_test

import (
	"slices"
	"strings"
	"testing"

	"orrery/federation/followers"
)

const (
	one = "https://testing.example.org/users/1"
	two = "https://testing.example.org/users/2"
)

// The vectors of FEP-8fcf, and spec/federation.md §16.4/8.
func TestDigest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ids  []string
		want string
	}{
		{"nobody", nil, strings.Repeat("0", 64)},
		{"one", []string{one}, "3a06e99569547f444c352ab7f52e4bab207abec5ca6f07b0045cfdc9723f8fa9"},
		{"another", []string{two}, "f939a1585d4a8f02ee339210dbe7315d7003476663d6095f7d996fc4bc7a49b6"},
		{"both", []string{one, two}, "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"},
		{"both, the other way round", []string{two, one}, "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"},
		{"one of them twice", []string{one, two, two}, "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := followers.Of(tt.ids).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestDigest_does_not_depend_on_the_order(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, name := range strings.Fields("alice berta canon dora emil frida greta hans") {
		ids = append(ids, "https://a.test/users/"+name)
	}
	want := followers.Of(ids)
	for range ids {
		ids = append(ids[1:], ids[0])
		backward := slices.Clone(ids)
		slices.Reverse(backward)
		if followers.Of(ids) != want || followers.Of(backward) != want {
			t.Errorf("the digest of %q differs from that of another order", ids)
		}
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	h := followers.Header{Collection: "https://a.test/users/b/followers", URL: "https://a.test/users/b/followers_synchronization", Digest: strings.Repeat("0f", 32)}
	for _, value := range []string{
		h.String(),
		`digest="` + h.Digest + `",collectionId="` + h.Collection + `",url="` + h.URL + `"`,
		"  url=\"" + h.URL + "\" ,\tdigest=\"" + h.Digest + "\", more=\"x\", collectionId=\"" + h.Collection + `"`,
	} {
		got, err := followers.Parse(value)
		if err != nil || got != h {
			t.Errorf("Parse(%s): got %+v, %v, want %+v", value, got, err, h)
		}
	}
	for _, value := range []string{"", "nonsense", `collectionId="a`, `a="b",`, `url="a", url="b"`, strings.Repeat(`a="b",`, 50_000)} {
		if got, err := followers.Parse(value); err == nil {
			t.Errorf("Parse(%.30s): got %+v, want an error", value, got)
		}
	}
	if got, err := followers.Parse(`url="a"`); err != nil || got != (followers.Header{URL: "a"}) {
		t.Errorf("a header that lacks two parameters: got %+v, %v", got, err)
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"https://a.test/users/b": "https://a.test", "http://a.localhost:8080/inbox": "http://a.localhost:8080", "https://a.test": "https://a.test",
		"": "", "nonsense": "", "://": "",
	} {
		if got := followers.Origin(uri); got != want {
			t.Errorf("Origin(%s): got %q, want %q", uri, got, want)
		}
	}
}
