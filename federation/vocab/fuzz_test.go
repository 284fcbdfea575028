package vocab_test

import (
	"errors"
	"testing"

	"orrery/federation/vocab"
	"orrery/fixtures"
)

// read reads doc and what it embeds as everything it might be. It must not panic, whatever doc is.
func read(doc vocab.Doc) (vocab.Activity, vocab.Note, vocab.Actor) {
	a := vocab.ReadActivity(doc)
	a.Signature()
	vocab.Items(doc)
	doc.SpeaksActivityStreams()
	if a.ObjectDoc != nil {
		vocab.ReadActivity(a.ObjectDoc)
		vocab.ReadNote(a.ObjectDoc)
		vocab.ReadActor(a.ObjectDoc)
	}
	n := vocab.ReadNote(doc)
	if n.Replies != nil {
		vocab.Items(n.Replies)
	}
	return a, n, vocab.ReadActor(doc)
}

func FuzzDecode(f *testing.F) {
	all, err := fixtures.All()
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(all); i += 20 {
		f.Add(all[i].RequestBody)
		f.Add(all[i].AnswerBody)
	}
	written, err := fixtures.Documents()
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range written {
		f.Add(d.Body)
	}
	f.Add([]byte(`{"type":["Note"],"tag":{"type":"Mention"},"contentMap":{"en":"x"},"publicKey":[{}],"replies":{"first":{}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := vocab.Decode(body)
		if err != nil {
			if !errors.Is(err, vocab.ErrMalformed) && !errors.Is(err, vocab.ErrNotObject) && !errors.Is(err, vocab.ErrTooDeep) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		_, note, actor := read(doc)
		if len(note.Mentions)+len(note.Hashtags) > 1000 || len(actor.Keys) > 10 || len(note.Attachments) > 100 || len(actor.Fields) > 50 || len(actor.AlsoKnownAs) > 256 {
			t.Errorf("got %d tags and %d keys, want at most 1000 and 10", len(note.Mentions)+len(note.Hashtags), len(actor.Keys))
		}
		again, err := vocab.Encode(doc)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if _, err := vocab.Decode(again); err != nil {
			t.Errorf("what was written cannot be read: %v\n%s", err, again)
		}
	})
}
