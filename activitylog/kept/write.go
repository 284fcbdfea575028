package kept

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
)

// line is one line of a kept log. Exactly one field is set, apart from the two that go with an entry.
type line struct {
	// Server begins the log of one server; what follows is its own.
	Server *server `json:"server,omitempty"`
	// Body is a body, before the first entry that has it, in any log.
	Body    *body              `json:"body,omitempty"`
	Entry   *activitylog.Entry `json:"entry,omitempty"`
	Excerpt string             `json:"excerpt,omitempty"` // of the entry; its own JSON leaves it out
	Fact    *activitylog.Fact  `json:"fact,omitempty"`    // about the server, not about an entry
}

// server says whose log follows, and in which run: "" is the file itself, else the title of a vary.
type server struct {
	Run   string            `json:"run"`
	Name  string            `json:"name"`
	Host  string            `json:"host"`
	Names map[string]string `json:"names,omitempty"` // usernames by the addresses of actors
	// What the log of a server cannot tell; see knowledge.Server.
	Lists     bool `json:"lists_everyone,omitempty"`
	Community bool `json:"community,omitempty"`
}

type body struct {
	SHA256 string `json:"sha256"`
	Bytes  []byte `json:"bytes"`
}

// ErrTooBig says that a log has more bytes than may be kept.
var ErrTooBig = errors.New("the log is too big to be kept")

// Writer gathers the logs of a run.
type Writer struct {
	Most   int // bytes before compression
	buffer bytes.Buffer
	zip    *gzip.Writer
	size   int
	bodies map[string]bool
}

// NewWriter refuses what is longer than most bytes, before it is compressed.
func NewWriter(most int) *Writer {
	w := &Writer{Most: most, bodies: map[string]bool{}}
	w.zip = gzip.NewWriter(&w.buffer)
	return w
}

// Bytes ends the log and returns it.
func (w *Writer) Bytes() ([]byte, error) {
	if err := w.zip.Close(); err != nil {
		return nil, fmt.Errorf("compress a log: %w", err)
	}
	return w.buffer.Bytes(), nil
}

// Add appends all that the log holds, and what is known of its servers besides.
func (w *Writer) Add(ctx context.Context, run string, log *activitylog.Log, known []knowledge.Server) error {
	names := log.Names()
	for _, s := range log.Instances() {
		ids, err := idsOf(ctx, s)
		if err != nil {
			return fmt.Errorf("keep the log of %s: %w", s.Name, err)
		}
		var entries []activitylog.Entry
		head := server{Run: run, Name: s.Name, Host: s.Host, Names: map[string]string{}}
		if i := slices.IndexFunc(known, func(k knowledge.Server) bool { return k.Name == s.Name }); i >= 0 {
			head.Lists, head.Community = known[i].ListsEveryone, known[i].Community
		}
		for _, id := range ids {
			e, err := s.Entry(ctx, id)
			if err != nil {
				return fmt.Errorf("keep entry %d of %s: %w", id, s.Name, err)
			}
			entries = append(entries, e)
			for _, actor := range []string{e.Exchange.Activity.Actor, e.Exchange.Activity.Object, e.State.Author, e.State.Carrier} {
				if name := names.Username(actor); actor != "" && name != "" {
					head.Names[actor] = name
				}
			}
		}
		if err := w.write(line{Server: &head}); err != nil {
			return err
		}
		for _, e := range entries {
			if err := w.entry(e); err != nil {
				return err
			}
		}
		if err := w.facts(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// idsOf are the ids of all entries, oldest first.
func idsOf(ctx context.Context, s activitylog.Source) ([]activitylog.ID, error) {
	var ids []activitylog.ID
	f := activitylog.Filter{Limit: activitylog.MaxLimit}
	for {
		page, err := s.Entries(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			ids = append(ids, e.Exchange.ID)
		}
		if len(page) < f.Limit {
			slices.Reverse(ids)
			return ids, nil
		}
		f.Before = ids[len(ids)-1]
	}
}

// entry writes e, and before it the bodies that were not written yet.
func (w *Writer) entry(e activitylog.Entry) error {
	bodies := []*activitylog.Content{&e.Exchange.Body}
	if e.Answer != nil {
		answer := *e.Answer
		e.Answer = &answer
		bodies = append(bodies, &answer.Body)
	}
	for _, b := range bodies {
		if len(b.Bytes) > 0 && !w.bodies[b.SHA256] {
			w.bodies[b.SHA256] = true
			if err := w.write(line{Body: &body{b.SHA256, b.Bytes}}); err != nil {
				return err
			}
		}
		b.Bytes = nil
	}
	return w.write(line{Entry: &e, Excerpt: e.Exchange.Activity.Excerpt})
}

// facts writes the facts that are about the server; those about entries went with these.
func (w *Writer) facts(ctx context.Context, s activitylog.Source) error {
	const atOnce = 1000
	for pos := int64(0); ; {
		page, err := s.FactsSince(ctx, pos, nil, atOnce)
		if err != nil {
			return err
		}
		for _, f := range page {
			pos = f.Pos
			if f.Exchange != 0 {
				continue
			}
			if err := w.write(line{Fact: &f}); err != nil {
				return err
			}
		}
		if len(page) < atOnce {
			return nil
		}
	}
}

func (w *Writer) write(l line) error {
	raw, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encode a line of the log: %w", err)
	}
	if w.size += len(raw) + 1; w.size > w.Most {
		return ErrTooBig
	}
	_, err = w.zip.Write(append(raw, '\n'))
	return err
}
