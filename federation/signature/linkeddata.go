package signature

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

const documentSignatureType = "RsaSignature2017"

// DocumentProfile is how document signatures are made, judged and passed on. One and its copies remember the contexts
// they met, so keep it; it is safe for concurrent use.
type DocumentProfile struct {
	Name string
	// AddSecurityContext appends the security context to @context of what is signed (Mastodon since 4.4).
	AddSecurityContext bool
	// Lifetime is how long a new signature says it holds; zero leaves `expires` out.
	Lifetime time.Duration
	// EnforceExpires refuses signatures past their `expires`.
	EnforceExpires bool

	contexts []any // URLs of the full context of spec/federation.md §2.4
	terms    string
	parsed   *parsedContexts
}

// Documents41 is Mastodon 4.1.
func Documents41() DocumentProfile {
	return DocumentProfile{
		Name:     "mastodon-4.1",
		contexts: []any{activityStreams, securityV1},
		terms:    "mastodon-4.1.terms.json",
		parsed:   new(parsedContexts),
	}
}

// DocumentsCurrent is the current Mastodon.
func DocumentsCurrent() DocumentProfile {
	return DocumentProfile{
		Name: "mastodon", AddSecurityContext: true, Lifetime: 48 * time.Hour, EnforceExpires: true,
		contexts: []any{activityStreams, securityV1, "https://www.w3.org/ns/cid/v1", "https://purl.archive.org/socialweb/webfinger"},
		terms:    "mastodon.terms.json",
		parsed:   new(parsedContexts),
	}
}

// DocumentSignature is the signature member of a document. The texts are a stranger's.
type DocumentSignature struct {
	Type    string
	Creator string
	Created string
	Expires string
}

// SignatureOf reads the signature member of doc; false when there is none, or it is not an object.
func SignatureOf(doc map[string]any) (DocumentSignature, bool) {
	s, ok := doc["signature"].(map[string]any)
	if !ok {
		return DocumentSignature{}, false
	}
	text := func(name string) string {
		t, _ := s[name].(string)
		return t
	}
	creator := text("creator")
	if o, ok := s["creator"].(map[string]any); ok {
		creator, _ = o["id"].(string)
	}
	return DocumentSignature{Type: text("type"), Creator: creator, Created: text("created"), Expires: text("expires")}, true
}

// SignDocument adds an RsaSignature2017 to doc, a JSON object, as spec/federation.md §6.1 describes. Members keep their
// order and their bytes; a signature that was there is replaced; the new one comes last. expires is nil to follow the
// profile's lifetime.
func SignDocument(doc []byte, key PrivateKey, created time.Time, expires *time.Time, p DocumentProfile) ([]byte, error) {
	list, err := parseMembers(doc)
	if err != nil {
		return nil, fmt.Errorf("sign a document with %s: %w", key.ID, err)
	}
	list = list.without("signature")
	decoded, err := DecodeDocument(doc)
	if err != nil {
		return nil, fmt.Errorf("sign a document with %s: %w", key.ID, err)
	}
	if expires == nil && p.Lifetime > 0 {
		at := created.Add(p.Lifetime)
		expires = &at
	}
	s := members{}.with("type", documentSignatureType).with("creator", key.ID).with("created", stamp(created))
	options := map[string]any{"creator": key.ID, "created": stamp(created)}
	if expires != nil {
		s, options["expires"] = s.with("expires", stamp(*expires)), stamp(*expires)
	}
	text, err := p.signedText(decoded, options)
	if err != nil {
		return nil, fmt.Errorf("sign a document with %s: %w", key.ID, err)
	}
	raw, err := signRSA(key.Key, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("sign a document with %s: %w", key.ID, err)
	}
	s = s.with("signatureValue", base64.StdEncoding.EncodeToString(raw))
	if p.AddSecurityContext {
		list = list.withContext(securityV1)
	}
	return append(list, member{"signature", s.encode()}).encode(), nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// VerifyDocument checks the RsaSignature2017 inside doc under key. doc is the document as received (decoded, with or
// without json.Number). It does not say that the creator is the actor: compare SignatureOf(doc).Creator's owner with it.
// Afterwards use only what Compact returns: members no context defines are not covered by the signature.
func VerifyDocument(doc map[string]any, key crypto.PublicKey, now time.Time, p DocumentProfile) error {
	info, ok := SignatureOf(doc)
	if !ok {
		return fmt.Errorf("%w: there is none", ErrDocumentType)
	}
	if info.Type != documentSignatureType {
		return fmt.Errorf("%w: %q; only %s is", ErrDocumentType, clip(info.Type), documentSignatureType)
	}
	if p.EnforceExpires && info.Expires != "" {
		at, err := time.Parse(time.RFC3339, info.Expires)
		if err != nil {
			return fmt.Errorf("%w: its expires is not a time", ErrDocumentInvalid)
		}
		if now.After(at) {
			return fmt.Errorf("%w: at %s; the author's server must sign again", ErrDocumentExpired, stamp(at))
		}
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("%w: the key is %T, not RSA", ErrDocumentInvalid, key)
	}
	if err := usable(public); err != nil {
		return fmt.Errorf("%w: %w", ErrDocumentInvalid, err)
	}
	options := doc["signature"].(map[string]any)
	value, _ := options["signatureValue"].(string)
	raw, err := decodeBase64(strings.Join(strings.Fields(value), ""))
	if err != nil || len(raw) == 0 {
		return fmt.Errorf("%w: signatureValue is not base64", ErrDocumentInvalid)
	}
	text, err := p.signedText(doc, options)
	if err != nil {
		return err
	}
	if !verifyRSA(public, []byte(text), raw) {
		return fmt.Errorf("%w: it was changed, or signed with another key", ErrDocumentInvalid)
	}
	return nil
}

// signedText is the 128 hex letters that are signed: the hash of the options, then the hash of the document.
func (p DocumentProfile) signedText(doc, signature map[string]any) (string, error) {
	options := map[string]any{}
	for key, value := range signature {
		switch key {
		case "type", "id", "signatureValue", "@context":
		default:
			options[key] = value
		}
	}
	options["@context"] = identityV1
	unsigned := make(map[string]any, len(doc))
	for key, value := range doc {
		if key != "signature" {
			unsigned[key] = value
		}
	}
	for _, part := range []map[string]any{options, unsigned} {
		if err := guard(part); err != nil {
			return "", err
		}
	}
	oh, err := p.hashDocument(options)
	if err != nil {
		return "", err
	}
	dh, err := p.hashDocument(unsigned)
	if err != nil {
		return "", err
	}
	return oh + dh, nil
}

// DecodeDocument decodes a JSON object and keeps numbers as they were written. At most 1 MiB; nothing may follow it.
func DecodeDocument(raw []byte) (map[string]any, error) {
	if len(raw) > maxDocument {
		return nil, refuse("it is larger than %d bytes", maxDocument)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var doc map[string]any
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("decode a JSON object: %w", err)
	}
	if _, err := d.Token(); doc == nil || !errors.Is(err, io.EOF) {
		return nil, errors.New("decode a JSON object: it is not one object")
	}
	return doc, nil
}
