package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"image"
	"image/png"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"orrery/social"
	"orrery/social/media"
	"orrery/storage/files"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	me, other := s.as(alice), s.as(bob)
	post := s.post(alice, "Hello")
	path, page := "/statuses/"+post.ID.String()+"/edit", "/@alice/"+post.ID.String()
	me.get(path).is(200).one("textarea", "#edit-text")
	other.get(path).is(404)
	other.submit(path, url.Values{"status": {"mine"}}).is(404)
	me.submit(path, url.Values{"status": {""}}).is(422).one("p", ".complaint")
	s.clock.Advance(1e9)
	me.submit(path, url.Values{"status": {"Hello, sky"}}).is(303)
	same(t, "the post", texts(other.get(page).is(200).all("div", ".words")), []string{"Hello, sky"})
	other.get(page).one("a", "[href="+page+"/history]")
	same(t, "its history", texts(other.get(page+"/history").is(200).all("div", ".words")), []string{"Hello, sky", "Hello"})
	other.get("/@alice/7/history").is(404)
}

// keepsFiles makes s a server that takes pictures.
func (s *site) keepsFiles() {
	s.web.Media = &social.Media{
		Store: s.store, Now: s.clock.Now, NewID: s.web.Follows.NewID, Rand: rand.Reader, Maker: media.NewMaker("", ""), Files: &files.Memory{}, MaxDescription: 1500,
		Process: func(context.Context, social.Tx, social.ID) error { return nil },
		Expire:  func(context.Context, social.Tx, social.ID, time.Time) error { return nil },
	}
	s.web.Statuses.Expire = s.web.Media.Expire
}

// upload posts a form with files, by field.
func (b *browser) upload(path string, form map[string]string, content map[string][]byte) answer {
	b.site.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range form {
		_ = m.WriteField(name, value) // a buffer takes everything
	}
	for name, file := range content {
		part, _ := m.CreateFormFile(name, "picture.png")
		_, _ = part.Write(file)
	}
	_ = m.Close()
	r := httptest.NewRequest("POST", origin+path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", origin)
	return b.send(r)
}

// Files can be added to a post, described, and taken out again; what was sent with a form that was refused is kept.
func TestEdit_files(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.keepsFiles()
	alice := s.person("alice")
	b, post := s.as(alice), s.post(alice, "Hello")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	shown := func() []social.Attachment {
		t.Helper()
		v, err := s.web.Reader.Status(t.Context(), alice.ID, post.ID)
		if err != nil {
			t.Fatal(err)
		}
		return v.Attachments
	}
	path, files := "/statuses/"+post.ID.String()+"/edit", map[string][]byte{"file0": picture.Bytes()}
	if rows := b.get(path).is(200).all("input", "[type=file]"); len(rows) != social.MaxAttachments {
		t.Errorf("%d files can be added, want %d", len(rows), social.MaxAttachments)
	}
	b.upload(path, map[string]string{"status": "Hello"}, map[string][]byte{"file0": []byte("no picture")}).is(422).one("p", ".complaint")

	long := b.upload(path, map[string]string{"status": string(bytes.Repeat([]byte("x"), 501)), "description0": "grey"}, files).is(422)
	kept := attr(long.one("input", "[name=media_ids]"), "value")
	if got := shown(); len(got) != 0 {
		t.Errorf("a refused change adds %v", got)
	}
	b.upload(path, map[string]string{"status": "Hello", "media_ids": kept, "description1": "grey too", "sensitive": "1"}, map[string][]byte{"file1": picture.Bytes()}).is(303)
	got := shown()
	if len(got) != 2 || got[0].Description != "grey" || got[1].Description != "grey too" {
		t.Fatalf("the post has %+v, want both pictures", got)
	}
	again := b.get(path).is(200)
	again.one("input", "[name=sensitive]", "[checked]")
	if rows := again.all("input", "[type=file]"); len(rows) != social.MaxAttachments-2 {
		t.Errorf("%d more can be added, want %d", len(rows), social.MaxAttachments-2)
	}
	b.upload(path, map[string]string{"status": "Hello", "drop_" + got[0].ID.String(): "1", "description_" + got[1].ID.String(): "grey"}, nil).is(303)
	if got := shown(); len(got) != 1 || got[0].Description != "grey" {
		t.Errorf("the post has %+v, want the second, described anew", got)
	}
	b.upload(path, map[string]string{"status": "Hello", "media_ids": "17"}, nil).is(422)
}
