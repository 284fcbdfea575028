package play

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vocabulary is a small one, for messages that list what there is.
func vocabulary() Vocabulary {
	return Vocabulary{
		Policies: []string{"mastodon-4.1", "mastodon", "+relay"},
		Knobs: map[string]KnobType{
			"document-signature": {Kind: KnobBool},
			"forwarding":         {Kind: KnobBool},
			"replies-page":       {Kind: KnobEnum, Values: []string{"author", "everyone"}},
			"fetch-replies":      {Kind: KnobNumber},
			"clock":              {Kind: KnobDuration},
		},
		Rules: []string{"deliver.followers", "deliver.mention", "deliver.parent-author", "deliver.liked-author",
			"fetch.missing-ancestor", "forward.parent-followers", "why.no-route"},
	}
}

// frame is the smallest cast; line is the number of the first line after it.
const frame = `scenario "T"
servers
  academy runs mastodon-4.1
  techhub runs mastodon-4.1
people
  alice on academy
  berta on techhub
follows
  berta -> alice
step "One"
  alice posts "Hello" as hello
`

func shipped(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../*.play")
	if err != nil || len(names) == 0 {
		t.Fatalf("find the shipped scenarios: %v %v", names, err)
	}
	files := map[string][]byte{}
	for _, n := range names {
		src, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(n)] = src
	}
	return files
}

// tree is the JSON form without places, to compare trees whose lines moved.
func tree(t testing.TB, f *File) any {
	t.Helper()
	return plain(t, f)
}

func TestShippedScenarios(t *testing.T) {
	t.Parallel()
	for name, src := range shipped(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Whether the rules and knobs in it exist is a matter of package scenarios, which knows them.
			f, ps := Parse(name, src)
			if len(ps) > 0 {
				t.Fatalf("problems:\n%s", ps.Format(src))
			}
			once := Format(f)
			if diff := cmp.Diff(string(src), string(once)); diff != "" {
				t.Errorf("the shipped file is not in canonical form (-file +formatted):\n%s", diff)
			}
			again, ps := Parse(name, once)
			if len(ps) > 0 {
				t.Fatalf("problems after formatting:\n%s", ps.Format(once))
			}
			if diff := cmp.Diff(tree(t, f), tree(t, again)); diff != "" {
				t.Errorf("formatting changed the tree:\n%s", diff)
			}
			if twice := Format(again); !bytes.Equal(once, twice) {
				t.Errorf("formatting twice differs:\n%s", cmp.Diff(string(once), string(twice)))
			}
		})
	}
}

func TestFile_Contents(t *testing.T) {
	t.Parallel()
	f, ps := Load("forwarded-reply.play", shipped(t)["forwarded-reply.play"], vocabulary())
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	if got := f.Title(); got != "Replies are forwarded to followers" {
		t.Errorf("Title = %q", got)
	}
	if !f.VirtualTime() || f.Level() != "beginner" {
		t.Errorf("VirtualTime = %v, Level = %q; want true, beginner", f.VirtualTime(), f.Level())
	}
	if s, v := len(f.Steps()), len(f.Varies()); s != 3 || v != 1 {
		t.Fatalf("%d steps and %d varies; want 3 and 1", s, v)
	}
	vary := f.Varies()[0]
	if got := vary.Servers[0].String(); got != "techhub runs mastodon-4.1 with document-signature off" {
		t.Errorf("override = %q", got)
	}
	forward := f.Steps()[1].Lines[4].(*Assertion)
	d := forward.Condition.(*Delivery)
	if !d.Forward || d.Activity.Of.Kind != "post" || d.SignedBy.Name != "alice" || d.WrittenBy.Name != "berta" || forward.Because.Name != "forward.parent-followers" {
		t.Errorf("the forward was read as %+v because %v", d, forward.Because)
	}
	if line, column := d.Activity.Of.Position(); line != 33 || column != 28 {
		t.Errorf("r1 stands at %d:%d, want 33:28", line, column)
	}
}

// Each line is parsed alone, in a step, and must give the JSON and print itself back in canonical form.
func TestLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ line, canonical, json string }{
		{`alice posts "a \"b\"\n\\" visibly direct as p`, `alice posts "a \"b\"\n\\" as p visibly direct`,
			`{"kind":"posts","who":{"kind":"person","name":"alice"},"text":{"kind":"text","value":"a \"b\"\n\\"},"as":{"kind":"post","name":"p"},"visibly":"direct"}`},
		{`berta replies to hello with "x"`, "", `{"kind":"replies","who":{"kind":"person","name":"berta"},"to":{"kind":"post","name":"hello"},"text":{"kind":"text","value":"x"}}`},
		{"alice boosts hello visibly unlisted", "", `{"kind":"boosts","who":{"kind":"person","name":"alice"},"post":{"kind":"post","name":"hello"},"visibly":"unlisted"}`},
		{"alice likes hello", "", `{"kind":"likes","who":{"kind":"person","name":"alice"},"post":{"kind":"post","name":"hello"}}`},
		{"alice undoes boost of hello", "", `{"kind":"undoes","what":"boost","who":{"kind":"person","name":"alice"},"post":{"kind":"post","name":"hello"}}`},
		{"alice undoes like of hello", "", ""},
		{"alice deletes hello", "", `{"kind":"deletes","who":{"kind":"person","name":"alice"},"post":{"kind":"post","name":"hello"}}`},
		{"alice follows berta", "", `{"kind":"follows","who":{"kind":"person","name":"alice"},"whom":{"kind":"person","name":"berta"}}`},
		{"alice unfollows berta", "", `{"kind":"unfollows","who":{"kind":"person","name":"alice"},"whom":{"kind":"person","name":"berta"}}`},
		{"berta opens hello", "", `{"kind":"opens","who":{"kind":"person","name":"berta"},"post":{"kind":"post","name":"hello"}}`},
		{"berta searches for hello", "", `{"kind":"searches","who":{"kind":"person","name":"berta"},"for":{"kind":"post","name":"hello"}}`},
		{"settle", "", `{"kind":"settle"}`},
		{"settle within 90m", "settle within 1h30m", `{"kind":"settle","within":"1h30m"}`},
		{"wait 60s", "wait 1m", `{"kind":"wait","for":"1m"}`},
		{"say   \"x\"", `say "x"`, `{"kind":"say","text":{"kind":"text","value":"x"}}`},
		{`predict "q" = yes`, "", `{"kind":"predict","question":{"kind":"text","value":"q"},"answer":{"kind":"answer","yesno":true}}`},
		{`predict "q" = no`, "", ""},
		{`predict "q"=5`, `predict "q" = 5`, `{"kind":"predict","question":{"kind":"text","value":"q"},"answer":{"kind":"answer","number":5}}`},
		{`predict "q" = "it depends"`, "", ""},
		{`predict "q" = academy,berta, hello`, `predict "q" = academy, berta, hello`,
			`{"kind":"predict","question":{"kind":"text","value":"q"},"answer":{"kind":"answer","names":[{"kind":"server","name":"academy"},{"kind":"person","name":"berta"},{"kind":"post","name":"hello"}]}}`},
		{"show diagram", "", `{"kind":"show","view":"diagram"}`},
		{"show matrix", "", ""},
		{"show map", "", ""},
		{"look at berta", "", `{"kind":"look","at":{"kind":"person","name":"berta"}}`},
		{"observe hello is not on techhub because why.no-route", "",
			`{"kind":"check","observe":true,"condition":{"kind":"on-servers","not":true,"posts":[{"kind":"post","name":"hello"}],"servers":[{"kind":"server","name":"techhub"}]},"because":{"kind":"rule","name":"why.no-route"}}`},
		{"expect hello are on academy,techhub", "expect hello is on academy, techhub", ""},
		{"expect likes of hello:academy 1,techhub 0", "expect likes of hello: academy 1, techhub 0",
			`{"kind":"check","condition":{"kind":"counter","what":"likes","post":{"kind":"post","name":"hello"},"counts":[{"server":{"kind":"server","name":"academy"},"n":1},{"server":{"kind":"server","name":"techhub"},"n":0}]}}`},
		{"expect boosts of hello: academy 0", "", ""},
		{"expect delivery Create(hello) academy->techhub written by alice signed by alice to shared inbox",
			"expect delivery Create(hello) academy -> techhub to shared inbox signed by alice written by alice",
			`{"kind":"check","condition":{"kind":"delivery","activity":{"kind":"activity","type":"Create","of":{"kind":"post","name":"hello"}},"from":{"kind":"server","name":"academy"},"to":{"kind":"server","name":"techhub"},"shared_inbox":true,"signed_by":{"kind":"person","name":"alice"},"written_by":{"kind":"person","name":"alice"}}}`},
		{"expect delivery Follow(alice) techhub -> academy", "", ""},
		{"expect delivery Accept(alice) academy -> techhub", "", ""},
		{"expect delivery Reject(alice) academy -> techhub", "", ""},
		{"expect delivery Undo(alice) techhub -> academy", "", ""},
		{"expect delivery Undo(hello) techhub -> academy", "", ""},
		{"expect delivery Update(hello) academy -> techhub", "", ""},
		{"expect forward of Delete(hello) academy -> techhub written by berta", "", ""},
		{"expect no delivery of Create(hello) to techhub because why.no-route overall", "expect no delivery of Create(hello) to techhub overall because why.no-route",
			`{"kind":"check","overall":true,"condition":{"kind":"no-delivery","activity":{"kind":"activity","type":"Create","of":{"kind":"post","name":"hello"}},"to":{"kind":"server","name":"techhub"}},"because":{"kind":"rule","name":"why.no-route"}}`},
		{"expect no delivery of Like(hello)", "", ""},
		{"expect no forward of Announce(hello) overall", "", ""},
		{"expect 1 fetch techhub -> academy of hello", "", `{"kind":"check","condition":{"kind":"fetches","n":1,"from":{"kind":"server","name":"techhub"},"to":{"kind":"server","name":"academy"},"post":{"kind":"post","name":"hello"}}}`},
		{"expect exactly 05 fetch techhub -> academy of replies to hello overall", "expect exactly 5 fetches techhub -> academy of replies to hello overall", ""},
		{"expect exactly 1 deliveries", "expect exactly 1 delivery", `{"kind":"check","condition":{"kind":"deliveries","n":1}}`},
		{"expect exactly 0 deliveries overall", "", ""},
		{"expect nothing sent by academy", "", `{"kind":"check","condition":{"kind":"nothing-sent","by":{"kind":"server","name":"academy"}}}`},
	} {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			src := frame + "  " + tt.line + "\n"
			f, ps := Load("t.play", []byte(src), vocabulary())
			if len(ps) > 0 {
				t.Fatalf("problems:\n%s", ps.Format([]byte(src)))
			}
			lines := f.Steps()[0].Lines
			l := lines[len(lines)-1]
			want := tt.canonical
			if want == "" {
				want = tt.line
			}
			if got := l.String(); got != want {
				t.Errorf("String = %q, want %q", got, want)
			}
			if tt.json == "" {
				return
			}
			if diff := cmp.Diff(plain(t, tt.json), plain(t, l)); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}

// plain decodes JSON, or encodes and decodes a node, and drops the places.
func plain(t testing.TB, v any) any {
	t.Helper()
	raw, ok := v.(string)
	if !ok {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		raw = string(b)
	}
	var out any
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	var strip func(any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "line")
			delete(v, "column")
			for _, x := range v {
				strip(x)
			}
		case []any:
			for _, x := range v {
				strip(x)
			}
		}
	}
	strip(out)
	return out
}
