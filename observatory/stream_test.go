package observatory

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

type event struct{ id, name, data string }

// listen opens a stream and returns its events; the channel is closed when the stream ends.
func listen(t testing.TB, url string, header ...string) (<-chan event, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("GET %s: status %d, %s", url, res.StatusCode, res.Header.Get("Content-Type"))
	}
	events := make(chan event, 1000)
	go func() {
		defer close(events)
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 4<<20)
		var e event
		var data []string
		for lines.Scan() {
			field, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch field {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				data = append(data, value)
			case "":
				if lines.Text() == "" && data != nil {
					e.data = strings.Join(data, "\n")
					events <- e
					e, data = event{}, nil
				}
			}
		}
	}()
	return events, cancel
}

func next(t testing.TB, events <-chan event) event {
	t.Helper()
	select {
	case e, open := <-events:
		if !open {
			t.Fatal("the stream ended, want another event")
		}
		return e
	case <-t.Context().Done():
		t.Fatal("no event")
	}
	return event{}
}

func TestStreamBringsEntriesAndTheirChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	base := w.serve()
	events, _ := listen(t, base+"/api/orrery/v1/log/stream?server=academy")

	id := w.hostile("{\"type\":\"\xff\u2028\r\n\ndata: x\"}")
	e := next(t, events)
	var row activitylog.Row
	if err := json.Unmarshal([]byte(e.data), &row); err != nil {
		t.Fatalf("event %q: %v", e.data, err)
	}
	if e.name != "entry" || row.ID != id.String() || e.id != row.Pos {
		t.Errorf("event %s %s has entry %s at %s, want entry %d and its position as id", e.name, e.id, row.ID, row.Pos, id)
	}
	w.decide("masto", s.taken, observe.Decided{Rule: rules.DropUnrelated, Outcome: observe.Dropped})
	w.decide("academy", s.refused, observe.Decided{Rule: rules.DropUnrelated, Outcome: observe.Dropped})
	changed := next(t, events)
	if err := json.Unmarshal([]byte(changed.data), &row); err != nil || row.ID != s.refused.String() || row.Outcome != "dropped" {
		t.Errorf("after a change of academy's entry %d came %s (%v), want it again, dropped", s.refused, changed.data, err)
	}

	resumed, _ := listen(t, base+"/api/orrery/v1/log/stream?server=academy", "Last-Event-ID", e.id)
	if got := next(t, resumed); got.id != changed.id {
		t.Errorf("resumed after %s: first event %s, want %s", e.id, got.id, changed.id)
	}
	since, _ := listen(t, base+"/api/orrery/v1/log/stream?server=academy&since="+e.id)
	if got := next(t, since); got.id != changed.id {
		t.Errorf("since %s: first event %s, want %s", e.id, got.id, changed.id)
	}
	whole, _ := listen(t, base+"/api/orrery/v1/log/stream?since=0")
	last := int64(0)
	for range 10 {
		pos := atoi(t, next(t, whole).id)
		if pos <= last {
			t.Errorf("position %d after %d, want them to grow across servers", pos, last)
		}
		last = pos
	}
}

func TestStreamMissesNothingInABurst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events, _ := listen(t, w.serve()+"/api/orrery/v1/log/stream?since=0&server=masto")
	w.fanOut(350)
	seen := map[string]bool{}
	for len(seen) < 350 {
		var row activitylog.Row
		e := next(t, events)
		if err := json.Unmarshal([]byte(e.data), &row); err != nil {
			t.Fatalf("event %+v: %v", e, err)
		}
		seen[row.ID] = true
	}
}

func TestRowStreamTellsBothSidesInOneRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.story()
	events, _ := listen(t, w.serve()+"/lab/log/stream?server=")
	w.decide("masto", s.taken, observe.Decided{Rule: rules.DropUnrelated, Outcome: observe.Dropped})
	ids, _ := rowsOf(t, next(t, events).data)
	if len(ids) != 1 || ids[0] != s.forwarded.String() {
		t.Errorf("after masto's decision came rows %v, want the sender's row %d again", ids, s.forwarded)
	}
	w.look("masto", "techhub", activitylog.Key, "/users/blaine", rules.FetchKey, s.taken, s.taken)
	if _, folds := rowsOf(t, next(t, events).data); len(folds) != 1 || folds[0] != "lookups-masto" {
		t.Errorf("a look-up came as folds %v, want lookups-masto", folds)
	}
}

func TestTraceStreamGrows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events, _ := listen(t, w.serve()+"/lab/trace/stream?actor="+actor("berta", "techhub"))
	if first := next(t, events); first.name != "trace" || !strings.Contains(first.data, "Write a post") {
		t.Errorf("first event %s: %s, want the empty panel", first.name, first.data)
	}
	w.story()
	for {
		if e := next(t, events); strings.Contains(e.data, "academy passed berta’s reply") {
			break
		}
	}
}

func TestStreamsEndWhenTheServerStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := w.serve()
	var all []<-chan event
	for _, path := range []string{"/api/orrery/v1/log/stream", "/lab/log/stream", "/lab/trace/stream?actor=x"} {
		events, _ := listen(t, base+path)
		all = append(all, events)
	}
	w.halt()
	for _, events := range all {
		for open := true; open; {
			select {
			case _, open = <-events:
			case <-time.After(time.Minute):
				t.Fatal("a stream is open ten seconds after the stop")
			}
		}
	}
}

func TestResetIsToldToListeners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.story()
	events, _ := listen(t, w.serve()+"/api/orrery/v1/log/stream")
	w.o.Log.Replace()
	w.signal.Notify()
	if e := next(t, events); e.name != "reset" || e.id != "0" {
		t.Errorf("after the log began anew came %+v, want a reset to position 0", e)
	}
}

// A page that is far behind is told to load anew; a program that reads the stream misses nothing, however far behind it is.
func TestStream_farBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.o.far = 3
	base := w.serve()
	w.fanOut(8)
	rows, _ := listen(t, base+"/lab/log/stream?since=1")
	if e := next(t, rows); e.name != "reset" || e.id == "1" {
		t.Errorf("a page: got %+v, want it told to load anew", e)
	}
	entries, _ := listen(t, base+"/api/orrery/v1/log/stream?since=1")
	if e := next(t, entries); e.name == "reset" {
		t.Errorf("a program: got %+v, want entries", e)
	}
}
