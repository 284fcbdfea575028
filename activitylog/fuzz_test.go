package activitylog_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"orrery/activitylog"
)

// Whatever body a stranger sends: what lists say of it is short text that databases take.
func FuzzSummarize(f *testing.F) {
	f.Add([]byte(`{"id":"https://p.test/1","type":["Create"],"actor":{"id":"https://p.test/p"},"to":"as:Public","object":{"id":"x","type":"Note","content":"\u0000<p>","inReplyTo":[{"id":"y"}]}}`))
	f.Add([]byte(`{"id":1,"type":null,"actor":[[]],"to":{"a":1},"cc":[1,"as:Public"],"object":{"content":"\ud800"}}`))
	f.Add([]byte(`{"type":"Undo","object":{"type":"Follow","object":"x","inReplyTo":"y"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := activitylog.Summarize(body)
		for _, words := range append(append([]string{s.ID, s.Type, s.Actor, s.Object, s.ObjectType, s.InReplyTo, s.Excerpt}, s.To...), s.Cc...) {
			if len(words) > 2048 || strings.ContainsRune(words, 0) || !utf8.ValidString(words) {
				t.Errorf("%q of %d bytes", words[:min(len(words), 60)], len(words))
			}
		}
		if len(s.To) > 50 || len(s.Cc) > 50 {
			t.Errorf("%d and %d addresses", len(s.To), len(s.Cc))
		}
		activitylog.Plain(string(body), 80)
	})
}
