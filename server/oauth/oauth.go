// Package oauth lets people allow programs to act for them: the authorise page, codes, tokens and taking them back, as
// Mastodon's clients expect it of OAuth 2 (spec/mastodon-api/behaviours.md §9). Programs register at POST /api/v1/apps,
// which is server/api's, as is reading parameters and tokens; rules are in social.Grants; pages are drawn by views.
//
// What a newcomer gets wrong: nothing is sent to a redirect URI before it is known to be one the program registered, and
// nobody who is not signed in is sent anywhere. Until then every failure is a page of ours.
package oauth

import (
	"context"
	"io"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
	"orrery/views"
)

// OAuth is the OAuth 2 server of one instance. Safe for concurrent use after Register.
type OAuth struct {
	social.Services
	Pages  Pages
	API    API
	Render clientapi.Render // how an account looks to itself
}

// Pages is the house that pages stand in; *web.Web is one.
type Pages interface {
	Guard(fiber.Handler) fiber.Handler
	SameOrigin(fiber.Handler) fiber.Handler
	Look(c *fiber.Ctx, title string) (views.Look, error)
	Session(c *fiber.Ctx) (cookie string)
	SetSession(c *fiber.Ctx, cookie string)
}

// API reads what apps send; *api.API is one.
type API interface {
	Words(c *fiber.Ctx) (func(name string) string, error)
	Person(c *fiber.Ctx, scopes string) (social.Account, error)
	Refuse(c *fiber.Ctx, err error) error
}

// Register adds the routes to r. Paths with a slash at the end work too: toot asks for /oauth/authorize/.
func (o *OAuth) Register(r fiber.Router) {
	r.Get("/oauth/authorize/native", o.Pages.Guard(o.showCode))
	r.Get("/oauth/authorize", o.Pages.Guard(o.ask))
	r.Post("/oauth/authorize", o.Pages.SameOrigin(o.answer))
	r.Delete("/oauth/authorize", o.Pages.SameOrigin(o.deny))
	r.Post("/oauth/sign_in", o.Pages.SameOrigin(o.signIn))

	add := func(path string, methods string, h fiber.Handler) {
		handler := open(methods, h)
		for _, method := range append(strings.Split(methods, ", "), fiber.MethodOptions) {
			r.Add(method, path, handler)
		}
	}
	add("/oauth/token", "POST", o.token)
	add("/oauth/revoke", "POST", o.revoke)
	add("/oauth/userinfo", "GET, POST", o.userinfo)
	add("/.well-known/oauth-authorization-server", "GET, HEAD", o.metadata)

	r.Get("/settings/applications", o.Pages.Guard(o.permissions))
	r.Get("/oauth/authorized_applications", o.Pages.Guard(o.permissions))
	r.Post("/settings/applications/:id/revoke", o.Pages.SameOrigin(o.withdraw))
	r.Delete("/oauth/authorized_applications/:id", o.Pages.SameOrigin(o.withdraw))
	r.Post("/settings/sessions/revoke", o.Pages.SameOrigin(o.endSession))
}

// open lets programs in web pages of other origins use h, and keeps its answers out of caches.
func open(methods string, h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderPragma, "no-cache") // RFC 6749 §5.1
		c.Set(fiber.HeaderVary, "Authorization, Origin")
		if c.Method() != fiber.MethodOptions {
			return h(c)
		}
		c.Set(fiber.HeaderAccessControlAllowMethods, methods)
		if wanted := c.Get(fiber.HeaderAccessControlRequestHeaders); wanted != "" {
			c.Set(fiber.HeaderAccessControlAllowHeaders, wanted)
		}
		c.Set(fiber.HeaderAccessControlMaxAge, "7200")
		return c.SendStatus(fiber.StatusNoContent)
	}
}

// words reads the parameters for a page.
func (o *OAuth) words(c *fiber.Ctx) (func(name string) string, error) {
	words, err := o.API.Words(c)
	if err != nil {
		return nil, fiber.NewError(fiber.StatusBadRequest, err.Error())
	}
	return words, nil
}

// look is the page around a question about r's program. It lets forms lead on to where the program waits, and a window
// that a program opened keep its tie to it (Phanpy signs in through one).
func (o *OAuth) look(c *fiber.Ctx, title string, r request) (views.Look, []views.Person, error) {
	c.Set(fiber.HeaderContentSecurityPolicy, views.PolicyToward(r.redirect))
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Response().Header.Del("Cross-Origin-Opener-Policy")
	l, err := o.Pages.Look(c, title)
	var here []views.Person
	for _, p := range l.People {
		if p.Server == l.Server {
			here = append(here, p)
		}
	}
	l.People = nil // their forms lead home, away from the question
	return l, here, err
}

type component interface {
	Render(ctx context.Context, w io.Writer) error
}

func draw(c *fiber.Ctx, status int, part component) error {
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return part.Render(c.UserContext(), c.Response().BodyWriter())
}

// refuse shows why nothing can be asked, in words for people.
func (o *OAuth) refuse(c *fiber.Ctx, status int, title, sentence string) error {
	l, err := o.Pages.Look(c, title)
	if err != nil {
		return err
	}
	return draw(c, status, views.ErrorPage(l, views.Failure{Title: title, Sentence: sentence, Href: "/", Do: "To the start page"}))
}

// encode writes pairs as a query, in their order. Spaces become %20: not every program takes + for one.
func encode(pairs ...[2]string) string {
	var b strings.Builder
	for _, p := range pairs {
		if p[1] == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p[0] + "=" + strings.ReplaceAll(url.QueryEscape(p[1]), "+", "%20"))
	}
	return b.String()
}
