package kept_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"orrery/activitylog"
	"orrery/activitylog/kept"
	"orrery/activitylog/knowledge"
)

// Whatever is found where a log was kept: it is no log, or one that can be read and told in words.
func FuzzRead(f *testing.F) {
	const server = `{"server":{"run":"","name":"alpha","host":"alpha.test","names":{"https://alpha.test/users/alice":"alice"}}}` + "\n"
	f.Add([]byte(server + `{"body":{"sha256":"a","bytes":"e30="}}` + "\n" +
		`{"entry":{"Pos":1,"Exchange":{"ID":1,"Instance":"alpha","Direction":"in","Kind":"delivery","Peer":"p.test","Method":"POST","URL":"https://alpha.test/inbox","Body":{"SHA256":"a"}},"Facts":[{"Kind":"verified","Rule":"sig.ok","Detail":{"report":{"covered":[null]}}},{"Kind":"decided","Rule":"drop.duplicate","Detail":{"outcome":"dropped"}}]}}`))
	f.Add([]byte(server + `{"entry":{"Exchange":{"ID":-1,"Direction":"out","Header":[{}]},"Facts":[{"Kind":"verified","Detail":[]},{"Kind":"queued","Detail":{"for":7}}],"Answer":{"Status":-1}}}` + "\n" +
		`{"fact":{"Pos":-1,"Kind":"learned","Object":"https://alpha.test/1","Detail":null}}`))
	f.Add([]byte(`{"fact":{}}`))
	f.Fuzz(func(t *testing.T, lines []byte) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(lines) // a buffer takes everything
		_ = z.Close()
		logs, err := kept.Read(packed.Bytes())
		if err != nil {
			return
		}
		ctx := t.Context()
		for _, l := range logs {
			page, err := l.Entries(ctx, activitylog.Filter{Limit: activitylog.MaxLimit})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page {
				if words := activitylog.Sentence(e, l.Names()); words == "" || !utf8.ValidString(words) {
					t.Errorf("entry %d is told as %q", e.Exchange.ID, words)
				}
				if _, err := json.Marshal(activitylog.FullOf(e, page, l.Names())); err != nil {
					t.Errorf("entry %d as JSON: %v", e.Exchange.ID, err)
				}
			}
			r := knowledge.NewRecord(l.Log)
			if err := r.Read(ctx); err != nil {
				t.Fatal(err)
			}
			posts := r.Posts(knowledge.Now)
			r.Matrix(posts, knowledge.Now)
			for _, uri := range posts[:min(len(posts), 3)] {
				r.Thread(uri)
				if _, err := r.Why(ctx, knowledge.Question{Object: uri, Server: "alpha"}, l.Names()); err != nil && !errors.Is(err, knowledge.ErrUnknown) {
					t.Errorf("why %q is there or not: %v", uri, err)
				}
			}
		}
	})
}
