package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/gowebpki/jcs"
)

// ProofOf returns the verification method named by doc's integrity proof, false when there is no single proof object.
func ProofOf(doc map[string]any) (keyID string, ok bool) {
	proof, ok := doc["proof"].(map[string]any)
	if !ok {
		return "", false
	}
	keyID, ok = proof["verificationMethod"].(string)
	return keyID, ok
}

// VerifyProof checks the eddsa-jcs-2022 proof of doc (FEP-8b32, spec/federation.md §6.6) under an Ed25519 key. A
// document signature that was added after the proof is not part of what is proved, so doc's signature member is left
// out. doc should be decoded by DecodeDocument, or large numbers lose digits.
func VerifyProof(doc map[string]any, key crypto.PublicKey, now time.Time) error {
	proof, ok := doc["proof"].(map[string]any)
	if !ok || proof["type"] != "DataIntegrityProof" || proof["cryptosuite"] != "eddsa-jcs-2022" || proof["proofPurpose"] != "assertionMethod" {
		return fmt.Errorf("%w: only an eddsa-jcs-2022 proof of an assertion is checked", ErrDocumentType)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok || len(public) != ed25519.PublicKeySize {
		return fmt.Errorf("%w: the key is %T, not Ed25519", ErrDocumentInvalid, key)
	}
	if text, ok := proof["expires"].(string); ok {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || now.After(at) {
			return fmt.Errorf("%w: at %q", ErrDocumentExpired, clip(text))
		}
	}
	if c, ok := proof["@context"]; ok && !contextPrefix(c, doc["@context"]) {
		return fmt.Errorf("%w: the proof's context is not the beginning of the document's", ErrDocumentInvalid)
	}
	value, _ := proof["proofValue"].(string)
	signature, err := decodeMultibase(value)
	if err != nil || len(signature) != ed25519.SignatureSize {
		return fmt.Errorf("%w: proofValue is not a signature in base58", ErrDocumentInvalid)
	}
	options, err := hashJCS(proof, "proofValue")
	if err != nil {
		return err
	}
	body, err := hashJCS(doc, "proof", "signature")
	if err != nil {
		return err
	}
	if !ed25519.Verify(public, append(options, body...), signature) {
		return fmt.Errorf("%w: it was changed, or signed with another key", ErrDocumentInvalid)
	}
	return nil
}

// hashJCS is the SHA-256 of the RFC 8785 form of doc without some members.
func hashJCS(doc map[string]any, leaveOut ...string) ([]byte, error) {
	rest := make(map[string]any, len(doc))
	for key, value := range doc {
		rest[key] = value
	}
	for _, name := range leaveOut {
		delete(rest, name)
	}
	raw, err := json.Marshal(rest)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDocumentInvalid, err)
	}
	if len(raw) > maxDocument {
		return nil, refuse("it is larger than %d bytes", maxDocument)
	}
	plain, err := jcs.Transform(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDocumentInvalid, err)
	}
	sum := sha256.Sum256(plain)
	return sum[:], nil
}

// contextPrefix reports whether the proof's @context is the document's, or the beginning of it.
func contextPrefix(proof, doc any) bool {
	list := func(v any) []any {
		if l, ok := v.([]any); ok {
			return l
		}
		return []any{v}
	}
	p, d := list(proof), list(doc)
	return len(p) <= len(d) && reflect.DeepEqual(p, d[:len(p)])
}
