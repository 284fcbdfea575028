package social

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"orrery/social/richtext"
)

// Severity is how far a block of another server goes (federation.md §11).
type Severity string

// Severities.
const (
	SeverityNoop    Severity = "noop"    // only the flags beside it count
	SeveritySilence Severity = "silence" // its people are limited
	SeveritySuspend Severity = "suspend" // nothing passes either way
)

// DomainBlock is what was decided about another server and everything below its name.
type DomainBlock struct {
	ID                            ID
	Domain                        string // lower case, with the port if it has one
	Severity                      Severity
	RejectMedia, RejectReports    bool
	PrivateComment, PublicComment string
	Obfuscate                     bool // its name is not shown whole to the public
	CreatedAt                     time.Time
}

// DomainAllow lets a server in under limited federation.
type DomainAllow struct {
	ID        ID
	Domain    string
	CreatedAt time.Time
}

// DomainStore keeps decisions about other servers. Domains are in lower case.
type DomainStore interface {
	// InsertDomainBlock and InsertDomainAllow return ErrConflict when there is one of that domain.
	InsertDomainBlock(ctx context.Context, b DomainBlock) error
	// UpdateDomainBlock sets everything but id, domain and date.
	UpdateDomainBlock(ctx context.Context, b DomainBlock) error
	DeleteDomainBlock(ctx context.Context, id ID) error
	DomainBlockByID(ctx context.Context, id ID) (DomainBlock, error)
	DomainBlocks(ctx context.Context, p Page) ([]DomainBlock, error)
	// AllDomainBlocks and AllDomainAllows are by domain.
	AllDomainBlocks(ctx context.Context) ([]DomainBlock, error)
	AllDomainAllows(ctx context.Context) ([]DomainAllow, error)
	InsertDomainAllow(ctx context.Context, a DomainAllow) error
	DeleteDomainAllow(ctx context.Context, id ID) error
	DomainAllowByID(ctx context.Context, id ID) (DomainAllow, error)
	DomainAllows(ctx context.Context, p Page) ([]DomainAllow, error)
}

// Domains answers what was decided about other servers, from memory. Safe for concurrent use. Forget after every change.
// A nil Domains has no objections.
type Domains struct {
	Store DomainStore
	// Limited is limited federation: whoever is not allowed counts as suspended.
	Limited bool
	// Own is this instance's host[:port], which is never refused.
	Own string

	mu     sync.RWMutex
	loaded bool
	blocks map[string]DomainBlock
	allows map[string]bool
}

// NormalDomain is domain as it is kept: lower case, without scheme, path and space around.
func NormalDomain(domain string) string {
	domain = strings.ToLower(strings.TrimSpace(domain))
	if _, rest, ok := strings.Cut(domain, "://"); ok {
		domain = rest
	}
	domain, _, _ = strings.Cut(domain, "/")
	return strings.Trim(domain, ".")
}

// compared is domain in the form in which names are compared: in ASCII, or another spelling that leads to the same server
// would escape what was decided about it.
func compared(domain string) string {
	domain = NormalDomain(domain)
	end := len(domain)
	if i := strings.LastIndexByte(domain, ':'); i > strings.LastIndexByte(domain, ']') {
		end = i // a port
	}
	return strings.Trim(richtext.ASCIIDomain(domain[:end]), ".") + domain[end:]
}

// Forget makes the next question read anew.
func (d *Domains) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.loaded = false
}

// Block is what was decided about domain (host[:port]): the block of the longest name that domain is or ends in. The zero
// block when there is none.
func (d *Domains) Block(ctx context.Context, domain string) (DomainBlock, error) {
	if d == nil || domain == "" {
		return DomainBlock{}, nil
	}
	if err := d.load(ctx); err != nil {
		return DomainBlock{}, err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, name := range suffixes(compared(domain)) {
		if b, ok := d.blocks[name]; ok {
			return b, nil
		}
	}
	return DomainBlock{}, nil
}

// Refused reports whether nothing may pass between this server and domain: it is suspended, or not allowed under limited
// federation. This server itself never is.
func (d *Domains) Refused(ctx context.Context, domain string) (bool, error) {
	domain = compared(domain)
	if d == nil || domain == "" || domain == strings.ToLower(d.Own) {
		return false, nil
	}
	if d.Limited {
		if err := d.load(ctx); err != nil {
			return false, err
		}
		d.mu.RLock()
		defer d.mu.RUnlock()
		return !d.allows[domain] && !d.allows[withoutPort(domain)], nil
	}
	b, err := d.Block(ctx, domain)
	return b.Severity == SeveritySuspend, err
}

// RefusedURI is Refused for the host of an address, or of a handle like "acct:user@domain".
func (d *Domains) RefusedURI(ctx context.Context, uri string) (bool, error) {
	return d.Refused(ctx, HostOf(uri))
}

// RejectsMedia reports whether pictures, films, sounds and emojis of domain are not to be shown or downloaded here.
func (d *Domains) RejectsMedia(ctx context.Context, domain string) (bool, error) {
	b, err := d.Block(ctx, domain)
	return b.RejectMedia, err
}

// HostOf is the host[:port] of an address, or the domain of an acct: address; "" when it has none.
func HostOf(uri string) string {
	if rest, ok := strings.CutPrefix(strings.ToLower(uri), "acct:"); ok {
		return rest[strings.LastIndexByte(rest, '@')+1:]
	}
	uri, _, _ = strings.Cut(uri, "#") // whatever a fragment is, the host counts
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Host
}

func (d *Domains) load(ctx context.Context) error {
	d.mu.RLock()
	loaded := d.loaded
	d.mu.RUnlock()
	if loaded {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.loaded {
		return nil
	}
	blocks, err := d.Store.AllDomainBlocks(ctx)
	if err != nil {
		return err
	}
	allows, err := d.Store.AllDomainAllows(ctx)
	if err != nil {
		return err
	}
	d.blocks, d.allows = make(map[string]DomainBlock, len(blocks)), make(map[string]bool, len(allows))
	for _, b := range blocks {
		d.blocks[compared(b.Domain)] = b
	}
	for _, a := range allows {
		d.allows[compared(a.Domain)] = true
	}
	d.loaded = true
	return nil
}

// suffixes are the names under which domain may be decided about, the longest first: itself, itself without its port,
// then what remains when labels are taken off.
func suffixes(domain string) []string {
	out := []string{domain}
	if host := withoutPort(domain); host != domain {
		domain = host
		out = append(out, host)
	}
	if net.ParseIP(strings.Trim(domain, "[]")) != nil {
		return out
	}
	for {
		_, rest, ok := strings.Cut(domain, ".")
		if !ok {
			return out
		}
		out, domain = append(out, rest), rest
	}
}

func withoutPort(domain string) string {
	if host, _, err := net.SplitHostPort(domain); err == nil {
		return host
	}
	return domain
}

// StricterThan reports whether b says more against a server than other does.
func (b DomainBlock) StricterThan(other DomainBlock) bool {
	rank := map[Severity]int{SeverityNoop: 0, SeveritySilence: 1, SeveritySuspend: 2}
	switch {
	case rank[b.Severity] != rank[other.Severity]:
		return rank[b.Severity] > rank[other.Severity]
	case b.Severity == SeveritySuspend:
		return false
	}
	return (b.RejectMedia || !other.RejectMedia) && (b.RejectReports || !other.RejectReports)
}
