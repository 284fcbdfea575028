package signature

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"sync"

	"github.com/piprate/json-gold/ld"
)

//go:embed contexts/*.json
var contextFiles embed.FS

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	securityV1      = "https://w3id.org/security/v1"
	identityV1      = "https://w3id.org/identity/v1"
)

// contextFile names the file that answers for a context URL. There are no others: an unknown URL is an error.
func contextFile(url string) (string, bool) {
	name, ok := map[string]string{
		activityStreams: "activitystreams",
		securityV1:      "security-v1",
		identityV1:      "identity-v1",
		"https://w3id.org/security/data-integrity/v1":  "security-data-integrity-v1",
		"https://w3id.org/security/data-integrity/v2":  "security-data-integrity-v2",
		"https://w3id.org/security/multikey/v1":        "security-multikey-v1",
		"https://www.w3.org/ns/cid/v1":                 "cid-v1",
		"https://www.w3.org/ns/did/v1":                 "did-v1",
		"https://purl.archive.org/socialweb/webfinger": "webfinger",
		"https://purl.archive.org/miscellany":          "miscellany",
		"https://gotosocial.org/ns":                    "gotosocial",
		"https://join-lemmy.org/context.json":          "join-lemmy",
		"http://joinmastodon.org/ns":                   "joinmastodon",
		"https://w3id.org/fep/5711":                    "fep-5711",
		"https://w3id.org/fep/ef61":                    "fep-ef61",
	}[url]
	return name, ok
}

// embedded holds every context file, parsed once. Nobody writes to it afterwards: json-gold changes a loaded document
// only for @import, which guard refuses.
var embedded = sync.OnceValue(func() map[string]map[string]any {
	entries, err := contextFiles.ReadDir("contexts")
	if err != nil {
		panic("signature: embedded contexts are not there: " + err.Error())
	}
	out := make(map[string]map[string]any, len(entries))
	for _, entry := range entries {
		raw, err := contextFiles.ReadFile("contexts/" + entry.Name())
		if err != nil {
			panic("signature: embedded context " + entry.Name() + ": " + err.Error())
		}
		var doc map[string]any
		if err := json.Unmarshal(raw, &doc); err != nil {
			panic("signature: embedded context " + entry.Name() + ": " + err.Error())
		}
		out[entry.Name()] = doc
	}
	// The Activity Streams context turns every unknown member into a blank-node property ("@vocab": "_:"). Signatures
	// are computed so, but what compaction keeps must be signed, and such members are not: they go.
	terms := maps.Clone(out["activitystreams.json"]["@context"].(map[string]any))
	delete(terms, "@vocab")
	out[strictActivityStreams] = map[string]any{"@context": terms}
	return out
})

const strictActivityStreams = "activitystreams without @vocab"

// preloaded is a json-gold loader that knows the embedded contexts and nothing else.
type preloaded struct{ strict bool }

func (l preloaded) LoadDocument(url string) (*ld.RemoteDocument, error) {
	name, ok := contextFile(url)
	if !ok {
		return nil, ld.NewJsonLdError(ld.LoadingRemoteContextFailed, fmt.Errorf("context %q is not one of the preloaded ones", clip(url)))
	}
	file := name + ".json"
	if l.strict && url == activityStreams {
		file = strictActivityStreams
	}
	return &ld.RemoteDocument{DocumentURL: url, Document: embedded()[file]}, nil
}

func linkedDataOptions(l preloaded) *ld.JsonLdOptions {
	opts := ld.NewJsonLdOptions("")
	opts.DocumentLoader = l
	return opts
}
