package vocab

import (
	"cmp"
	"encoding/json"
	"time"
)

// Note is what we use of a post document of any supported type.
type Note struct {
	ID, Type, AtomURI  string
	Converted          bool // a type that is shown as a title and a link
	AttributedTo       string
	History            string // of its conversation (FEP-171b)
	Community          string // in which it was written (FEP-1b12)
	InReplyTo          string
	InReplyToAtomURI   string
	Conversation       string
	Content, Name      string
	Summary            string
	Sensitive          bool
	Language           string
	URL                string
	Published, Updated time.Time
	To, Cc             []string
	HasTo, HasCc       bool // the object says to, or cc, itself
	Mentions           []Tag
	Hashtags           []Tag
	Attachments        []Attachment
	Emojis             []Emoji
	Link               string // the page that it is about, as it names it (FEP-8967)
	Poll               *Poll  // what a Question asks, nil when nothing
	Replies            Doc    // the embedded collection
	RepliesURI         string // or its address
	Likes, Shares      Total  // what its own server counts
	Quote              Quote
	CanQuote           *Permission // nil when it does not say
	CanReply           *Permission // the same
	ApprovedBy         string      // where the author of what it answers allows it, "" when it does not say
}

// Total is how many things a collection says it holds; the zero Total says nothing.
type Total struct {
	N     int64
	Known bool
}

// total reads totalItems of an embedded collection (federation.md §3.5). An address alone says nothing
// (fixtures/synthetic/peertube-6/video.json).
func total(doc Doc, name string) Total {
	stated, _ := doc.Object(name)["totalItems"].(json.Number)
	n, err := stated.Int64()
	return Total{N: max(n, 0), Known: err == nil && n >= 0}
}

// Tag is one Mention or Hashtag.
type Tag struct{ Href, Name string }

// maxTags bounds what one post may make us look at; a body of 1 MiB could name many more.
const maxTags = 1000

// ReadNote reads a post document leniently. Type is "" when it is none.
func ReadNote(doc Doc) Note {
	n := Note{
		ID: doc.String("id"), AtomURI: doc.String("atomUri"), AttributedTo: doc.Ref("attributedTo"),
		InReplyTo: doc.Ref("inReplyTo"), InReplyToAtomURI: doc.String("inReplyToAtomUri"),
		Conversation: doc.String("conversation"), Sensitive: doc.Bool("sensitive"), URL: PageURL(doc),
		Published: Time(doc.String("published")), Updated: Time(doc.String("updated")),
		To: doc.Refs("to"), Cc: doc.Refs("cc"), HasTo: doc["to"] != nil, HasCc: doc["cc"] != nil,
		Likes: total(doc, "likes"), Shares: total(doc, "shares"),
	}
	n.History, n.Community = doc.Ref("contextHistory"), doc.Ref("audience")
	n.Type, n.Converted = PostType(doc)
	var named, warned string
	n.Content, n.Language = text(doc, "content")
	n.Name, named = text(doc, "name")
	n.Summary, warned = text(doc, "summary")
	n.Language = cmp.Or(n.Language, named, warned)
	n.Attachments, n.Emojis, n.Link = readAttachments(doc), readEmojis(doc), readLink(doc)
	for i, v := range doc.List("tag") { // Pleroma sends a lone tag as an object (fixtures/synthetic/pleroma-2.6/note_one_tag.json)
		t, ok := v.(map[string]any)
		if !ok || i >= maxTags {
			continue
		}
		tag := Tag{Href: Doc(t).Ref("href"), Name: Doc(t).String("name")}
		switch {
		case Doc(t).Is("Mention"):
			n.Mentions = append(n.Mentions, tag)
		case Doc(t).Is("Hashtag"):
			n.Hashtags = append(n.Hashtags, tag)
		}
	}
	n.Poll = readPoll(doc)
	n.Quote, n.CanQuote = readQuote(doc), readPermission(doc, "canQuote")
	n.CanReply, n.ApprovedBy = readPermission(doc, "canReply"), doc.Ref("approvedBy")
	if n.Replies = doc.Object("replies"); n.Replies == nil { // fixtures/synthetic/hubzilla-9/note.json
		n.RepliesURI = doc.String("replies")
	}
	return n
}

// Items are the entries of a collection or of one of its pages, whichever of the two lists it writes, whatever it calls itself
// (items in fixtures/synthetic/mastodon-4.7/note_image.json). One entry may come without a list.
func Items(doc Doc) []any {
	if items := doc.List("orderedItems"); items != nil {
		return items
	}
	return doc.List("items")
}
