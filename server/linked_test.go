package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/social"
)

// cardOf is the card that everybody sees with a post.
func (w *world) cardOf(s social.Status) *social.Card {
	w.t.Helper()
	v, err := w.in.Services.Reader.Status(w.t.Context(), 0, s.ID)
	w.must(err)
	return v.Card
}

// The page behind the link of a post is read once, unsigned, bounded, and shown with every post that links to it.
func TestLinked_pagesAreReadAndShown(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		alice, blog, beta := w.person("alice"), w.peer("blog.test"), w.peer("beta.test")
		rita := beta.actor("rita")
		rita.doc["attributionDomains"] = []string{"blog.test"}
		blog.answers("/1", func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType("text/html")
			ctx.SetBodyString(`<title>One</title><meta name="fediverse:creator" content="@rita@beta.test"><meta property="og:image" content="/i.png">
				<link rel="alternate" type="application/json+oembed" href="/oembed">` + strings.Repeat("<p>long</p>", 200_000))
		})
		blog.answers("/oembed", func(ctx *fasthttp.RequestCtx) {
			ctx.SetBodyString(`{"type":"video","title":"Two","html":"<iframe src=\"https://films.test/1\"></iframe>","width":640,"height":360}`)
		})
		own := w.say(alice, "Look: https://blog.test/1#here and https://blog.test/2")
		if w.cardOf(own) != nil {
			t.Error("there is a card before anybody asked for the page")
		}
		w.settle()
		c := w.cardOf(own)
		if c == nil || c.Title != "Two" || c.Kind != "video" || c.EmbedURL != "https://films.test/1" || c.Link != "https://blog.test/1#here" ||
			c.ImageURL != "https://blog.test/i.png" || c.Author == nil || c.Author.Username != "rita" {
			t.Fatalf("got %+v", c)
		}
		if got := blog.asked(); !slices.Equal(got, []string{"GET /1", "GET /oembed"}) {
			t.Errorf("asked for %v", got)
		}
		for _, s := range blog.seen {
			if slices.ContainsFunc(s.Request.Header, func(f signature.Field) bool { return strings.EqualFold(f.Name, "Signature") }) {
				t.Errorf("%s was signed", s.Target)
			}
		}
		for _, rule := range []rules.ID{rules.FetchCard, rules.FetchOEmbed, rules.FetchCreator} {
			if !w.named(rule) {
				t.Errorf("the log does not name %s", rule)
			}
		}
		_, body := w.request("GET", own.URI, "", "", nil, "Accept", "application/activity+json")
		if got := strings.Contains(string(body), `{"type":"Link","href":"https://blog.test/1#here"}`); got != current {
			t.Errorf("the document names the page: %v, want %v\n%s", got, current, body)
		}

		w.follows(alice, rita.known())
		blog.forget()
		w.send(rita, rita.creates(rita.note("1", members{"content": "<p>see</p>", "attachment": []any{members{"type": "Link", "href": "https://blog.test/1"}}})))
		w.advance(time.Minute)
		remote := w.status(rita.note("1")["id"].(string))
		if c := w.cardOf(remote); c == nil || c.Title != "Two" || c.Link != "https://blog.test/1" {
			t.Errorf("a post that names the page: got %+v", c)
		}
		if got := blog.asked(); len(got) != 0 {
			t.Errorf("what was read lately was asked for again: %v", got)
		}
		edited, err := w.in.Services.Statuses.Edit(t.Context(), alice.ID, own.ID, social.Draft{Text: "No link."})
		w.must(err)
		w.settle()
		if c := w.cardOf(edited); c != nil {
			t.Errorf("after the link was taken out: got %+v", c)
		}
	})
}

func TestLinked_whatMakesNoCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, blog := w.person("alice"), w.peer("blog.test")
	page := func(path, kind, body string) {
		blog.answers(path, func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType(kind)
			ctx.SetBodyString(body)
		})
	}
	page("/plain", "text/plain", "<title>x</title>")
	page("/untitled", "text/html", "<p>x</p>")
	page("/blocked", "text/html", "<title>x</title>")
	blog.answers("/loop", func(ctx *fasthttp.RequestCtx) { ctx.Redirect("https://blog.test/loop", http.StatusFound) })
	for _, link := range []string{"https://blog.test/plain", "https://blog.test/untitled", "https://blog.test/none", "https://blog.test/loop", "https://nowhere.test/", "https://alpha.test/@alice"} {
		s := w.say(alice, "see "+link)
		w.settle()
		if c := w.cardOf(s); c != nil {
			t.Errorf("%s: got %+v", link, c)
		}
	}
	w.decides(social.DomainBlock{Domain: "blog.test", Severity: social.SeveritySuspend})
	blog.forget()
	s := w.say(alice, "see https://blog.test/blocked")
	w.settle()
	if got := blog.asked(); len(got) != 0 || w.cardOf(s) != nil {
		t.Errorf("a server that is not spoken with was asked for %v", got)
	}
	deleted := w.say(alice, "see https://blog.test/gone")
	w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, deleted.ID))
	w.settle()
	if _, _, next, err := w.in.Pending(t.Context()); err != nil || !next.IsZero() && next.Before(w.clock.Now().Add(time.Minute)) {
		t.Errorf("something is tried again at %v (%v)", next, err)
	}
}

// The log of a server is for everybody, as far as it is public. What a message to one person links to is not: who knows the
// address may be all that keeps others from the page.
func TestLinked_pagesOfMessagesAreNotInThePublicLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, bob, blog := w.person("alice"), w.person("bob"), w.peer("blog.test")
	blog.answers("/secret", func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html")
		ctx.SetBodyString(`<title>Our secret</title><link rel="alternate" type="application/json+oembed" href="/secret.json">`)
	})
	blog.answers("/secret.json", func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString(`{"type":"link","title":"Our secret"}`) })
	w.publish(alice, social.Draft{Text: "@bob look: https://blog.test/secret", Visibility: social.Direct})
	w.settle()
	seen := 0
	for _, e := range w.entries(activitylog.Filter{Limit: 100}) {
		if !strings.Contains(e.Exchange.URL, "secret") {
			continue
		}
		if seen++; e.Public() || e.Concerns(bob.URI) {
			t.Errorf("%s is for everybody to see", e.Exchange.URL)
		}
	}
	if seen != 2 {
		t.Errorf("%d entries of the page and what it names, want 2", seen)
	}
}
