package api

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"orrery/clientapi"
	"orrery/social"
)

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// moving is a GIF of two pictures, which takes long where there is ffmpeg.
func moving(t testing.TB) []byte {
	t.Helper()
	p := image.NewPaletted(image.Rect(0, 0, 8, 6), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{p, p}, Delay: []int{10, 10}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload sends files, by the names of their fields, and words beside them.
func (w *world) upload(as, method, target string, files map[string][]byte, words url.Values) answer {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, content := range files {
		f, err := form.CreateFormFile(name, "picture.html")
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			w.t.Fatal(err)
		}
	}
	for name, values := range words {
		for _, v := range values {
			if err := form.WriteField(name, v); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if err := form.Close(); err != nil {
		w.t.Fatal(err)
	}
	req := httptest.NewRequest(method, target, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return w.send(as, req)
}

// uploaded uploads what must be taken.
func (w *world) uploaded(as string, content []byte, words url.Values) clientapi.MediaAttachment {
	w.t.Helper()
	got := w.upload(as, "POST", "/api/v2/media", map[string][]byte{"file": content}, words)
	var m clientapi.MediaAttachment
	if err := json.Unmarshal(got.body, &m); err != nil || got.status != 200 && got.status != 202 {
		w.t.Fatalf("upload: %d %s", got.status, got.body)
	}
	return m
}

func TestMedia(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.uploaded("alice", picture(t), url.Values{"description": {"a grey field"}, "focus": {"0.5,-2"}})
	if m.Type != "image" || m.URL == nil || !strings.HasPrefix(*m.URL, "https://alpha.test/system/media/") || m.PreviewURL == nil || m.RemoteURL != nil || m.Blurhash == nil || *m.Description != "a grey field" {
		t.Fatalf("uploaded %+v", m)
	}
	if f := m.Meta.Focus; f == nil || f.X != 0.5 || f.Y != -1 || m.Meta.Original.Size != "30x20" || m.Meta.Small.Width != 30 {
		t.Errorf("meta %+v", m.Meta)
	}
	path := "/api/v1/media/" + m.ID
	changed := ok[clientapi.MediaAttachment](w, "alice", "PUT", path, "description=grey&focus=0,0")
	if *changed.Description != "grey" || changed.Meta.Focus.X != 0 {
		t.Errorf("changed to %+v", changed)
	}
	w.fails("alice", "PATCH", path, "description="+strings.Repeat("x", 1501), 422)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.fails("bob", method, path, "", 404)
		w.fails("alice", method, "/api/v1/media/7", "", 404)
	}
	if got := ok[clientapi.MediaAttachment](w, "alice", "GET", path, ""); got.ID != m.ID || *got.Description != "grey" {
		t.Errorf("shown %+v", got)
	}
	post := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses", "media_ids[]="+m.ID)
	if len(post.MediaAttachments) != 1 || post.MediaAttachments[0].ID != m.ID || post.Content != "" {
		t.Fatalf("posted %+v", post)
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.fails("alice", method, path, "", 404) // as it is in a post
	}
	w.fails("alice", "POST", "/api/v1/statuses", "status=again&media_ids[]="+m.ID, 422)

	// Deleted to be written anew, the post gives its upload back; deleted with its media, it does not.
	if gone := ok[clientapi.Status](w, "alice", "DELETE", "/api/v1/statuses/"+post.ID, ""); len(gone.MediaAttachments) != 1 {
		t.Errorf("the deleted post had %+v", gone.MediaAttachments)
	}
	again := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses", "status=anew&media_ids[]="+m.ID)
	if len(again.MediaAttachments) != 1 {
		t.Fatalf("posted anew: %+v", again)
	}
	other := w.uploaded("alice", picture(t), nil)
	if got := w.do("alice", "DELETE", "/api/v1/media/"+other.ID, ""); got.status != 200 || string(got.body) != "{}" {
		t.Errorf("deleted: %d %s", got.status, got.body)
	}
	w.fails("alice", "GET", "/api/v1/media/"+other.ID, "", 404)
}

func TestMedia_order(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for range 5 {
		ids = append(ids, w.uploaded("alice", picture(t), nil).ID)
	}
	w.fails("alice", "POST", "/api/v1/statuses", url.Values{"status": {"five"}, "media_ids[]": ids}.Encode(), 422)
	wanted := []string{ids[3], ids[0], ids[4], ids[1]}
	got := ok[clientapi.Status](w, "alice", "POST", "/api/v1/statuses", url.Values{"media_ids[]": wanted}.Encode())
	for i, m := range got.MediaAttachments {
		if m.ID != wanted[i] {
			t.Errorf("place %d has %s, want %s", i, m.ID, wanted[i])
		}
	}
	theirs := w.uploaded("bob", picture(t), nil).ID
	for name, form := range map[string]string{
		"somebody else's": "media_ids[]=" + theirs, "unknown": "media_ids[]=7", "no id": "media_ids[]=x",
		"with a poll": "media_ids[]=" + ids[2] + "&poll[options][]=a&poll[options][]=b&poll[expires_in]=3600",
	} {
		if said := w.fails("alice", "POST", "/api/v1/statuses", "status="+url.QueryEscape(name)+"&"+form, 422); !strings.Contains(said, " ") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

func TestMedia_refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, content := range map[string][]byte{
		"HTML": []byte("<html>"), "SVG": []byte("<svg/>"), "nothing": {}, "half": picture(t)[:40], "a film": []byte("\x00\x00\x00\x18ftypmp42"),
	} {
		for _, target := range []string{"/api/v1/media", "/api/v2/media"} {
			if got := w.upload("alice", "POST", target, map[string][]byte{"file": content}, nil); got.status != 422 || !bytes.HasPrefix(got.body, []byte(`{"error":"`)) {
				t.Errorf("%s to %s: %d %s", name, target, got.status, got.body)
			}
		}
	}
	w.fails("alice", "POST", "/api/v2/media", "file=x", 422)
	w.fails("alice", "POST", "/api/v2/media", "", 422)
	if got := w.upload("", "POST", "/api/v2/media", map[string][]byte{"file": picture(t)}, nil); got.status != http.StatusUnauthorized {
		t.Errorf("nobody's upload: %d", got.status)
	}
	long := url.Values{"description": {strings.Repeat("x", 1501)}}
	if got := w.upload("alice", "POST", "/api/v2/media", map[string][]byte{"file": picture(t)}, long); got.status != 422 {
		t.Errorf("a description that is too long: %d %s", got.status, got.body)
	}
	if n := w.Media.Files.(interface{ Len() int }).Len(); n != 0 {
		t.Errorf("%d files are left of what was refused", n)
	}
}

// What takes long is answered before it is made.
func TestMedia_slow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Media.Maker.FFmpeg, w.Media.Maker.FFprobe = "/nowhere/ffmpeg", "/nowhere/ffprobe"
	m := w.uploaded("alice", moving(t), nil)
	if m.URL != nil || m.PreviewURL != nil || len(w.waiting) != 1 {
		t.Fatalf("uploaded %+v, waiting %v", m, w.waiting)
	}
	path := "/api/v1/media/" + m.ID
	if got := w.do("alice", "GET", path, ""); got.status != http.StatusPartialContent || !bytes.Contains(got.body, []byte(`"url":null`)) {
		t.Errorf("while it is made: %d %s", got.status, got.body)
	}
	w.fails("alice", "POST", "/api/v1/statuses", "status=x&media_ids[]="+m.ID, 422)
	if err := w.Media.Made(t.Context(), w.waiting[0]); err != nil {
		t.Fatal(err)
	}
	w.fails("alice", "GET", path, "", 422) // ffmpeg was not there after all
	w.fails("alice", "POST", "/api/v1/statuses", "status=x&media_ids[]="+m.ID, 422)

	m = w.uploaded("alice", moving(t), url.Values{"description": {"it moves"}})
	w.Media.Maker.FFmpeg, w.Media.Maker.FFprobe = "", "" // now it is kept as it is
	for range 2 {
		if err := w.Media.Made(t.Context(), w.waiting[1]); err != nil {
			t.Fatal(err)
		}
	}
	got := ok[clientapi.MediaAttachment](w, "alice", "GET", "/api/v1/media/"+m.ID, "")
	if got.URL == nil || !strings.HasSuffix(*got.URL, ".gif") || got.Type != "image" || *got.Description != "it moves" {
		t.Errorf("made %+v", got)
	}
	if n := w.Media.Files.(interface{ Len() int }).Len(); n != 2 {
		t.Errorf("%d files are kept, want the GIF and its preview", n)
	}
	id, _ := social.ParseID(m.ID)
	if err := w.Media.Expired(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.fails("alice", "GET", "/api/v1/media/"+m.ID, "", 404)
	if n := w.Media.Files.(interface{ Len() int }).Len(); n != 0 {
		t.Errorf("%d files are left after a day without a post", n)
	}
}
