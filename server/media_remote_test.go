package server_test

import (
	"bytes"
	"encoding/json"
	"image"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/social"
	"orrery/storage/files"
)

// A picture of another server is shown by a copy: fetched once, kept a week, never from where media are rejected.
func TestMedia_elsewhere(t *testing.T) {
	t.Parallel()
	kept := &files.Memory{}
	w := newWorld(t, keeping(kept))
	alice := w.person("alice")
	beta := w.peer("beta.test")
	rita := beta.actor("rita")
	served := map[string][]byte{
		"/cat.jpg": noise(t, 64, 48), "/evil.png": []byte("<html><script>alert(1)</script>"),
		"/large.jpg": append(noise(t, 8, 8), make([]byte, 17<<20)...),
	}
	for path, content := range served {
		beta.answers(path, func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType("image/png") // whatever it is
			ctx.SetBody(content)
		})
	}
	beta.answers("/moved.jpg", func(ctx *fasthttp.RequestCtx) { ctx.Redirect("https://beta.test/cat.jpg", 302) })
	w.follows(alice, rita.known())
	show := func(n string, path string) (original, small string) {
		t.Helper()
		w.send(rita, rita.creates(rita.note(n, members{"attachment": []any{members{"type": "Document", "mediaType": "image/png", "url": "https://beta.test" + path, "name": "x"}}})))
		w.settle()
		_, got := w.request("GET", "https://alpha.test/api/v1/timelines/home?limit=1", w.tokenOf(alice), "", nil)
		var statuses []struct {
			MediaAttachments []struct {
				URL        string
				PreviewURL string `json:"preview_url"`
				RemoteURL  string `json:"remote_url"`
			} `json:"media_attachments"`
		}
		if err := json.Unmarshal(got, &statuses); err != nil || len(statuses) != 1 || len(statuses[0].MediaAttachments) != 1 {
			t.Fatalf("home: %s", got)
		}
		m := statuses[0].MediaAttachments[0]
		if !strings.HasPrefix(m.URL, "https://alpha.test/media_proxy/") || m.RemoteURL != "https://beta.test"+path {
			t.Errorf("shown %+v", m)
		}
		return m.URL, m.PreviewURL
	}
	original, small := show("1", "/cat.jpg")
	if n := kept.Len(); n != 0 {
		t.Errorf("%d files are kept before anybody looked", n)
	}
	beta.forget()
	for _, address := range []string{original, small, original, strings.TrimSuffix(original, original[strings.LastIndex(original, "/"):])} {
		res, got := w.request("GET", address, "", "", nil)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/jpeg" || !bytes.HasPrefix(got, []byte("\xff\xd8")) || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", address, res.StatusCode, res.Header)
		}
	}
	asked := 0
	for _, r := range beta.asked() {
		if strings.Contains(r, "/cat.jpg") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("the picture was fetched %d times, want once", asked)
	}
	for _, wrong := range []string{original + "0", strings.Replace(original, "/original/", "/avatar/", 1), strings.Replace(original, "/original/", "/nothing/", 1), "https://alpha.test/media_proxy/7/original", "https://alpha.test/media_proxy/x/small"} {
		if res, _ := w.request("GET", wrong, "", "", nil); res.StatusCode != 404 {
			t.Errorf("%s: %d, want 404", wrong, res.StatusCode)
		}
	}
	for n, path := range map[string]string{"2": "/evil.png", "3": "/large.jpg", "4": "/nothing.png"} {
		address, _ := show(n, path)
		if res, got := w.request("GET", address, "", "", nil); res.StatusCode != 404 || bytes.Contains(got, []byte("script")) {
			t.Errorf("%s: %d %.60s, want 404", path, res.StatusCode, got)
		}
	}
	moved, _ := show("5", "/moved.jpg")
	if res, _ := w.request("GET", moved, "", "", nil); res.StatusCode != 200 {
		t.Errorf("what moved: %d", res.StatusCode)
	}

	// A week later it is fetched anew, and the old copies make room.
	before := kept.Len()
	w.advance(8 * 24 * time.Hour)
	if res, _ := w.request("GET", moved, "", "", nil); res.StatusCode != 200 {
		t.Errorf("a week later: %d", res.StatusCode)
	}
	other, _ := show("6", "/cat.jpg?again")
	w.request("GET", other, "", "", nil)
	if after := kept.Len(); after > before {
		t.Errorf("%d files are kept, %d before", after, before)
	}

	w.must(w.in.Services.Store.InsertDomainBlock(t.Context(), social.DomainBlock{ID: 9, Domain: "beta.test", Severity: social.SeverityNoop, RejectMedia: true, CreatedAt: w.clock.Now()}))
	w.in.Services.Domains.Forget()
	if res, _ := w.request("GET", moved, "", "", nil); res.StatusCode != 404 {
		t.Errorf("a copy of a server whose media are rejected: %d", res.StatusCode)
	}
}

