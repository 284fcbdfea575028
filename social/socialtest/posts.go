package socialtest

import (
	"time"

	"orrery/social"
)

// All names every sample view, for goldens that want one file of each.
func All() map[string]social.StatusView {
	return map[string]social.StatusView{
		"public": Public(), "reply": Reply(), "unlisted": Unlisted(), "private": Private(), "direct": Direct(),
		"edited": Edited(), "boost": Boost(), "self_boost_of_private": SelfBoostOfPrivate(), "article": Article(), "hostile": Hostile(), "poll": Poll(),
	}
}

// Public is a plain public post by Alice.
func Public() social.StatusView {
	return post(Alice(), 1, social.Public, "<p>Hello, sky.</p>", "Hello, sky.")
}

// Reply answers Berta's post in public, names her and Bob, and carries two hashtags.
func Reply() social.StatusView {
	v := post(Alice(), 2, social.Public,
		`<p><span class="h-card"><a href="https://beta.test/@berta" class="u-url mention">@<span>berta</span></a></span> `+
			`<span class="h-card"><a href="https://alpha.test/@bob" class="u-url mention">@<span>bob</span></a></span> look: `+
			`<a href="https://alpha.test/tags/mars" class="mention hashtag" rel="tag">#<span>Mars</span></a> and `+
			`<a href="https://alpha.test/tags/caf%C3%A9" class="mention hashtag" rel="tag">#<span>Café</span></a></p>`,
		"@berta@beta.test @bob look: #Mars and #Café")
	parent, author := Article().Status, Berta()
	v.Parent, v.ReplyTo = &parent, &author
	v.Status.ReplyToID, v.Status.ReplyToURI, v.Status.ReplyToAccountID = parent.ID, parent.URI, author.ID
	v.Status.Conversation = parent.Conversation
	v.Mentions, v.Tags = []social.Account{author, Bob()}, []string{"mars", "café"}
	v.Status.Mentions = []social.Mention{{AccountID: author.ID}, {AccountID: Bob().ID}}
	v.Status.Tags = v.Tags
	return v
}

// Unlisted stands behind a content warning and names a group.
func Unlisted() social.StatusView {
	v := post(Alice(), 3, social.Unlisted, "<p>The comet falls into the sun. @club</p>", "The comet falls into the sun. @club@beta.test")
	v.Status.SpoilerText, v.Status.Sensitive = "Spoiler: \"Comet\" & <Sun>", true
	v.Mentions, v.Status.Mentions = []social.Account{Club()}, []social.Mention{{AccountID: Club().ID}}
	return v
}

// Private is for followers, and written in a language of three letters.
func Private() social.StatusView {
	v := post(Alice(), 4, social.Private, "<p>Nur für euch.</p>", "Nur für euch.")
	v.Status.Language = "nds"
	return v
}

// Direct is for Berta alone, of no known language.
func Direct() social.StatusView {
	v := post(Alice(), 5, social.Direct, "<p>@berta are you awake?</p>", "@berta@beta.test are you awake?")
	v.Status.Language = ""
	v.Mentions, v.Status.Mentions = []social.Account{Berta()}, []social.Mention{{AccountID: Berta().ID}}
	return v
}

// Edited is a public post of Alice that was changed a minute later, and was well received.
func Edited() social.StatusView {
	v := post(Alice(), 6, social.Public, "<p>Venus, not Mars.</p>", "Venus, not Mars.")
	v.Status.EditedAt = v.Status.CreatedAt.Add(time.Minute)
	v.Status.RepliesCount, v.Status.BoostsCount, v.Status.FavouritesCount = 1, 2, 3
	return v
}

// Quoting shows Berta's article inside, with her consent.
func Quoting() social.StatusView {
	quoted := Article()
	v := post(Alice(), 12, social.Public, `<p class="quote-inline">RE: <a href="`+quoted.Status.URL+`">`+quoted.Status.URL+`</a></p><p>Read this.</p>`, "Read this.")
	v.Quote = &social.QuoteView{State: social.QuoteAccepted, Shown: &quoted, Quote: social.Quote{
		ID: 12, StatusID: v.Status.ID, AccountID: v.Author.ID, QuotedID: quoted.Status.ID, QuotedURI: quoted.Status.URI, QuotedAccountID: quoted.Author.ID,
		State: social.QuoteAccepted, RequestURI: v.Author.URI + "/quote_requests/1", ApprovalURI: quoted.Author.URI + "/quote_authorizations/5",
	}}
	return v
}

