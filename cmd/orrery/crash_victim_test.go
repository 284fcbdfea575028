package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"orrery/federation/signature"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/storage"
	"orrery/storage/storagetest"
)

// victim is one server run by the built program.
type victim struct {
	t       *testing.T
	binary  string
	dsn     string
	address string
	origin  string
	token   string
	key     *rsa.PrivateKey // of everybody elsewhere
	public  string
	remote  *elsewhere
	ids     *snowflake.Generator
	dice    *mathrand.Rand
	env     []string // besides the test's own
	cmd     *exec.Cmd
}

func newVictim(t *testing.T, dsn string) *victim {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds the program and kills it")
	}
	seed := cmp.Or(os.Getenv("ORRERY_TEST_SEED"), fmt.Sprint(time.Now().UnixNano()))
	t.Logf("ORRERY_TEST_SEED=%s", seed)
	var chacha [32]byte
	copy(chacha[:], seed)
	s := &victim{t: t, dsn: dsn, remote: newElsewhere(t), ids: snowflake.New(clock.Real{}.Now), dice: mathrand.New(mathrand.NewChaCha8(chacha))}
	var err error
	s.binary, err = built()
	s.must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.address = l.Addr().String()
	s.must(l.Close())
	s.origin = "http://" + s.address
	s.key, err = signature.GenerateRSA(rand.Reader, 2048)
	s.must(err)
	s.public, err = signature.MarshalPublicPEM(&s.key.PublicKey)
	s.must(err)
	s.run("account", "create", "alice")
	s.token = s.run("account", "token", "alice")
	return s
}

func (s *victim) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *victim) id() social.ID { return social.ID(s.ids.Next()) }

func (s *victim) command(args ...string) *exec.Cmd {
	return exec.Command(s.binary, append(args, "--origin", s.origin, "--database", s.dsn)...)
}

func (s *victim) run(args ...string) string {
	s.t.Helper()
	out, err := s.command(args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("orrery %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// start runs `orrery serve` and returns when it answers.
func (s *victim) start() {
	s.t.Helper()
	s.cmd = s.command("serve", "--listen", s.address, "--allow-network", "127.0.0.0/8", "--rate-limits", "0")
	s.cmd.Env = append(os.Environ(), s.env...)
	var said bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = &said, &said
	s.must(s.cmd.Start())
	cmd := s.cmd
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if s.t.Failed() {
			s.t.Logf("the server said:\n%s", said.String())
		}
	})
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		res, err := http.Get(s.origin + "/api/v1/instance")
		if err == nil {
			s.must(res.Body.Close())
			return
		}
		if time.Since(began) > time.Minute {
			s.t.Fatalf("the server does not answer: %v", err)
		}
	}
}

func (s *victim) kill() {
	s.t.Helper()
	s.must(s.cmd.Process.Kill())
	_ = s.cmd.Wait()
}

func (s *victim) stop() {
	s.t.Helper()
	s.must(s.cmd.Process.Signal(syscall.SIGTERM))
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("the server ended with %v", err)
	}
}

// open opens the database beside the server.
func (s *victim) open() *storage.Store {
	s.t.Helper()
	db, err := storage.Open(s.t.Context(), storage.Options{DSN: s.dsn, NewID: s.ids.Next})
	s.must(err)
	return db
}

// store changes the database directly: setting up hundreds of people by real requests would take longer than the test.
func (s *victim) store(fn func(ctx context.Context, tx social.Tx) error) {
	s.t.Helper()
	db := s.open()
	s.must(db.Atomically(s.t.Context(), fn))
	s.must(db.Close())
}

// people makes n accounts on the other server, known with their keys, each with an inbox of its own.
func (s *victim) people(n int) (people []social.Account) {
	s.t.Helper()
	s.store(func(ctx context.Context, tx social.Tx) error {
		for i := range n {
			uri := fmt.Sprintf("%s/users/p%d", s.remote.URL, i)
			a := social.Account{
				ID: s.id(), Username: fmt.Sprintf("p%d", i), Domain: strings.TrimPrefix(s.remote.URL, "http://"), URI: uri, URL: uri,
				ActorType: "Person", InboxURL: uri + "/inbox", FollowersURL: uri + "/followers", KeyID: uri + "#main-key",
				PublicKeyPEM: s.public, CreatedAt: time.Now(), FetchedAt: time.Now(),
			}
			if err := tx.InsertAccount(ctx, a, ""); err != nil {
				return err
			}
			people = append(people, a)
		}
		return nil
	})
	return people
}

