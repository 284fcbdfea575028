package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"orrery/social"
)

// store is an object store that knows one bucket and no more of S3 than is needed here.
type store struct {
	mu      sync.Mutex
	objects map[string][]byte
	paths   []string
	broken  bool
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths = append(s.paths, r.Method+" "+r.URL.Path)
	fail := func(status int, code string) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
		}
	}
	if a := r.Header.Get("Authorization"); !strings.HasPrefix(a, "AWS4-HMAC-SHA256 Credential=key/") {
		fail(http.StatusForbidden, "AccessDenied")
		return
	}
	if s.broken {
		fail(http.StatusForbidden, "AccessDenied")
		return
	}
	key, ok := strings.CutPrefix(r.URL.Path, "/bucket/")
	if !ok {
		fail(http.StatusNotFound, "NoSuchBucket")
		return
	}
	content, known := s.objects[key]
	switch {
	case key == "":
		w.WriteHeader(http.StatusOK)
	case r.Method == http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			fail(http.StatusBadRequest, "IncompleteBody")
			return
		}
		s.objects[key] = unchunked(r, body)
		w.Header().Set("ETag", tag(s.objects[key]))
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !known:
		fail(http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("ETag", tag(content))
		http.ServeContent(w, r, "", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), bytes.NewReader(content))
	}
}

func tag(content []byte) string {
	sum := md5.Sum(content)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// unchunked is what was put: without TLS the library signs pieces one by one.
func unchunked(r *http.Request, body []byte) []byte {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return body
	}
	var out []byte
	for {
		head, rest, ok := bytes.Cut(body, []byte("\r\n"))
		var n int
		if _, err := fmt.Sscanf(string(head), "%x", &n); !ok || err != nil || n == 0 || n > len(rest) {
			return out
		}
		out, body = append(out, rest[:n]...), bytes.TrimPrefix(rest[n:], []byte("\r\n"))
	}
}

func bucket(t *testing.T) (*store, *Bucket) {
	t.Helper()
	s := &store{objects: map[string][]byte{}}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	b, err := New(Config{Endpoint: srv.URL, Bucket: "bucket", Region: "here", Prefix: "media/", AccessKey: "key", SecretKey: "secret", PathStyle: true})
	if err != nil {
		t.Fatal(err)
	}
	return s, b
}

const key = "media/ab/00112233445566778899aabbccddeeff.png"

func TestBucket(t *testing.T) {
	t.Parallel()
	s, b := bucket(t)
	ctx := t.Context()
	if err := b.Check(ctx); err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("0123456789"), 1000)
	if err := b.Put(ctx, key, content); err != nil {
		t.Fatal(err)
	}
	if got := s.objects["media/"+key]; !bytes.Equal(got, content) {
		t.Fatalf("the store has %d bytes of %d", len(got), len(content))
	}
	f, size, err := b.Open(ctx, key)
	if err != nil || size != int64(len(content)) {
		t.Fatalf("open: %d bytes, %v", size, err)
	}
	if _, err := f.Seek(-5, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if end, err := io.ReadAll(f); err != nil || string(end) != "56789" {
		t.Errorf("the end is %q, %v", end, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if all, err := io.ReadAll(f); err != nil || !bytes.Equal(all, content) {
		t.Errorf("read %d bytes of %d, %v", len(all), len(content), err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := b.Delete(ctx, key); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := b.Open(ctx, key); !errors.Is(err, social.ErrNotFound) {
		t.Errorf("what was deleted: %v", err)
	}
}

// What is no key never becomes a path, and a store that refuses is no missing file.
func TestBucket_refusals(t *testing.T) {
	t.Parallel()
	s, b := bucket(t)
	ctx := t.Context()
	for _, bad := range []string{"", "../x", "media/ab/x", "/" + key, key + "/..", "media/ab/00112233445566778899aabbccddeeff.png?x"} {
		if err := b.Put(ctx, bad, nil); err == nil {
			t.Errorf("%q is put", bad)
		}
		if _, _, err := b.Open(ctx, bad); !errors.Is(err, social.ErrNotFound) {
			t.Errorf("%q: %v", bad, err)
		}
		if err := b.Delete(ctx, bad); err != nil {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if len(s.paths) != 0 {
		t.Errorf("the store was asked for %q", s.paths)
	}
	s.mu.Lock()
	s.broken = true
	s.mu.Unlock()
	if _, _, err := b.Open(ctx, key); err == nil || errors.Is(err, social.ErrNotFound) {
		t.Errorf("a store that refuses: %v", err)
	}
	if b.Put(ctx, key, []byte("x")) == nil || b.Check(ctx) == nil || b.Delete(ctx, key) == nil {
		t.Error("a store that refuses is believed")
	}
	for name, c := range map[string]Config{
		"no address":  {Endpoint: "s3.example.org", Bucket: "b", AccessKey: "a", SecretKey: "s"},
		"with a path": {Endpoint: "https://s3.example.org/b", Bucket: "b", AccessKey: "a", SecretKey: "s"},
		"no bucket":   {Endpoint: "https://s3.example.org", AccessKey: "a", SecretKey: "s"},
		"no key":      {Endpoint: "https://s3.example.org", Bucket: "b"},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
