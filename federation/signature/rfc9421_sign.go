package signature

import (
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dunglas/httpsfv"
)

// SignRFC9421 signs r as the current Mastodon does on its second try (spec/federation.md §5.2): it sets Date, for a POST
// Content-Digest, Signature-Input and Signature, and removes Digest. key is *rsa.PrivateKey or ed25519.PrivateKey.
func SignRFC9421(r *http.Request, body []byte, keyID string, key any, now time.Time) error {
	covered := []string{"@method", "@target-uri"}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	r.Header.Del("Digest")
	if r.Method == http.MethodPost {
		r.Header.Set("Content-Digest", ContentDigestHeader(body))
		covered = append(covered, "content-digest")
	}
	list := httpsfv.InnerList{Params: httpsfv.NewParams()}
	for _, name := range covered {
		list.Items = append(list.Items, httpsfv.NewItem(name))
	}
	list.Params.Add("created", now.Unix())
	list.Params.Add("keyid", keyID)
	params, err := httpsfv.Marshal(list)
	if err != nil {
		return fmt.Errorf("sign with %s: %w", keyID, err)
	}
	base, err := signatureBase(FromHTTP(r, body, "https"), covered, params, "")
	if err != nil {
		return fmt.Errorf("sign with %s: %w", keyID, err)
	}
	raw, err := signWith(key, []byte(base))
	if err != nil {
		return fmt.Errorf("sign with %s: %w", keyID, err)
	}
	text, err := httpsfv.Marshal(httpsfv.NewItem(raw))
	if err != nil {
		return fmt.Errorf("sign with %s: %w", keyID, err)
	}
	r.Header.Set("Signature-Input", "sig1="+params)
	r.Header.Set("Signature", "sig1="+text)
	return nil
}

func signWith(key any, text []byte) ([]byte, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return signRSA(k, text)
	case ed25519.PrivateKey:
		return ed25519.Sign(k, text), nil
	}
	return nil, errors.New("the key is neither RSA nor Ed25519")
}
