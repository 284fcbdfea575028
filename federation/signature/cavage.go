package signature

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const requestTarget = "(request-target)"

func cavageParams(r Request) (Params, error) {
	header, ok := r.Value("Signature")
	if !ok || header == "" {
		return Params{}, ErrNotSigned
	}
	return Parse(header)
}

// checkCavage rebuilds first and judges after, so that a refused signature can still be explained.
func (v *Verification) checkCavage(r Request, now time.Time) error {
	params, err := cavageParams(r)
	v.KeyID, v.signature = params.KeyID, params.Signature
	if errors.Is(err, ErrNotSigned) {
		return err
	}
	v.Report.Dialect = DialectCavage
	if err != nil {
		return err
	}
	v.Report.Algorithm = params.algorithm()
	forms, buildErr := v.rebuild(r, params)
	win, timeErr := cavageWindow(r, params)
	v.Report.note(win)
	margin, lateErr := win.judge(now)
	v.Report.Margin = margin
	var digestErr error
	v.Report.Digest, digestErr = checkDigest(r)
	if !slices.Contains(params.covered(), "digest") {
		digestErr = nil // a digest nobody signed proves nothing, and a wrong one is not Mastodon's business
	}
	if !v.profile.Window {
		timeErr, lateErr = nil, nil
	}
	if err := firstOf(v.algorithmAllowed(), timeErr, lateErr, v.strength(r.Method, params.covered()), digestErr, buildErr); err != nil {
		return err
	}
	v.forms = forms
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *Verification) algorithmAllowed() error {
	switch v.Report.Algorithm {
	case "rsa-sha256", "hs2019":
		return nil
	}
	return fmt.Errorf("%w: %q; rsa-sha256 and hs2019 are", ErrAlgorithm, clip(v.Report.Algorithm))
}

// strength holds the covered names to spec/federation.md §5.3.
func (v *Verification) strength(method string, covered []string) error {
	if !v.profile.Strict {
		return nil
	}
	has := func(name string) bool { return slices.Contains(covered, name) }
	switch {
	case !has("date") && !has("(created)"):
		return ErrDateNotCovered
	case !has(requestTarget) && !has("digest"):
		return ErrTargetNotCovered
	case method == http.MethodGet && !has("host"):
		return ErrHostNotCovered
	case method == http.MethodPost && !has("digest"):
		return ErrDigestNotCovered
	}
	return nil
}

// cavageWindow takes created from its parameter (hs2019 only), else from Date. The parameters count where the signature
// covers them; Mastodon believes them anyway, so that whoever has an old request can make it young again.
func cavageWindow(r Request, p Params) (window, error) {
	var w window
	var err error
	covers := func(name string) bool { return slices.Contains(p.covered(), name) }
	date, hasDate := r.Value("Date")
	switch {
	case p.algorithm() == "hs2019" && p.Created != "" && covers("(created)"):
		w.created, err = unixParam("created", p.Created)
	case hasDate:
		if w.created, err = http.ParseTime(date); err != nil {
			err = fmt.Errorf("%w: %q", ErrDate, clip(date))
		}
	}
	if err == nil && p.Expires != "" && covers("(expires)") {
		w.expires, err = unixParam("expires", p.Expires)
	}
	if err != nil {
		return window{}, err
	}
	return w.bounded(), nil
}

// rebuild makes the signing strings to try and fills the report with the value of every covered name.
func (v *Verification) rebuild(r Request, p Params) ([]form, error) {
	target := strings.ToLower(r.Method) + " " + r.Target
	short := strings.ToLower(r.Method) + " " + r.path()
	if v.profile.PathOnly {
		target = short
	}
	var lines []string
	var buildErr error
	for _, name := range p.covered() {
		value, present, err := cavageValue(r, p, name, v.profile.Strict)
		if name == requestTarget {
			value = target
		}
		if err != nil && buildErr == nil {
			buildErr = err
		}
		v.Report.Covered = append(v.Report.Covered, Covered{name, value, present})
		lines = append(lines, name+": "+value)
	}
	v.Report.SigningString = strings.Join(lines, "\n")
	name := FormAsSent
	if target == short && strings.Contains(r.Target, "?") {
		name = FormWithoutQuery
	}
	forms := []form{{name, v.Report.SigningString}}
	if target != short && slices.Contains(p.covered(), requestTarget) {
		for i, name := range p.covered() {
			if name == requestTarget {
				lines[i] = requestTarget + ": " + short
			}
		}
		forms = append(forms, form{FormWithoutQuery, strings.Join(lines, "\n")})
	}
	return forms, buildErr
}

// cavageValue is the signed value of name. A header that is not there counts as empty, as in Mastodon: the signer
// cannot have meant it, so the comparison fails by itself.
func cavageValue(r Request, p Params, name string, strict bool) (value string, present bool, err error) {
	raw := ""
	switch name {
	case requestTarget:
		return "", true, nil
	case "(created)":
		raw = p.Created
	case "(expires)":
		raw = p.Expires
	default:
		if strings.HasPrefix(name, "(") {
			return "", false, fmt.Errorf("%w: %s is not a name that can be covered", ErrParse, clip(name))
		}
		value, present = r.Value(name)
		return value, present, nil
	}
	if strict && p.algorithm() != "hs2019" {
		return raw, raw != "", fmt.Errorf("%w: %s is only understood with hs2019", ErrAlgorithm, name)
	}
	if raw == "" {
		return "", false, fmt.Errorf("%w: %s is covered, the parameter is not there", ErrIncomplete, name)
	}
	return raw, true, nil
}
