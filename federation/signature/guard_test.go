package signature_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"orrery/federation/signature"
)

// patience is far above what any of these takes on a busy machine, and far below what a bomb takes (hours).
const patience = time.Minute

const as = `"@context":"https://www.w3.org/ns/activitystreams"`

// clique is n blank nodes that all point at each other, named by the given member.
func clique(n int, context, idMember string, reference func(int) string) string {
	var nodes []string
	for i := range n {
		var links []string
		for j := range n {
			if i != j {
				links = append(links, reference(j))
			}
		}
		nodes = append(nodes, fmt.Sprintf(`{%q:"_:b%d","tag":[%s]}`, idMember, i, strings.Join(links, ",")))
	}
	return fmt.Sprintf(`{%s,"id":"https://evil.test/1","type":"Note","attachment":[%s]}`, context, strings.Join(nodes, ","))
}

func byObject(j int) string { return fmt.Sprintf(`{"id":"_:b%d"}`, j) }
func byAlias(j int) string  { return fmt.Sprintf(`{"ident":"_:b%d"}`, j) }
func byString(j int) string { return fmt.Sprintf(`"_:b%d"`, j) }

func nested(depth int) string {
	return `{` + as + `,"id":"https://evil.test/1","object":` + strings.Repeat(`{"id":"https://evil.test/2","object":`, depth) + `"x"` + strings.Repeat("}", depth+1)
}

func repeat(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }

// stars are equal anonymous objects, each with equal anonymous children: trees only, and factorial all the same.
func stars(n, rays int) string {
	return `{` + as + `,"id":"https://evil.test/1","attachment":[` + repeat(n, `{"type":"Note","tag":[`+repeat(rays, `{"type":"Mention"}`)+`]}`) + `]}`
}

