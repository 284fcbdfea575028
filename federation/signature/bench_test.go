package signature_test

import (
	"testing"

	"orrery/federation/signature"
)

func BenchmarkSign(b *testing.B) {
	key, r := alice(b), newRequest(b, "POST", "https://masto.test/inbox")
	r.Header.Set("Content-Type", "application/activity+json")
	for b.Loop() {
		if err := signature.Sign(r, testBody, key, testNow, signature.SignAsMastodon41()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	r, public := post(b, testNow, nil), &alice(b).Key.PublicKey
	for b.Loop() {
		v, err := signature.Check(r, testNow, signature.Mastodon41())
		if err != nil {
			b.Fatal(err)
		}
		if err := v.Verify(public); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignDocument(b *testing.B) {
	key, doc, profile := alice(b), note(""), signature.Documents41()
	for b.Loop() {
		if _, err := signature.SignDocument(doc, key, testNow, nil, profile); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyDocument(b *testing.B) {
	profile := signature.Documents41()
	doc, public := decode(b, signed(b, note(""), profile)), &alice(b).Key.PublicKey
	for b.Loop() {
		if err := signature.VerifyDocument(doc, public, testNow, profile); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompactAndForward(b *testing.B) {
	profile := signature.Documents41()
	doc := decode(b, signed(b, note(""), profile))
	for b.Loop() {
		compacted, err := signature.Compact(doc, profile)
		if err != nil {
			b.Fatal(err)
		}
		if _, ok, why := signature.Forwardable(doc, compacted); !ok {
			b.Fatal(why)
		}
	}
}
