package activitylog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"orrery/federation/observe"
)

// ID names an entry, for readers that know nothing of federation.
type ID = observe.ExchangeID

// Limits of one page of the log.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Named is the log of one instance, with the names by which people and other servers know it.
type Named struct {
	Name string // "academy"
	Host string // host[:port], as in URLs
	Source
}

// Waker tells readers that something was appended; broadcast.Signal is one.
type Waker interface {
	Subscribe() (wake <-chan struct{}, cancel func())
}

// Log is the merged log of several instances, in the order in which they are shown. Positions are shared by all of them
// (contracts.md 12), so one number says how far a reader has come. Safe for concurrent use.
type Log struct {
	waker Waker

	mu        sync.RWMutex
	sources   []Named
	reasons   reasons
	usernames usernames
}

// NewLog merges sources, which share their positions. waker may be nil when nobody follows live.
func NewLog(waker Waker, sources ...Named) *Log { return &Log{waker: waker, sources: sources} }

// Replace swaps the instances, as a lab does when it starts afresh.
func (l *Log) Replace(sources ...Named) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sources = sources
	l.reasons.forget()
	l.usernames.forget()
}

// Subscribe wakes after something was appended; read only after subscribing.
func (l *Log) Subscribe() (wake <-chan struct{}, cancel func()) {
	if l.waker == nil {
		return nil, func() {}
	}
	return l.waker.Subscribe()
}

// Names resolves addresses to the words that people use for the instances of this log.
func (l *Log) Names() Names {
	n := Names{Servers: map[string]string{}, Username: l.username}
	for _, s := range l.all() {
		n.Servers[strings.ToLower(s.Host)] = s.Name
	}
	return n
}

// Hosts are the hosts of the instances, in order.
func (l *Log) Hosts() []string {
	var hosts []string
	for _, s := range l.all() {
		hosts = append(hosts, s.Host)
	}
	return hosts
}

// Instances are the logs that are merged here, in the order in which they are shown.
func (l *Log) Instances() []Named { return slices.Clone(l.all()) }

func (l *Log) all() []Named {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.sources
}

// Entries returns the entries that f selects, newest first; with Since, in the order in which they last changed; with
// After alone, the page just above it. A delivery comes with the fact that explains why it is made, see reasons.
func (l *Log) Entries(ctx context.Context, f Filter) ([]Entry, error) {
	f.Limit = limit(f.Limit)
	horizon, err := l.horizon(ctx, f)
	if err != nil {
		return nil, err
	}
	var merged []Entry
	for _, s := range l.all() {
		if f.Server != "" && f.Server != s.Name && !strings.EqualFold(f.Server, s.Host) {
			continue
		}
		own := f
		own.Server, own.Wire = "", [2]string{}
		if f.Wire != [2]string{} {
			other, there := l.farEnd(f.Wire, s.Name)
			if !there {
				continue
			}
			own.Peer = other
		}
		found, err := s.Entries(ctx, own)
		if err != nil {
			return nil, fmt.Errorf("read log of %s: %w", s.Name, err)
		}
		for i := range found {
			if found[i].Pos > horizon {
				continue
			}
			found[i].Exchange.Instance = s.Name
			l.reasons.attach(ctx, s, &found[i])
			merged = append(merged, found[i])
		}
	}
	slices.SortStableFunc(merged, func(a, b Entry) int {
		if f.Since > 0 {
			return cmp.Compare(a.Pos, b.Pos)
		}
		return cmp.Compare(b.Exchange.ID, a.Exchange.ID)
	})
	if extra := len(merged) - f.Limit; extra > 0 && f.After != 0 && f.Before == 0 && f.Since == 0 {
		return merged[extra:], nil // the page just above After, as a Source gives it
	}
	return merged[:min(len(merged), f.Limit)], nil
}

// farEnd is the host at the other end of a wire that ends at an instance; false when it does not, or ends nowhere.
func (l *Log) farEnd(wire [2]string, name string) (host string, ok bool) {
	for i, end := range wire {
		if end != name {
			continue
		}
		for _, s := range l.all() {
			if s.Name == wire[1-i] {
				return s.Host, true
			}
		}
	}
	return "", false
}

// horizon is how far a reader that goes on from a position may look. The instances are read one after the other: without it
// a position that one of them commits after it was read would be passed over for good, once another's later one is seen. All
// up to a position that is visible anywhere are visible everywhere (contracts.md 12).
func (l *Log) horizon(ctx context.Context, f Filter) (int64, error) {
	if f.Since <= 0 {
		return math.MaxInt64, nil
	}
	return l.LastPosition(ctx)
}

// Entry returns one entry with its bodies, or ErrNoEntry.
func (l *Log) Entry(ctx context.Context, id ID) (Entry, error) {
	for _, s := range l.all() {
		e, err := s.Entry(ctx, id)
		if errors.Is(err, ErrNoEntry) {
			continue
		}
		if err != nil {
			return Entry{}, fmt.Errorf("read entry %d of %s: %w", id, s.Name, err)
		}
		e.Exchange.Instance = s.Name
		l.reasons.attach(ctx, s, &e)
		return e, nil
	}
	return Entry{}, fmt.Errorf("entry %d: %w", id, ErrNoEntry)
}

// Counterpart returns the same request as the other side recorded it, or ErrNoEntry when the other side keeps no log here.
func (l *Log) Counterpart(ctx context.Context, e Entry) (Entry, error) {
	other := In
	switch e.Exchange.Direction {
	case In:
		other = Out
	case Local:
		return Entry{}, fmt.Errorf("other side of local action %d: %w", e.Exchange.ID, ErrNoEntry)
	}
	if e.Exchange.Pair == "" {
		return Entry{}, fmt.Errorf("other side of entry %d: %w", e.Exchange.ID, ErrNoEntry)
	}
	for _, s := range l.all() {
		if s.Name == e.Exchange.Instance || (other == In && !strings.EqualFold(s.Host, e.Exchange.Peer)) {
			continue
		}
		found, err := s.EntryByPair(ctx, e.Exchange.Pair, other)
		if errors.Is(err, ErrNoEntry) {
			continue
		}
		if err != nil {
			return Entry{}, fmt.Errorf("read other side of entry %d on %s: %w", e.Exchange.ID, s.Name, err)
		}
		found.Exchange.Instance = s.Name
		l.reasons.attach(ctx, s, &found)
		return found, nil
	}
	return Entry{}, fmt.Errorf("other side of entry %d: %w", e.Exchange.ID, ErrNoEntry)
}

// Effects returns the entries that id led to directly, oldest first, at most MaxLimit.
func (l *Log) Effects(ctx context.Context, id ID) ([]Entry, error) {
	found, err := l.Entries(ctx, Filter{Cause: id, Limit: MaxLimit})
	slices.Reverse(found)
	return found, err
}

// LastPosition is the newest position of any instance.
func (l *Log) LastPosition(ctx context.Context) (int64, error) {
	var last int64
	for _, s := range l.all() {
		pos, err := s.LastPosition(ctx)
		if err != nil {
			return 0, fmt.Errorf("read last position of %s: %w", s.Name, err)
		}
		last = max(last, pos)
	}
	return last, nil
}

func limit(n int) int {
	if n <= 0 {
		return DefaultLimit
	}
	return min(n, MaxLimit)
}
