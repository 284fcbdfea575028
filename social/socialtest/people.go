// Package socialtest holds named sample views, shared by the goldens of everything that draws or serialises them: client
// entities, ActivityPub documents and pages. They are plain values with a fixed clock, so the same file comes out every time.
//
// It leaves it to the caller who looks: every view is made without a viewer's state; set View.Viewer for that. What a
// newcomer gets wrong: changing a sample changes goldens of several packages, so add a new one instead.
package socialtest

import (
	"time"

	"orrery/social"
)

// Origin is where the samples' local people live; the remote ones live at BetaOrigin.
const (
	Origin     = "https://alpha.test"
	BetaOrigin = "https://beta.test"
)

// Now is the samples' clock: every post was written within the hour before it.
func Now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// URLs mints addresses of the instance the samples are seen from.
func URLs() social.URLs { return social.URLs{Origin: Origin} }

// Alice is an ordinary local person.
func Alice() social.Account {
	a := local(1001, "alice")
	a.DisplayName, a.Note = "Alice Example", "I draw maps of the sky.\n\nhttps://alpha.test/maps #astronomy"
	a.FollowersCount, a.FollowingCount, a.StatusesCount = 2, 1, 5
	a.LastStatusAt = Now()
	return a
}

// Bob is a local person without a display name who approves followers by hand.
func Bob() social.Account {
	a := local(1002, "bob")
	a.Locked, a.Discoverable = true, false
	return a
}

// Dora is a local program that says everything about itself that can be said: table, pictures, emojis, other names, and that
// it lives on as Berta.
func Dora() social.Account {
	a := local(1003, "dora")
	a.ActorType, a.DisplayName, a.Note = "Service", "Dora :blob:", "Measures #rain and #Sun."
	a.Fields = []social.Field{{Name: "Code", Value: "https://alpha.test/dora"}, {Name: "By", Value: "alice"}}
	a.AvatarKey, a.AvatarDescription, a.HeaderKey = "accounts/dora.webp", "A rain gauge", "accounts/sky.jpg"
	a.AlsoKnownAs, a.AttributionDomains = []string{BetaOrigin + "/users/dora"}, []string{"alpha.test", "blog.test"}
	a.Indexable, a.Memorial = true, true
	a.Emojis = []social.Emoji{Blob()}
	moved := Berta()
	a.MovedToID, a.Moved = moved.ID, &moved
	return a
}

// Blob is an emoji of this instance.
func Blob() social.Emoji {
	return social.Emoji{
		ID: 3001, Shortcode: "blob", FileKey: "emojis/blob.gif", StaticKey: "emojis/blob.png", MediaType: "image/gif",
		VisibleInPicker: true, UpdatedAt: joined(),
	}
}

// Berta is a person of another server, with a picture and a shared inbox.
func Berta() social.Account {
	a := remote(2001, "berta")
	a.DisplayName, a.Note = "Berta", `<p>Telescopes &amp; tea</p>`
	a.AvatarURL, a.HeaderURL = BetaOrigin+"/media/berta.png", BetaOrigin+"/media/sky.jpg"
	a.FollowersCount, a.FollowingCount, a.StatusesCount = 12, 34, 567
	return a
}

// Club is a group of another server: whoever mentions it also addresses its followers.
func Club() social.Account {
	a := remote(2002, "club")
	a.ActorType, a.DisplayName = "Group", "Sky Club"
	return a
}

// Mallory is a person of another server whose every text is an attempt at markup or confusion.
func Mallory() social.Account {
	a := remote(2003, "mallory")
	a.DisplayName = `<script>alert("name")</script>` + "\u202e" + `evil & "quoted"`
	a.Note = `<p onclick="alert(1)">hello <img src=x onerror=alert(2)><a href="javascript:alert(3)">link</a></p><script>alert(4)</script>`
	a.AvatarURL = "javascript:alert(5)"
	return a
}

// InstanceActor stands for the local instance itself.
func InstanceActor() social.Account {
	uri := URLs().InstanceActor()
	return social.Account{
		ID: social.InstanceActorID, Username: "alpha.test", ActorType: "Application", Locked: true,
		URI: uri, URL: Origin + "/about/more?instance_actor=true", InboxURL: uri + "/inbox", OutboxURL: uri + "/outbox",
		SharedInboxURL: URLs().SharedInbox(), KeyID: uri + "#main-key", PublicKeyPEM: pem, CreatedAt: joined(),
	}
}

const pem = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n"

func joined() time.Time { return time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC) }

func local(id social.ID, name string) social.Account {
	a := account(id, name, URLs().Account(name, id), Origin)
	a.URL, a.FeaturedURL, a.Discoverable = URLs().Profile(name), a.URI+"/collections/featured", true
	return a
}

func remote(id social.ID, name string) social.Account {
	a := account(id, name, BetaOrigin+"/users/"+name, BetaOrigin)
	a.Domain, a.URL, a.FetchedAt = "beta.test", BetaOrigin+"/@"+name, Now()
	return a
}

func account(id social.ID, name, uri, origin string) social.Account {
	return social.Account{
		ID: id, Username: name, URI: uri, ActorType: "Person",
		InboxURL: uri + "/inbox", SharedInboxURL: origin + "/inbox", OutboxURL: uri + "/outbox",
		FollowersURL: uri + "/followers", FollowingURL: uri + "/following",
		KeyID: uri + "#main-key", PublicKeyPEM: pem, CreatedAt: joined(),
	}
}
