package vocab

import "time"

// Actor is what we use of an actor document.
type Actor struct {
	ID, Type                         string
	PreferredUsername, Name, Summary string
	URL                              string
	Inbox, SharedInbox, Outbox       string
	Followers, Following, Featured   string
	ManuallyApprovesFollowers        bool
	Discoverable                     bool
	Published                        time.Time
	Icon, Image                      string
	Keys                             []Key
}

// ReadActor reads an actor document leniently. Type is "" when it is none.
func ReadActor(doc Doc) Actor {
	a := Actor{
		ID: doc.String("id"), Type: ActorType(doc), PreferredUsername: doc.String("preferredUsername"),
		Name: doc.String("name"), Summary: doc.String("summary"), URL: PageURL(doc),
		Inbox: doc.Ref("inbox"), Outbox: doc.Ref("outbox"), Followers: doc.Ref("followers"),
		Following: doc.Ref("following"), Featured: doc.Ref("featured"),
		ManuallyApprovesFollowers: doc.Bool("manuallyApprovesFollowers"), Discoverable: doc.Bool("discoverable"),
		Published: Time(doc.String("published")), Icon: imageURL(doc, "icon"), Image: imageURL(doc, "image"),
	}
	if e := doc.Object("endpoints"); e != nil {
		a.SharedInbox = e.Ref("sharedInbox")
	}
	if a.SharedInbox == "" {
		a.SharedInbox = doc.Ref("sharedInbox") // before "endpoints" became the rule
	}
	a.Keys = append(readKeys(doc, "publicKey"), readKeys(doc, "assertionMethod")...)
	return a
}

func imageURL(doc Doc, name string) string {
	o := doc.Object(name)
	if o == nil {
		return ""
	}
	return PageURL(o)
}

// PageURL is the web page of an object: a string, a Link, or the first HTML one of several (federation.md §3.5).
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
