package activitypub

import (
	"net/url"
	"testing"
)

func TestWebFinger_forms_of_a_resource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "http://alpha.localhost:8080", func(d *Documents) { d.Aliases = []string{"Alpha.Example"} })
	const person, instance = "acct:Alice@alpha.localhost:8080", "acct:alpha.localhost:8080@alpha.localhost:8080"
	for _, tt := range []struct {
		resource string
		status   int
		subject  string
	}{
		{"acct:Alice@alpha.localhost:8080", 200, person},
		{"acct:alice@alpha.localhost", 200, person},
		{"acct:ALICE@ALPHA.localhost:8080", 200, person},
		{"acct:alice@alpha.example", 200, person},
		{"acct:alice@alpha.example/", 200, person},
		{"ACCT:alice@alpha.localhost", 200, person},
		{"alice@alpha.localhost:8080", 200, person},
		{"http://alpha.localhost:8080/users/alice", 200, person},
		{"https://alpha.localhost:8080/@ALICE", 200, person},
		{"HTTP://alpha.localhost:8080/@alice/", 200, person},
		{"http://alpha.localhost:8080/actor", 200, instance},
		{"alpha.localhost:8080", 200, instance},
		{"alpha.localhost", 200, instance},
		{"https://alpha.example/", 200, instance},
		{"acct:alpha.localhost:8080@alpha.localhost:8080", 200, instance},
		{"acct:alpha.example@alpha.localhost", 200, instance},

		{"", 400, ""},
		{"   ", 400, ""},
		{"alice", 400, ""},
		{"acct:alice", 400, ""},
		{"mailto:alice", 400, ""},

		{"acct:nobody@alpha.localhost", 404, ""},
		{"acct:alice@beta.test", 404, ""},
		{"acct:alice@alpha.localhost:9090", 404, ""},
		{"acct:@alpha.localhost", 404, ""},
		{"@alice@alpha.localhost", 404, ""},
		{"acct:al%ice\x00@alpha.localhost", 404, ""},
		{"https://beta.test/users/alice", 404, ""},
		{"https://alpha.localhost/users/nobody", 404, ""},
		{"https://alpha.localhost/users/alice/followers", 404, ""},
		{"https://alpha.localhost/about", 404, ""},
		{"http", 404, ""},
		{"http://[::1", 404, ""},
		{"https://", 404, ""},
	} {
		got := w.get("/.well-known/webfinger?resource="+url.QueryEscape(tt.resource), "Accept: text/html")
		subject, life := "", "max-age=180, public"
		if got.status == 200 {
			subject, life = got.document(t)["subject"].(string), "max-age=259200, public"
		} else if got.body != "" {
			t.Errorf("%q: body %q, want none", tt.resource, got.body)
		}
		if got.status != tt.status || subject != tt.subject {
			t.Errorf("%q: got %d %q, want %d %q", tt.resource, got.status, subject, tt.status, tt.subject)
		}
		if c := got.header.Get("Cache-Control"); c != life {
			t.Errorf("%q: Cache-Control %q, want %q", tt.resource, c, life)
		}
	}
	if got, want := w.recordedCount(), 34; got != want {
		t.Errorf("%d look-ups are recorded, want all %d, whatever they accept", got, want)
	}
	if got := w.newest().Exchange.Kind; got != "webfinger" {
		t.Errorf("recorded as %q, want webfinger", got)
	}
}
