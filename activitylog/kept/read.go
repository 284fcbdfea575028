package kept

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
)

// Log is the log of one run of a file, as if its servers were still there.
type Log struct {
	Run string // "" is the file itself, else the title of a vary
	*activitylog.Log
	Known []knowledge.Server // what the log cannot tell of its servers
}

// Read reads what a Writer wrote: the runs in the order in which they were added.
func Read(data []byte) ([]Log, error) {
	unzip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read a kept log: %w", err)
	}
	var logs []Log
	var sources []*source
	var named [][]activitylog.Named
	bodies := map[string][]byte{}
	for d := json.NewDecoder(unzip); ; {
		var l line
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read a line of a kept log: %w", err)
		}
		if l.Server == nil && l.Body == nil && len(sources) == 0 {
			return nil, errors.New("a kept log begins with an entry of no server")
		}
		switch {
		case l.Server != nil:
			if len(logs) == 0 || logs[len(logs)-1].Run != l.Server.Run {
				logs, named = append(logs, Log{Run: l.Server.Run}), append(named, nil)
			}
			s := &source{names: l.Server.Names, bodies: bodies, byID: map[activitylog.ID]int{}, byPair: map[string][]int{}}
			sources = append(sources, s)
			n := len(logs) - 1
			logs[n].Known = append(logs[n].Known, knowledge.Server{Name: l.Server.Name, ListsEveryone: l.Server.Lists, Community: l.Server.Community})
			named[n] = append(named[n], activitylog.Named{Name: l.Server.Name, Host: l.Server.Host, Source: s})
		case l.Body != nil:
			bodies[l.Body.SHA256] = l.Body.Bytes
		case l.Entry != nil:
			l.Entry.Exchange.Activity.Excerpt = l.Excerpt
			sources[len(sources)-1].add(*l.Entry)
		case l.Fact != nil:
			s := sources[len(sources)-1]
			s.facts = append(s.facts, *l.Fact)
		}
	}
	for _, s := range sources {
		slices.SortFunc(s.facts, func(a, b activitylog.Fact) int { return cmp.Compare(a.Pos, b.Pos) })
	}
	for i := range logs {
		logs[i].Log = activitylog.NewLog(nil, named[i]...)
	}
	return logs, nil
}

// source is the log of one server, in memory. Nothing in it changes, so it may be read by many at once.
type source struct {
	entries []activitylog.Entry // by id; without bytes of bodies
	facts   []activitylog.Fact  // by position, those of entries too
	byID    map[activitylog.ID]int
	byPair  map[string][]int
	names   map[string]string
	bodies  map[string][]byte // of the whole run
}

var (
	_ activitylog.Source = (*source)(nil)
	_ activitylog.Namer  = (*source)(nil)
)

func (s *source) add(e activitylog.Entry) {
	n := len(s.entries)
	s.byID[e.Exchange.ID] = n
	if e.Exchange.Pair != "" {
		s.byPair[e.Exchange.Pair] = append(s.byPair[e.Exchange.Pair], n)
	}
	s.entries = append(s.entries, e)
	s.facts = append(s.facts, e.Facts...)
}

// whole is an entry with its bodies.
func (s *source) whole(n int) activitylog.Entry {
	e := s.entries[n]
	e.Exchange.Body.Bytes = s.bodies[e.Exchange.Body.SHA256]
	if e.Answer != nil {
		answer := *e.Answer
		answer.Body.Bytes = s.bodies[answer.Body.SHA256]
		e.Answer = &answer
	}
	return e
}

// Entry implements activitylog.Source.
func (s *source) Entry(_ context.Context, id activitylog.ID) (activitylog.Entry, error) {
	n, ok := s.byID[id]
	if !ok {
		return activitylog.Entry{}, activitylog.ErrNoEntry
	}
	return s.whole(n), nil
}

// EntryByPair implements activitylog.Source.
func (s *source) EntryByPair(_ context.Context, pair string, d activitylog.Direction) (activitylog.Entry, error) {
	for _, n := range s.byPair[pair] {
		if s.entries[n].Exchange.Direction == d {
			return s.whole(n), nil
		}
	}
	return activitylog.Entry{}, activitylog.ErrNoEntry
}

// FactsAbout implements activitylog.Source.
func (s *source) FactsAbout(_ context.Context, object string) ([]activitylog.Fact, error) {
	var found []activitylog.Fact
	for _, f := range s.facts {
		if f.Object == object {
			found = append(found, f)
		}
	}
	return found, nil
}

// FactsSince implements activitylog.Source.
func (s *source) FactsSince(_ context.Context, pos int64, kinds []string, limit int) ([]activitylog.Fact, error) {
	from, _ := slices.BinarySearchFunc(s.facts, pos+1, func(f activitylog.Fact, pos int64) int { return cmp.Compare(f.Pos, pos) })
	var found []activitylog.Fact
	for _, f := range s.facts[from:] {
		if len(found) == limit {
			break
		}
		if len(kinds) == 0 || slices.Contains(kinds, f.Kind) {
			found = append(found, f)
		}
	}
	return found, nil
}

// LastPosition implements activitylog.Source.
func (s *source) LastPosition(context.Context) (int64, error) {
	last := int64(0)
	if len(s.facts) > 0 {
		last = s.facts[len(s.facts)-1].Pos
	}
	for _, e := range s.entries {
		last = max(last, e.Pos)
	}
	return last, nil
}

// Username implements activitylog.Namer.
func (s *source) Username(_ context.Context, uri string) (string, error) { return s.names[uri], nil }
