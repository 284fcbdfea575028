package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"orrery/social"
)

// listless is a store in which nobody has a list; nothing else of it is asked.
type listless struct{ social.Tx }

func (listless) ListByID(_ context.Context, _, id social.ID) (social.List, error) {
	return social.List{}, fmt.Errorf("list %d: %w", id, social.ErrNotFound)
}

// Whatever a program sends over a WebSocket: it begins one stream at most, or is told why it does not.
func FuzzObey(f *testing.F) {
	for _, frame := range []string{
		`{"type":"subscribe","stream":"public"}`, `{"type":"subscribe","stream":"hashtag","tag":"#Go"}`, `{"type":"unsubscribe","stream":"user"}`,
		`{"type":"subscribe","stream":"list","list":1e300}`, `{"type":"subscribe","stream":"list","list":[[{"a":null}]]}`, `[]`, `"`, `{"type":7}`,
	} {
		f.Add([]byte(frame), true)
	}
	f.Fuzz(func(t *testing.T, frame []byte, reads bool) {
		token := social.Token{AccountID: 1, Scopes: "push"}
		if reads {
			token.Scopes = "read"
		}
		h := &Hub{Store: listless{}}
		l, err := h.open(token, "")
		if err != nil {
			t.Fatal(err)
		}
		s := &socket{listener: l}
		for range 2 { // the second time it changes nothing
			s.obey(t.Context(), frame)
		}
		if len(l.streams) > 1 || len(l.streams) > 0 && !reads || len(l.streams)*2+len(l.out) > 2 {
			t.Errorf("%d streams and %d answers", len(l.streams), len(l.out))
		}
		for range len(l.out) {
			var told struct {
				Error  string
				Status int
			}
			if m := <-l.out; json.Unmarshal(m.frame, &told) != nil || told.Error == "" || told.Status < 400 || len(told.Error) > len(frame)*6+200 {
				t.Errorf("told %s", m.frame)
			}
		}
		l.close()
		if len(h.byKey) != 0 {
			t.Errorf("%d streams are left", len(h.byKey))
		}
	})
}
