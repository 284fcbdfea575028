package jobs

import (
	"slices"
	"sync"
)

// crowd counts what a pool has in hand by host, so that one slow server cannot hold all of its workers. A host that has
// its limit is left alone until half of that is done: asking for more work costs, and is done for several at once.
type crowd struct {
	limit int // jobs of one host at once; 0 for any number

	mu     sync.Mutex
	inHand map[string]int
	full   map[string]bool
}

// admit takes in the jobs that their hosts have room for, in order, and returns the others as well.
func (c *crowd) admit(js []Job) (in, others []Job) {
	if c.limit <= 0 {
		return js, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inHand == nil {
		c.inHand, c.full = map[string]int{}, map[string]bool{}
	}
	for _, j := range js {
		if j.Host != "" && c.inHand[j.Host] >= c.limit {
			others = append(others, j)
			continue
		}
		if c.inHand[j.Host]++; j.Host != "" && c.inHand[j.Host] >= c.limit {
			c.full[j.Host] = true
		}
		in = append(in, j)
	}
	return in, others
}

// done counts a job of host as done, and reports whether its host has room again.
func (c *crowd) done(host string) bool {
	if c.limit <= 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inHand[host]--; c.inHand[host] > c.limit/2 {
		return false
	}
	roomy := c.full[host]
	delete(c.full, host)
	if c.inHand[host] == 0 {
		delete(c.inHand, host)
	}
	return roomy
}

// away are the hosts that are left alone now.
func (c *crowd) away() (hosts []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for host := range c.full {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	return hosts
}
