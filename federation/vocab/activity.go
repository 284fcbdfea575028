package vocab

import (
	"slices"
	"strings"
	"time"
)

// Activity is what the inbox needs of an activity, whatever its type.
type Activity struct {
	ID, Type  string
	Actor     string // "" when the document names none: then it is the sender's
	Object    string // id of the object, "" when it has none
	ObjectDoc Doc    // the embedded object, nil when only referred to
	Target    string
	To, Cc    []string
	Published time.Time // zero when absent or unreadable
	Doc       Doc
}

// ReadActivity reads doc. A type that is not a single string reads as "", as Mastodon matches strings only.
func ReadActivity(doc Doc) Activity {
	return Activity{
		ID: doc.String("id"), Type: doc.String("type"), Actor: doc.Ref("actor"),
		Object: doc.Ref("object"), ObjectDoc: doc.Object("object"), Target: doc.Ref("target"),
		To: doc.Refs("to"), Cc: doc.Refs("cc"), Published: Time(doc.String("published")), Doc: doc,
	}
}

// Signature is the embedded document signature, nil when there is none.
func (a Activity) Signature() Doc {
	m, _ := a.Doc["signature"].(map[string]any)
	return m
}

// IsPublic reports whether uri is one of the three spellings of the public collection (federation.md §3.3); "as:Public" comes in
// fixtures/synthetic/ghost-6/note.json.
func IsPublic(uri string) bool { return uri == Public || uri == "as:Public" || uri == "Public" }

// Audience is a reading of to and cc (federation.md §3.3).
func Audience(to, cc []string, followers string) string {
	switch {
	case slices.ContainsFunc(to, IsPublic):
		return "public"
	case slices.ContainsFunc(cc, IsPublic):
		return "unlisted"
	case followers != "" && slices.Contains(to, followers):
		return "private"
	}
	return "direct"
}

// Time reads an xsd:dateTime; zero when it is none or, in UTC, outside the years 0 to 9999, which is as far as JSON goes. The
// offset may lack its colon (fixtures/synthetic/threads-2025/note.json), and space around it does not count.
func Time(s string) time.Time {
	s = strings.TrimSpace(s)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05Z0700", s)
	}
	if t = t.UTC(); err != nil || t.Year() < 0 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// Stamp writes t as Mastodon does in documents: UTC, whole seconds.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// Ends of an activity's life: types of objects that can be posts, and of actors.
var (
	nativeTypes    = []string{"Note", "Question"}
	convertedTypes = []string{"Image", "Audio", "Video", "Article", "Page", "Event"}
	actorTypes     = []string{"Application", "Group", "Organization", "Person", "Service"}
)

// PostType returns the type under which doc is kept as a post, "" when it is none; converted reports a type that Mastodon
// shows as a title and a link (federation.md §3.5).
func PostType(doc Doc) (t string, converted bool) {
	for _, t := range nativeTypes {
		if doc.Is(t) {
			return t, false
		}
	}
	for _, t := range convertedTypes {
		if doc.Is(t) {
			return t, true
		}
	}
	return "", false
}

// ActorType returns the type of an actor document, "" when it is none.
func ActorType(doc Doc) string {
	for _, t := range actorTypes {
		if doc.Is(t) {
			return t
		}
	}
	return ""
}
