package inbox

import (
	"net/netip"
	"sync"
	"time"
)

// resting is what this server does not ask other servers about for a while, so that strangers cannot make it ask again and
// again. Safe for concurrent use; the zero value is ready.
type resting[K comparable] struct {
	mu    sync.Mutex
	until map[K]time.Time
}

const (
	// sourceRests is how long no key is looked up for an address whose request led to a server that could not be reached
	// (federation.md §5.5 step 7).
	sourceRests = 5 * time.Minute
	// ownerRests is how long the keys of somebody are not read again after that brought none that fits. Else every request
	// in their name, by whomever, would make this server ask theirs.
	ownerRests = time.Minute
	// maxResting bounds what strangers can make it remember. When there is more, all of it is forgotten.
	maxResting = 10_000
)

func (r *resting[K]) rests(k K, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until[k])
}

func (r *resting[K]) rest(k K, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.until) >= maxResting || r.until == nil {
		r.until = map[K]time.Time{}
	}
	r.until[k] = until
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
