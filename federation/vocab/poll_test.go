package vocab_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/vocab"
)

func TestReadNote_poll(t *testing.T) {
	t.Parallel()
	const option = `{"type":"Note","name":"a","replies":{"type":"Collection","totalItems":3}}`
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	two := []vocab.Option{{Name: "a", Votes: 3}, {Name: "b"}}
	for _, tt := range []struct {
		name, doc string
		want      *vocab.Poll
	}{
		{"one of", `{"type":"Question","oneOf":[` + option + `,{"name":"b"}],"endTime":"2026-01-02T03:04:05Z","votersCount":4}`, &vocab.Poll{Options: two, End: at, Voters: 4}},
		{"any of", `{"type":["Question"],"anyOf":[` + option + `,{"content":"b"}]}`, &vocab.Poll{Options: two, Multiple: true, Voters: -1}},
		{"over", `{"type":"Question","oneOf":[` + option + `,{"nameMap":{"de":"b"}}],"endTime":"2027-01-01T00:00:00Z","closed":"2026-01-02T03:04:05Z"}`, &vocab.Poll{Options: two, End: at, Closed: true, Voters: -1}},
		{"over, since when it does not say", `{"type":"Question","oneOf":[` + option + `],"closed":true}`, &vocab.Poll{Options: two[:1], Closed: true, Voters: -1}},
		{"a lone option as an object, tallies hidden", `{"type":"Question","oneOf":{"name":"b","replies":{"totalItems":null}}}`, &vocab.Poll{Options: two[1:], Voters: -1}},
		{"strange", `{"type":"Question","oneOf":[1,null,{"name":7}],"endTime":5,"closed":7,"votersCount":"x"}`, &vocab.Poll{Options: make([]vocab.Option, 3)}},
		{"no option", `{"type":"Question"}`, nil},
		{"a note", `{"type":"Note","oneOf":[` + option + `]}`, nil},
	} {
		doc, err := vocab.Decode([]byte(tt.doc))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, vocab.ReadNote(doc).Poll); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// federation.md §14.3/76.
func TestReadNote_pollOfSixHundred(t *testing.T) {
	t.Parallel()
	var options []any
	for i := range 600 {
		options = append(options, map[string]any{"name": fmt.Sprint(i)})
	}
	p := vocab.ReadNote(vocab.Doc{"type": "Question", "oneOf": options}).Poll
	if len(p.Options) != 500 || p.Options[499].Name != "499" {
		t.Errorf("got %d options, want the first 500", len(p.Options))
	}
}
