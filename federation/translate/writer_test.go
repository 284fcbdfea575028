package translate_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/policy"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/internal/golden"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/social/socialtest"
)

func writer() translate.Writer {
	return translate.Writer{URLs: socialtest.URLs(), Text: richtext.Mastodon41}
}

const followURI = "https://alpha.test/7e1c7b1e-0000-4000-8000-000000000001"

func current() translate.Writer {
	return translate.Writer{URLs: socialtest.URLs(), Text: richtext.Current, Form: policy.FormCurrent}
}

// Member orders of both forms: federation.md §2.2, §3.1, §3.4, §16.1.
const (
	actorOrder    = "@context id type following followers inbox outbox featured featuredTags preferredUsername name summary url manuallyApprovesFollowers discoverable published devices publicKey tag attachment endpoints"
	instanceOrder = "@context id type inbox outbox preferredUsername url manuallyApprovesFollowers publicKey endpoints"
	createOrder   = "@context id type actor published to cc object"
	answerOrder   = "@context id type actor object"
	undoOrder     = "@context id type actor to object"
	noteOrder     = "id type summary inReplyTo published url attributedTo to cc sensitive atomUri inReplyToAtomUri conversation content contentMap attachment tag replies"
	flagOrder     = "@context id type actor content object"
	moveOrder     = "@context id type target actor object"
	featureOrder  = "@context type actor target object"

	actorNow = "@context id webfinger type following followers inbox outbox featured featuredTags preferredUsername name summary url manuallyApprovesFollowers discoverable indexable published memorial showFeatured showMedia showRepliesInMedia interactionPolicy featuredCollections publicKey tag attachment endpoints"
	noteNow  = "id type summary inReplyTo published url attributedTo to cc sensitive atomUri inReplyToAtomUri conversation context content contentMap interactionPolicy attachment tag replies likes shares"
)

type written struct {
	name  string
	doc   vocab.Object
	order string
	inner string // order of the embedded object, "" when there is none
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range append(documents(writer(), "", actorOrder, noteOrder), documents(current(), "current/", actorNow, noteNow)...) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body, err := vocab.Encode(tt.doc)
			if err != nil {
				t.Fatal(err)
			}
			golden.JSON(t, tt.name, body)
			if got := members(t, body, ""); got != tt.order {
				t.Errorf("order of members:\n got %s\nwant %s", got, tt.order)
			}
			if got := members(t, body, "object"); got != tt.inner {
				t.Errorf("order of the object's members:\n got %s\nwant %s", got, tt.inner)
			}
			if doc, err := vocab.Decode(body); err != nil || !doc.SpeaksActivityStreams() {
				t.Errorf("another server would not read it (%v): %s", err, body)
			}
		})
	}
}

