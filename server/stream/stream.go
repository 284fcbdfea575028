// Package stream lets programs watch what happens on an instance: Mastodon's streaming API, over SSE and WebSocket.
//
// A Hub hears news when they have been committed (social.News), looks up once what they speak of, renders it once for all
// who see it alike, and hands it to the listeners concerned. Who asks, and with which token, is server/api's; which homes a
// post comes into was decided when it came (federation.md §10).
//
// What a newcomer gets wrong: nothing here is kept. A listener that reads too slowly, or whose process may have missed
// something, is cut off; its program connects again and asks the REST API for what it missed.
package stream

import (
	"context"
	"log/slog"
	"sync"

	"orrery/clientapi"
	"orrery/social"
)

// Limits of what one sender may keep open, and of what waits for one.
const (
	perAccount  = 48  // listeners of one person
	perAddress  = 256 // listeners from one public address; proxies stand on private ones
	perListener = 100 // streams of one WebSocket
	backlog     = 128 // messages that wait for a listener before it is cut off
	newsBacklog = 8192
)

// Hub passes news on to those who listen. Its fields are set before use. Safe for concurrent use.
type Hub struct {
	Store  social.Tx
	Render func(viewer social.ID) clientapi.Render
	// Announcements reads what is told to everybody here.
	Announcements *social.Announcements
	Log           *slog.Logger // gets what is our fault; nil is silence

	mu        sync.Mutex
	closed    bool
	listeners map[*listener]struct{}
	byKey     map[string]map[*watch]struct{}
	accounts  map[social.ID]int
	addresses map[string]int
	waiting   []social.News
	running   bool
	run       sync.WaitGroup
}

// A listener is one connection that is open.
type listener struct {
	hub     *Hub
	token   social.Token
	address string // "" when it does not count
	out     chan message
	done    chan struct{} // closed when it is to end

	streams map[string]*watch // by channel.id; guarded by hub.mu
}

// A watch is one stream of a listener.
type watch struct {
	*listener
	channel
}

// message is one event on one stream, ready for either transport.
type message struct {
	event, payload string
	frame          []byte // of a WebSocket
}

// errTooMany is answered to who keeps too much open.
var errTooMany error = &social.Error{Kind: social.ErrThrottled, Message: "Too many streams are open. Close some first."}

// open registers a listener; close it in any case. address is where it comes from, "" to not count it.
func (h *Hub) open(token social.Token, address string) (*listener, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || token.AccountID != 0 && h.accounts[token.AccountID] >= perAccount || address != "" && h.addresses[address] >= perAddress {
		return nil, errTooMany
	}
	if h.listeners == nil {
		h.listeners, h.byKey = map[*listener]struct{}{}, map[string]map[*watch]struct{}{}
		h.accounts, h.addresses = map[social.ID]int{}, map[string]int{}
	}
	l := &listener{hub: h, token: token, address: address, out: make(chan message, backlog), done: make(chan struct{}), streams: map[string]*watch{}}
	h.listeners[l] = struct{}{}
	h.accounts[token.AccountID]++
	if address != "" {
		h.addresses[address]++
	}
	return l, nil
}

// close ends l, once.
func (l *listener) close() {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.hub.drop(l)
}

// drop is called with the lock held.
func (h *Hub) drop(l *listener) {
	if _, ok := h.listeners[l]; !ok {
		return
	}
	delete(h.listeners, l)
	for _, w := range l.streams {
		h.forget(w)
	}
	if h.accounts[l.token.AccountID]--; h.accounts[l.token.AccountID] == 0 {
		delete(h.accounts, l.token.AccountID)
	}
	if l.address != "" {
		if h.addresses[l.address]--; h.addresses[l.address] == 0 {
			delete(h.addresses, l.address)
		}
	}
	close(l.done)
}

// subscribe adds a stream; one that it has already is left as it is.
func (l *listener) subscribe(c channel) error {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	_, has := l.streams[c.id()]
	_, open := l.hub.listeners[l]
	switch {
	case has, !open:
		return nil
	case len(l.streams) >= perListener:
		return errTooMany
	}
	w := &watch{listener: l, channel: c}
	l.streams[c.id()] = w
	for _, key := range c.keys {
		if l.hub.byKey[key] == nil {
			l.hub.byKey[key] = map[*watch]struct{}{}
		}
		l.hub.byKey[key][w] = struct{}{}
	}
	return nil
}

func (l *listener) unsubscribe(c channel) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	if w, has := l.streams[c.id()]; has {
		delete(l.streams, c.id())
		l.hub.forget(w)
	}
}

// forget is called with the lock held.
func (h *Hub) forget(w *watch) {
	for _, key := range w.keys {
		delete(h.byKey[key], w)
		if len(h.byKey[key]) == 0 {
			delete(h.byKey, key)
		}
	}
}

// Hear takes news that have been committed. It returns at once.
func (h *Hub) Hear(n social.News) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed, len(h.listeners) == 0:
		return
	case len(h.waiting) >= newsBacklog:
		h.dropAll()
		return
	}
	h.waiting = append(h.waiting, n)
	if !h.running {
		h.running = true
		h.run.Go(h.deliverAll)
	}
}

// deliverAll passes on what waits, in order, until nothing does.
func (h *Hub) deliverAll() {
	for {
		h.mu.Lock()
		if len(h.waiting) == 0 {
			h.waiting, h.running = nil, false
			h.mu.Unlock()
			return
		}
		n := h.waiting[0]
		h.waiting = h.waiting[1:]
		h.mu.Unlock()
		if err := h.deliver(context.Background(), n); err != nil && h.Log != nil {
			h.Log.Error("pass on news", "kind", n.Kind, "subject", n.Subject, "err", err)
		}
	}
}

// Lost ends all streams, because something may have been missed: whoever watches connects again.
func (h *Hub) Lost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dropAll()
}

// dropAll is called with the lock held.
func (h *Hub) dropAll() {
	h.waiting = nil
	for l := range h.listeners {
		h.drop(l)
	}
}

// Close ends all streams for good, and returns when nothing is being looked up any more.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	h.dropAll()
	h.mu.Unlock()
	h.run.Wait()
}
