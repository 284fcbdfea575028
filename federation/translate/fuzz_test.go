package translate_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/fixtures"
	"orrery/social"
	"orrery/social/richtext"
)

// Whatever document a stranger sends: what is kept of it is text that databases take, within bounds, at times that can be told.
func FuzzIncoming(f *testing.F) {
	all, err := fixtures.All()
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(all); i += 40 {
		f.Add(all[i].RequestBody)
		f.Add(all[i].AnswerBody)
	}
	f.Add([]byte(`{"id":"https://p.test/1","type":"Question","oneOf":[{"name":"a","replies":{"totalItems":-1}}],"votersCount":1e18,"endTime":"9999-12-31T23:59:59Z","attachment":[{"type":"Image","url":"https://p.test/i","blurhash":"00","focalPoint":[1e308,-1],"width":9e18}],"published":"0001-01-01T00:00:00Z"}`))
	f.Add([]byte(`{"id":"https://p.test/2","type":"Person","icon":{"url":"javascript:1"},"attachment":[{"type":"PropertyValue","name":"\u0000","value":"x"}],"summary":"<p>","published":"2999-01-01T00:00:00Z"}`))
	f.Add([]byte(`{"id":"https://p.test/3","type":"Video","name":"n","url":[{"href":"http://p.test/v","mediaType":"text/html"}],"tag":[{"type":"Emoji","name":":x:","icon":{"url":"https://p.test/e"}}]}`))
	arrived := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	author := social.Account{ID: 7, URI: "https://p.test/users/p", FollowersURL: "https://p.test/users/p/followers", Domain: "p.test"}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := vocab.Decode(body)
		if err != nil {
			return
		}
		text := func(what string, all ...string) {
			for _, s := range all {
				if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
					t.Errorf("%s is no text that is kept: %q", what, s)
				}
			}
		}
		address := func(what string, all ...string) {
			for _, s := range all {
				if text(what, s); s != "" && !strings.HasPrefix(strings.ToLower(s), "http://") && !strings.HasPrefix(strings.ToLower(s), "https://") {
					t.Errorf("%s lies at %q", what, s)
				}
			}
		}
		at := func(what string, x time.Time) {
			if !x.IsZero() && (x.Year() < 0 || x.Year() > 9999) {
				t.Errorf("%s is in the year %d", what, x.Year())
			}
		}
		n := vocab.ReadNote(doc)
		for _, version := range []richtext.Version{richtext.Mastodon41, richtext.Current} {
			s := translate.Status(n, author, n.To, n.Cc, arrived, version)
			text("a post", s.URI, s.Content, s.SpoilerText, s.Language, s.ObjectType, s.Conversation, s.ReplyToURI)
			address("a post", s.URL)
			at("a post", s.CreatedAt)
			at("an edit", s.EditedAt)
			if !slices.Contains([]social.Visibility{social.Public, social.Unlisted, social.Private, social.Direct, social.Limited}, s.Visibility) {
				t.Errorf("visibility %q", s.Visibility)
			}
			if s.Poll != nil {
				at("a poll's end", s.Poll.ExpiresAt)
				for _, o := range s.Poll.Options {
					text("an answer", o.Title)
				}
			}
			_ = version.Sanitize(s.Content)
		}
		kept := translate.Attachments(n, author)
		if len(kept) > social.MaxAttachments {
			t.Errorf("%d files", len(kept))
		}
		for _, a := range kept {
			text("a file", a.MediaType, a.Description)
			address("a file", a.RemoteURL, a.RemotePreviewURL)
			if a.Meta.Original.Width < 0 || a.Meta.Original.Height < 0 || a.Blurhash != "" && !translate.ValidBlurhash(a.Blurhash) {
				t.Errorf("a file of %+v, %q", a.Meta, a.Blurhash)
			}
		}
		for _, e := range translate.Emojis(n.Emojis, "p.test") {
			text("an emoji", e.Shortcode)
			address("an emoji", e.ImageURL)
		}
		a := translate.Account(vocab.ReadActor(doc), "p.test", arrived)
		text("a profile", a.Username, a.DisplayName, a.Note, a.ActorType, a.AvatarDescription, a.HeaderDescription)
		address("a picture", a.AvatarURL, a.HeaderURL)
		at("a profile", a.CreatedAt)
		for _, x := range a.Fields {
			text("a line of a profile", x.Name, x.Value)
		}
	})
}