// documents are all that w writes, in folder, with the orders that actors and notes have in its form.
func documents(w translate.Writer, folder, actorOrder, noteOrder string) []written {
	alice, berta, ia := socialtest.Alice(), socialtest.Berta(), socialtest.InstanceActor()
	none, post := translate.Replies{}, socialtest.Article().Status.URI
	docs := []written{
		{"actor", w.Actor(alice), actorOrder, ""},
		{"actor_locked", w.Actor(socialtest.Bob()), actorOrder, ""},
		{"actor_full", w.Actor(socialtest.Dora()), full(actorOrder), ""},
		{"actor_suspended", w.Actor(suspended(socialtest.Dora())), strings.Replace(actorOrder, "publicKey", "suspended publicKey", 1), ""},
		{"note_illustrated", w.NoteDocument(socialtest.Illustrated(), none), "@context " + noteOrder, ""},
		{"emoji", w.EmojiDocument(socialtest.Blob()), "@context id type name updated icon", ""},
		{"instance_actor", w.Actor(ia), instanceOrder, ""},
		{"create_public", w.Create(socialtest.Public(), none), createOrder, noteOrder},
		{"create_reply", w.Create(socialtest.Reply(), none), createOrder, noteOrder},
		{"create_unlisted", w.Create(socialtest.Unlisted(), none), createOrder, noteOrder},
		{"create_private", w.Create(socialtest.Private(), none), createOrder, noteOrder},
		{"create_direct", w.Create(socialtest.Direct(), none), createOrder, without(noteOrder, "contentMap")},
		{"create_edited", w.Create(socialtest.Edited(), none), createOrder, strings.Replace(noteOrder, "contentMap", "contentMap updated", 1)},
		{"update_note", w.UpdateNote(socialtest.Edited(), none), createOrder, strings.Replace(noteOrder, "contentMap", "contentMap updated", 1)},
		{"note", w.NoteDocument(socialtest.Public(), none), "@context " + noteOrder, ""},
		{"note_with_replies", w.NoteDocument(socialtest.Public(), translate.Replies{URIs: []string{"https://alpha.test/users/alice/statuses/11", "https://alpha.test/users/alice/statuses/12"}, Last: 12}), "@context " + noteOrder, ""},
		{"announce", w.Announce(socialtest.Boost()), createOrder, ""},
		{"announce_self_private", w.Announce(socialtest.SelfBoostOfPrivate()), createOrder, noteOrder},
		{"undo_announce", w.UndoAnnounce(socialtest.Boost()), undoOrder, without(createOrder, "@context")},
		{"undo_announce_self_private", w.UndoAnnounce(socialtest.SelfBoostOfPrivate()), undoOrder, without(createOrder, "@context")},
		{"delete", w.Delete(alice, socialtest.Private().Status), undoOrder, "id type atomUri"},
		{"update_actor", w.UpdateActor(alice, socialtest.Now()), undoOrder, without(actorOrder, "@context")},
		{"delete_actor", w.DeleteActor(alice), undoOrder, ""},
		{"like", w.Like(alice, 77, post, translate.Liking{}), answerOrder, ""},
		{"undo_like", w.UndoLike(alice, 77, post, translate.Liking{}), answerOrder, "id type actor object"},
		{"follow", w.Follow(alice, berta, followURI), answerOrder, ""},
		{"undo_follow", w.UndoFollow(alice, berta, 78, followURI), answerOrder, "id type actor object"},
		{"accept", w.AcceptFollow(alice, berta, 79, "https://beta.test/f/1"), answerOrder, "id type actor object"},
		{"accept_again", w.AcceptFollow(alice, berta, 0, "https://beta.test/f/2"), answerOrder, "id type actor object"},
		{"reject", w.RejectFollow(socialtest.Bob(), berta, 80, "https://beta.test/f/3"), answerOrder, "id type actor object"},
		{"block", w.Block(alice, berta, followURI), answerOrder, ""},
		{"undo_block", w.UndoBlock(alice, berta, 81, followURI), answerOrder, "id type actor object"},
		{"flag", w.Flag(ia, followURI, "spam", []string{berta.URI, post}), flagOrder, ""},
		{"move", w.Move(alice, berta, 82), moveOrder, ""},
		{"pin", w.Pin(alice, socialtest.Public().Status.URI), featureOrder, ""},
		{"unpin", w.Unpin(alice, socialtest.Public().Status.URI), featureOrder, ""},
		{"feature_tag", w.FeatureTag(alice, "moon"), featureOrder, "type href name"},
		{"unfeature_tag", w.UnfeatureTag(alice, "moon"), featureOrder, "type href name"},
	}
	quoting, authority := socialtest.Quoting(), socialtest.Quoting().Quote.Quote
	quoteOrder := noteOrder
	if w.Form == policy.FormCurrent {
		quoteOrder = strings.Replace(noteOrder, "interactionPolicy", "quote _misskey_quote quoteUri quoteAuthorization interactionPolicy", 1)
		asked := translate.AskedQuote{URI: berta.URI + "/quote_requests/1", Actor: berta.URI, Quoted: post, Instrument: berta.URI + "/statuses/9"}
		pending := socialtest.Quoting()
		pending.Quote.State, pending.Quote.Quote.State, pending.Quote.Quote.ApprovalURI = social.QuotePending, social.QuotePending, ""
		gone := socialtest.Quoting()
		gone.Quote.Gone = true
		quoted := authority
		quoted.ApprovalURI, quoted.QuotedURI = alice.URI+"/quote_authorizations/7", socialtest.Public().Status.URI
		docs = append(docs,
			written{"note_quoting_pending", w.NoteDocument(pending, none), "@context " + without(quoteOrder, "quoteAuthorization"), ""},
			written{"note_quoting_gone", w.NoteDocument(gone, none), "@context " + strings.Replace(noteOrder, "interactionPolicy", "quote interactionPolicy", 1), ""},
			written{"quote_request", w.QuoteRequest(pending), "@context id type actor object instrument", ""},
			written{"accept_quote", w.AcceptQuote(alice, 7, asked, quoted.ApprovalURI), answerOrder + " result", "id type actor object instrument"},
			written{"reject_quote", w.RejectQuote(alice, 0, asked), answerOrder, "id type actor object instrument"},
			written{"quote_authorization", w.QuoteAuthorization(alice, quoted, socialtest.Article().Status), "@context id type attributedTo interactingObject interactionTarget", ""},
			written{"delete_quote_authorization", w.DeleteAuthorization(alice, quoted, socialtest.Article().Status), undoOrder, "id type attributedTo interactingObject interactionTarget"},
			written{"update_quote", w.UpdateQuote(quoting, socialtest.Now()), createOrder, quoteOrder})
	}
	docs = append(docs, written{"note_quoting", w.NoteDocument(quoting, none), "@context " + quoteOrder, ""})
	for i := range docs {
		docs[i].name = folder + docs[i].name
	}
	return docs
}

