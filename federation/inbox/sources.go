package inbox

import (
	"net/netip"
	"sync"
	"time"
)

// sources are the addresses whose requests made this server ask for a key that could not be reached. For five minutes no
// look-up is made for them (federation.md §5.5 step 7), so that nobody can make it wait again and again.
// The zero value is ready.
type sources struct {
	mu    sync.Mutex
	until map[netip.Prefix]time.Time
}

const (
	sourceRests = 5 * time.Minute
	// maxSources bounds what strangers can make it remember. When there are more, all of it is forgotten.
	maxSources = 10_000
)

func (s *sources) open(from string, now time.Time) bool {
	p, ok := network(from)
	if !ok {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Before(s.until[p])
}

func (s *sources) trip(from string, now time.Time) {
	p, ok := network(from)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.until) >= maxSources || s.until == nil {
		s.until = map[netip.Prefix]time.Time{}
	}
	s.until[p] = now.Add(sourceRests)
}

// network is who stands behind an address: IPv6 is given out in /64. It says nothing when it is private or of this
// machine: several servers share it.
func network(from string) (netip.Prefix, bool) {
	a, err := netip.ParseAddr(from)
	if a = a.Unmap(); err != nil || !a.IsGlobalUnicast() || a.IsPrivate() {
		return netip.Prefix{}, false
	}
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.WithZone("").Prefix(bits)
	return p, err == nil
}
