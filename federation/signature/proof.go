package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"filippo.io/mldsa"
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

// VerifyProof checks the proof of doc (FEP-8b32, spec/federation.md §6.6): eddsa-jcs-2022 under an Ed25519 key, or
// mldsa44-jcs-2024 under one of ML-DSA-44. A document signature that was added after the proof is not part of what is
// proved, so doc's signature member is left out. doc should be decoded by DecodeDocument, or large numbers lose digits.
func VerifyProof(doc map[string]any, key crypto.PublicKey, now time.Time) error {
	proof, ok := doc["proof"].(map[string]any)
	if !ok || proof["type"] != "DataIntegrityProof" || proof["proofPurpose"] != "assertionMethod" {
		return fmt.Errorf("%w: only a proof of an assertion is checked", ErrDocumentType)
	}
	holds, err := suite(proof["cryptosuite"], key)
	if err != nil {
		return err
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
	if err != nil {
		return fmt.Errorf("%w: proofValue: %w", ErrDocumentInvalid, err)
	}
	options, err := hashJCS(proof, "proofValue")
	if err != nil {
		return err
	}
	body, err := hashJCS(doc, "proof", "signature")
	if err != nil {
		return err
	}
	if !holds(append(options, body...), signature) {
		return fmt.Errorf("%w: it was changed, or signed with another key", ErrDocumentInvalid)
	}
	return nil
}

// suite is the arithmetic of a cryptosuite under key. Both suites sign the same bytes.
func suite(name any, key crypto.PublicKey) (holds func(text, signature []byte) bool, err error) {
	switch name {
	case "eddsa-jcs-2022":
		k, ok := key.(ed25519.PublicKey)
		if !ok || len(k) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("%w: the key is %T, not Ed25519", ErrDocumentInvalid, key)
		}
		return func(text, signature []byte) bool { return ed25519.Verify(k, text, signature) }, nil
	case "mldsa44-jcs-2024":
		k, ok := key.(*mldsa.PublicKey)
		if !ok || k.Parameters() != mldsa.MLDSA44() {
			return nil, fmt.Errorf("%w: the key is %T, not ML-DSA-44", ErrDocumentInvalid, key)
		}
		return func(text, signature []byte) bool { return mldsa.Verify(k, text, signature, nil) == nil }, nil
	}
	return nil, fmt.Errorf("%w: only eddsa-jcs-2022 and mldsa44-jcs-2024 are checked", ErrDocumentType)
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
