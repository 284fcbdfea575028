package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// listen takes the port on 127.0.0.1 and, where there is IPv6, on ::1.
func (l *Loopback) listen(port int) error {
	if l.Port != 0 {
		port = l.Port
	}
	v4, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("port %d is taken by another program. Stop that one, or choose another port with --port", port)
		}
		return fmt.Errorf("port %d cannot be used (%w). Choose another with --port", port, err)
	}
	l.Port = v4.Addr().(*net.TCPAddr).Port
	l.listeners = append(l.listeners, v4)
	if v6, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", l.Port)); err == nil {
		l.listeners = append(l.listeners, v6)
	}
	return nil
}

// transport dials *.localhost at 127.0.0.1, which Go's resolver does not know, and nothing that is not on this machine.
func (l *Loopback) transport() http.RoundTripper {
	guard := func(_, address string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
			return fmt.Errorf("a lab speaks to this machine only, not to %s", host)
		}
		return nil
	}
	d := net.Dialer{Timeout: 5 * time.Second, Control: guard}
	return &http.Transport{
		DisableCompression: true, MaxIdleConnsPerHost: 32, IdleConnTimeout: 30 * time.Second, ResponseHeaderTimeout: 30 * time.Second,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(addr)
			if err == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
				addr = net.JoinHostPort("127.0.0.1", port)
			}
			return d.DialContext(ctx, network, addr)
		},
	}
}
