package signature_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"orrery/federation/signature"
)

var (
	testNow  = time.Date(2026, 11, 21, 21, 0, 0, 0, time.UTC)
	testBody = []byte(`{"type":"Follow"}`)
)

// post is a signed delivery as Mastodon 4.1 sends it, ready to be spoilt.
func post(t testing.TB, at time.Time, change func(*http.Request)) signature.Request {
	t.Helper()
	r := newRequest(t, "POST", "https://masto.test/inbox")
	r.Header.Set("Content-Type", "application/activity+json")
	if err := signature.Sign(r, testBody, alice(t), at, signature.SignAsMastodon41()); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	return signature.FromHTTP(r, testBody, "https")
}

func newRequest(t testing.TB, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// own signs covered names itself, so that requests no decent signer makes can be made; params stand before headers.
func own(t testing.TB, r signature.Request, params, covered string) signature.Request {
	t.Helper()
	probe := r
	head := `keyId="` + alice(t).ID + `"` + params
	if covered != "" {
		head += `,headers="` + covered + `"`
	}
	probe.Header = append(append([]signature.Field(nil), r.Header...), signature.Field{Name: "Signature", Value: head + `,signature="AAAA"`})
	v, _ := signature.Check(probe, testNow, signature.Inspector())
	raw := signText(t, v.Report.SigningString)
	r.Header = append(append([]signature.Field(nil), r.Header...),
		signature.Field{Name: "Signature", Value: head + `,signature="` + base64.StdEncoding.EncodeToString(raw) + `"`})
	return r
}

func plain(method, target string, body []byte, lines string) signature.Request {
	return signature.Request{Method: method, Host: "masto.test", Scheme: "https", Target: target, Body: body, Header: fields(lines)}
}

func date(at time.Time) string { return at.UTC().Format(http.TimeFormat) }

// The rows of spec/federation.md §14.1 that this package decides. The other rows need the network, a database or the
// body of the activity: they belong to fetch and inbox.
func TestTransportRows(t *testing.T) {
	t.Parallel()
	digest := "Digest: " + signature.DigestHeader(testBody)
	inbox := func(extra string) signature.Request {
		return plain("POST", "/inbox", testBody, "Host: masto.test\n"+extra)
	}
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	usual, old := "(request-target) host date digest", testNow.Add(-70*time.Minute)
	right := signature.ContentDigestHeader(testBody)
	input := func(form string) func(*http.Request) {
		return set("Signature-Input", "sig1="+fmt.Sprintf(form, testNow.Unix()))
	}
	for _, tt := range []struct {
		name    string
		request signature.Request
		at      time.Duration // judged this much after testNow
		want41  error
		want    error
	}{
		{"§14.1/01 unsigned POST", inbox(digest), 0, signature.ErrNotSigned, signature.ErrNotSigned},
		{"§14.1/04 unparsable header", post(t, testNow, set("Signature", "keyId=")), 0, signature.ErrParse, signature.ErrParse},
		{"§14.1/05 keyId missing", post(t, testNow, set("Signature", `signature="AAAA"`)), 0, signature.ErrIncomplete, signature.ErrIncomplete},
		{"§14.1/05 signature missing", post(t, testNow, set("Signature", `keyId="k"`)), 0, signature.ErrIncomplete, signature.ErrIncomplete},
		{"§14.1/06 rsa-sha512", own(t, inbox("Date: "+date(testNow)+"\n"+digest), `,algorithm="rsa-sha512"`, usual), 0, signature.ErrAlgorithm, signature.ErrAlgorithm},
		{"§14.1/07 no algorithm, Date covered", own(t, inbox("Date: "+date(testNow)+"\n"+digest), "", usual), 0, nil, nil},
		{"§14.1/08 neither algorithm nor headers", own(t, inbox("Date: "+date(testNow)+"\n"+digest), fmt.Sprintf(",created=%d", testNow.Unix()), ""), 0, signature.ErrTargetNotCovered, signature.ErrTargetNotCovered},
		{"§14.1/09 digest not covered", own(t, inbox("Date: "+date(testNow)+"\n"+digest), "", "(request-target) host date"), 0, signature.ErrDigestNotCovered, signature.ErrDigestNotCovered},
		{"§14.1/10 digest tampered", post(t, testNow, set("Digest", signature.DigestHeader([]byte("other")))), 0, signature.ErrDigestMismatch, signature.ErrDigestMismatch},
		{"§14.1/11 SHA-512 only", own(t, inbox("Date: "+date(testNow)+"\nDigest: SHA-512=AAAA"), "", usual), 0, signature.ErrDigestAlgorithm, signature.ErrDigestAlgorithm},
		{"§14.1/12 digest not base64", own(t, inbox("Date: "+date(testNow)+"\nDigest: SHA-256=?!"), "", usual), 0, signature.ErrDigestEncoding, signature.ErrDigestEncoding},
		{"§14.1/12 hex digest", own(t, inbox("Date: "+date(testNow)+"\nDigest: SHA-256="+strings.Repeat("ab", 32)), "", usual), 0, signature.ErrDigestLength, signature.ErrDigestLength},
		{"§14.1/13 70 minutes old", post(t, testNow, nil), 70 * time.Minute, signature.ErrStale, signature.ErrStale},
		{"§14.1/14 55 minutes old", post(t, testNow, nil), 55 * time.Minute, nil, nil},
		{"§14.1/15 65 minutes ahead", post(t, testNow, nil), -65 * time.Minute, signature.ErrFuture, signature.ErrFuture},
		{"§14.1/16 expires in 24 h, after 14 h", lasting(t, inbox(digest), 24*time.Hour), 14 * time.Hour, signature.ErrStale, signature.ErrStale},
		{"§14.1/16 the same after 12 h 59 min", lasting(t, inbox(digest), 24*time.Hour), 12*time.Hour + 59*time.Minute, nil, nil},
		{"§14.1/17 Date is no date", own(t, inbox("Date: yesterday\n"+digest), "", usual), 0, signature.ErrDate, signature.ErrDate},
		{"§14.1/33 path tampered", moved(post(t, testNow, nil), "/users/bob/inbox"), 0, signature.ErrMismatch, signature.ErrMismatch},
		{"§14.1/34 query left out by the signer", moved(post(t, testNow, nil), "/inbox?x=1"), 0, nil, nil},
		{"§14.1/34 query signed", own(t, plain("POST", "/inbox?x=1", testBody, "Host: masto.test\nDate: "+date(testNow)+"\n"+digest), "", usual), 0, signature.ErrMismatch, nil},
		{"§14.1/40 RFC 9421 without created", rfc9421(t, testNow, func(r *http.Request) {
			r.Header.Set("Signature-Input", `sig1=("@method" "@target-uri" "content-digest");keyid="k"`)
		}), 0, signature.ErrParse, signature.ErrIncomplete},
		{"§14.1/41 unparsable Content-Digest", rfc9421(t, testNow, func(r *http.Request) { r.Header.Set("Content-Digest", "sha-256=:") }), 0, signature.ErrParse, signature.ErrContentDigest},
		{"§14.1/42 RFC 9421 to an old server", rfc9421(t, testNow, nil), 0, signature.ErrParse, nil},

		{"§5.6 date not covered", own(t, inbox("Date: "+date(testNow)+"\n"+digest), "", "(request-target) host digest"), 0, signature.ErrDateNotCovered, signature.ErrDateNotCovered},
		{"§5.6 nothing of the request covered", own(t, inbox("Date: "+date(testNow)+"\n"+digest), "", "host date"), 0, signature.ErrTargetNotCovered, signature.ErrTargetNotCovered},
		{"§5.6 GET without host", own(t, plain("GET", "/users/alice", nil, "Host: masto.test\nDate: "+date(testNow)), "", "(request-target) date"), 0, signature.ErrHostNotCovered, signature.ErrHostNotCovered},
		{"§5.6 digest absent", own(t, inbox("Date: "+date(testNow)), "", usual), 0, signature.ErrDigestMissing, signature.ErrDigestMissing},
		{"§5.6 duplicate parameters", post(t, testNow, set("Signature", `keyId="k",keyId="k",signature="AAAA"`)), 0, signature.ErrDuplicateParam, signature.ErrDuplicateParam},
		{"§5.3 (created) needs its parameter", own(t, inbox("Date: "+date(testNow)+"\n"+digest), `,algorithm="hs2019"`, "(request-target) (created) host date digest"), 0, signature.ErrIncomplete, signature.ErrIncomplete},
		{"§5.3 (created) needs hs2019", own(t, inbox("Date: "+date(testNow)+"\n"+digest), fmt.Sprintf(`,algorithm="rsa-sha256",created=%d`, testNow.Unix()), "(request-target) (created) host date digest"), 0, signature.ErrAlgorithm, signature.ErrAlgorithm},
		{"§5.3 two digests, any case", own(t, inbox("Date: "+date(testNow)+"\nDigest: SHA-512=AAAA, sha-256="+strings.TrimPrefix(signature.DigestHeader(testBody), "SHA-256=")), "", usual), 0, nil, nil},
		{"§5.3 two digests of one kind", own(t, inbox("Date: "+date(testNow)+"\nDigest: SHA-256=AAAA, "+signature.DigestHeader(testBody)), "", usual), 0, signature.ErrDigestLength, signature.ErrDigestLength},
		{"§5.3 two Dates", own(t, inbox("Date: "+date(testNow.Add(-2*time.Hour))+"\nDate: "+date(testNow)+"\n"+digest), "", usual), 0, signature.ErrDate, signature.ErrDate},
		{"§5.3 a name that is none", own(t, inbox("Date: "+date(testNow)+"\n"+digest), "", usual+" (everything)"), 0, signature.ErrParse, signature.ErrParse},
		{"§5.3 an old request with a young created that is not covered", own(t, inbox("Date: "+date(old)+"\n"+digest), fmt.Sprintf(`,algorithm="hs2019",created=%d`, testNow.Unix()), usual), 0, signature.ErrStale, signature.ErrStale},
		{"§5.3 an old request with a late expires that is not covered", own(t, inbox("Date: "+date(old)+"\n"+digest), fmt.Sprintf(`,algorithm="rsa-sha256",expires=%d`, testNow.Add(time.Hour).Unix()), usual), 0, signature.ErrStale, signature.ErrStale},
		{"§5.3 the same with (created)", own(t, inbox(digest), fmt.Sprintf(`,algorithm="hs2019",created=%d,expires=%d`, old.Unix(), testNow.Add(time.Hour).Unix()), "(request-target) (created) host digest"), 0, signature.ErrStale, signature.ErrStale},
		{"§5.4 two signatures", rfc9421(t, testNow, func(r *http.Request) {
			r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+`, sig2=("@method");created=1;keyid="k"`)
		}), 0, signature.ErrParse, signature.ErrManySignatures},
		{"§5.4 target not covered", rfc9421(t, testNow, func(r *http.Request) {
			r.Header.Set("Signature-Input", fmt.Sprintf(`sig1=("@method" "content-digest");created=%d;keyid="k"`, testNow.Unix()))
		}), 0, signature.ErrParse, signature.ErrTargetNotCovered},
		{"§5.4 digest not covered", rfc9421(t, testNow, func(r *http.Request) {
			r.Header.Set("Signature-Input", fmt.Sprintf(`sig1=("@method" "@target-uri");created=%d;keyid="k"`, testNow.Unix()))
		}), 0, signature.ErrParse, signature.ErrDigestNotCovered},
		{"§5.4 another algorithm", rfc9421(t, testNow, func(r *http.Request) {
			r.Header.Set("Signature-Input", fmt.Sprintf(`sig1=("@method" "@target-uri" "content-digest");created=%d;keyid="k";alg="rsa-pss-sha512"`, testNow.Unix()))
		}), 0, signature.ErrParse, signature.ErrAlgorithm},
		{"§5.4 method not covered", rfc9421(t, testNow, input(`("@target-uri" "content-digest");created=%d;keyid="k"`)), 0, signature.ErrParse, signature.ErrTargetNotCovered},
		{"§5.4 a part of a query", rfc9421(t, testNow, input(`("@method" "@target-uri" "content-digest" "@query-param";name="x");created=%d;keyid="k"`)), 0, signature.ErrParse, signature.ErrParse},
		{"§5.4 a name covered twice", rfc9421(t, testNow, input(`("@method" "@target-uri" "content-digest" "@method");created=%d;keyid="k"`)), 0, signature.ErrParse, signature.ErrParse},
		{"§5.4 something that is not of a request", rfc9421(t, testNow, input(`("@method" "@target-uri" "content-digest" "@status");created=%d;keyid="k"`)), 0, signature.ErrParse, signature.ErrMismatch},
		{"§5.4 a signature under another label", rfc9421(t, testNow, set("Signature", "sig2=:AAAA:")), 0, signature.ErrParse, signature.ErrIncomplete},
		{"§5.4 ended 61 minutes ago", rfc9421(t, testNow, input(`("@method" "@target-uri" "content-digest");created=%d;expires=1795294801;keyid="k"`)), 61*time.Minute + 2*time.Second, signature.ErrParse, signature.ErrStale},
		{"§5.4 created as text", rfc9421(t, testNow, input(`("@method" "@target-uri" "content-digest");created="%d";keyid="k"`)), 0, signature.ErrParse, signature.ErrParse},
		{"§5.4 two digests, the right one first", rfc9421(t, testNow, set("Content-Digest", right+", sha-256=:AAAA:")), 0, signature.ErrParse, signature.ErrDigestLength},
		{"§5.4 a digest that is no bytes", rfc9421(t, testNow, set("Content-Digest", "sha-256")), 0, signature.ErrParse, signature.ErrDigestEncoding},
		{"§5.4 another digest added", rfc9421(t, testNow, set("Content-Digest", "sha-512=:AAAA:, "+right)), 0, signature.ErrParse, signature.ErrMismatch},
		{"§5.4 70 minutes old", rfc9421(t, testNow, nil), 70 * time.Minute, signature.ErrParse, signature.ErrStale},
	} {
		for _, p := range []struct {
			profile signature.Profile
			want    error
		}{{signature.Mastodon41(), tt.want41}, {signature.Mastodon(), tt.want}} {
			t.Run(tt.name+" "+p.profile.Name, func(t *testing.T) {
				t.Parallel()
				err := judge(t, tt.request, testNow.Add(tt.at), p.profile)
				if !errors.Is(err, p.want) {
					t.Fatalf("got %v, want %v", err, p.want)
				}
				wantStatus := http.StatusUnauthorized
				switch {
				case p.want == nil:
					wantStatus = http.StatusAccepted
				case errors.Is(p.want, signature.ErrContentDigest):
					wantStatus = http.StatusBadRequest
				}
				if got := signature.Status(err); got != wantStatus {
					t.Errorf("status: got %d, want %d", got, wantStatus)
				}
			})
		}
	}
}

