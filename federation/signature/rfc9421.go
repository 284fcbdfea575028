package signature

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

// The algorithms of RFC 9421 that are checked.
const (
	algRSA     = "rsa-v1_5-sha256"
	algEd25519 = "ed25519"
)

// signed9421 is one member of Signature-Input with its signature.
type signed9421 struct {
	label      string
	covered    []string
	params     string // "@signature-params", serialised
	keyID      string
	algorithm  string
	created    int64 // 0: absent
	expires    int64
	hasCreated bool
	signature  []byte
}

// checkRFC9421 is spec/federation.md §5.4. Parameters, algorithm, window, strength, digest: the order of Check.
func (v *Verification) checkRFC9421(r Request, now time.Time) error {
	v.Report.Dialect = DialectRFC9421
	s, err := parseRFC9421(r)
	v.KeyID, v.signature, v.Report.Algorithm = s.keyID, s.signature, s.algorithm
	if err != nil {
		return err
	}
	if !s.hasCreated && v.profile.Strict {
		return fmt.Errorf("%w: created", ErrIncomplete)
	}
	win, timeErr := s.window()
	v.Report.note(win)
	margin, lateErr := win.judge(now)
	v.Report.Margin = margin
	if !v.profile.Window {
		timeErr, lateErr = nil, nil
	}
	forms, buildErr := v.rebuild9421(r, s)
	var digestErr error
	if slices.Contains(s.covered, "content-digest") {
		v.Report.Digest, digestErr = checkContentDigest(r, !v.profile.Strict)
	}
	if err := firstOf(s.algorithmAllowed(), timeErr, lateErr, v.strength9421(r.Method, s.covered), digestErr, buildErr); err != nil {
		return err
	}
	v.forms = forms
	return nil
}

func (s signed9421) algorithmAllowed() error {
	switch s.algorithm {
	case "", algRSA, algEd25519:
		return nil
	}
	return fmt.Errorf("%w: %q; %s and %s are", ErrAlgorithm, clip(s.algorithm), algRSA, algEd25519)
}

func (s signed9421) window() (window, error) {
	var w window
	const last = 1 << 40 // keeps arithmetic on times from wrapping
	if s.created < 0 || s.expires < 0 || s.created > last || s.expires > last {
		return w, fmt.Errorf("%w: created or expires is not a time in seconds", ErrParse)
	}
	if s.created > 0 {
		w.created = time.Unix(s.created, 0).UTC()
	}
	if s.expires > 0 {
		w.expires = time.Unix(s.expires, 0).UTC()
	}
	return w.bounded(), nil
}

func (v *Verification) strength9421(method string, covered []string) error {
	if !v.profile.Strict {
		return nil
	}
	for _, name := range []string{"@method", "@target-uri"} {
		if !slices.Contains(covered, name) {
			return fmt.Errorf("%w: %s is not covered", ErrTargetNotCovered, name)
		}
	}
	if method == http.MethodPost && !slices.Contains(covered, "content-digest") {
		return ErrDigestNotCovered
	}
	return nil
}

// parseRFC9421 reads Signature-Input and Signature, which must hold one signature under the same label.
func parseRFC9421(r Request) (signed9421, error) {
	var s signed9421
	inputs, err := dictionary(r, "Signature-Input")
	if err != nil {
		return s, err
	}
	if names := inputs.Names(); len(names) != 1 {
		return s, fmt.Errorf("%w: %d", ErrManySignatures, len(names))
	}
	s.label = inputs.Names()[0]
	member, _ := inputs.Get(s.label)
	list, ok := member.(httpsfv.InnerList)
	if !ok || len(list.Items) > maxCovered {
		return s, fmt.Errorf("%w: Signature-Input holds no list of at most %d names", ErrParse, maxCovered)
	}
	if s.covered, err = coveredNames(list); err != nil {
		return s, err
	}
	if s.params, err = httpsfv.Marshal(list); err != nil {
		return s, fmt.Errorf("%w: %w", ErrParse, err)
	}
	if err := s.readParams(list.Params); err != nil {
		return s, err
	}
	signatures, err := dictionary(r, "Signature")
	if err != nil {
		return s, err
	}
	found, _ := signatures.Get(s.label)
	item, _ := found.(httpsfv.Item)
	if s.signature, ok = item.Value.([]byte); !ok {
		return s, fmt.Errorf("%w: Signature has no member %s", ErrIncomplete, clip(s.label))
	}
	return s, nil
}

