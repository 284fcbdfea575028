package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// elsewhere is a server of the test that takes everything and counts it.
type elsewhere struct {
	*httptest.Server
	mu     sync.Mutex
	byURL  map[string]int
	ids    map[string]bool
	total  int
	alarms []alarm
}

type alarm struct {
	total, distinct int
	rings           chan struct{}
}

func newElsewhere(t *testing.T) *elsewhere {
	e := &elsewhere{byURL: map[string]int{}, ids: map[string]bool{}}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var activity struct{ ID string }
		if r.Method == http.MethodPost && json.NewDecoder(r.Body).Decode(&activity) == nil {
			e.arrived(e.URL+r.URL.Path, activity.ID)
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *elsewhere) arrived(inbox, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.byURL[inbox]++
	e.ids[id] = true
	e.total++
	for i, a := range e.alarms {
		if a.rings != nil && e.total >= a.total && len(e.byURL) >= a.distinct {
			close(a.rings)
			e.alarms[i].rings = nil
		}
	}
}

func (e *elsewhere) set(a alarm) <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	rings := make(chan struct{})
	if e.total >= a.total && len(e.byURL) >= a.distinct {
		close(rings)
		return rings
	}
	a.rings = rings
	e.alarms = append(e.alarms, a)
	return rings
}

// when is closed after n arrivals, whenDistinct when n inboxes have something.
func (e *elsewhere) when(n int) <-chan struct{}         { return e.set(alarm{total: n}) }
func (e *elsewhere) whenDistinct(n int) <-chan struct{} { return e.set(alarm{distinct: n}) }

func (e *elsewhere) count(inbox string) int { e.mu.Lock(); defer e.mu.Unlock(); return e.byURL[inbox] }
func (e *elsewhere) distinct() int          { e.mu.Lock(); defer e.mu.Unlock(); return len(e.byURL) }
func (e *elsewhere) activities() int        { e.mu.Lock(); defer e.mu.Unlock(); return len(e.ids) }
func (e *elsewhere) repeated() int          { e.mu.Lock(); defer e.mu.Unlock(); return e.total - len(e.byURL) }

func waitFor(t *testing.T, done <-chan struct{}, what string, args ...any) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		t.Fatalf("waited 20 seconds for "+what, args...)
	}
}
