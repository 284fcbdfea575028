package bench

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"orrery/federation/policy"
	"orrery/federation/signature"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/server"
	"orrery/social"
)

// world is one instance as `orrery serve` runs it: real clock, real connections, an SQLite file that presses for the disk,
// or a PostgreSQL server that does not (storagetest starts it).
type world struct {
	b         *testing.B
	instance  *server.Instance
	meter     meter
	address   string // host:port
	alice     social.Account
	ids       *snowflake.Generator
	key       *rsa.PrivateKey // of everybody elsewhere
	publicPEM string
}

// setting is what a benchmark runs on.
type setting struct {
	dsn      string
	statuses int // how many the database holds already

	unrecorded bool   // no log is kept
	deliveries int    // how many are under way at once; 0 is the server's own number
	sink       string // the address that every name leads to; "" for none
}

// newWorld starts an instance.
func newWorld(b *testing.B, s setting) *world {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	c := clock.Real{}
	w := &world{b: b, meter: meterOf(s.dsn), address: l.Addr().String(), ids: snowflake.New(c.Now)}
	w.instance, err = server.New(b.Context(), server.Config{
		Origin: "http://" + w.address, Database: s.dsn, Synchronous: "FULL",
		Policy: policy.Mastodon41(), Alone: true, Deliveries: s.deliveries,
	}, server.World{
		Clock: c, IDs: w.ids, Transport: wire(s.sink), SchemeOf: func(string) string { return "http" }, Rand: rand.Reader, AtOnce: true,
		Log: slog.New(slog.DiscardHandler),
	})
	must(b, err)
	w.instance.Recorder.Discard = s.unrecorded
	srv := server.NewHTTP(w.instance.HandleFast)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = srv.Serve(l) })
	running.Go(func() { _ = w.instance.Run(ctx) })
	b.Cleanup(func() {
		cancel()
		must(b, srv.Shutdown())
		running.Wait()
		must(b, w.instance.Close())
	})
	w.alice = w.person("alice")
	w.key, err = signature.GenerateRSA(rand.Reader, 2048)
	must(b, err)
	w.publicPEM, err = signature.MarshalPublicPEM(&w.key.PublicKey)
	must(b, err)
	return w
}

// wire is the transport of `orrery serve`, without the guard; with a sink, every name leads there.
func wire(sink string) *http.Transport {
	t := &http.Transport{
		DisableCompression: true, MaxIdleConns: 512, MaxIdleConnsPerHost: 32, IdleConnTimeout: 30 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second,
	}
	if sink != "" {
		t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, sink)
		}
	}
	return t
}

// person is somebody here.
func (w *world) person(name string) social.Account {
	w.b.Helper()
	a, err := w.instance.Services.Accounts.Create(w.b.Context(), social.NewAccount{Username: name})
	must(w.b, err)
	return a
}

// people makes n accounts elsewhere whose keys and documents are known; hostOf says on which server each is.
func (w *world) people(n int, hostOf func(i int) string) []social.Account {
	w.b.Helper()
	var people []social.Account
	must(w.b, w.instance.Services.Store.Atomically(w.b.Context(), func(ctx context.Context, tx social.Tx) error {
		for i := range n {
			name, host := fmt.Sprintf("p%d", i), hostOf(i)
			uri := "http://" + host + "/users/" + name
			a := social.Account{
				ID: social.ID(w.ids.Next()), Username: name, Domain: host, URI: uri, URL: uri, ActorType: "Person",
				InboxURL: uri + "/inbox", OutboxURL: uri + "/outbox", FollowersURL: uri + "/followers", KeyID: uri + "#main-key",
				PublicKeyPEM: w.publicPEM, CreatedAt: time.Now(), FetchedAt: time.Now(),
			}
			if err := tx.InsertAccount(ctx, a, ""); err != nil {
				return err
			}
			people = append(people, a)
		}
		return nil
	}))
	return people
}

func (w *world) follow(pairs ...[2]social.Account) {
	w.b.Helper()
	must(w.b, w.instance.Services.Store.Atomically(w.b.Context(), func(ctx context.Context, tx social.Tx) error {
		for _, p := range pairs {
			id := social.ID(w.ids.Next())
			f := social.Follow{ID: id, AccountID: p[0].ID, TargetID: p[1].ID, URI: fmt.Sprintf("%s#follow-%d", p[0].URI, id), CreatedAt: time.Now()}
			if err := tx.InsertFollow(ctx, f); err != nil {
				return err
			}
		}
		return nil
	}))
}

// settle waits until nothing is due and nothing is being done.
func (w *world) settle() {
	w.b.Helper()
	for {
		due, inFlight, _, err := w.instance.Pending(w.b.Context())
		must(w.b, err)
		if due == 0 && inFlight == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// spread runs do(0) … do(n-1) on workers goroutines; the first error ends the benchmark.
func spread(b *testing.B, n, workers int, do func(worker, i int) error) {
	b.Helper()
	next, errs := make(chan int), make(chan error, workers)
	for w := range workers {
		go func() {
			var failed error
			for i := range next {
				if failed == nil {
					failed = do(w, i)
				}
			}
			errs <- failed
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	for range workers {
		must(b, <-errs)
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
