package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

// TestGuarded proves that the address really dialled decides, whatever the name in the URL resolves to.
func TestGuarded(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "inside") }))
	t.Cleanup(srv.Close)
	for _, tt := range []struct {
		name, url string
		allow     []string
		reached   bool
	}{
		{"this machine is refused", srv.URL, nil, false},
		{"by name too", strings.Replace(srv.URL, "127.0.0.1", "localhost", 1), nil, false},
		{"unless its network is allowed", srv.URL, []string{"127.0.0.0/8"}, true},
		{"another allowed network does not help", srv.URL, []string{"10.0.0.0/8"}, false},
		{"the address of cloud metadata", "http://169.254.169.254/latest/meta-data", nil, false},
		{"a private network", "http://10.0.0.1/", nil, false},
		{"this machine as an IPv6 address", "http://[::1]/", nil, false},
		{"and as one inside the other", "http://[::ffff:127.0.0.1]/", nil, false},
		{"this machine as no address at all", "http://0.0.0.0/", nil, false},
		{"and as none of IPv6", "http://[::]/", nil, false},
		{"this machine behind a translator", "http://[64:ff9b::7f00:1]/", nil, false},
		{"this machine behind an old tunnel", "http://[2002:7f00:1::]/", nil, false},
		{"the network of a carrier", "http://100.64.0.1/", nil, false},
		{"an address for this link only", "http://[fe80::1]/", nil, false},
		{"a private network of IPv6", "http://[fd00::1]/", nil, false},
		{"everybody at once", "http://255.255.255.255/", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			transport, err := guarded(tt.allow)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, tt.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := transport.RoundTrip(req)
			if err == nil {
				res.Body.Close()
			}
			if reached := err == nil; reached != tt.reached {
				t.Errorf("reached %s: %v (%v), want %v", tt.url, reached, err, tt.reached)
			}
			if err != nil && ctx.Err() != nil {
				t.Errorf("%s was dialled: it ended by the test's deadline, not by the guard", tt.url)
			}
		})
	}
	if _, err := guarded([]string{"everything"}); err == nil || !strings.Contains(err.Error(), "127.0.0.0/8") {
		t.Errorf("a network that is none: %v, want a sentence with an example", err)
	}
}

// The log keeps the header lines of an answer, so a server that writes many is not listened to.
func TestGuarded_headersEnd(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			w.Header().Add("Set-Cookie", strings.Repeat("x", 1<<10))
		}
	}))
	t.Cleanup(srv.Close)
	transport, err := guarded([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := transport.RoundTrip(req); err == nil {
		res.Body.Close()
		t.Errorf("took %d header lines of a kibibyte", len(res.Header["Set-Cookie"]))
	}
}

// served is one `orrery serve` of this test, on a port of its own.
type served struct {
	origin string
	client *clientapi.Client
}

func startServer(t *testing.T, username string) served {
	t.Helper()
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := probe.Addr().String()
	probe.Close()
	p := place{Origin: "http://" + address, Database: "sqlite:" + filepath.Join(t.TempDir(), "orrery.db"), Policy: "mastodon-4.1"}
	log := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(context.Background())

	i, release, err := p.open(ctx, log, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	a, err := i.Services.Accounts.Create(ctx, social.NewAccount{Username: username})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := i.Services.SignIns.Token(ctx, a.ID, 0, "read write follow")
	if err != nil {
		t.Fatal(err)
	}
	release()

	ended := make(chan error, 1)
	go func() {
		ended <- serveCmd{place: p, Listen: address, AllowNetwork: []string{"127.0.0.0/8"}}.Run(ctx, log)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve %s: %v", p.Origin, err)
		}
	})
	return served{p.Origin, &clientapi.Client{BaseURL: p.Origin, Token: token, HTTP: http.DefaultClient}}
}

// eventually asks again until it holds; the deadline is for a test that would otherwise hang.
func eventually(t *testing.T, what string, holds func(ctx context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	for !holds(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("%s did not come true", what)
		case <-every.C:
		}
	}
}

// TestServe_federates runs two servers on this machine that know nothing of each other but addresses.
func TestServe_federates(t *testing.T) {
	t.Parallel()
	ann, bob := startServer(t, "ann"), startServer(t, "bob")
	ctx := context.Background()
	for _, s := range []served{ann, bob} {
		eventually(t, s.origin+" answers", func(ctx context.Context) bool { _, err := s.client.Instance(ctx); return err == nil })
	}
	found, err := bob.client.Search(ctx, "@ann@"+strings.TrimPrefix(ann.origin, "http://"), true)
	if err != nil || len(found.Accounts) != 1 {
		t.Fatalf("bob looks for ann: %+v, %v, want one account", found.Accounts, err)
	}
	if _, err := bob.client.Follow(ctx, found.Accounts[0].ID); err != nil {
		t.Fatal(err)
	}
	eventually(t, "bob follows ann", func(ctx context.Context) bool {
		rs, err := bob.client.Relationships(ctx, found.Accounts[0].ID)
		return err == nil && len(rs) == 1 && rs[0].Following
	})
	if _, err := ann.client.Post(ctx, clientapi.NewStatus{Status: "Hello over the wire"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "ann's post is in bob's home", func(ctx context.Context) bool {
		home, err := bob.client.Home(ctx, clientapi.Cursor{})
		return err == nil && len(home) == 1 && strings.Contains(home[0].Content, "Hello over the wire")
	})
}
