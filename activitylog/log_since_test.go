package activitylog_test

import (
	"context"
	"slices"
	"testing"

	"orrery/activitylog"
	"orrery/federation/observe"
)

// racing is the log of an instance in which something is committed while a reader goes from instance to instance.
type racing struct {
	activitylog.Source
	positions []int64
	read      func() // called after this instance was read
}

func (r *racing) LastPosition(context.Context) (int64, error) {
	if len(r.positions) == 0 {
		return 0, nil
	}
	return r.positions[len(r.positions)-1], nil
}

func (r *racing) Entries(_ context.Context, f activitylog.Filter) ([]activitylog.Entry, error) {
	var found []activitylog.Entry
	for _, p := range r.positions {
		if p > f.Since {
			found = append(found, activitylog.Entry{Pos: p, Exchange: activitylog.Exchange{ID: observe.ExchangeID(p)}})
		}
	}
	if r.read != nil {
		r.read()
	}
	return found, nil
}

func (*racing) FactsAbout(context.Context, string) ([]activitylog.Fact, error) { return nil, nil }

// TestEntries_since_loses_nothing lets one instance commit 11 after it was read, and another 12 before it is: a reader that
// saw 12 would go on from there and never see 11.
func TestEntries_since_loses_nothing(t *testing.T) {
	t.Parallel()
	a, b := &racing{positions: []int64{9, 10}}, &racing{}
	once := false
	a.read = func() {
		if !once {
			once = true
			a.positions = append(a.positions, 11)
			b.positions = append(b.positions, 12)
		}
	}
	l := activitylog.NewLog(nil, activitylog.Named{Name: "a", Source: a}, activitylog.Named{Name: "b", Source: b})
	at, seen := int64(8), []int64{}
	for range 3 {
		found, err := l.Entries(context.Background(), activitylog.Filter{Since: at})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range found {
			seen, at = append(seen, e.Pos), e.Pos
		}
	}
	if want := []int64{9, 10, 11, 12}; !slices.Equal(seen, want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
}
