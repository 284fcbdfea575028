package signature_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"orrery/federation/signature"
)

// note is a Create as a server of the 4.1 line writes it; with goes into the Note.
func note(with string) []byte {
	return []byte(`{"@context":["https://www.w3.org/ns/activitystreams",{"ostatus":"http://ostatus.org#","atomUri":"ostatus:atomUri",` +
		`"conversation":"ostatus:conversation","sensitive":"as:sensitive","toot":"http://joinmastodon.org/ns#","votersCount":"toot:votersCount",` +
		`"blurhash":"toot:blurhash","focalPoint":{"@container":"@list","@id":"toot:focalPoint"},"Hashtag":"as:Hashtag"}],` +
		`"id":"https://academy.test/users/alice/statuses/1/activity","type":"Create","actor":"https://academy.test/users/alice",` +
		`"published":"2026-11-21T21:00:00Z","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://academy.test/users/alice/followers"],` +
		`"object":{"id":"https://academy.test/users/alice/statuses/1","type":"Note","summary":null,"inReplyTo":null,` +
		`"attributedTo":"https://academy.test/users/alice","to":["https://www.w3.org/ns/activitystreams#Public"],` +
		`"cc":["https://academy.test/users/alice/followers","https://techhub.test/users/berta"],"sensitive":false,"content":"<p>Hi &amp; hello</p>",` +
		`"contentMap":{"en":"<p>Hi &amp; hello</p>"},"attachment":[{"type":"Document","mediaType":"image/png","url":"https://academy.test/1.png",` +
		`"name":null,"blurhash":"U","focalPoint":[0.0,-0.5],"width":3,"height":2}],"tag":[{"type":"Hashtag","href":"https://academy.test/tags/a","name":"#a"},` +
		`{"type":"Mention","href":"https://techhub.test/users/berta","name":"@berta@techhub.test"}],` +
		`"replies":{"id":"https://academy.test/users/alice/statuses/1/replies","type":"Collection","first":{"type":"CollectionPage",` +
		`"partOf":"https://academy.test/users/alice/statuses/1/replies","items":[]}}` + with + `}}`)
}

func signed(t testing.TB, doc []byte, p signature.DocumentProfile) []byte {
	t.Helper()
	out, err := signature.SignDocument(doc, alice(t), testNow, nil, p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSignedDocumentKeepsItsOrderAndVerifies(t *testing.T) {
	t.Parallel()
	public := &alice(t).Key.PublicKey
	for _, p := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			out := signed(t, note(""), p)
			if again := signed(t, out, p); string(again) != string(out) {
				t.Errorf("signed twice:\n%s\n%s", again, out)
			}
			body, tail, _ := strings.Cut(string(out), `,"signature":`)
			want := strings.TrimSuffix(string(note("")), "}")
			expires := ""
			if p.AddSecurityContext {
				want = strings.Replace(want, `"Hashtag":"as:Hashtag"}],`, `"Hashtag":"as:Hashtag"},"https://w3id.org/security/v1"],`, 1)
				expires = `"expires":"2026-11-23T21:00:00Z",`
			}
			if body != want {
				t.Errorf("body:\ngot  %s\nwant %s", body, want)
			}
			head := `{"type":"RsaSignature2017","creator":"https://academy.test/users/alice#main-key","created":"2026-11-21T21:00:00Z",` + expires + `"signatureValue":"`
			if !strings.HasPrefix(tail, head) {
				t.Errorf("signature:\ngot  %s\nwant %s…", tail, head)
			}
			for _, judge := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
				if err := signature.VerifyDocument(decode(t, out), public, testNow, judge); err != nil {
					t.Errorf("judged as %s: %v", judge.Name, err)
				}
			}
		})
	}
}

