package lab

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"orrery/activitylog"
	"orrery/internal/broadcast"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/server"
	"orrery/social"
	"orrery/storage"
	"orrery/storage/files"
	"orrery/views"
)

// Memory is how a lab of memory is made.
type Memory struct {
	Dir string // where the databases go; the caller removes it
	// Database gives other addresses than SQLite files in Dir; nil for those.
	Database func(name string) string
	Seed     uint64
	// Keys gives the private key (PEM) of an actor by name; fixed keys make runs repeatable and quick to set up.
	Keys func(name string) string
	Log  *slog.Logger
}

// Epoch is when a stepped lab begins.
func Epoch() time.Time { return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC) }

// NewMemory sets up plan on a network of memory and a clock that moves by hand. Servers are https://NAME.test. The people
// and their follows are set up and settled when it returns.
func NewMemory(ctx context.Context, plan Plan, m Memory) (*Lab, error) {
	plan = plan.withRelay()
	c := clock.New(Epoch())
	net := NewNetwork()
	w := world{
		clock: c, stepped: c, ids: snowflake.New(c.Now), positions: activitylog.NewPositions(0), wake: &broadcast.Signal{},
		rand: rand.NewChaCha8(seed(m.Seed)), keys: m.Keys, log: m.Log, synchronous: "OFF",
		origin:    func(name string) string { return "https://" + name + ".test" },
		transport: func(host string) http.RoundTripper { return wire{net, host, c, net.Transport()} },
		database:  m.Database,
		files:     func(string) social.Files { return &files.Memory{} },
	}
	if w.database == nil {
		if err := migrated(m.Dir, plan); err != nil {
			return nil, err
		}
		w.database = func(name string) string { return "sqlite:" + filepath.Join(m.Dir, name+".db") }
	}
	w.face = &server.LabFace{
		Domain:   shortNames(plan, ".test"),
		Switcher: func(context.Context) []views.Person { return nil },
		Servers:  func() []views.ServerLink { return nil },
	}
	l, err := build(ctx, plan, w)
	if err != nil {
		return nil, err
	}
	l.client, l.net = net.Transport(), net
	l.closers = append([]func() error{net.Close}, l.closers...)
	for _, h := range l.Hosts {
		if err := net.Serve(h.Instance); err != nil {
			l.Close()
			return nil, err
		}
	}
	if err := l.populate(ctx); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// migrated lays a database with the newest schema where each server of plan will open one, unless there is one already.
func migrated(dir string, plan Plan) error {
	content, err := storage.Migrated()
	if err != nil {
		return err
	}
	for _, s := range plan.Servers {
		path := filepath.Join(dir, s.Name+".db")
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return fmt.Errorf("make the database of %s: %w", s.Name, err)
		}
	}
	return nil
}

func seed(n uint64) (s [32]byte) {
	for i := range 8 {
		s[i] = byte(n >> (8 * i))
	}
	return s
}

// shortNames lets people write @berta@techhub for the lab's server of that name (contracts.md 2).
func shortNames(plan Plan, suffix string) func(string) string {
	return func(domain string) string {
		name := strings.TrimSuffix(strings.ToLower(domain), strings.Split(suffix, ":")[0])
		for _, s := range plan.Servers {
			if name == s.Name || strings.EqualFold(domain, s.Name+suffix) {
				return s.Name + suffix
			}
		}
		return domain
	}
}

// Network carries requests between instances by host name, in memory, as real HTTP bytes.
type Network struct {
	mu    sync.Mutex
	hosts map[string]*fasthttputil.InmemoryListener
	down  map[string]bool
	links map[link]*trouble

	requests atomic.Int64 // made by servers
	bytes    atomic.Int64 // of their bodies, and of the answers whose length was told
}

// NewNetwork returns a network without hosts.
func NewNetwork() *Network {
	return &Network{hosts: map[string]*fasthttputil.InmemoryListener{}, down: map[string]bool{}, links: map[link]*trouble{}}
}

// Serve answers for the instance's host.
func (n *Network) Serve(i *server.Instance) error {
	n.Handle(i.Host(), i.HandleFast)
	return nil
}

// Handle answers for any host, for instance one that a test plays itself. A host that is there already is replaced for
// new connections.
func (n *Network) Handle(host string, answer fasthttp.RequestHandler) {
	l := fasthttputil.NewInmemoryListener()
	n.mu.Lock()
	n.hosts[host] = l
	n.mu.Unlock()
	go func() { _ = server.NewHTTP(answer).Serve(l) }() // ends when the listener is closed
}

// Transport reaches the hosts of the network; there are no certificates, but addresses are https. Any other host gives
// the error that a resolver would.
func (n *Network) Transport() http.RoundTripper {
	dial := func(_ context.Context, _, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, fmt.Errorf("dial %s: %w", addr, err)
		}
		n.mu.Lock()
		l := n.hosts[host]
		n.mu.Unlock()
		if l == nil {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return l.Dial()
	}
	return &http.Transport{DialContext: dial, DialTLSContext: dial, DisableCompression: true, MaxIdleConnsPerHost: 4}
}

// Close takes every host off the network.
func (n *Network) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, l := range n.hosts {
		l.Close()
	}
	return nil
}