// Pictures of profiles are cut, told to other servers, and taken away again.
func TestPortraits(t *testing.T) {
	t.Parallel()
	kept := &files.Memory{}
	w := newWorld(t, under("mastodon"), keeping(kept))
	alice := w.person("alice")
	token := w.tokenOf(alice)
	kind, body := w.form(map[string][]byte{"avatar": noise(t, 600, 500), "header": noise(t, 800, 800)})
	res, got := w.request("PATCH", "https://alpha.test/api/v1/accounts/update_credentials?avatar_description=me", token, kind, body)
	var me struct{ Avatar, Header string }
	if err := json.Unmarshal(got, &me); err != nil || res.StatusCode != 200 {
		t.Fatalf("update: %d %s", res.StatusCode, got)
	}
	for address, want := range map[string]image.Point{me.Avatar: {400, 400}, me.Header: {800, 266}} {
		_, content := w.request("GET", address, "", "", nil)
		size, _, err := image.DecodeConfig(bytes.NewReader(content))
		if err != nil || size.Width != want.X || size.Height != want.Y {
			t.Errorf("%s is %dx%d (%v), want %v", address, size.Width, size.Height, err, want)
		}
	}
	_, actor := w.request("GET", alice.URI, "", "", nil, "Accept", "application/activity+json")
	var doc struct {
		Icon, Image struct{ Type, MediaType, URL, Summary string }
	}
	if err := json.Unmarshal(actor, &doc); err != nil || doc.Icon.URL != me.Avatar || doc.Icon.Summary != "me" || doc.Icon.MediaType != "image/jpeg" || doc.Image.URL != me.Header {
		t.Errorf("the actor's document: %+v %v", doc, err)
	}
	kind, body = w.form(map[string][]byte{"avatar": []byte("<svg/>")})
	if res, _ := w.request("PATCH", "https://alpha.test/api/v1/accounts/update_credentials", token, kind, body); res.StatusCode != 422 {
		t.Errorf("SVG as a picture: %d", res.StatusCode)
	}
	for _, which := range []string{"avatar", "header"} {
		if res, got := w.request("DELETE", "https://alpha.test/api/v1/profile/"+which, token, "", nil); res.StatusCode != 200 || !bytes.Contains(got, []byte("nobody")) {
			t.Errorf("delete %s: %d %s", which, res.StatusCode, got)
		}
	}
	if kept.Len() != 0 {
		t.Errorf("%d files are left", kept.Len())
	}
}

func TestEmojis(t *testing.T) {
	t.Parallel()
	kept := &files.Memory{}
	w := newWorld(t, keeping(kept))
	alice := w.person("alice")
	for range 2 { // the second time it is a new picture of the same
		_, err := w.in.Services.Media.AddEmoji(t.Context(), "blob_cat", "Cats", noise(t, 64, 64))
		w.must(err)
	}
	_, got := w.request("GET", "https://alpha.test/api/v1/custom_emojis", "", "", nil)
	var listed []struct{ Shortcode, URL, Category string }
	if err := json.Unmarshal(got, &listed); err != nil || len(listed) != 1 || listed[0].Shortcode != "blob_cat" || listed[0].Category != "Cats" || kept.Len() != 1 {
		t.Fatalf("listed %s, %d files", got, kept.Len())
	}
	if res, _ := w.request("GET", listed[0].URL, "", "", nil); res.StatusCode != 200 {
		t.Errorf("the picture answers %d", res.StatusCode)
	}
	s := w.say(alice, "see :blob_cat: run")
	_, note := w.request("GET", s.URI, "", "", nil, "Accept", "application/activity+json")
	if !bytes.Contains(note, []byte(`"name":":blob_cat:"`)) {
		t.Errorf("the post's document has no tag of it: %s", note)
	}
	if _, err := w.in.Services.Media.AddEmoji(t.Context(), "no spaces", "", noise(t, 8, 8)); err == nil {
		t.Error("an emoji with a space in its name")
	}
	w.must(w.in.Services.Media.RemoveEmoji(t.Context(), "blob_cat"))
	if err := w.in.Services.Media.RemoveEmoji(t.Context(), "blob_cat"); err == nil || kept.Len() != 0 {
		t.Errorf("removed twice: %v, %d files", err, kept.Len())
	}
}

// A form without scripts posts pictures with their words.
func TestMedia_pages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keeping(&files.Memory{}))
	alice := w.person("alice")
	cookie, err := w.in.Services.SignIns.Open(t.Context(), alice.ID)
	w.must(err)
	own := []string{"Cookie", "orrery_session=" + cookie, "Origin", "https://alpha.test"}
	_, home := w.request("GET", "https://alpha.test/home", "", "", nil, own...)
	if !bytes.Contains(home, []byte(`type="file" name="file3"`)) || !bytes.Contains(home, []byte("multipart/form-data")) {
		t.Error("the form offers no files")
	}
	kind, body := w.form(map[string][]byte{"file0": noise(t, 40, 30), "file2": noise(t, 30, 40)})
	if res, got := w.request("POST", "https://alpha.test/statuses", "", kind, body, own...); res.StatusCode != 303 {
		t.Fatalf("posted: %d %.300s", res.StatusCode, got)
	}
	_, home = w.request("GET", "https://alpha.test/home", "", "", nil, own...)
	if n := bytes.Count(home, []byte(`<img src="https://alpha.test/system/media/`)); n != 2 {
		t.Errorf("home shows %d pictures, want 2", n)
	}
}
