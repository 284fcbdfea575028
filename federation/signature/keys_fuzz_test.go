package signature_test

import (
	"testing"

	"orrery/federation/signature"
)

// Whatever a stranger calls a key: it is one that can be used, or refused.
func FuzzKeys(f *testing.F) {
	pem, err := signature.MarshalPublicPEM(&alice(f).Key.PublicKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pem)
	f.Add("-----BEGIN PUBLIC KEY-----\nMAAA\n-----END PUBLIC KEY-----\n")
	f.Add("-----BEGIN RSA PUBLIC KEY-----\nMAYCAQECAQE=\n-----END RSA PUBLIC KEY-----\n")
	f.Add("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
	f.Fuzz(func(t *testing.T, text string) {
		if key, err := signature.ParsePublicKeyPEM(text); err == nil && key == nil {
			t.Error("neither a key nor why there is none")
		}
		if key, err := signature.ParseMultikey(text); err == nil && key == nil {
			t.Error("neither a key nor why there is none")
		}
	})
}
