package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Patience with other servers (federation.md §5.1). What is read from them has the deadline of one request besides.
const (
	connectPatience = 5 * time.Second
	answerPatience  = 10 * time.Second
	writePatience   = 10 * time.Second // for what was written to be taken
)

// mostHeader is how many bytes of header lines an answer may have: the log keeps them.
const mostHeader = 64 << 10

// perFamily is how many addresses of a name are tried, of IPv6 and of IPv4 each.
const perFamily = 2

// guarded is the way to other servers: the address really dialled must be public, or in one of the allowed networks.
func guarded(allowed []string) (http.RoundTripper, error) {
	var networks []netip.Prefix
	for _, a := range allowed {
		p, err := netip.ParsePrefix(a)
		if err != nil {
			return nil, fmt.Errorf("%q is no network. Write it as 127.0.0.0/8", a)
		}
		networks = append(networks, p)
	}
	public := ssrf.New()
	d := net.Dialer{Timeout: connectPatience, Control: func(network, address string, conn syscall.RawConn) error {
		if at, err := netip.ParseAddrPort(address); err == nil {
			for _, n := range networks {
				if n.Contains(at.Addr().Unmap()) {
					return nil
				}
			}
		}
		return public.Safe(network, address, conn)
	}}
	lookUp := func(ctx context.Context, host string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}
	return &http.Transport{
		DialContext: abreast(lookUp, d.DialContext), DisableCompression: true, ForceAttemptHTTP2: false, MaxIdleConns: 512, MaxIdleConnsPerHost: 32,
		IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: connectPatience, ResponseHeaderTimeout: answerPatience,
		MaxResponseHeaderBytes: mostHeader,
	}, nil
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// abreast dials the addresses of a name side by side and takes the connection that stands first; when none does, the error
// is that of the first address. A name with one dead address so costs no time.
func abreast(lookUp func(ctx context.Context, host string) ([]netip.Addr, error), dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, fmt.Errorf("dial %s: %w", address, err)
		}
		looking, cancel := context.WithTimeout(ctx, connectPatience)
		defer cancel()
		found, err := lookUp(looking, host)
		if err != nil {
			return nil, err
		}
		tried := candidates(found)
		if len(tried) == 0 {
			return nil, fmt.Errorf("dial %s: the name has no address", address)
		}
		c, err := first(ctx, tried, func(ctx context.Context, a netip.Addr) (net.Conn, error) {
			return dial(ctx, network, net.JoinHostPort(a.String(), port))
		})
		if err != nil {
			return nil, err
		}
		return patient{c}, nil
	}
}

// candidates are the first addresses of either family, in the order in which they were found.
func candidates(found []netip.Addr) []netip.Addr {
	var out []netip.Addr
	var six, four int
	for _, a := range found {
		a = a.Unmap()
		count := &six
		if a.Is4() {
			count = &four
		}
		if *count++; *count <= perFamily {
			out = append(out, a)
		}
	}
	return out
}

// first dials all addresses at once. Connections that stand later are closed.
func first(ctx context.Context, addresses []netip.Addr, dial func(context.Context, netip.Addr) (net.Conn, error)) (net.Conn, error) {
	type result struct {
		i   int
		c   net.Conn
		err error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan result, len(addresses))
	for i, a := range addresses {
		go func() {
			c, err := dial(ctx, a)
			results <- result{i, c, err}
		}()
	}
	errs := make([]error, len(addresses))
	for n := range addresses {
		r := <-results
		if r.err != nil {
			errs[r.i] = r.err
			continue
		}
		go func() {
			for range len(addresses) - n - 1 {
				if late := <-results; late.err == nil {
					_ = late.c.Close() // nobody has used it
				}
			}
		}()
		return r.c, nil
	}
	return nil, errs[0]
}

// patient is a connection whose peer must take what is written within writePatience.
type patient struct{ net.Conn }

func (c patient) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