// judge is Check and Verify with alice's key, and holds the report to agree with the outcome.
func judge(t *testing.T, r signature.Request, now time.Time, p signature.Profile) error {
	t.Helper()
	v, err := signature.Check(r, now, p)
	if err == nil {
		err = v.Verify(&alice(t).Key.PublicKey)
	}
	if v.Report.OK != (err == nil) || v.Report.Rule != signature.Rule(err) || v.Report.Rule == "" {
		t.Errorf("report says ok %v, rule %q; the error is %v", v.Report.OK, v.Report.Rule, err)
	}
	if _, jsonErr := json.Marshal(v.Report); jsonErr != nil {
		t.Errorf("report is not JSON: %v", jsonErr)
	}
	return err
}

func moved(r signature.Request, target string) signature.Request {
	r.Target = target
	return r
}

// lasting is signed with hs2019, created at testNow, to expire after d.
func lasting(t testing.TB, r signature.Request, d time.Duration) signature.Request {
	params := fmt.Sprintf(`,algorithm="hs2019",created=%d,expires=%d`, testNow.Unix(), testNow.Add(d).Unix())
	return own(t, r, params, "(request-target) (created) (expires) host digest")
}

func rfc9421(t testing.TB, at time.Time, change func(*http.Request)) signature.Request {
	t.Helper()
	r := newRequest(t, "POST", "https://masto.test/inbox?x=1")
	if err := signature.SignRFC9421(r, testBody, alice(t).ID, alice(t).Key, at); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	return signature.FromHTTP(r, testBody, "https")
}

