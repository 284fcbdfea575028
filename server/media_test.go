package server_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"orrery/server"
	"orrery/social"
	"orrery/storage/files"
)

// keeping lets the instance keep files, in memory.
func keeping(f *files.Memory) func(*server.Config, *server.World) {
	return func(_ *server.Config, w *server.World) { w.Files = f }
}

// noise is a JPEG that cannot be made small: 1000x1000 are about a mebibyte and a half.
func noise(t *testing.T, w, h int) []byte {
	t.Helper()
	img, random := image.NewRGBA(image.Rect(0, 0, w, h)), rand.NewChaCha8([32]byte{2})
	_, _ = random.Read(img.Pix)
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// request sends a request over the network, as whoever token is ("" for nobody).
func (w *world) request(method, address, token, kind string, body []byte, header ...string) (*http.Response, []byte) {
	w.t.Helper()
	req, err := http.NewRequest(method, address, bytes.NewReader(body))
	w.must(err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.wire.RoundTrip(req)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, address, err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	w.must(err)
	return res, got
}

func (w *world) form(files map[string][]byte) (kind string, body []byte) {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, content := range files {
		f, err := form.CreateFormFile(name, name+".jpg")
		w.must(err)
		_, err = f.Write(content)
		w.must(err)
	}
	w.must(form.Close())
	return form.FormDataContentType(), b.Bytes()
}

// uploads sends a file as token and returns what the API says of it.
func (w *world) uploads(token string, content []byte) (id, url, preview string) {
	w.t.Helper()
	kind, body := w.form(map[string][]byte{"file": content})
	res, got := w.request("POST", "https://alpha.test/api/v2/media", token, kind, body)
	var m struct {
		ID         string
		URL        string
		PreviewURL string `json:"preview_url"`
	}
	if err := json.Unmarshal(got, &m); err != nil || res.StatusCode != 200 {
		w.t.Fatalf("upload of %d bytes: %d %s", len(content), res.StatusCode, got)
	}
	return m.ID, m.URL, m.PreviewURL
}

func (w *world) tokenOf(a social.Account) string {
	w.t.Helper()
	token, _, err := w.in.Services.SignIns.Token(w.t.Context(), a.ID, 0, "read write")
	w.must(err)
	return token
}

// A picture goes up over the wire, larger than other requests may be, comes back by its address, is announced to followers,
// and is gone from the disk a day after its post.
func TestMedia(t *testing.T) {
	t.Parallel()
	kept := &files.Memory{}
	w := newWorld(t, keeping(kept))
	alice := w.person("alice")
	token := w.tokenOf(alice)
	large := noise(t, 1100, 1100)
	if len(large) < 1<<20 {
		t.Fatalf("%d bytes are not large", len(large))
	}
	id, url, preview := w.uploads(token, large)

	res, got := w.request("GET", url, "", "", nil)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable",
		"Accept-Ranges": "bytes", "Access-Control-Allow-Origin": "*",
	} {
		if h := res.Header.Get(name); h != want {
			t.Errorf("%s: %q, want %q", name, h, want)
		}
	}
	if policy := res.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "inline; filename=") {
		t.Errorf("%v", res.Header)
	}
	if res.StatusCode != 200 || !bytes.HasPrefix(got, []byte("\xff\xd8\xff")) {
		t.Errorf("the file: %d, %d bytes", res.StatusCode, len(got))
	}
	whole := len(got)
	for wanted, want := range map[string]struct{ status, length int }{
		"bytes=0-1": {206, 2}, "bytes=-5": {206, 5}, "bytes=10-": {206, whole - 10}, "bytes=99999999-": {416, 28}, "bytes=0-1,4-5": {200, whole},
	} {
		res, part := w.request("GET", url, "", "", nil, "Range", wanted)
		if res.StatusCode != want.status || want.status != 416 && len(part) != want.length {
			t.Errorf("%s: %d, %d bytes, want %d, %d", wanted, res.StatusCode, len(part), want.status, want.length)
		}
	}
	for _, path := range []string{"/system/../orrery.db", "/system/media/00/x.html", "/system/%2e%2e/a.png", "/system/", url[len("https://alpha.test"):] + ".html"} {
		if res, got := w.request("GET", "https://alpha.test"+path, "", "", nil); res.StatusCode != 404 {
			t.Errorf("%s: %d %.80s", path, res.StatusCode, got)
		}
	}

	upload, _ := social.ParseID(id)
	s := w.publish(alice, social.Draft{Text: "look", MediaIDs: []social.ID{upload}})
	_, note := w.request("GET", s.URI, "", "", nil, "Accept", "application/activity+json")
	var doc struct {
		Attachment []struct {
			Type, MediaType, URL, Blurhash string
			Width, Height                  int
		}
	}
	if err := json.Unmarshal(note, &doc); err != nil || len(doc.Attachment) != 1 {
		t.Fatalf("the post's document: %s", note)
	}
	if a := doc.Attachment[0]; a.Type != "Document" || a.MediaType != "image/jpeg" || a.URL != url || len(a.Blurhash) != 36 || a.Width != 1100 || a.Height != 1100 {
		t.Errorf("attachment %+v", a)
	}
	w.advance(25 * time.Hour)
	if res, _ := w.request("GET", preview, "", "", nil); res.StatusCode != 200 {
		t.Errorf("a day later the preview of a post answers %d", res.StatusCode)
	}
	w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, s.ID))
	w.settle()
	if kept.Len() != 2 {
		t.Errorf("%d files are kept of a post that may be written anew, want 2", kept.Len())
	}
	w.advance(25 * time.Hour)
	w.settle()
	if kept.Len() != 0 {
		t.Errorf("%d files are left of a post that is gone", kept.Len())
	}
}

func TestMedia_tooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keeping(&files.Memory{}))
	token := w.tokenOf(w.person("alice"))
	kind, body := w.form(map[string][]byte{"file": append(noise(t, 8, 8), make([]byte, 17<<20)...)})
	if res, got := w.request("POST", "https://alpha.test/api/v2/media", token, kind, body); res.StatusCode != 422 || !strings.Contains(string(got), "16 MB") {
		t.Errorf("17 MB: %d %s", res.StatusCode, got)
	}
	kind, body = w.form(map[string][]byte{"file": make([]byte, 2<<20)})
	if res, _ := w.request("POST", "https://alpha.test/api/v1/statuses", token, kind, body); res.StatusCode != 413 {
		t.Errorf("two mebibytes where no files are taken: %d, want 413", res.StatusCode)
	}
	if res, _ := w.request("POST", "https://alpha.test/api/v2/media", token, kind, body[:99], "Content-Encoding", "gzip"); res.StatusCode != 415 {
		t.Errorf("a packed form: %d, want 415", res.StatusCode)
	}
}