func TestDocumentSignaturesThatAreRefused(t *testing.T) {
	t.Parallel()
	current := signature.DocumentsCurrent()
	public := &alice(t).Key.PublicKey
	inSignature := func(name string, value any) func(map[string]any) {
		return func(d map[string]any) { d["signature"].(map[string]any)[name] = value }
	}
	for _, tt := range []struct {
		name    string
		change  func(map[string]any)
		after   time.Duration
		want41  error
		current error
	}{
		{"untouched", func(map[string]any) {}, 0, nil, nil},
		{"§14.1/28 content changed", func(d map[string]any) { d["object"].(map[string]any)["content"] = "x" }, 0, signature.ErrDocumentInvalid, signature.ErrDocumentInvalid},
		{"§14.1/28 actor changed", func(d map[string]any) { d["actor"] = "https://evil.test/u" }, 0, signature.ErrDocumentInvalid, signature.ErrDocumentInvalid},
		{"§14.1/28 creator changed", inSignature("creator", "https://evil.test/u#k"), 0, signature.ErrDocumentInvalid, signature.ErrDocumentInvalid},
		{"created changed", inSignature("created", "2026-11-21T22:00:00Z"), 0, signature.ErrDocumentInvalid, signature.ErrDocumentInvalid},
		{"expires moved", inSignature("expires", "2030-01-01T00:00:00Z"), 0, signature.ErrDocumentInvalid, signature.ErrDocumentInvalid},
		{"value is no text", inSignature("signatureValue", 7.0), 0, signature.ErrDocumentInvalid, signature.ErrDocumentInvalid},
		{"§14.1/29 RsaSignature2018", inSignature("type", "RsaSignature2018"), 0, signature.ErrDocumentType, signature.ErrDocumentType},
		{"§14.1/30 expired", func(map[string]any) {}, 49 * time.Hour, nil, signature.ErrDocumentExpired},
		{"no signature", func(d map[string]any) { delete(d, "signature") }, 0, signature.ErrDocumentType, signature.ErrDocumentType},
		{"signature is a text", func(d map[string]any) { d["signature"] = "x" }, 0, signature.ErrDocumentType, signature.ErrDocumentType},
		{"unknown context", func(d map[string]any) { d["@context"] = "https://evil.test/context" }, 0, signature.ErrDocumentInvalid, signature.ErrDocumentInvalid},
		{"@included", func(d map[string]any) {
			d["@included"] = []any{map[string]any{"id": "https://evil.test/1", "content": "x"}}
		}, 0, signature.ErrGuard, signature.ErrGuard},
		// Undefined members are not covered: the signature holds, and §6.4 is what protects the readers.
		{"an undefined member added", func(d map[string]any) { d["unheardOf"] = "x" }, 0, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := decode(t, signed(t, note(""), current))
			tt.change(doc)
			for _, j := range []struct {
				p    signature.DocumentProfile
				want error
			}{{signature.Documents41(), tt.want41}, {current, tt.current}} {
				if err := signature.VerifyDocument(doc, public, testNow.Add(tt.after), j.p); !errors.Is(err, j.want) {
					t.Errorf("%s: got %v, want %v", j.p.Name, err, j.want)
				}
			}
		})
	}
}

