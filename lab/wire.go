package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"syscall"
	"time"

	"orrery/internal/clock"
)

// Patience is how long a server waits for another one's answer: a request over a slower link has failed (contracts.md 20).
const Patience = 10 * time.Second

// Fetch stands for any GET where a kind of activity is named.
const Fetch = "fetch"

// link is one direction between two hosts.
type link struct{ from, to string }

// trouble is what is wrong with a link.
type trouble struct {
	cut        bool
	slow       time.Duration
	drop, lose []string // types of activities, or Fetch; each once
}

// SetDown makes host take no request by a wire, or take them again; connections that are open do not help.
func (n *Network) SetDown(host string, down bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down[host] = down
}

// trouble changes what is wrong on the way from one host to another.
func (n *Network) trouble(from, to string, change func(*trouble)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := link{from, to}
	if n.links[l] == nil {
		n.links[l] = &trouble{}
	}
	change(n.links[l])
}

// wire is one server's way into the network, on which others may be down and links in trouble.
type wire struct {
	n     *Network
	host  string // whose way it is
	clock *clock.Stepped
	open  http.RoundTripper
}

var errBroken = errors.New("the connection broke off before an answer came")

// RoundTrip implements http.RoundTripper. A slow link moves the lab's clock: one request is under way at a time.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	to := r.URL.Hostname()
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	w.n.requests.Add(1)
	w.n.bytes.Add(max(r.ContentLength, 0))
	w.n.mu.Lock()
	down, now := w.n.down[to], trouble{}
	if t := w.n.links[link{w.host, to}]; t != nil {
		now = trouble{cut: t.cut, slow: t.slow}
		if now.drop = taken(&t.drop, kind); now.drop == nil {
			now.lose = taken(&t.lose, kind)
		}
	}
	w.n.mu.Unlock()
	w.clock.Advance(min(now.slow, Patience))
	switch {
	case down:
		return nil, fmt.Errorf("dial %s: %w", r.URL.Host, syscall.ECONNREFUSED)
	case now.cut:
		return nil, fmt.Errorf("dial %s: %w", r.URL.Host, syscall.EHOSTUNREACH)
	case now.slow >= Patience:
		return nil, fmt.Errorf("%s %s: no answer after %s: %w", r.Method, r.URL.Host, Patience, os.ErrDeadlineExceeded)
	case now.drop != nil:
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.URL.Host, errBroken)
	case now.lose != nil:
		return &http.Response{
			StatusCode: http.StatusAccepted, Status: "202 Accepted", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: http.NoBody, Request: r,
		}, nil
	}
	res, err := w.open.RoundTrip(r)
	if err == nil {
		w.n.bytes.Add(max(res.ContentLength, 0))
	}
	return res, err
}

// taken removes kind from the list, once, and returns it; nil when it is not there.
func taken(list *[]string, kind string) []string {
	i := slices.Index(*list, kind)
	if kind == "" || i < 0 {
		return nil
	}
	*list = slices.Delete(slices.Clone(*list), i, i+1)
	return []string{kind}
}

// kindOf is the type of the activity that r delivers, Fetch for a GET, "" for anything else.
func kindOf(r *http.Request) (string, error) {
	if r.Method == http.MethodGet {
		return Fetch, nil
	}
	if r.Body == nil || r.Method != http.MethodPost {
		return "", nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return "", fmt.Errorf("read what is sent to %s: %w", r.URL, err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var doc struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return "", nil // not one that anybody could name
	}
	return doc.Type, nil
}
