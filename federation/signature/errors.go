package signature

import (
	"errors"
	"net/http"
)

// Fault is one way a signature can be wrong. The exported Err… values are all there are; what Check and Verify return
// wraps one of them with the details of the case, so decide by errors.Is, Rule and Status, never by the text.
type Fault struct {
	rule   string
	status int
	text   string
}

// Error is a sentence for the log; it never contains anything a stranger sent.
func (f *Fault) Error() string { return f.text }

// Rule is the id under which the rules table describes this fault.
func (f *Fault) Rule() string { return f.rule }

// Status is what a Mastodon inbox answers (spec/federation.md §5.6). A document signature never decides the answer of
// an inbox, so its faults carry 202.
func (f *Fault) Status() int { return f.status }

// The rows of spec/federation.md §5.6 that need no network.
var (
	ErrNotSigned        = transport("sig.missing", "the request carries no Signature header")
	ErrParse            = transport("sig.parse", "the signature's parameters cannot be read")
	ErrDuplicateParam   = transport("sig.parse", "the signature names a parameter twice")
	ErrManySignatures   = transport("sig.parse", "the request carries several signatures, and only one is understood")
	ErrIncomplete       = transport("sig.incomplete", "the signature lacks a parameter it cannot do without")
	ErrAlgorithm        = transport("sig.algorithm", "the signature's algorithm is not supported")
	ErrStale            = transport("sig.stale", "the signature is too old")
	ErrFuture           = transport("sig.future", "the signature was made in the future")
	ErrDate             = transport("sig.date-invalid", "the Date header is not an HTTP date")
	ErrDateNotCovered   = transport("sig.date-not-covered", "the signature covers neither Date nor (created)")
	ErrTargetNotCovered = transport("sig.target-not-covered", "the signature does not say which request it belongs to")
	ErrHostNotCovered   = transport("sig.host-not-covered", "the signature of a GET does not cover Host")
	ErrDigestNotCovered = transport("sig.digest-not-covered", "the signature of a POST does not cover a digest of the body")
	ErrDigestMissing    = transport("sig.digest-missing", "a digest is covered, but the header is not there")
	ErrDigestAlgorithm  = transport("sig.digest-algorithm", "the digest offers no SHA-256")
	ErrDigestEncoding   = transport("sig.digest-malformed", "the digest is not base64")
	ErrDigestLength     = transport("sig.digest-malformed", "the digest is not as long as a SHA-256 digest")
	ErrDigestMismatch   = transport("sig.digest-mismatch", "the digest does not fit the body")
	ErrMismatch         = transport("sig.mismatch", "the signature does not fit the request and this key")
	ErrContentDigest    = &Fault{"sig.digest-malformed", http.StatusBadRequest, "Content-Digest is not a dictionary as RFC 8941 wants it"}
	ErrDocumentInvalid  = document("lds.invalid", "the document signature does not fit the document and this key")
	ErrDocumentType     = document("lds.wrong-type", "the document signature is not of a supported type")
	ErrDocumentExpired  = document("lds.expired", "the document signature has expired")
	ErrGuard            = document("lds.guard", "the document is too dangerous to normalise")
	ErrUnsafeToForward  = document("lds.unsafe-to-forward", "the document would change for its readers if it were passed on")
	ErrKeyUnusable      = transport("sig.mismatch", "the public key cannot be used")
)

// RuleOK and RuleDocumentOK are the ids under which success is recorded.
const (
	RuleOK         = "sig.ok"
	RuleDocumentOK = "lds.ok"
)

func transport(rule, text string) *Fault { return &Fault{rule, http.StatusUnauthorized, text} }
func document(rule, text string) *Fault  { return &Fault{rule, http.StatusAccepted, text} }

// Unreadable reports whether err says that a signature could not even be read, so that no key can be named.
func Unreadable(err error) bool {
	for _, f := range []error{ErrNotSigned, ErrParse, ErrDuplicateParam, ErrManySignatures, ErrIncomplete} {
		if errors.Is(err, f) {
			return true
		}
	}
	return false
}

// Rule returns the rule id of the fault inside err, sig.ok for nil, and "" when err holds no Fault.
func Rule(err error) string {
	if err == nil {
		return RuleOK
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.rule
	}
	return ""
}

// Status returns the answer for err: 202 for nil, 401 when err holds no Fault.
func Status(err error) int {
	if err == nil {
		return http.StatusAccepted
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.status
	}
	return http.StatusUnauthorized
}
