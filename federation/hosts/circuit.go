package hosts

import "time"

// maxCircuits bounds how many failing inboxes are counted; a server with more begins anew.
const maxCircuits = 50_000

// circuits counts failures in a row by inbox. The zero value counts nothing yet.
type circuits struct{ by map[string]circuit }

type circuit struct {
	failures int
	until    time.Time // open until then
}

func (c *circuits) closed(inbox string, now time.Time) bool { return !c.by[inbox].until.After(now) }

func (c *circuits) counts(inbox string) bool { return c.by[inbox].failures > 0 }

// failed counts one more. An attempt that was held back does not make the minute longer.
func (c *circuits) failed(inbox string, now time.Time) {
	if c.by == nil || len(c.by) >= maxCircuits {
		c.by = map[string]circuit{}
	}
	k := c.by[inbox]
	if k.until.After(now) {
		return
	}
	if k.failures++; k.failures >= OpenAfter {
		k.until = now.Add(OpenFor)
	}
	c.by[inbox] = k
}

func (c *circuits) succeeded(inbox string) { delete(c.by, inbox) }
