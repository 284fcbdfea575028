package signature

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/piprate/json-gold/ld"

	"orrery/fixtures"
)

// slow is the canonical form by nothing but the library, with an error where it has one.
func slow(doc map[string]any) (quads string, err error) {
	defer recovered(&err)
	expanded, err := ld.NewJsonLdProcessor().Expand(detached(doc), linkedDataOptions(preloaded{}))
	if err != nil {
		return "", err
	}
	return canonicalByLibrary(expanded)
}

// compareCanonical says whether doc was of the usual shape.
func compareCanonical(t *testing.T, p DocumentProfile, doc map[string]any) bool {
	t.Helper()
	if guard(detached(doc)) != nil {
		return false
	}
	want, wantErr := slow(doc)
	for range 2 { // the second time with a context that is known
		got, err := p.canonical(doc)
		if (err == nil) != (wantErr == nil) || got != want {
			t.Fatalf("canonical(%v)\n got %q, %v\nwant %q, %v", doc, got, err, want, wantErr)
		}
	}
	expanded, err := p.expand(detached(doc), preloaded{})
	if err != nil {
		return false
	}
	_, ok := usual(expanded)
	return ok
}

// Every document of the fixtures has the canonical form that the library finds, whether it takes the short way or not.
func TestUsualDocumentsAreCanonicalAsTheLibrarySays(t *testing.T) {
	t.Parallel()
	all, err := fixtures.All()
	if err != nil {
		t.Fatal(err)
	}
	p, seen := Documents41(), map[string]bool{}
	documents, short := 0, 0
	for _, e := range all {
		for _, body := range [][]byte{e.RequestBody, e.AnswerBody} {
			if seen[string(body)] || !bytes.Contains(body, []byte(`"@context"`)) {
				continue
			}
			seen[string(body)] = true
			doc, err := DecodeDocument(body)
			if err != nil {
				continue
			}
			if documents++; compareCanonical(t, p, doc) {
				short++
			}
			for _, part := range []string{"object", "signature"} {
				if o, ok := doc[part].(map[string]any); ok {
					o["@context"] = doc["@context"]
					if documents++; compareCanonical(t, p, o) {
						short++
					}
				}
			}
		}
	}
	t.Logf("%d documents, %d of the usual shape, %d contexts kept", documents, short, len(p.parsed.have))
	if short < documents/4 || short < 100 {
		t.Errorf("%d of %d documents took the short way, want at least a quarter", short, documents)
	}
	if len(p.parsed.have) > maxParsed {
		t.Errorf("%d contexts are kept, want at most %d", len(p.parsed.have), maxParsed)
	}
}

// Shapes at the edge of the usual one.
func TestCanonicalFormsAtTheEdge(t *testing.T) {
	t.Parallel()
	const as = `"@context":["https://www.w3.org/ns/activitystreams",{"x":"http://x.example/ns#","own":"x:own","ref":{"@id":"x:ref","@type":"@id"},"sensitive":"as:sensitive","when":{"@id":"x:when","@type":"http://www.w3.org/2001/XMLSchema#dateTime"},"list":{"@id":"x:list","@container":"@list"},"votersCount":"x:votersCount","double":{"@id":"x:d","@type":"http://www.w3.org/2001/XMLSchema#double"},"plain":{"@id":"x:own","@type":"http://www.w3.org/2001/XMLSchema#string"}}]`
	for _, rest := range []string{
		`"type":"Note","content":"a\tb\n\"c\"\\ <é> \u0001\u2028"`,
		`"type":["Note","Note"],"content":"a"`,
		`"id":"https://a.example/1","type":"Note","content":"a","contentMap":{"en":"a","de-AT":"b","zh-Hant-TW":"c","i-x1":"d"}`,
		`"id":"https://a.example/1","tag":[{"type":"Mention","name":"@a"},{"type":"Mention","name":"@a"}]`,
		`"id":"https://a.example/1","tag":[{"type":"Mention","name":"@a"},{"type":"Mention","name":"@b","tag":{"name":"c"}}]`,
		`"id":"https://a.example/1","own":["a","a"],"plain":"a"`,
		`"id":"https://a.example/1","own":[{"@value":"a","@language":"en"},{"@value":"a"},true,false,1,-0,1.0,1.5,1e3,12345678901234]`,
		`"id":"https://a.example/1","double":[1,1.5],"votersCount":3,"sensitive":true,"when":["2026-01-01T00:00:00Z",5,true]`,
		`"id":"https://a.example/1","list":["a","b"]`,
		`"id":"https://a.example/1","list":[0.0,-0.5]`,
		`"id":"https://a.example/1","list":[0.5,0.5,0.5,0.5]`,
		`"id":"https://a.example/1","list":[]`,
		`"id":"https://a.example/1","list":[["a"],["b",["c"]]]`,
		`"id":"https://a.example/1","list":[{"own":"a"},{"id":"https://a.example/2","list":["b"]}]`,
		`"id":"https://a.example/1","list":[null,{"@id":"relative"},"a"]`,
		`"id":"https://a.example/1","own":[1e30,-1e30,0.1,1e-7,123456789.125,9007199254740993],"double":[0,1,1e21]`,
		`"id":"relative","ref":"also relative","own":"a"`,
		`"id":"tag:a.example,2026:1","ref":"tag:b","own":"a"`,
		`"id":"https://a.example/1","ref":["_:x","https://a.example/2","http://","https://a b/","https://ä.example/","https://a.example/%C3"]`,
		`"id":"https://a.example/1","unknown":{"own":"inside"},"own":"outside"`,
		`"id":"https://a.example/1","object":{"id":"https://a.example/1","own":"twice"},"own":["twice","once"]`,
		`"id":"https://a.example/1","object":{"id":"https://a.example/1","own":"other"},"own":"once"`,
		`"id":"https://a.example/1","@graph":[{"own":"a"}]`,
		`"@graph":[{"own":"a"},{"own":"b"}]`,
		`"@reverse":{"own":{"id":"https://a.example/2","own":"a"}}`,
		`"id":"https://a.example/1","own":{},"ref":[]`,
		`"id":"https://a.example/1","own":[[],{"@set":["a"]},{"@list":["a"]},null]`,
		`"id":"https://a.example/1","object":{"@context":{"own":"http://y.example/own"},"own":"a"},"own":"a"`,
		`"x:other":"a","http://z.example/p":{"@id":"http://z.example/o"},"@type":"x:T"`,
		`"own":{"@value":{"a":1},"@type":"@json"}`,
		``,
	} {
		doc, err := DecodeDocument([]byte("{" + strings.TrimSuffix(as+","+rest, ",") + "}"))
		if err != nil {
			t.Fatalf("%s: %v", rest, err)
		}
		compareCanonical(t, Documents41(), doc)
	}
	for _, context := range []string{`null`, `[]`, `{}`, `"https://unknown.example/"`, `{"@vocab":"http://v.example/"}`, `[null,{"own":"http://x.example/own"}]`,
		`{"@language":"de","own":"http://x.example/own"}`, `{"@base":"http://b.example/","own":"http://x.example/own"}`, `{"":"http://x.example/","own":"http://x.example/own"}`,
		`{"@propagate":false,"own":"http://x.example/own"}`, `{"own":7}`, `{"@version":1.1,"own":"http://x.example/own"}`, `"https://w3id.org/security/data-integrity/v1"`} {
		doc, err := DecodeDocument([]byte(`{"@context":` + context + `,"own":["a",{"own":"b"}],"id":"http://x.example/1","proof":{"type":"DataIntegrityProof","proofValue":"z"}}`))
		if err != nil {
			t.Fatalf("%s: %v", context, err)
		}
		compareCanonical(t, Documents41(), doc)
	}
}

