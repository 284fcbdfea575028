package activitypub

import (
	"strings"
	"testing"
)

func TestWantsDocument(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		accept string
		want   bool
	}{
		{"", false},
		{"*/*", false},
		{"text/html", false},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", false},
		{"application/activity+json", true},
		{"APPLICATION/Activity+JSON", true},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true},
		{`application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1`, true},
		{"application/json", true},
		{"application/jrd+json, application/json", true},
		{"text/x-json", true},
		{"application/activity+json, */*", true},
		{"*/*, application/activity+json", true},
		{"application/activity+json;q=0.5, */*;q=0.8", false},
		{"text/html, application/activity+json", false},
		{"application/activity+json, text/html", true},
		{"text/html;q=0.9, application/activity+json", true},
		{"text/html, application/activity+json;q=0.9", false},
		{"application/activity+json;q=0", false},
		{"application/activity+json;q=0, text/html;q=0", false},
		{"application/activity+json;q=much", false},
		{"application/activity+json ; Q=1.0", true},
		{"application/*", true},
		{"application/*, text/html", false},
		{"text/*, application/json", true},
		{"image/png", false},
		{`application/ld+json; profile="a,text/html;q=1", text/html;q=0.5`, true},
		{`text/plain; x="unclosed, application/activity+json`, false},
		{",,;;,", false},
		{strings.Repeat("image/png,", 60) + "application/json", false},
	} {
		if got := WantsDocument(tt.accept); got != tt.want {
			t.Errorf("WantsDocument(%q) = %v, want %v", tt.accept, got, tt.want)
		}
	}
}

func TestDocuments_send_browsers_to_pages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	note := w.post(w.alice, "Hello")
	for _, tt := range []struct {
		target, accept string
		status         int
		location       string
	}{
		{"/users/alice", "text/html", 301, "https://alpha.test/@alice"},
		{"/users/alice", "*/*", 301, "https://alpha.test/@alice"},
		{"/users/nobody", "text/html", 301, "https://alpha.test/@nobody"},
		{path(note), "text/html", 301, note.URL},
		{"/users/alice", "application/ld+json", 200, ""},
		{"/users/alice.json", "text/html", 200, ""},
		{path(note) + ".json", "text/html", 200, ""},
		{"/@alice", "application/activity+json", 200, ""},
		{"/@Alice/" + note.ID.String(), "application/activity+json", 200, ""},
	} {
		got := w.get(tt.target, "Accept: "+tt.accept)
		if got.status != tt.status || got.header.Get("Location") != tt.location {
			t.Errorf("%s for %s: got %d to %q, want %d to %q", tt.target, tt.accept, got.status, got.header.Get("Location"), tt.status, tt.location)
		}
		if vary := got.header.Get("Vary"); tt.status == 301 && vary != "Origin, Accept" {
			t.Errorf("%s for %s: Vary %q, want Origin, Accept", tt.target, tt.accept, vary)
		}
	}
	if got, want := w.recordedCount(), 5; got != want {
		t.Errorf("%d requests are recorded, want %d: those for documents", got, want)
	}
	for target, accept := range map[string]string{
		"/@alice": "text/html", "/@alice/following": "application/json", "/@berta@beta.test": "application/json",
	} {
		if got := w.get(target, "Accept: "+accept); got.body != "a page" {
			t.Errorf("%s for %s: got %d %q, want the page", target, accept, got.status, got.body)
		}
	}
}