func dictionary(r Request, name string) (*httpsfv.Dictionary, error) {
	text, ok := r.Value(name)
	if !ok {
		return nil, fmt.Errorf("%w: there is no %s header", ErrIncomplete, name)
	}
	if len(text) > maxHeader {
		return nil, fmt.Errorf("%w: %s has more than %d bytes", ErrParse, name, maxHeader)
	}
	d, err := httpsfv.UnmarshalDictionary([]string{text})
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrParse, name, err)
	}
	return d, nil
}

func coveredNames(list httpsfv.InnerList) ([]string, error) {
	var names []string
	for _, item := range list.Items {
		name, ok := item.Value.(string)
		if !ok || name != strings.ToLower(name) {
			return nil, fmt.Errorf("%w: a covered name is not a lower-case string", ErrParse)
		}
		if item.Params != nil && len(item.Params.Names()) > 0 {
			return nil, fmt.Errorf("%w: parameters of covered names are not understood (%s)", ErrParse, clip(name))
		}
		if slices.Contains(names, name) {
			return nil, fmt.Errorf("%w: %s is covered twice", ErrParse, clip(name))
		}
		names = append(names, name)
	}
	return names, nil
}

func (s *signed9421) readParams(p *httpsfv.Params) error {
	for _, name := range p.Names() {
		value, _ := p.Get(name)
		ok := true
		switch name {
		case "keyid":
			s.keyID, ok = value.(string)
		case "alg":
			s.algorithm, ok = value.(string)
		case "created":
			s.created, s.hasCreated = value.(int64)
			ok = s.hasCreated
		case "expires":
			s.expires, ok = value.(int64)
		}
		if !ok {
			return fmt.Errorf("%w: %s has the wrong type", ErrParse, name)
		}
	}
	if s.keyID == "" {
		return fmt.Errorf("%w: keyid", ErrIncomplete)
	}
	return nil
}

// rebuild9421 makes the signature base (RFC 9421 §2.5) in every form that may have been signed.
func (v *Verification) rebuild9421(r Request, s signed9421) ([]form, error) {
	base, missing := signatureBase(r, s.covered, s.params, "")
	for _, name := range s.covered {
		value, present := component(r, name, "")
		v.Report.Covered = append(v.Report.Covered, Covered{name, value, present})
	}
	v.Report.SigningString = base
	forms := []form{{FormAsSent, base}}
	if f := v.profile.TargetFragment; f != "" && slices.Contains(s.covered, "@target-uri") {
		text, _ := signatureBase(r, s.covered, s.params, "#"+f)
		forms = append(forms, form{FormWithFragment, text})
	}
	return forms, missing
}

func signatureBase(r Request, covered []string, params, fragment string) (string, error) {
	var b strings.Builder
	var missing error
	for _, name := range covered {
		value, present := component(r, name, fragment)
		if !present && missing == nil {
			missing = fmt.Errorf("%w: %s is covered, the request has no such thing", ErrMismatch, clip(name))
		}
		fmt.Fprintf(&b, "%q: %s\n", name, value)
	}
	b.WriteString(`"@signature-params": ` + params)
	return b.String(), missing
}

// component is the value of a header or a derived component (RFC 9421 §2.2).
func component(r Request, name, fragment string) (value string, present bool) {
	switch name {
	case "@method":
		return r.Method, true
	case "@target-uri":
		return r.Scheme + "://" + r.Host + r.Target + fragment, true
	case "@authority":
		return authority(r), true
	case "@scheme":
		return strings.ToLower(r.Scheme), true
	case "@request-target":
		return r.Target, true
	case "@path":
		return r.path(), true
	case "@query":
		q, _ := r.query()
		return "?" + q, true
	}
	if strings.HasPrefix(name, "@") {
		return "", false
	}
	return r.Value(name)
}

func authority(r Request) string {
	host := strings.ToLower(r.Host)
	port := map[string]string{"http": ":80", "https": ":443"}[strings.ToLower(r.Scheme)]
	if port == "" {
		return host
	}
	return strings.TrimSuffix(host, port)
}
