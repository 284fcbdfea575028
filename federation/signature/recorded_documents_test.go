package signature_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"orrery/federation/signature"
	"orrery/fixtures"
)

func document(t testing.TB, name string) map[string]any {
	t.Helper()
	raw, err := fixtures.File(name)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, raw)
}

func decode(t testing.TB, raw []byte) map[string]any {
	t.Helper()
	doc, err := signature.DecodeDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mastodonKey(t testing.TB) any {
	t.Helper()
	pem := document(t, "mastodon-ld-signature/actor.json")["publicKey"].(map[string]any)["publicKeyPem"].(string)
	key, err := signature.ParsePublicKeyPEM(pem)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestTheCreateOfARealMastodonVerifies(t *testing.T) {
	t.Parallel()
	doc, key := document(t, "mastodon-ld-signature/create.json"), mastodonKey(t)
	for _, p := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
		if err := signature.VerifyDocument(doc, key, time.Now(), p); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		compacted, err := signature.Compact(doc, p)
		if err != nil {
			t.Fatalf("%s: Compact: %v", p.Name, err)
		}
		if err := signature.VerifyDocument(compacted, key, time.Now(), p); err != nil {
			t.Errorf("%s: compacted: %v", p.Name, err)
		}
		patched, ok, why := signature.Forwardable(doc, compacted)
		if !ok {
			t.Fatalf("%s: not forwardable: %s", p.Name, why)
		}
		if err := signature.VerifyDocument(patched, key, time.Now(), p); err != nil {
			t.Errorf("%s: what is forwarded: %v", p.Name, err)
		}
	}
	doc["object"].(map[string]any)["content"] = "<p>Tost</p>"
	if err := signature.VerifyDocument(doc, key, time.Now(), signature.Documents41()); !errors.Is(err, signature.ErrDocumentInvalid) {
		t.Errorf("tampered: got %v, want ErrDocumentInvalid", err)
	}
}

// Every document signature and integrity proof inside a recorded body, of a request or of an answer, is checked.
func TestRecordedDocumentSignatures(t *testing.T) {
	t.Parallel()
	signatures, proofs := 0, 0
	for _, e := range recorded(t) {
		for _, body := range [][]byte{e.RequestBody, e.AnswerBody} {
			if !bytes.HasPrefix(body, []byte("{")) || !bytes.Contains(body, []byte(`"@context"`)) {
				continue
			}
			doc := decode(t, body)
			if s, ok := signature.SignatureOf(doc); ok {
				signatures++
				key, known := keyOf(t, e.Folder, s.Creator)
				if !known {
					t.Errorf("%s: key %s is not in keys.json", e.Name(), s.Creator)
				}
				for _, p := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
					if err := signature.VerifyDocument(doc, key, e.Time, p); err != nil {
						t.Errorf("%s: %s: signature: %v", e.Name(), p.Name, err)
					}
				}
			}
			if id, ok := signature.ProofOf(doc); ok {
				proofs++
				key, known := keyOf(t, e.Folder, id)
				if !known {
					t.Errorf("%s: key %s is not in keys.json", e.Name(), id)
				} else if err := signature.VerifyProof(doc, key, e.Time); err != nil {
					t.Errorf("%s: proof: %v", e.Name(), err)
				}
			}
		}
	}
	t.Logf("%d document signatures, %d proofs", signatures, proofs)
	if signatures == 0 || proofs == 0 {
		t.Errorf("got %d signatures and %d proofs, want some of each", signatures, proofs)
	}
}
