package ingest

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// Under how many names of one registrable domain strangers are met within a minute (federation.md §1.2): a machine that
// answers under any subdomain could fill the database.
const (
	maxSubdomains    = 10
	subdomainsWithin = time.Minute
)

// maxOwners bounds the domains that are remembered; strangers decide how many there are.
const maxOwners = 10_000

// subdomains remembers under which names strangers were met lately. Safe for concurrent use.
type subdomains struct {
	mu     sync.Mutex
	owners map[string]*names // by registrable domain
}

type names struct {
	since time.Time
	seen  map[string]bool
}

// mayMeet counts the host of one more stranger, or refuses it as ErrNotHere.
func (g *Ingest) mayMeet(ctx context.Context, uri string) error {
	u, err := url.Parse(uri)
	if err == nil && g.met.allow(u.Hostname(), g.Now()) {
		return nil
	}
	g.Observer.Observe(ctx, observe.Skipped{Rule: rules.LimitSubdomains, What: "fetch", Target: uri})
	return fmt.Errorf("meet %s: too many subdomains at once: %w", uri, ErrNotHere)
}

func (s *subdomains) allow(host string, now time.Time) bool {
	owner, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		owner = host // an address, or a name that is a public suffix itself
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.owners[owner]
	if n == nil || now.Sub(n.since) >= subdomainsWithin {
		if s.owners == nil || len(s.owners) >= maxOwners {
			s.owners = map[string]*names{}
		}
		n = &names{since: now, seen: map[string]bool{}}
		s.owners[owner] = n
	}
	if !n.seen[host] && len(n.seen) >= maxSubdomains {
		return false
	}
	n.seen[host] = true
	return true
}
