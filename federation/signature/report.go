package signature

import "time"

// The dialects of HTTP signatures, as they are shown and stored.
const (
	DialectCavage  = "draft-cavage"
	DialectRFC9421 = "rfc9421"
)

// Report is everything a person wants to know about one signature: what it claims, the text that was signed as rebuilt
// from the request, and the verdict. It is the stored form, so its members only ever grow.
type Report struct {
	Dialect   string    `json:"dialect,omitempty"`
	KeyID     string    `json:"key_id,omitempty"`
	Algorithm string    `json:"algorithm,omitempty"`
	Covered   []Covered `json:"covered,omitempty"`
	// SigningString is the text the signature was compared with: the form that fitted, else the first that was tried.
	SigningString string `json:"signing_string,omitempty"`
	// Form tells how the target was read when the signature fitted: FormAsSent, FormWithoutQuery or FormWithFragment.
	Form    string     `json:"form,omitempty"`
	Created *time.Time `json:"created,omitempty"`
	Expires *time.Time `json:"expires,omitempty"`
	// Margin is how many seconds the judgement lies inside the time window; negative means outside, nil that no time is given.
	Margin *int64  `json:"margin_seconds,omitempty"`
	Digest *Digest `json:"digest,omitempty"`
	OK     bool    `json:"ok"`
	Rule   string  `json:"rule"`
	Error  string  `json:"error,omitempty"`
}

// Covered is one signed name with the value the request has for it.
type Covered struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Present bool   `json:"present"`
}

// Digest compares the digest a request claims with the one its body has, both base64.
type Digest struct {
	Algorithm string `json:"algorithm"`
	Given     string `json:"given"`
	Computed  string `json:"computed"`
	Match     bool   `json:"match"`
}

// The ways a target can have been signed.
const (
	FormAsSent       = "as sent"
	FormWithoutQuery = "without the query"
	FormWithFragment = "with the fragment of the keyId"
)

// conclude writes the verdict down and hands err on.
func (r *Report) conclude(err error) error {
	r.OK, r.Rule, r.Error = err == nil, Rule(err), ""
	if err != nil {
		r.Error = err.Error()
	}
	return err
}
