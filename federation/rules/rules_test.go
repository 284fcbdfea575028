package rules_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"orrery/federation/rules"
)

func TestTable(t *testing.T) {
	t.Parallel()
	// contracts.md 17, and "why" for the last rung of Why.
	wellFormed := regexp.MustCompile(`^(accept|drop|deliver|forward|fetch|list|limit|sig|lds|key|origin|json|learn|fault|why)\.[a-z]+(-[a-z]+)*$`)
	source := regexp.MustCompile(`^(federation\.md §\d|contracts\.md |ActivityPub §|FEP-)`)
	order := []rules.Stage{rules.Deliver, rules.Verify, rules.Read, rules.Accept, rules.Forward, rules.Fetch, rules.Learn, rules.Explain}
	at := 0
	seen, said := map[rules.ID]bool{}, map[string]rules.ID{}
	for _, r := range rules.All() {
		if seen[r.ID] {
			t.Errorf("%s stands in the table twice", r.ID)
		}
		seen[r.ID] = true
		if other, ok := said[r.Sentence]; ok {
			t.Errorf("%s and %s say the same: %s", r.ID, other, r.Sentence)
		}
		said[r.Sentence] = r.ID
		if !wellFormed.MatchString(string(r.ID)) {
			t.Errorf("%s is not family.words-with-hyphens of a known family", r.ID)
		}
		first, _, _ := strings.Cut(r.Sentence, " ")
		if !strings.HasSuffix(r.Sentence, ".") || first == "" || !unicode.IsUpper([]rune(first)[0]) {
			t.Errorf("%s: %q is no sentence", r.ID, r.Sentence)
		}
		if !source.MatchString(r.Source) {
			t.Errorf("%s: %q does not say where the rule comes from", r.ID, r.Source)
		}
		for at < len(order) && order[at] != r.Stage {
			at++
		}
		if at == len(order) {
			t.Fatalf("%s: stage %s is unknown or out of order", r.ID, r.Stage)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for _, r := range rules.All() {
		if got, ok := rules.Lookup(r.ID); !ok || got != r {
			t.Errorf("Lookup(%s): got %+v, %v", r.ID, got, ok)
		}
		if got := rules.Sentence(r.ID); got != r.Sentence {
			t.Errorf("Sentence(%s): got %q, want %q", r.ID, got, r.Sentence)
		}
	}
	if _, ok := rules.Lookup("accept.everything"); ok {
		t.Error("Lookup of an unknown id: got a rule, want none")
	}
	if got := rules.Sentence("accept.everything"); got != "accept.everything" {
		t.Errorf("Sentence of an unknown id: got %q, want the id", got)
	}
}

func TestAll_gives_a_copy(t *testing.T) {
	t.Parallel()
	all := rules.All()
	all[0].Sentence = "Changed."
	if got := rules.All()[0].Sentence; got == "Changed." {
		t.Error("the table changed with the copy that All gave")
	}
}
