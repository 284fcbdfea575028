package vocab

import "time"

// Key is one public key that an actor lists: as PEM (publicKey), or as a Multikey (assertionMethod, FEP-521a). A key that
// is only named has an ID and nothing else.
type Key struct {
	ID, Owner, PEM, Multibase string
	Expires                   time.Time // zero when it does not say
	Revoked                   bool
}

// maxKeys is how many keys of each kind are read (federation.md §2.5).
const maxKeys = 10

// readKeys takes one key or several, embedded or named (a list in fixtures/synthetic/hubzilla-9/person.json).
func readKeys(doc Doc, name string) []Key {
	var out []Key
	for i, v := range doc.List(name) {
		if i == maxKeys {
			break
		}
		switch v := v.(type) {
		case map[string]any:
			out = append(out, ReadKey(v))
		case string:
			out = append(out, Key{ID: v})
		}
	}
	return out
}

// ReadKey reads a key object of either kind: a Multikey names its owner as controller
// (fixtures/synthetic/hubzilla-9/person.json).
func ReadKey(doc Doc) Key {
	k := Key{
		ID: doc.String("id"), Owner: doc.Ref("owner"), PEM: doc.String("publicKeyPem"), Multibase: doc.String("publicKeyMultibase"),
		Expires: Time(doc.String("expires")), Revoked: doc.String("revoked") != "",
	}
	if k.Owner == "" {
		k.Owner = doc.Ref("controller")
	}
	return k
}
