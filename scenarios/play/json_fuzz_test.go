package play

import (
	"bytes"
	"testing"
)

// Whatever JSON somebody sends for a script: it is refused, or becomes a script in canonical form that says the same as JSON.
func FuzzDecode(f *testing.F) {
	for _, src := range shipped(f) {
		tree, _ := Load("f.play", src, vocabulary()) // rules that the vocabulary of the test lacks are mistakes, and stay in the tree
		data, err := Encode(tree)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"title":"x\ny","headers":[{"name":"policy"}],"blocks":[null,{"kind":"step","lines":[{"kind":"post","text":"\u0000"}]}]}`))
	f.Add([]byte(`{"blocks":[[]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, script, ps, err := Decode("f.play", data, vocabulary())
		if err != nil || len(ps) > 0 {
			ps.Format(script)
			return
		}
		tree, ps := Load("f.play", script, vocabulary())
		if len(ps) > 0 {
			t.Fatalf("what was taken has mistakes: %v\n%s", ps, script)
		}
		if again := Format(tree); !bytes.Equal(again, script) {
			t.Fatalf("the script is not in canonical form:\n%q\n%q", script, again)
		}
	})
}
