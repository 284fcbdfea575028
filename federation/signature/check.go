package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"time"
)

// Verification is a signature that was checked for everything but the arithmetic; Verify does that.
type Verification struct {
	// KeyID names the key to find. It is a stranger's text: an actor URI with a fragment, a path, an acct: name.
	KeyID string
	// Report is filled as far as the signature could be read, also when Check failed.
	Report Report

	forms     []form
	signature []byte
	profile   Profile
}

// form is one reading of the request that the signature may have been made over.
type form struct{ name, text string }

// Check judges all that needs no key, in the order of Mastodon 4.1 (spec/federation.md §5.5/8): parameters, algorithm,
// time window, strength, digest. The Verification is never nil, so that the log can show what was there to read.
// The error wraps one of the Err… values. Profiles that look up the key first (KeyFirst) ask KeyOf before.
func Check(r Request, now time.Time, p Profile) (*Verification, error) {
	v := &Verification{profile: p}
	check := v.checkCavage
	if _, ok := r.Value("Signature-Input"); ok && p.RFC9421 {
		check = v.checkRFC9421
	}
	err := check(r, now)
	v.Report.KeyID = v.KeyID
	if err != nil {
		_ = v.Report.conclude(err)
		return v, err
	}
	return v, nil
}

// KeyOf reads only which key the request claims to be signed with.
func KeyOf(r Request, p Profile) (string, error) {
	if _, ok := r.Value("Signature-Input"); ok && p.RFC9421 {
		s, err := parseRFC9421(r)
		return s.keyID, err
	}
	params, err := cavageParams(r)
	return params.KeyID, err
}

// Verify compares the signature with the request under key: *rsa.PublicKey, or ed25519.PublicKey where the profile takes
// it. It completes v.Report and returns ErrMismatch, with the reason, when the signature does not hold.
func (v *Verification) Verify(key crypto.PublicKey) error {
	return v.Report.conclude(v.verify(key))
}

// Signature is what the request is signed with, in base64; "" when there is nothing that could be read.
func (v *Verification) Signature() string { return base64.StdEncoding.EncodeToString(v.signature) }

func (v *Verification) verify(key crypto.PublicKey) error {
	if len(v.forms) == 0 {
		return fmt.Errorf("%w: Check has not passed", ErrIncomplete)
	}
	if err := usable(key); err != nil {
		return err
	}
	holds, err := v.method(key)
	if err != nil {
		return err
	}
	for _, f := range v.forms {
		if holds([]byte(f.text), v.signature) {
			v.Report.Form, v.Report.SigningString = f.name, f.text
			return nil
		}
	}
	return fmt.Errorf("%w: compare the signing string with what the sender signed, and the key with the one it published", ErrMismatch)
}

// method picks the arithmetic by the kind of the key, because what the sender writes as algorithm is not covered.
func (v *Verification) method(key crypto.PublicKey) (func(text, signature []byte) bool, error) {
	named := v.Report.Algorithm
	switch k := key.(type) {
	case *rsa.PublicKey:
		if v.Report.Dialect == DialectRFC9421 && named != "" && named != algRSA {
			return nil, fmt.Errorf("%w: the signature is %s, the key is RSA", ErrMismatch, named)
		}
		return func(text, signature []byte) bool { return verifyRSA(k, text, signature) }, nil
	case ed25519.PublicKey:
		if v.Report.Dialect != DialectRFC9421 || !v.profile.Ed25519 {
			return nil, fmt.Errorf("%w: the key is Ed25519, which %s does not take here", ErrMismatch, v.profile.Name)
		}
		if named != "" && named != algEd25519 {
			return nil, fmt.Errorf("%w: the signature is %s, the key is Ed25519", ErrMismatch, named)
		}
		return func(text, signature []byte) bool { return ed25519.Verify(k, text, signature) }, nil
	}
	return nil, ErrKeyUnusable
}