// Illustrated shows a picture, a film and a sound, and names an emoji and a hashtag.
func Illustrated() social.StatusView {
	v := post(Alice(), 11, social.Public, `<p>:blob: sings <a href="https://alpha.test/tags/rain" class="mention hashtag" rel="tag">#<span>rain</span></a></p>`, ":blob: sings #rain")
	v.Tags, v.Emojis = []string{"rain"}, []social.Emoji{Blob()}
	v.Attachments = []social.Attachment{
		{ID: 4001, AccountID: v.Author.ID, StatusID: v.Status.ID, Kind: social.MediaImage, MediaType: "image/png", FileKey: "media/sky.png", PreviewKey: "media/sky-small.png",
			Description: "The sky", Blurhash: "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
			Meta: social.MediaMeta{Focus: &social.Focus{X: 0.25, Y: -0.5}, Original: social.Size{Width: 640, Height: 480}}},
		{ID: 4002, AccountID: v.Author.ID, StatusID: v.Status.ID, Place: 1, Kind: social.MediaVideo, MediaType: "video/mp4", FileKey: "media/rain.mp4", PreviewKey: "media/rain.png",
			Meta: social.MediaMeta{Original: social.Size{Width: 320, Height: 240, Duration: 12.5}}},
		{ID: 4003, AccountID: v.Author.ID, StatusID: v.Status.ID, Place: 2, Kind: social.MediaAudio, MediaType: "audio/ogg", FileKey: "media/song.ogg",
			Meta: social.MediaMeta{Original: social.Size{Duration: 61}}},
	}
	return v
}

// Boost is Alice's public boost of Berta's article.
func Boost() social.StatusView { return boost(Alice(), 7, social.Public, Article()) }

// SelfBoostOfPrivate is Alice's boost of her own post for followers, which nobody else could fetch.
func SelfBoostOfPrivate() social.StatusView { return boost(Alice(), 8, social.Private, Private()) }

// Article is Berta's, of a foreign type that is shown as title, summary and address.
func Article() social.StatusView {
	a := Berta()
	s := social.Status{
		ID: id(9), URI: BetaOrigin + "/articles/1", URL: BetaOrigin + "/blog/mars", AccountID: a.ID, Visibility: social.Public,
		Content:    `<p>Mars &amp; its moons</p><p>Two of them.</p><p><a href="https://beta.test/blog/mars">https://beta.test/blog/mars</a></p>`,
		ObjectType: "Article", Language: "en", Conversation: BetaOrigin + "/contexts/1", CreatedAt: at(9),
	}
	return social.StatusView{Status: s, Author: a}
}

// Hostile is Mallory's: markup where text belongs and addresses that must not become links.
func Hostile() social.StatusView {
	a := Mallory()
	s := social.Status{
		ID: id(10), URI: BetaOrigin + "/notes/10", URL: "", AccountID: a.ID, Visibility: social.Public,
		Content: `<p onmouseover="alert(1)">hi<script>alert(2)</script><iframe src="https://beta.test"></iframe> ` +
			`<a href="javascript:alert(3)">click</a> <a href="https://beta.test/&quot;onclick=&quot;alert(4)">quote</a></p><style>*{display:none}</style>`,
		SpoilerText: `</summary><script>alert(5)</script>`, Sensitive: true, Language: `"><b>`, ObjectType: "Note", CreatedAt: at(10),
	}
	return social.StatusView{Status: s, Author: a, Tags: []string{`x" onclick="alert(6)`}}
}

func post(author social.Account, n int, v social.Visibility, content, source string) social.StatusView {
	return social.StatusView{Author: author, Status: social.Status{
		ID: id(n), URI: URLs().Status(author, id(n)), URL: URLs().StatusPage(author, id(n)), AccountID: author.ID, Visibility: v,
		Content: content, Source: source, Language: "en", ObjectType: "Note", Local: true, CreatedAt: at(n),
		Conversation: "tag:alpha.test,2026-03-01:objectId=" + id(n).String() + ":objectType=Conversation",
	}}
}

func boost(by social.Account, n int, v social.Visibility, of social.StatusView) social.StatusView {
	uri := URLs().Status(by, id(n)) + "/activity"
	return social.StatusView{Author: by, Boost: &of, Status: social.Status{
		ID: id(n), URI: uri, URL: uri, AccountID: by.ID, BoostOfID: of.Status.ID, Visibility: v, Local: true, CreatedAt: at(n),
	}}
}

// id and at are of the n-th sample; a status id carries its time, as everywhere.
func id(n int) social.ID { return social.ID(at(n).UnixMilli()<<16 | int64(n)) }

func at(n int) time.Time { return Now().Add(time.Duration(n-60) * time.Minute) }

// Poll is a question by Alice with three votes by two people; it ends a day after it was asked.
func Poll() social.StatusView {
	v := post(Alice(), 11, social.Public, "<p>Which planet?</p>", "Which planet?")
	v.Status.ObjectType = "Question"
	v.Poll = &social.Poll{
		StatusID: v.Status.ID, ExpiresAt: v.Status.CreatedAt.Add(24 * time.Hour), Voters: 2, Own: []int{0},
		Options: []social.PollOption{{Title: "Mars & Venus", Votes: 2}, {Title: "Pluto", Votes: 1}, {Title: "<b>none</b>"}},
	}
	return v
}
