package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Programs that others wrote for Mastodon, unmodified, act as people do who know nothing of Orrery: an app is registered,
// somebody signs in with it on our pages, and all else goes through the app. clients_*_test.go has one file for each.

// somebody is a person whom a client acts for.
type somebody struct {
	origin   string // of their server, without a slash at the end
	name     string
	password string // empty in a lab, where one click signs in
}

// host is their server's name with its port.
func (p somebody) host() string { return strings.TrimPrefix(p.origin, "http://") }

// handle is how others find them.
func (p somebody) handle() string { return p.name + "@" + p.host() }

// stage is two servers that federate, with a person on each.
type stage struct {
	alice somebody
	berta somebody // on the other server
}

// onEachStage runs a test between two `orrery serve` on this machine's localhost, and in a lab.
func onEachStage(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	t.Run("serve", func(t *testing.T) {
		t.Parallel()
		test(t, serveStage(t))
	})
	t.Run("lab", func(t *testing.T) {
		t.Parallel()
		r := startLab(t, "")
		academy, techhub := r.Lab().Host("academy"), r.Lab().Host("techhub")
		test(t, &stage{somebody{academy.Instance.Config.Origin, "alice", ""}, somebody{techhub.Instance.Config.Origin, "berta", ""}})
	})
}

func serveStage(t *testing.T) *stage {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds the program")
	}
	const password = "correct horse battery"
	return &stage{serveBuilt(t, "alice", password), serveBuilt(t, "berta", password)}
}

// serveBuilt runs the built program's `serve` with one person, and returns when it answers. Apps may ask ten times
// as often as on Mastodon, since a test that waits asks again and again.
func serveBuilt(t *testing.T, name, password string) somebody {
	t.Helper()
	return serveOn(t, name, password, "sqlite:"+filepath.Join(t.TempDir(), "orrery.db"))
}

// serveOn is serveBuilt over a database that the test knows.
func serveOn(t *testing.T, name, password, database string, flags ...string) somebody {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	p := somebody{"http://localhost:" + port, name, password}
	place := []string{"--origin", p.origin, "--database", database}
	if out, err := exec.Command(binary, append([]string{"account", "create", name, "--password", password}, place...)...).CombinedOutput(); err != nil {
		t.Fatalf("create %s: %v\n%s", name, err, out)
	}
	cmd := exec.Command(binary, append([]string{"serve", "--listen", address, "--rate-limits", "10", "--allow-network", "127.0.0.0/8", "--allow-network", "::1/128"}, place...)...)
	cmd.Args = append(cmd.Args, flags...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s ended with %v", p.origin, err)
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", p.origin, said.String())
		}
	})
	eventually(t, p.origin+" answers", func(ctx context.Context) bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.origin+"/api/v1/instance", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		return err == nil && res.Body.Close() == nil
	})
	return p
}

// dial reaches names under localhost on machines that do not resolve them.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(host, ".localhost") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// reaching is a client of its own for every test, so that connections end with it.
func reaching(t *testing.T) http.Client {
	transport := &http.Transport{DialContext: dial}
	t.Cleanup(transport.CloseIdleConnections)
	return http.Client{Transport: transport, Timeout: 0}
}

// within is the time that one client's whole story may take; far more than it needs, for a busy machine.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// need leaves the test out where a client is not installed.
func need(t *testing.T, what string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case slices.Contains(strings.Split(os.Getenv("ORRERY_TEST_REQUIRE"), ","), "clients"):
		t.Fatalf("%s is required by ORRERY_TEST_REQUIRE: %v", what, err)
	default:
		t.Skipf("no %s: %v", what, err)
	}
}

// needNames leaves the test out where other programs do not find the servers of the stage.
func (s *stage) needNames(t *testing.T) {
	t.Helper()
	for _, p := range []somebody{s.alice, s.berta} {
		host, _, _ := net.SplitHostPort(p.host())
		out, err := exec.Command("getent", "hosts", host).CombinedOutput() // as programs in C do, without Go's own rules
		if err != nil {
			err = fmt.Errorf("%s is not found by name (install libnss-myhostname): %w %s", host, err, out)
		}
		need(t, "name for the lab's servers", err)
	}
}
