package signature

// Profile says how strictly signatures are judged. Its zero value checks arithmetic only: no window, no strength.
type Profile struct {
	Name string
	// Strict asks for the coverage of spec/federation.md §5.3 and §5.4, and for (created) and (expires) only where
	// Mastodon takes them.
	Strict bool
	// Window holds signatures to the time window of §5.3.
	Window bool
	// PathOnly is Mastodon before 4.3: the query is never part of (request-target). Otherwise both forms are tried.
	PathOnly bool
	// RFC9421 understands Signature-Input. Without it such a request fails as an unreadable Signature header (§14.1/42).
	RFC9421 bool
	// Ed25519 allows keys of that kind for RFC 9421.
	Ed25519 bool
	// KeyFirst tells callers that this profile looks the key up before Check (§5.5/8). Nothing here depends on it.
	KeyFirst bool
	// TargetFragment is tried as "#"+TargetFragment behind @target-uri when the plain form does not fit: Fedify 1.10
	// signs its key look-ups over a URL with the fragment of the keyId. fixtures/fedify-1.10.0. Mastodon does not do this.
	TargetFragment string
}

// Mastodon41 judges as Mastodon 4.1.
func Mastodon41() Profile {
	return Profile{Name: "mastodon-4.1", Strict: true, Window: true, PathOnly: true}
}

// Mastodon judges as the current Mastodon.
func Mastodon() Profile {
	return Profile{Name: "mastodon", Strict: true, Window: true, RFC9421: true, Ed25519: true, KeyFirst: true}
}

// EitherTarget judges as Mastodon 4.1, but takes (request-target) with and without the query, as other programs do.
func EitherTarget() Profile { return Profile{Name: "either-target", Strict: true, Window: true} }

// Inspector answers only "does this signature fit this request and this key", for things pasted by a person.
func Inspector() Profile { return Profile{Name: "inspector", RFC9421: true, Ed25519: true} }

// SignProfile is how outgoing requests are signed (spec/federation.md §5.1): what is covered, in which order.
// A name other than (request-target), host, date and digest is covered only when the request has that header.
type SignProfile struct {
	Name string
	Get  []string
	Post []string
	// Query puts the query string into (request-target).
	Query bool
	// Algorithm is written into the header; the signature is RSA with SHA-256 whatever it says.
	Algorithm string
}

// SignAsMastodon41 is the form of Mastodon 4.1 and 4.2.
func SignAsMastodon41() SignProfile {
	return SignProfile{
		Name:      "mastodon-4.1",
		Get:       []string{"(request-target)", "host", "date", "accept"},
		Post:      []string{"(request-target)", "host", "date", "digest", "content-type", "collection-synchronization"},
		Algorithm: "rsa-sha256",
	}
}

// SignAsMastodon is the form of the current Mastodon.
func SignAsMastodon() SignProfile {
	return SignProfile{
		Name:      "mastodon",
		Get:       []string{"host", "date", "(request-target)"},
		Post:      []string{"host", "date", "content-type", "collection-synchronization", "digest", "(request-target)"},
		Query:     true,
		Algorithm: "rsa-sha256",
	}
}

// SignAsGoToSocial is the form of GoToSocial (spec/federation.md §13.3.4).
func SignAsGoToSocial() SignProfile {
	return SignProfile{
		Name: "gotosocial", Get: []string{"(request-target)", "host", "date"}, Post: []string{"(request-target)", "host", "date", "digest"},
		Query: true, Algorithm: "hs2019",
	}
}

// SignAsMisskey is the form of Misskey (spec/federation.md §13.3.5).
func SignAsMisskey() SignProfile {
	return SignProfile{
		Name: "misskey", Get: []string{"(request-target)", "date", "host", "accept"}, Post: []string{"(request-target)", "date", "host", "digest"},
		Query: true, Algorithm: "rsa-sha256",
	}
}

// SignAsPleroma is the form of Pleroma (spec/federation.md §13.3.6).
func SignAsPleroma() SignProfile {
	return SignProfile{
		Name: "pleroma", Get: []string{"(request-target)", "host", "date"}, Post: []string{"(request-target)", "host", "content-length", "digest", "date"},
		Query: true, Algorithm: "rsa-sha256",
	}
}

// SignAsLemmy is the form of Lemmy: like Misskey's, with the word hs2019.
func SignAsLemmy() SignProfile {
	p := SignAsMisskey()
	p.Name, p.Algorithm = "lemmy", "hs2019"
	p.Post = []string{"(request-target)", "content-type", "date", "digest", "host"}
	return p
}
