package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func addresses(texts ...string) []netip.Addr {
	var out []netip.Addr
	for _, t := range texts {
		out = append(out, netip.MustParseAddr(t))
	}
	return out
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	got := candidates(addresses("2001:db8::1", "::ffff:192.0.2.1", "2001:db8::2", "2001:db8::3", "192.0.2.2", "192.0.2.3"))
	if want := addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"); !slices.Equal(got, want) {
		t.Errorf("tried %v, want %v", got, want)
	}
}

// The addresses of a name are dialled at once: one that never answers holds nobody up, and what comes late is closed.
func TestAbreast(t *testing.T) {
	t.Parallel()
	boom := errors.New("refused")
	for _, tt := range []struct {
		name  string
		found []netip.Addr
		want  string // the address connected to, or what the error says
	}{
		{"the only one", addresses("192.0.2.1"), "192.0.2.1:443"},
		{"beside one that never answers", addresses("2001:db8::dead", "192.0.2.1"), "192.0.2.1:443"},
		{"beside one that refuses", addresses("192.0.2.99", "192.0.2.1"), "192.0.2.1:443"},
		{"none", addresses("192.0.2.99", "192.0.2.98"), "refused"},
		{"no address", nil, "has no address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var reached string
			dial := abreast(func(context.Context, string) ([]netip.Addr, error) { return tt.found, nil },
				func(ctx context.Context, _, address string) (net.Conn, error) {
					switch {
					case strings.Contains(address, "dead"):
						<-ctx.Done()
						return nil, ctx.Err()
					case strings.Contains(address, ".9"):
						return nil, boom
					}
					mu.Lock()
					defer mu.Unlock()
					reached = address
					here, _ := net.Pipe()
					return here, nil
				})
			c, err := dial(t.Context(), "tcp", "a.test:443")
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("dial: %v, want %s", err, tt.want)
				}
				return
			}
			defer c.Close()
			if reached != tt.want {
				t.Errorf("connected to %s, want %s", reached, tt.want)
			}
		})
	}
}

// deadlines notes what a connection is told.
type deadlines struct {
	net.Conn
	until time.Time
}

func (d *deadlines) SetWriteDeadline(t time.Time) error { d.until = t; return nil }
func (d *deadlines) Write(b []byte) (int, error)        { return len(b), nil }

func TestWritesEnd(t *testing.T) {
	t.Parallel()
	c, before := &deadlines{}, time.Now()
	if _, err := (patient{c}).Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if c.until.Before(before.Add(writePatience)) || c.until.After(time.Now().Add(writePatience)) {
		t.Errorf("may be written until %s, want %s from now", c.until, writePatience)
	}
}