func (s *victim) publish(text string) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"status": text})
	s.must(err)
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.origin+"/api/v1/statuses", bytes.NewReader(body))
	s.must(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(req)
	s.must(err)
	defer res.Body.Close()
	if answer, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		s.t.Fatalf("post: %d %s", res.StatusCode, answer)
	}
}

// deliver posts n notes side by side and kills the server after so many answers. It returns the ids of the notes that
// were answered 202.
func (s *victim) deliver(authors []social.Account, n, killAfter int) (taken []string) {
	s.t.Helper()
	var mu sync.Mutex
	var senders sync.WaitGroup
	killed := make(chan struct{})
	answers := 0
	for i := range n {
		author := authors[i%len(authors)]
		uri := fmt.Sprintf("%s/statuses/%d", author.URI, i)
		senders.Go(func() {
			res, err := http.DefaultClient.Do(s.create(author, uri))
			if err != nil {
				return // it was killed before it answered
			}
			res.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			if res.StatusCode != http.StatusAccepted {
				s.t.Errorf("%s was answered %d, want 202", uri, res.StatusCode)
				return
			}
			taken = append(taken, uri)
			if answers++; answers == killAfter {
				s.kill()
				close(killed)
			}
		})
	}
	senders.Wait()
	waitFor(s.t, killed, "%d answers", killAfter)
	return taken
}

// create is a signed Create of a public note.
func (s *victim) create(author social.Account, uri string) *http.Request {
	const public = "https://www.w3.org/ns/activitystreams#Public"
	now := time.Now()
	body, err := json.Marshal(map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": uri + "/activity", "type": "Create", "actor": author.URI, "to": []string{public},
		"object": map[string]any{
			"id": uri, "type": "Note", "attributedTo": author.URI, "content": "<p>Words</p>", "published": now.UTC().Format(time.RFC3339),
			"to": []string{public}, "cc": []string{author.FollowersURL},
		},
	})
	if err != nil {
		panic(err) // strings can be encoded
	}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.origin+"/inbox", bytes.NewReader(body))
	if err == nil {
		req.Header.Set("Content-Type", "application/activity+json")
		err = signature.Sign(req, body, signature.PrivateKey{ID: author.KeyID, Key: s.key}, now, signature.SignAsMastodon41())
	}
	if err != nil {
		s.t.Errorf("sign %s: %v", uri, err)
	}
	return req
}

// settled waits until the server has no work that is due.
func (s *victim) settled() {
	s.t.Helper()
	db := s.open()
	defer db.Close()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		due, inFlight, _, err := db.PendingJobs(s.t.Context(), time.Now())
		s.must(err)
		if due == 0 && inFlight == 0 {
			return
		}
		if time.Since(began) > 2*time.Minute {
			s.t.Fatalf("%d jobs are due and %d are being done, two minutes after the restart", due, inFlight)
		}
	}
}

// federated is what the federated timeline shows, by ActivityPub id.
func (s *victim) federated() map[string]bool {
	s.t.Helper()
	shown, before := map[string]bool{}, ""
	for {
		res, err := http.Get(s.origin + "/api/v1/timelines/public?remote=true&limit=40" + before)
		s.must(err)
		var page []struct{ ID, URI string }
		err = json.NewDecoder(res.Body).Decode(&page)
		res.Body.Close()
		s.must(err)
		if len(page) == 0 {
			return shown
		}
		for _, p := range page {
			shown[p.URI] = true
		}
		before = "&max_id=" + page[len(page)-1].ID
	}
}

// intact checks that the database opens, is whole and has no work left.
func (s *victim) intact() {
	s.t.Helper()
	db := s.open()
	due, inFlight, next, err := db.PendingJobs(s.t.Context(), time.Now())
	s.must(err)
	if due+inFlight != 0 || !next.IsZero() {
		s.t.Errorf("left in the queue: %d due, %d in flight, next at %v; want nothing", due, inFlight, next)
	}
	s.must(db.Close())
	if !strings.HasPrefix(s.dsn, "sqlite:") {
		return
	}
	var verdict string
	raw := storagetest.Open(s.t, s.dsn)
	s.must(raw.QueryRow(s.t.Context(), "SELECT integrity_check FROM pragma_integrity_check").Scan(&verdict))
	if verdict != "ok" {
		s.t.Errorf("integrity check: %s", verdict)
	}
}