func TestDangerousDocumentsAreRefusedFast(t *testing.T) {
	t.Parallel()
	alias := `"@context":["https://www.w3.org/ns/activitystreams",{"ident":"@id"}]`
	for _, tt := range []struct{ name, doc string }{
		{"12 linked blank nodes", clique(12, as, "id", byObject)},
		{"12 linked through @id", clique(12, as, "@id", byObject)},
		{"12 linked through an alias of @id", clique(12, alias, "ident", byAlias)},
		{"12 linked by reference", strings.ReplaceAll(clique(12, alias, "ident", byString), "tag", "inReplyTo")},
		{"stars of equal anonymous objects", stars(3, 9)},
		{"65 anonymous objects", `{` + as + `,"tag":[` + repeat(65, `{"name":"x"}`) + `]}`},
		{"65 levels", nested(65)},
		{"5000 values", `{` + as + `,"id":"https://evil.test/1","to":[` + repeat(5000, `"https://a.test/1"`) + `]}`},
		{"1 MiB", `{` + as + `,"id":"https://evil.test/1","content":"` + strings.Repeat("x", 1<<20) + `"}`},
		{"33 contexts", `{"@context":[` + repeat(33, `"https://www.w3.org/ns/activitystreams"`) + `],"id":"https://evil.test/1"}`},
		{"a context in every object", `{` + as + `,"tag":[` + repeat(40, `{`+as+`,"id":"https://evil.test/1"}`) + `]}`},
		{"a scoped context", `{"@context":{"x":{"@id":"https://x.test/","@context":{}}},"x":1}`},
		{"an imported context", `{"@context":{"@version":1.1,"@import":"https://www.w3.org/ns/activitystreams"},"id":"https://evil.test/1"}`},
		{"a number out of range", `{` + as + `,"id":"https://evil.test/1","width":1e999}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := signature.SignDocument([]byte(tt.doc), alice(t), testNow, nil, signature.Documents41())
			if !errors.Is(err, signature.ErrGuard) {
				t.Errorf("got %v, want ErrGuard", err)
			}
			if took := time.Since(start); took > patience {
				t.Errorf("refused after %s", took)
			}
		})
	}
}

func TestDepthOfExactly64IsTaken(t *testing.T) {
	t.Parallel()
	if _, err := signature.SignDocument([]byte(nested(63)), alice(t), testNow, nil, signature.Documents41()); err != nil {
		t.Errorf("64 levels: %v", err)
	}
}

// Whatever passes the guard must be cheap. Random graphs of few look-alike nodes try to find the exception.
func TestWhatPassesTheGuardIsCheap(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	members := []string{"tag", "attachment", "inReplyTo", "to"}
	alias := `"@context":["https://www.w3.org/ns/activitystreams",{"ident":"@id"}]`
	passed := 0
	for range 300 {
		groups, n := 1+random.IntN(25), 2+random.IntN(6)
		var nodes []string
		for g := range groups {
			for i := range n {
				var links []string
				for range random.IntN(3) {
					links = append(links, fmt.Sprintf(`%q:[{"ident":"_:g%dn%d"}]`, members[random.IntN(len(members))], g, random.IntN(n)))
				}
				nodes = append(nodes, strings.TrimSuffix(fmt.Sprintf(`{"ident":"_:g%dn%d",%s`, g, i, strings.Join(links, ",")), ",")+"}")
			}
		}
		if len(nodes) > 60 {
			nodes = nodes[:60]
		}
		doc := fmt.Sprintf(`{%s,"id":"https://evil.test/1","attachment":[%s]}`, alias, strings.Join(nodes, ","))
		start := time.Now()
		_, err := signature.SignDocument([]byte(doc), alice(t), testNow, nil, signature.Documents41())
		if took := time.Since(start); took > patience {
			t.Fatalf("took %s (%v):\n%s", took, err, doc)
		}
		if err == nil {
			passed++
		}
	}
	t.Logf("%d of 300 passed the guard", passed)
}

// The largest documents of several shapes that pass: hashing and compacting each must stay in the range of a tenth of a second.
func TestTheLargestDocumentsAreAffordable(t *testing.T) {
	t.Parallel()
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+",", i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	proofs := `"@context":["https://www.w3.org/ns/activitystreams","https://w3id.org/security/data-integrity/v1","https://www.w3.org/ns/cid/v1"]`
	for _, tt := range []struct{ name, doc string }{
		{"stars, many", stars(10, 5)},
		{"stars, paired", stars(30, 1)},
		{"addressees", `{` + as + `,"id":"https://evil.test/1","to":[` + numbered(2000, `"https://a.test/%d"`) + `]}`},
		{"types", `{` + as + `,"id":"https://evil.test/1","type":[` + numbered(2000, `"T%d"`) + `]}`},
		{"a list", `{` + as + `,"id":"https://evil.test/1","type":"OrderedCollection","orderedItems":[` + numbered(190, `"https://a.test/%d"`) + `]}`},
		{"objects", `{` + as + `,"id":"https://evil.test/1","tag":[` + numbered(650, `{"id":"https://a.test/%d","type":"Note"}`) + `]}`},
		{"typed contexts", `{` + proofs + `,"id":"https://evil.test/1","tag":[` + numbered(500, `{"id":"https://a.test/%d","type":"DataIntegrityProof","created":"x"}`) + `]}`},
		{"contexts", `{` + as + `,"id":"https://evil.test/1","tag":[` + numbered(10, `{"@context":["https://www.w3.org/ns/activitystreams","https://www.w3.org/ns/did/v1"],"id":"https://a.test/%d"}`) + `]}`},
		{"terms", `{"@context":["https://www.w3.org/ns/activitystreams",{` + numbered(900, `"t%d":{"@id":"as:x","@type":"@id"}`) + `}],"id":"https://evil.test/1",` + numbered(900, `"t%d":"https://a.test/1"`) + `}`},
		{"a chain of terms", `{"@context":["https://www.w3.org/ns/activitystreams",{"t0":"https://a.test/",` + numbered(900, `"u%[1]d":"t0:%[1]d"`) + `}],"id":"https://evil.test/1"}`},
		{"a long text", `{` + as + `,"id":"https://evil.test/1","content":"` + strings.Repeat("\\n", 500_000) + `"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, err := signature.SignDocument([]byte(tt.doc), alice(t), testNow, nil, signature.Documents41())
			hashed := time.Since(start)
			_, compactErr := signature.Compact(decode(t, []byte(tt.doc)), signature.DocumentsCurrent())
			took := time.Since(start)
			t.Logf("hashed in %s (%v), compacted in %s (%v)", hashed, err, took-hashed, compactErr)
			if took > patience {
				t.Errorf("took %s", took)
			}
		})
	}
}

// Every recorded document passes the guard and both compactions, and the embedded contexts survive all of it unchanged:
// the real Mastodon Create still verifies at the end.
func TestRecordedDocumentsPassTheGuard(t *testing.T) {
	t.Parallel()
	forwardable := map[string]int{}
	for _, e := range recorded(t) {
		for _, body := range [][]byte{e.RequestBody, e.AnswerBody} {
			var probe struct {
				Context json.RawMessage `json:"@context"`
				Type    any             `json:"type"`
			}
			// Pages of collections carry whole activities with a context each; nobody signs or forwards them.
			if json.Unmarshal(body, &probe) != nil || probe.Context == nil || probe.Type == "OrderedCollectionPage" {
				continue
			}
			doc := decode(t, body)
			for _, p := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
				compacted, err := signature.Compact(doc, p)
				if err != nil && !strings.Contains(err.Error(), "@graph") {
					t.Errorf("%s: %s: %v", e.Name(), p.Name, err)
				}
				if err != nil {
					forwardable[p.Name+" @graph"]++
					continue
				}
				if _, ok, _ := signature.Forwardable(doc, compacted); ok {
					forwardable[p.Name]++
				} else {
					forwardable[p.Name+" unsafe"]++
				}
			}
		}
	}
	t.Log(forwardable)
	if err := signature.VerifyDocument(document(t, "mastodon-ld-signature/create.json"), mastodonKey(t), testNow, signature.Documents41()); err != nil {
		t.Error(err)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add(note(""))
	f.Add([]byte(clique(4, as, "id", byObject)))
	f.Add([]byte(stars(2, 3)))
	f.Add([]byte(`{"@context":{"x":{"@id":"_:x","@type":"@id","@container":"@graph"}},"x":[{"x":"_:y"}]}`))
	f.Add([]byte(`{"@context":"https://w3id.org/security/data-integrity/v1","proof":{"type":"DataIntegrityProof"},"signature":{"type":"RsaSignature2017","signatureValue":"AAAA"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := signature.DecodeDocument(raw)
		if err != nil {
			return
		}
		start := time.Now()
		for _, p := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
			_ = signature.VerifyDocument(doc, &alice(t).Key.PublicKey, testNow, p)
			if compacted, err := signature.Compact(doc, p); err == nil {
				signature.Forwardable(doc, compacted)
			}
		}
		_ = signature.VerifyProof(doc, nil, testNow)
		if took := time.Since(start); took > patience {
			t.Errorf("took %s", took)
		}
	})
}