func TestForwardingSafety(t *testing.T) {
	t.Parallel()
	policy := `,"interactionPolicy":{"canQuote":{"automaticApproval":["https://www.w3.org/ns/activitystreams#Public"]}}`
	terms := `"gts":"https://gotosocial.org/ns#","interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},"canQuote":{"@id":"gts:canQuote","@type":"@id"},"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"},`
	withTerms := func(doc []byte) []byte {
		return []byte(strings.Replace(string(doc), `"Hashtag":"as:Hashtag"`, terms+`"Hashtag":"as:Hashtag"`, 1))
	}
	replaced := func(old, by string) []byte { return []byte(strings.Replace(string(note("")), old, by, 1)) }
	for _, tt := range []struct {
		name            string
		doc             []byte
		why41, whyToday string // "" means safe; else the member to blame
	}{
		{"a Note of the 4.1 line", note(""), "", ""},
		{"interactionPolicy of a newer server (§6.4 i)", withTerms(note(policy)), "object.interactionPolicy", ""},
		{"interactionPolicy without a context for it", note(policy), "object.interactionPolicy", "object.interactionPolicy"},
		{"a member no context defines", note(`,"unheardOf":"x"`), "object.unheardOf", "object.unheardOf"},
		{"an object under a member no context defines", note(`,"unheardOf":{"id":"https://evil.test/1","type":"Note","content":"x"}`), "object.unheardOf", "object.unheardOf"},
		{"a lab on loopback", []byte(strings.ReplaceAll(string(note("")), "https://academy.test", "http://academy.localhost:8080")), "", ""},
		{"null members (§6.4 ii)", note(`,"inReplyToAtomUri":null,"updated":null`), "", ""},
		{"null without a context", note(`,"unheardOf":null`), "", ""},
		{"as:Public written short", replaced(`"to":["https://www.w3.org/ns/activitystreams#Public"]`, `"to":["as:Public"]`), "", ""},
		{"one addressee, not in an array", replaced(`"to":["https://www.w3.org/ns/activitystreams#Public"]`, `"to":"https://www.w3.org/ns/activitystreams#Public"`), "", ""},
		{"a doubled addressee", replaced(`"cc":["https://academy.test/users/alice/followers"]`, `"cc":["https://academy.test/users/alice/followers",null]`), "cc", "cc"},
		{"a number written as text", replaced(`"width":3`, `"width":"3"`), "", ""},
		{"a type no context defines", replaced(`"type":"Note"`, `"type":"Nonsense"`), "object.type", "object.type"},
		{"a reference that is no URL", replaced(`"inReplyTo":null`, `"inReplyTo":"https://evil.test/ x"`), "object.inReplyTo", "object.inReplyTo"},
		{"a relative reference", replaced(`"inReplyTo":null`, `"inReplyTo":"1"`), "object.inReplyTo", "object.inReplyTo"},
		{"a URL with letters of another script", replaced(`"inReplyTo":null`, `"inReplyTo":"https://bücher.test/日本"`), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, j := range []struct {
				p   signature.DocumentProfile
				why string
			}{{signature.Documents41(), tt.why41}, {signature.DocumentsCurrent(), tt.whyToday}} {
				doc := decode(t, signed(t, tt.doc, signature.Documents41()))
				compacted, err := signature.Compact(doc, j.p)
				if err != nil {
					t.Fatalf("%s: %v", j.p.Name, err)
				}
				patched, ok, why := signature.Forwardable(doc, compacted)
				if ok != (j.why == "") || !strings.HasPrefix(why, j.why) {
					t.Errorf("%s: got %v %q, want blame on %q", j.p.Name, ok, why, j.why)
				}
				if !ok {
					if _, err := signature.CheckForwardable(doc, compacted); !errors.Is(err, signature.ErrUnsafeToForward) {
						t.Errorf("%s: got %v, want ErrUnsafeToForward", j.p.Name, err)
					}
					continue
				}
				forwarded, err := signature.Encode(patched)
				if err != nil {
					t.Fatal(err)
				}
				if err := signature.VerifyDocument(decode(t, forwarded), &alice(t).Key.PublicKey, testNow, signature.DocumentsCurrent()); err != nil {
					t.Errorf("%s: what is forwarded does not verify: %v\n%s", j.p.Name, err, forwarded)
				}
				if !strings.Contains(string(tt.doc), "as:Public") && strings.Contains(string(forwarded), "as:Public") {
					t.Errorf("%s: as:Public was not restored:\n%s", j.p.Name, forwarded)
				}
			}
		})
	}
}

// What is processed after verification must not hold what the author did not sign.
func TestCompactionDropsWhatIsNotSigned(t *testing.T) {
	t.Parallel()
	// The library makes no statement of references that are no URLs, of types nobody defined and of unknown members.
	bare := note("")
	full := note(`,"unheardOf":"x","likes":{"unheardOf":{"content":"y"}},"generator":"https://unheardOf.test/ x",` +
		`"audience":["unheardOf"],"bto":[{"id":"unheardOf","content":"x"}],"bcc":{"id":"https://a.test/1","type":"unheardOf"}`)
	doc := decode(t, signed(t, bare, signature.Documents41()))
	filled := decode(t, full)
	delete(filled["object"].(map[string]any), "likes") // a blank node of its own: that is a statement
	delete(filled["object"].(map[string]any), "bcc")   // and so is this
	filled["signature"] = doc["signature"]
	if err := signature.VerifyDocument(filled, &alice(t).Key.PublicKey, testNow, signature.Documents41()); err != nil {
		t.Errorf("what this test adds is signed after all: %v", err)
	}
	doc = decode(t, full)
	for _, p := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
		compacted, err := signature.Compact(doc, p)
		if err != nil {
			t.Fatal(err)
		}
		text, err := signature.Encode(compacted)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "unheardOf") {
			t.Errorf("%s: %s", p.Name, text)
		}
	}
}
