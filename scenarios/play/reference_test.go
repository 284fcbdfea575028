package play

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	_ "orrery/internal/golden" // for its flag -update
)

// The page is what the table says.
func TestReference_isThePage(t *testing.T) {
	t.Parallel()
	const page = "../../docs/play-reference.md"
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(page, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != Reference() {
		t.Errorf("docs/play-reference.md is not what the table of the language says (%v); run this test with -update", err)
	}
}

// Every word has an example that the checker lets pass and the formatter leaves as it is.
func TestReference_examples(t *testing.T) {
	t.Parallel()
	words := vocabulary()
	words.Rules = append(words.Rules, "learn.delivered", "sig.mismatch", "deliver.relay-subscription")
	for _, w := range Words() {
		if !slices.Contains(Groups, w.Group) || w.Says == "" || w.Shape == "" || !strings.Contains(w.Example, strings.Fields(w.Word)[0]) {
			t.Errorf("the row of %q is not complete: %+v", w.Word, w)
		}
		if f, problems := Load(w.Word, []byte(w.Script()), words); len(problems) > 0 {
			t.Errorf("%s", problems.Format([]byte(w.Script())))
		} else if again := string(Format(f)); again != w.Script() {
			t.Errorf("%s is written back otherwise:\n%s\nfrom\n%s", w.Word, again, w.Script())
		}
	}
}