func TestTheReportExplains(t *testing.T) {
	t.Parallel()
	r := post(t, testNow, nil)
	v, err := signature.Check(r, testNow.Add(10*time.Minute), signature.Mastodon41())
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Verify(&alice(t).Key.PublicKey); err != nil {
		t.Fatal(err)
	}
	want := "(request-target): post /inbox\nhost: masto.test\ndate: Sat, 21 Nov 2026 21:00:00 GMT\ndigest: " +
		signature.DigestHeader(testBody) + "\ncontent-type: application/activity+json"
	if v.Report.SigningString != want {
		t.Errorf("signing string:\ngot  %q\nwant %q", v.Report.SigningString, want)
	}
	if m := v.Report.Margin; m == nil || *m != 55*60 {
		t.Errorf("margin: got %v, want 3300 (65 minutes less 10)", m)
	}
	// Refused ones are explained too.
	r.Body = bytes.ToUpper(r.Body)
	v, err = signature.Check(r, testNow, signature.Mastodon41())
	d := v.Report.Digest
	if !errors.Is(err, signature.ErrDigestMismatch) || d == nil || d.Match || d.Given == d.Computed || v.Report.SigningString == "" {
		t.Errorf("changed body: got %v, digest %+v, signing string %q", err, d, v.Report.SigningString)
	}
	if v.Verify(&alice(t).Key.PublicKey) == nil {
		t.Error("a refused request verifies all the same")
	}
}
