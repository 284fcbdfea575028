package translate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// federation.md §3.5.
func TestAttachments(t *testing.T) {
	t.Parallel()
	berta := social.Account{ID: 7}
	read := func(attachment string) []social.Attachment {
		return translate.Attachments(vocab.ReadNote(decode(t, `{"type":"Note","attachment":`+attachment+`}`)), berta)
	}
	full := read(`{"type":"Document","mediaType":"video/mp4","url":"https://b.test/v.mp4","name":"a cat","blurhash":"LEHV6nWB2yk8pyo0adR*.7kCMdnj",
		"focalPoint":[0.5,-1],"width":640,"height":480,"duration":"PT1M2.5S","icon":{"type":"Image","url":"https://b.test/v.jpg"}}`)
	want := []social.Attachment{{
		AccountID: 7, Kind: social.MediaVideo, MediaType: "video/mp4", RemoteURL: "https://b.test/v.mp4", RemotePreviewURL: "https://b.test/v.jpg",
		Description: "a cat", Blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
		Meta: social.MediaMeta{Focus: &social.Focus{X: 0.5, Y: -1}, Original: social.Size{Width: 640, Height: 480, Duration: 62.5}},
	}}
	if diff := cmp.Diff(want, full); diff != "" {
		t.Errorf("everything (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		name, in string
		want     string // "kind type url description|…"
	}{
		{"none", `null`, ""},
		{"of no kind that is shown", `[{"type":"Document","mediaType":"application/pdf","url":"https://b.test/1.pdf"}]`, "unknown application/pdf https://b.test/1.pdf "},
		{"an Image without a media type", `[{"type":"Image","url":"https://b.test/1"}]`, "image  https://b.test/1 "},
		{"a list of Links", `[{"type":"Document","url":[{"type":"Link","href":"https://b.test/1.png","mediaType":"image/png"}],"name":"x"}]`, "image image/png https://b.test/1.png x"},
		{"summary before name", `[{"type":"Image","url":"https://b.test/1","name":"n","summary":"s"}]`, "image  https://b.test/1 s"},
		{"a link to a page is no medium", `[{"type":"Link","href":"https://b.test/page"}]`, ""},
		{"nor is a line of a profile", `[{"type":"PropertyValue","name":"x","value":"y","url":"https://b.test"}]`, ""},
		{"an address that is none", `[{"type":"Image","url":"javascript:alert(1)"},{"type":"Image","url":"/a.png"},{"type":"Image"},7]`, ""},
		{"row 72: five", `[` + strings.Repeat(`{"type":"Image","url":"https://b.test/1"},`, 4) + `{"type":"Image","url":"https://b.test/5"}]`,
			strings.Repeat("image  https://b.test/1 |", 3) + "image  https://b.test/1 "},
		{"parameters of the type", `[{"type":"Document","mediaType":"Audio/MPEG; q=1","url":"https://b.test/1"}]`, "audio Audio/MPEG; q=1 https://b.test/1 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for i, a := range read(tt.in) {
				if a.Place != i {
					t.Errorf("place %d, want %d", a.Place, i)
				}
				got = append(got, fmt.Sprint(a.Kind, " ", a.MediaType, " ", a.RemoteURL, " ", a.Description))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	long := read(`[{"type":"Image","url":"https://b.test/1","name":"` + strings.Repeat("é", 12_000) + `"}]`)
	if n := len([]rune(long[0].Description)); n != 10_000 {
		t.Errorf("a description of 12,000 characters keeps %d, want 10,000", n)
	}
}

func TestValidBlurhash(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"LEHV6nWB2yk8pyo0adR*.7kCMdnj": true, "00TI:j": true, "": false, "LEHV6n": false, "LEHV6nWB2yk8pyo0adR*.7kCMdn ": false,
		"~" + strings.Repeat("0", 165): false, // nine by ten components
	} {
		if got := translate.ValidBlurhash(in); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func TestEmojis(t *testing.T) {
	t.Parallel()
	updated := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	n := vocab.ReadNote(decode(t, `{"type":"Note","tag":[
		{"type":"Emoji","id":"https://b.test/e/1","name":":cat:","updated":"2024-01-02T03:04:05Z","icon":{"type":"Image","mediaType":"image/png","url":"https://b.test/cat.png"}},
		{"type":"Emoji","name":"bare","icon":{"type":"Image","url":[{"type":"Link","href":"https://b.test/bare.gif","mediaType":"image/gif"}]}},
		{"type":"Emoji","name":":cat:","icon":{"url":"https://b.test/again.png"}},
		{"type":"Emoji","name":":no picture:"},
		{"type":"Emoji","name":":x-y:","icon":{"url":"https://b.test/xy.png"}},
		{"type":"Emoji","name":":odd:","icon":{"url":"data:image/png;base64,AA"}},
		{"type":"Hashtag","name":"#cat"}]}`))
	want := []social.Emoji{
		{Shortcode: "cat", Domain: "b.test", URI: "https://b.test/e/1", ImageURL: "https://b.test/cat.png", StaticURL: "https://b.test/cat.png", MediaType: "image/png", UpdatedAt: updated},
		{Shortcode: "bare", Domain: "b.test", ImageURL: "https://b.test/bare.gif", StaticURL: "https://b.test/bare.gif", MediaType: "image/gif"},
	}
	if diff := cmp.Diff(want, translate.Emojis(n.Emojis, "b.test")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