// The example of federation.md §16.1, and with what profile 4.1 leaves out left out. The signature and its context come later.
func TestCreate_is_the_canonical_example(t *testing.T) {
	t.Parallel()
	const now = `{"@context":["https://www.w3.org/ns/activitystreams",{"ostatus":"http://ostatus.org#","atomUri":"ostatus:atomUri","inReplyToAtomUri":"ostatus:inReplyToAtomUri","conversation":"ostatus:conversation","sensitive":"as:sensitive","toot":"http://joinmastodon.org/ns#","votersCount":"toot:votersCount",` +
		`"quote":{"@id":"https://w3id.org/fep/044f#quote","@type":"@id"},"quoteUri":"http://fedibird.com/ns#quoteUri","_misskey_quote":"https://misskey-hub.net/ns#_misskey_quote","quoteAuthorization":{"@id":"https://w3id.org/fep/044f#quoteAuthorization","@type":"@id"},` +
		`"gts":"https://gotosocial.org/ns#","interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},"canFeature":{"@id":"https://w3id.org/fep/7aa9#canFeature","@type":"@id"},"canQuote":{"@id":"gts:canQuote","@type":"@id"},"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"},"manualApproval":{"@id":"gts:manualApproval","@type":"@id"}}],` +
		`"id":"https://a.test/users/alice/statuses/1/activity","type":"Create","actor":"https://a.test/users/alice","published":"2026-01-02T03:04:05Z",` +
		`"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://a.test/users/alice/followers"],` +
		`"object":{"id":"https://a.test/users/alice/statuses/1","type":"Note","summary":null,"inReplyTo":null,"published":"2026-01-02T03:04:05Z","url":"https://a.test/@alice/1","attributedTo":"https://a.test/users/alice",` +
		`"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://a.test/users/alice/followers"],"sensitive":false,"atomUri":"https://a.test/users/alice/statuses/1","inReplyToAtomUri":null,` +
		`"conversation":"https://a.test/contexts/9-1","context":"https://a.test/contexts/9-1","content":"<p>Hello World</p>","contentMap":{"en":"<p>Hello World</p>"},"interactionPolicy":{"canQuote":{"automaticApproval":["https://www.w3.org/ns/activitystreams#Public"]}},"attachment":[],"tag":[],` +
		`"replies":{"id":"https://a.test/users/alice/statuses/1/replies","type":"Collection","first":{"type":"CollectionPage","next":"https://a.test/users/alice/statuses/1/replies?only_other_accounts=true&page=true","partOf":"https://a.test/users/alice/statuses/1/replies","items":[]}},` +
		`"likes":{"id":"https://a.test/users/alice/statuses/1/likes","type":"Collection","totalItems":0},` +
		`"shares":{"id":"https://a.test/users/alice/statuses/1/shares","type":"Collection","totalItems":0}}}`
	const want = `{"@context":["https://www.w3.org/ns/activitystreams",{"ostatus":"http://ostatus.org#","atomUri":"ostatus:atomUri","inReplyToAtomUri":"ostatus:inReplyToAtomUri","conversation":"ostatus:conversation","sensitive":"as:sensitive","toot":"http://joinmastodon.org/ns#","votersCount":"toot:votersCount"}],` +
		`"id":"https://a.test/users/alice/statuses/1/activity","type":"Create","actor":"https://a.test/users/alice","published":"2026-01-02T03:04:05Z",` +
		`"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://a.test/users/alice/followers"],` +
		`"object":{"id":"https://a.test/users/alice/statuses/1","type":"Note","summary":null,"inReplyTo":null,"published":"2026-01-02T03:04:05Z","url":"https://a.test/@alice/1","attributedTo":"https://a.test/users/alice",` +
		`"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://a.test/users/alice/followers"],"sensitive":false,"atomUri":"https://a.test/users/alice/statuses/1","inReplyToAtomUri":null,` +
		`"conversation":"tag:a.test,2026-01-02:objectId=9:objectType=Conversation","content":"<p>Hello World</p>","contentMap":{"en":"<p>Hello World</p>"},"attachment":[],"tag":[],` +
		`"replies":{"id":"https://a.test/users/alice/statuses/1/replies","type":"Collection","first":{"type":"CollectionPage","next":"https://a.test/users/alice/statuses/1/replies?only_other_accounts=true&page=true","partOf":"https://a.test/users/alice/statuses/1/replies","items":[]}}}}`
	v := socialtest.Public()
	v.Author.URI, v.Author.FollowersURL = "https://a.test/users/alice", "https://a.test/users/alice/followers"
	v.Status.URI, v.Status.URL = "https://a.test/users/alice/statuses/1", "https://a.test/@alice/1"
	v.Status.Content, v.Status.Conversation = "<p>Hello World</p>", "tag:a.test,2026-01-02:objectId=9:objectType=Conversation"
	v.Status.CreatedAt = vocab.Time("2026-01-02T03:04:05.678Z")
	old, err := vocab.Encode(writer().Create(v, translate.Replies{}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(old)); diff != "" {
		t.Errorf("Create in 4.1 (-want +got):\n%s", diff)
	}
	v.Status.Conversation = social.URLs{Origin: "https://a.test"}.Context(social.Account{ID: 9}, 1)
	got, err := vocab.Encode(current().Create(v, translate.Replies{}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(now, string(got)); diff != "" {
		t.Errorf("Create (-want +got):\n%s", diff)
	}
}

// federation.md §3.3.
func TestAddresses(t *testing.T) {
	t.Parallel()
	alice, berta, club := socialtest.Alice().FollowersURL, socialtest.Berta().URI, socialtest.Club()
	with := func(v social.StatusView, visibility social.Visibility) social.StatusView {
		v.Status.Visibility = visibility
		return v
	}
	for _, tt := range []struct {
		name   string
		view   social.StatusView
		to, cc []string
	}{
		{"public", socialtest.Public(), []string{vocab.Public}, []string{alice}},
		{"public with mentions of everywhere", socialtest.Reply(), []string{vocab.Public}, []string{alice, berta, socialtest.Bob().URI}},
		{"unlisted; a group brings its followers", socialtest.Unlisted(), []string{alice}, []string{vocab.Public, club.URI, club.FollowersURL}},
		{"private", with(socialtest.Reply(), social.Private), []string{alice}, []string{berta, socialtest.Bob().URI}},
		{"direct", socialtest.Direct(), []string{berta}, nil},
		{"boost: the author comes first", socialtest.Boost(), []string{vocab.Public}, []string{berta, alice}},
		{"unlisted boost", with(socialtest.Boost(), social.Unlisted), []string{alice}, []string{berta, vocab.Public}},
		{"private boost", with(socialtest.Boost(), social.Private), []string{alice}, []string{berta}},
		{"the silent stay silent", social.StatusView{Status: social.Status{Visibility: social.Limited}, Author: socialtest.Alice(),
			Mentions: []social.Account{socialtest.Berta()}, Silent: []social.Account{club}}, []string{berta}, nil},
	} {
		to, cc := translate.Addresses(tt.view)
		if diff := cmp.Diff([][]string{tt.to, tt.cc}, [][]string{to, cc}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// A boost for followers of a public post is not inlined: everybody can fetch the post.
func TestAnnounce_inlines_only_own_private_posts(t *testing.T) {
	t.Parallel()
	own := socialtest.SelfBoostOfPrivate()
	public := own
	boosted := socialtest.Public()
	public.Boost = &boosted
	if _, ok := writer().Announce(public).Get("object").(string); !ok {
		t.Error("the private boost of a public post has an inlined object, want its address")
	}
	others := own
	foreign := *own.Boost
	foreign.Author = socialtest.Berta()
	others.Boost = &foreign
	if _, ok := writer().Announce(others).Get("object").(string); !ok {
		t.Error("somebody else's post is inlined, want its address")
	}
}

func TestHostileTextStaysInsideItsMember(t *testing.T) {
	t.Parallel()
	v := socialtest.Public()
	v.Status.SpoilerText = "\"},\"type\":\"Delete\",\"x\":{\"\u2028</script>"
	v.Tags = []string{"../../x?y#z"}
	body, err := vocab.Encode(writer().Create(v, translate.Replies{}))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := vocab.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	n := vocab.ReadNote(vocab.ReadActivity(doc).ObjectDoc)
	if n.Summary != v.Status.SpoilerText || doc.String("type") != "Create" {
		t.Errorf("got summary %q of a %s, want %q", n.Summary, doc.String("type"), v.Status.SpoilerText)
	}
	if want := "https://alpha.test/tags/..%2F..%2Fx%3Fy%23z"; n.Hashtags[0].Href != want {
		t.Errorf("got the hashtag's address %s, want %s", n.Hashtags[0].Href, want)
	}
}

// full is the order of an actor that has everything.
func full(order string) string {
	more := "movedTo alsoKnownAs publicKey"
	if strings.Contains(order, "webfinger") {
		more = "movedTo alsoKnownAs attributionDomains publicKey"
	}
	return strings.Replace(order, "publicKey", more, 1) + " icon image"
}

func suspended(a social.Account) social.Account {
	a.SuspendedAt, a.SuspensionOrigin = socialtest.Now(), "local"
	return a
}

func without(order, name string) string {
	return strings.Join(strings.Fields(strings.Replace(" "+order+" ", " "+name+" ", " ", 1)), " ")
}

// members are the names of the members of body, or of its member inside, in order; "" when that is no object.
func members(t *testing.T, body []byte, inside string) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
		if name == inside {
			if value[0] != '{' {
				return ""
			}
			return members(t, value, "")
		}
		names = append(names, name.(string))
	}
	if inside != "" {
		return ""
	}
	return strings.Join(names, " ")
}
