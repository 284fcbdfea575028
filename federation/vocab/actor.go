package vocab

import (
	"strings"
	"time"
)

// Actor is what we use of an actor document.
type Actor struct {
	ID, Type                         string
	PreferredUsername, Name, Summary string
	URL                              string
	Inbox, SharedInbox, Outbox       string
	Followers, Following, Featured   string
	ManuallyApprovesFollowers        bool
	Histories                        bool // its program understands histories of conversations (FEP-844e, FEP-171b)
	Discoverable                     bool
	Published                        time.Time
	Icon, Image                      string
	IconText, ImageText              string // instead of the pictures
	Keys                             []Key
	Handle                           string // "name@domain" as the actor claims it (FEP-2c59), "" when it does not
	FeaturedTags                     string
	MovedTo                          string
	AlsoKnownAs, AttributionDomains  []string
	Indexable, Memorial, Suspended   bool
	Fields                           []Field
	// What the profile is not to show; nothing said is to show it.
	HidesMedia, HidesMediaReplies, HidesFeatured bool
	Emojis                                       []Emoji
}

// Field is one PropertyValue: a line of the table in a profile. Value is HTML.
type Field struct{ Name, Value string }

// Most of a kind that is read of one actor (federation.md §2.5).
const (
	maxFields  = 50
	maxAliases = 256
	maxHosts   = 256
)

// ReadActor reads an actor document leniently. Type is "" when it is none.
func ReadActor(doc Doc) Actor {
	a := Actor{
		Histories: implements(doc.Object("generator"), Containers),
		ID:        doc.String("id"), Type: ActorType(doc), PreferredUsername: doc.String("preferredUsername"),
		Name: doc.String("name"), URL: PageURL(doc),
		Inbox: doc.Ref("inbox"), Outbox: doc.Ref("outbox"), Followers: doc.Ref("followers"),
		Following: doc.Ref("following"), Featured: doc.Ref("featured"),
		ManuallyApprovesFollowers: doc.Bool("manuallyApprovesFollowers"), Discoverable: doc.Bool("discoverable"),
		Published: Time(doc.String("published")), Icon: imageURL(doc, "icon"), Image: imageURL(doc, "image"),
		IconText: pictureText(doc, "icon"), ImageText: pictureText(doc, "image"),
		Handle: strings.TrimPrefix(strings.TrimPrefix(doc.String("webfinger"), "acct:"), "@"), FeaturedTags: doc.Ref("featuredTags"),
		MovedTo: doc.Ref("movedTo"), AlsoKnownAs: first(doc.Refs("alsoKnownAs"), maxAliases),
		AttributionDomains: first(doc.Refs("attributionDomains"), maxHosts),
		Indexable:          doc.Bool("indexable"), Memorial: doc.Bool("memorial"), Suspended: doc.Bool("suspended"),
		Fields: readFields(doc), Emojis: readEmojis(doc),
		HidesMedia: doc["showMedia"] == false, HidesMediaReplies: doc["showRepliesInMedia"] == false, HidesFeatured: doc["showFeatured"] == false,
	}
	a.Summary, _ = text(doc, "summary")
	if user, _, ok := strings.Cut(a.Handle, "@"); ok && a.PreferredUsername == "" {
		a.PreferredUsername = user
	}
	if e := doc.Object("endpoints"); e != nil {
		a.SharedInbox = e.Ref("sharedInbox")
	}
	if a.SharedInbox == "" { // before "endpoints" became the rule; fixtures/synthetic/misskey-2024/person.json has both
		a.SharedInbox = doc.Ref("sharedInbox")
	}
	a.Keys = append(readKeys(doc, "publicKey"), readKeys(doc, "assertionMethod")...)
	return a
}

// readFields are the table of a profile. A lone line may come as an object (fixtures/synthetic/hubzilla-9), and other things
// than lines lie beside them (published corpus, wordpress/objects/group.json).
func readFields(doc Doc) []Field {
	var out []Field
	for _, v := range doc.List("attachment") {
		m, ok := v.(map[string]any)
		if !ok || !Doc(m).Is("PropertyValue") {
			continue
		}
		f := Field{Doc(m).String("name"), Doc(m).String("value")}
		if f != (Field{}) {
			out = append(out, f)
		}
		if len(out) == maxFields {
			break
		}
	}
	return out
}

// pictureText is what a picture says for those who do not see it: since Mastodon 4.6 its summary
// (fixtures/synthetic/mastodon-4.7/person.json), elsewhere its name (fixtures/synthetic/bookwyrm-0.7/person.json).
func pictureText(doc Doc, name string) string {
	picture := doc.Object(name)
	if s := picture.String("summary"); s != "" {
		return s
	}
	return picture.String("name")
}

func first(list []string, n int) []string { return list[:min(len(list), n)] }

func imageURL(doc Doc, name string) string {
	o := doc.Object(name)
	if o == nil { // or an address alone (fixtures/synthetic/hubzilla-9)
		return doc.String(name)
	}
	u, _ := mediaURL(o)
	return u
}

// PageURL is the web page of an object: a string, a Link (fixtures/synthetic/hubzilla-9/note.json), or the first HTML one of
// several (fixtures/synthetic/peertube-6/video.json; federation.md §3.5).
func PageURL(doc Doc) string {
	first := ""
	for _, v := range doc.List("url") {
		switch v := v.(type) {
		case string:
			if first == "" {
				first = v
			}
		case map[string]any:
			href, _ := v["href"].(string)
			if mt, _ := v["mediaType"].(string); href != "" && (mt == "" || mt == "text/html") {
				return href
			}
		}
	}
	return first
}

// Containers is the capability of understanding histories of conversations (FEP-171b).
const Containers = "https://w3id.org/fep/171b"

// implements reports whether a program lists a capability (FEP-844e).
func implements(program Doc, capability string) bool {
	for _, v := range program.List("implements") {
		if m, ok := v.(map[string]any); ok && Doc(m).Ref("href") == capability {
			return true
		}
	}
	return false
}