// Whoever sends ever new contexts does not make this server remember them all.
func TestFewContextsAreKept(t *testing.T) {
	t.Parallel()
	p := Documents41()
	for i := range 3 * maxParsed {
		p.parsed.context(map[string]any{"own": "http://x.example/" + strings.Repeat("x", i)}, preloaded{})
	}
	if n := len(p.parsed.have); n == 0 || n > maxParsed {
		t.Errorf("%d contexts are kept, want 1 to %d", n, maxParsed)
	}
}

// What is taken for an address without asking the library is one for the library too.
func TestOrdinaryAddressesAreAddresses(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "b1", "9", "xyz", ".", ".", "-", ":", "80", "/", "?", "#", "@", "users", "~", "!", "com", "_", "=", "12", "www"}
	yes := 0
	for range 200_000 {
		s := []string{"http://", "https://"}[r.IntN(2)]
		for range 1 + r.IntN(9) {
			s += pieces[r.IntN(len(pieces))]
		}
		if ordinary(s) {
			if yes++; !ld.IsURL(s) {
				t.Fatalf("%q is ordinary, but no address for the library", s)
			}
		}
	}
	if yes < 1000 {
		t.Errorf("only %d of what was tried was ordinary", yes)
	}
	for _, s := range []string{"https://www.w3.org/ns/activitystreams#Public", "http://joinmastodon.org/ns#votersCount", "https://w3id.org/security#signatureValue", "https://mastodon.social/users/a_b/statuses/1?page=true&x=~", "http://beta.example:8080/users/p0", "http://academy.localhost:8080/inbox"} {
		if !ordinary(s) {
			t.Errorf("%q is not ordinary", s)
		}
	}
}

// Any document has the canonical form that the library finds.
func FuzzCanonical(f *testing.F) {
	all, err := fixtures.All()
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(all); i += 40 {
		f.Add(all[i].RequestBody)
	}
	f.Add([]byte(`{"@context":["https://www.w3.org/ns/activitystreams",{"own":"http://x.example/own"}],"id":"http://x.example/1","type":"Note","tag":[{"own":[1,true,"a"]},{"own":{"@value":"b","@language":"en"}}]}`))
	p := Documents41()
	f.Fuzz(func(t *testing.T, raw []byte) {
		if doc, err := DecodeDocument(raw); err == nil && len(raw) < 16<<10 {
			compareCanonical(t, p, doc)
		}
	})
}

// A context that is kept is used by many at once; -race watches that they only read it.
func TestKeptContextsAreOnlyRead(t *testing.T) {
	t.Parallel()
	p := DocumentsCurrent()
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for range 20 {
				doc, err := DecodeDocument([]byte(`{"@context":["https://www.w3.org/ns/activitystreams",{"own":"http://x.example/own","list":{"@id":"http://x.example/list","@container":"@list"}}],
					"id":"http://x.example/1","type":"Note","own":[1,{"own":true}],"list":[0.5,"a"],"contentMap":{"en":"a"},"object":{"type":"Note","unknown":{"own":"b"}}}`))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := p.canonical(doc); err != nil {
					t.Error(err)
				}
				if _, err := Compact(doc, p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
}
