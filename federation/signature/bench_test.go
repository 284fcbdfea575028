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
	key, doc := alice(b), note("")
	for b.Loop() {
		if _, err := signature.SignDocument(doc, key, testNow, nil, signature.Documents41()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyDocument(b *testing.B) {
	doc, public := decode(b, signed(b, note(""), signature.Documents41())), &alice(b).Key.PublicKey
	for b.Loop() {
		if err := signature.VerifyDocument(doc, public, testNow, signature.Documents41()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompactAndForward(b *testing.B) {
	doc := decode(b, signed(b, note(""), signature.Documents41()))
	for b.Loop() {
		compacted, err := signature.Compact(doc, signature.Documents41())
		if err != nil {
			b.Fatal(err)
		}
		if _, ok, why := signature.Forwardable(doc, compacted); !ok {
			b.Fatal(why)
		}
	}
}
