package main

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"orrery/social"
	"orrery/storage/storagetest"
)

// What was answered with a yes is done, though the program dies while it does it: a post of a page, a scheduled one, a film
// that is being made, a file that is worked through, a notification on its way to a phone.
func TestKilled_what_was_taken_goes_on(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		s := newVictim(t, dsn)
		s.run("account", "create", "bob")
		bob := s.run("account", "token", "bob")
		phone := newPhone(t)
		s.env = []string{"SSL_CERT_FILE=" + phone.certificate, "ORRERY_MEDIA=" + t.TempDir()}
		follower := s.people(1)[0]
		const session = "a-session-that-was-opened-before"
		var alice social.Account
		s.store(func(ctx context.Context, tx social.Tx) (err error) {
			if alice, err = tx.AccountByHandle(ctx, "alice", ""); err != nil {
				return err
			}
			if err := tx.InsertSession(ctx, social.Session{Hash: social.Hash(session), AccountID: alice.ID, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}); err != nil {
				return err
			}
			return tx.InsertFollow(ctx, social.Follow{ID: s.id(), AccountID: follower.ID, TargetID: alice.ID, URI: follower.URI + "#follow", CreatedAt: time.Now()})
		})
		s.start()

		var scheduled, upload struct{ ID string }
		s.ask(s.token, "/api/v1/statuses", url.Values{"status": {"Later."}, "scheduled_at": {time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}}, &scheduled)
		s.ask(s.token, "/api/v1/push/subscription", url.Values{
			"subscription[endpoint]": {phone.URL + "/alice"}, "subscription[keys][p256dh]": {phone.key}, "subscription[keys][auth]": {phone.auth},
			"data[alerts][favourite]": {"true"},
		}, nil)
		const domains = 100
		var list strings.Builder
		for i := range domains {
			fmt.Fprintf(&list, "blocked%d.test\n", i)
		}
		s.browse(session, "/settings/imports", map[string]string{"type": "domain_blocks", "mode": "merge"}, "data", "blocked.csv", []byte(list.String()))
		s.browse(session, "/statuses", map[string]string{"status": "Now.", "visibility": "public"}, "", "", nil)
		film := aFilm(t)
		if film != nil {
			s.sendFile("/api/v2/media", film, &upload)
		}
		var mine []struct{ ID string }
		s.fetch("/api/v1/accounts/"+alice.ID.String()+"/statuses", &mine)
		if len(mine) != 1 {
			t.Fatalf("alice has %d posts, want the one of the page", len(mine))
		}
		s.ask(bob, "/api/v1/statuses/"+mine[0].ID+"/favourite", url.Values{}, nil)
		waitFor(t, phone.first, "the notification to leave")
		s.kill() // the phone has not answered

		reached := s.remote.whenDistinct(1)
		raw := storagetest.Open(t, s.dsn)
		for _, q := range []string{ // it is an hour later for what was to be then
			"UPDATE scheduled SET due_at = due_at - 7200000",
			"UPDATE jobs SET run_at = run_at - 7200000 WHERE kind = 'social.publish'",
		} {
			if _, err := raw.Exec(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		s.start()
		waitFor(t, phone.again, "the notification to leave again")
		waitFor(t, reached, "the post to reach the follower")
		s.settled()

		mine = nil
		s.fetch("/api/v1/accounts/"+alice.ID.String()+"/statuses", &mine)
		if len(mine) != 2 {
			t.Errorf("alice has %d posts, want the one of the page and the scheduled one, each once", len(mine))
		}
		if film != nil {
			var made struct{ Type, URL string }
			s.fetch("/api/v1/media/"+upload.ID, &made)
			if made.Type != "gifv" || made.URL == "" {
				t.Errorf("the film became %+v", made)
			}
		}
		s.stop()
		s.store(func(ctx context.Context, tx social.Tx) error {
			blocks, err := tx.UserDomainBlocks(ctx, alice.ID, social.Page{Limit: 2 * domains})
			if len(blocks) != domains {
				t.Errorf("%d of %d rows of the file were worked through", len(blocks), domains)
			}
			imports, err2 := tx.Imports(ctx, alice.ID, 10)
			if len(imports) != 1 || imports[0].FinishedAt.IsZero() || imports[0].Waiting != 0 || imports[0].Failed != 0 {
				t.Errorf("imports: %+v, want one that is done", imports)
			}
			if err == nil {
				err = err2
			}
			return err
		})
	})
}

// phone is a push service that answers nothing until it is asked a second time.
type phone struct {
	*httptest.Server
	certificate  string // a file
	key, auth    string
	first, again chan struct{}
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	p := &phone{first: make(chan struct{}), again: make(chan struct{})}
	var asked atomic.Int64
	p.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch asked.Add(1) {
		case 1:
			close(p.first)
			<-r.Context().Done() // who asks is killed
			return
		case 2:
			close(p.again)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(p.Close)
	p.certificate = filepath.Join(t.TempDir(), "phone.pem")
	if err := os.WriteFile(p.certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.key, p.auth = base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{7}, 16))
	return p
}

// aFilm is a film of a second, nil where the system cannot make one.
func aFilm(t *testing.T) []byte {
	t.Helper()
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Log("without ffmpeg no film is tried")
		return nil
	}
	path := filepath.Join(t.TempDir(), "film.mp4")
	if out, err := exec.Command(ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=s=64x48:r=10:d=1", path).CombinedOutput(); err != nil {
		t.Fatalf("make a film: %v\n%s", err, out)
	}
	film, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return film
}

// do sends req and reads what must be an answer below 400 into v.
func (s *victim) do(req *http.Request, v any) {
	s.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	s.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	s.must(err)
	if res.StatusCode >= 400 {
		s.t.Fatalf("%s %s: %d %.500s", req.Method, req.URL.Path, res.StatusCode, body)
	}
	if v != nil {
		s.must(json.Unmarshal(body, v))
	}
}

// ask sends a form as a program of somebody's.
func (s *victim) ask(token, path string, form url.Values, v any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.origin+path, strings.NewReader(form.Encode()))
	s.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	s.do(req, v)
}

// fetch asks as alice's program.
func (s *victim) fetch(path string, v any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.origin+path, nil)
	s.must(err)
	req.Header.Set("Authorization", "Bearer "+s.token)
	s.do(req, v)
}

// sendFile uploads as alice's program.
func (s *victim) sendFile(path string, content []byte, v any) {
	s.t.Helper()
	req := s.form(path, nil, "file", "film.mp4", content)
	req.Header.Set("Authorization", "Bearer "+s.token)
	s.do(req, v)
}

// browse sends a form as a page does.
func (s *victim) browse(session, path string, fields map[string]string, file, name string, content []byte) {
	s.t.Helper()
	req := s.form(path, fields, file, name, content)
	req.Header.Set("Origin", s.origin)
	req.Header.Set("Cookie", "orrery_session="+session)
	s.do(req, nil)
}

func (s *victim) form(path string, fields map[string]string, file, name string, content []byte) *http.Request {
	s.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range fields {
		s.must(m.WriteField(k, v))
	}
	if file != "" {
		part, err := m.CreateFormFile(file, name)
		s.must(err)
		_, err = part.Write(content)
		s.must(err)
	}
	s.must(m.Close())
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.origin+path, &body)
	s.must(err)
	req.Header.Set("Content-Type", m.FormDataContentType())
	return req
}
