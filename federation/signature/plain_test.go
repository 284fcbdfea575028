package signature_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orrery/federation/signature"
)

// What Mastodon writes, and we in its form, is plain under the profile that wrote it: no time is spent on it. Actors are not,
// whose keys the security context defines; they are rarely told.
func TestOurOwnActivitiesArePlain(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../translate/testdata/*.json")
	current, _ := filepath.Glob("../translate/testdata/current/*.json")
	files = append(files, current...)
	if err != nil || len(files) < 10 {
		t.Fatalf("%d goldens of federation/translate, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := signature.DecodeDocument(raw)
		if err != nil || doc["@context"] == nil || strings.Contains(string(raw), "publicKeyPem") {
			continue
		}
		if !signature.Documents41().Plain(doc) && !signature.DocumentsCurrent().Plain(doc) {
			t.Errorf("%s is plain under no profile", filepath.Base(file))
		}
	}
}

func TestWhatIsNotPlain(t *testing.T) {
	t.Parallel()
	const as = `"https://www.w3.org/ns/activitystreams"`
	for _, tt := range []struct {
		name, doc string
		want      bool
	}{
		{"terms of Activity Streams", `{"@context":` + as + `,"type":"Create","actor":"https://a.test/","object":{"type":"Note","contentMap":{"en":"x"}}}`, true},
		{"a term that it defines as we do", `{"@context":[` + as + `,{"Hashtag":"as:Hashtag"}],"type":"Note","tag":[{"type":"Hashtag","name":"#x"}]}`, true},
		{"a term with its prefix", `{"@context":[` + as + `,{"toot":"http://joinmastodon.org/ns#","Emoji":"toot:Emoji"}],"tag":{"type":"Emoji"}}`, true},
		{"a prefix that means something else", `{"@context":[` + as + `,{"toot":"http://bad.test/#","Emoji":"toot:Emoji"}],"tag":{"type":"Emoji"}}`, false},
		{"a prefix that is not defined", `{"@context":[` + as + `,{"Emoji":"toot:Emoji"}],"tag":{"type":"Emoji"}}`, false},
		{"a term that nobody defines", `{"@context":` + as + `,"tag":[{"type":"Hashtag"}]}`, false},
		{"a member that nobody defines", `{"@context":` + as + `,"_misskey_quote":"x"}`, false},
		{"a term that means something else here", `{"@context":[` + as + `,{"content":"as:summary"}],"content":"x"}`, false},
		{"a prefix of ours for another name", `{"@context":[` + as + `,{"as":"http://bad.test/#","Hashtag":"as:Hashtag"}],"tag":{"type":"Hashtag"}}`, false},
		{"another context", `{"@context":[` + as + `,"https://gotosocial.org/ns"],"content":"x"}`, false},
		{"no Activity Streams", `{"@context":"https://w3id.org/security/v1","content":"x"}`, false},
		{"a context inside", `{"@context":` + as + `,"object":{"@context":{"content":"as:summary"},"content":"x"}}`, false},
		{"a name written out", `{"@context":` + as + `,"as:content":"x"}`, false},
		{"an alias", `{"@context":[` + as + `,{"kind":"@type"}],"kind":"Note"}`, false},
		{"several types", `{"@context":` + as + `,"type":["Create"]}`, false},
		{"an address that is none", `{"@context":` + as + `,"to":["as:Public"]}`, false},
		{"a keyword", `{"@context":` + as + `,"@graph":[]}`, false},
	} {
		doc, err := signature.DecodeDocument([]byte(tt.doc))
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for _, p := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
			if got := p.Plain(doc); got != tt.want {
				t.Errorf("%s, %s: got %v, want %v", tt.name, p.Name, got, tt.want)
			}
		}
	}
}
