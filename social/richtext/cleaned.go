package richtext

import "sync"

// Cleaned remembers what [Version.Sanitize] made of texts: the same ones are shown again and again. As it is a function of
// the text alone, nothing remembered can be out of date. The zero value is ready, nil remembers nothing; safe for
// concurrent use.
type Cleaned struct {
	mu         sync.Mutex
	young, old map[dirty]string // what is asked for moves to young; when young is full, old is forgotten and young grows old
	size       int              // bytes of texts in young
}

type dirty struct {
	version Version
	text    string
}

const (
	cleanedBytes = 2 << 20  // of young, and so of old
	longestClean = 32 << 10 // of texts that are remembered
)

// Sanitize is v.Sanitize(foreign).
func (c *Cleaned) Sanitize(v Version, foreign string) string {
	if c == nil || foreign == "" || len(foreign) > longestClean {
		return v.Sanitize(foreign)
	}
	key := dirty{v, foreign}
	c.mu.Lock()
	text, known := c.young[key]
	if !known {
		if text, known = c.old[key]; known {
			c.keep(key, text)
		}
	}
	c.mu.Unlock()
	if known {
		return text
	}
	text = v.Sanitize(foreign)
	if text == foreign {
		text = foreign // one copy is enough
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, text)
	return text
}

func (c *Cleaned) keep(key dirty, text string) {
	if c.young == nil || c.size > cleanedBytes {
		c.young, c.old, c.size = map[dirty]string{}, c.young, 0
	}
	if _, known := c.young[key]; !known {
		c.young[key] = text
		c.size += len(key.text) + len(text)
	}
}
