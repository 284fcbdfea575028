package oauth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
)

// What is wrong with a program's request, in words for its makers.
var (
	errClient error = &problem{fiber.StatusUnauthorized, "invalid_client",
		"No app here has this client_id and client_secret. Register at /api/v1/apps and send both, in the body or by HTTP Basic."}
	errGrant error = &problem{fiber.StatusBadRequest, "invalid_grant",
		"The code is unknown, used, older than ten minutes, another app's, or came with another redirect_uri or code_verifier. Ask the person again."}
	errStranger error = &problem{fiber.StatusForbidden, "unauthorized_client",
		"Only the app that a token was given to can revoke it: send its client_id and client_secret."}
)

func incomplete(name string) *problem {
	return &problem{fiber.StatusBadRequest, "invalid_request", name + " is missing."}
}

// token is POST /oauth/token (RFC 6749 §4.1.3, §4.4.2). Tokens do not end by themselves, so nothing is said of expiry or
// refreshing. Only hashes of tokens are kept: each answer brings a new one, and those given before stay good
// (docs/decisions: OAuth).
func (o *OAuth) token(c *fiber.Ctx) error {
	words, err := o.API.Words(c)
	if err != nil {
		return o.answerError(c, &problem{fiber.StatusBadRequest, "invalid_request", err.Error()})
	}
	bearer, t, err := o.issue(c, words)
	if err != nil {
		return o.answerError(c, err)
	}
	return send(c, fiber.StatusOK, clientapi.FromToken(bearer, t))
}

func (o *OAuth) issue(c *fiber.Ctx, words func(string) string) (string, social.Token, error) {
	grant := words("grant_type")
	switch grant {
	case "authorization_code", "client_credentials":
	case "":
		return "", social.Token{}, incomplete("grant_type")
	default:
		return "", social.Token{}, &problem{fiber.StatusBadRequest, "unsupported_grant_type", "grant_type must be authorization_code or client_credentials."}
	}
	app, err := o.client(c, words)
	if err != nil {
		return "", social.Token{}, err
	}
	if grant == "client_credentials" {
		granted, wrong := scopes(words("scope"), app)
		if wrong != nil {
			return "", social.Token{}, wrong
		}
		return o.SignIns.Token(c.UserContext(), 0, app.ID, granted)
	}
	for _, name := range []string{"code", "redirect_uri"} {
		if words(name) == "" {
			return "", social.Token{}, incomplete(name)
		}
	}
	bearer, t, err := o.Grants.Exchange(c.UserContext(), app, social.Exchange{Code: words("code"), RedirectURI: words("redirect_uri"), Verifier: words("code_verifier")})
	switch {
	case errors.Is(err, social.ErrVerifierMissing):
		err = incomplete("code_verifier")
	case errors.Is(err, social.ErrInvalid):
		err = errGrant
	}
	return bearer, t, err
}

// client is the program that sends c, by HTTP Basic or by parameters. A bearer token in the header says nothing here:
// megalodon sends one.
func (o *OAuth) client(c *fiber.Ctx, words func(string) string) (social.App, error) {
	id, secret, ok := basic(c.Get(fiber.HeaderAuthorization))
	if !ok {
		id, secret = words("client_id"), words("client_secret")
	}
	app, err := o.Grants.Client(c.UserContext(), id, secret)
	if errors.Is(err, social.ErrUnauthorized) {
		err = errClient
	}
	return app, err
}

// basic reads HTTP Basic credentials, which OAuth wants form-encoded before (RFC 6749 §2.3.1). What cannot be read is
// nobody's id; without the header ok is false.
func basic(header string) (id, secret string, ok bool) {
	scheme, credentials, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	plain, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(credentials))
	id, secret, _ = strings.Cut(string(plain), ":")
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	return id, secret, true
}

// revoke is POST /oauth/revoke (RFC 7009).
func (o *OAuth) revoke(c *fiber.Ctx) error {
	words, err := o.API.Words(c)
	if err != nil {
		return o.answerError(c, &problem{fiber.StatusBadRequest, "invalid_request", err.Error()})
	}
	app, err := o.client(c, words)
	if err == nil {
		err = o.Grants.Revoke(c.UserContext(), app, words("token"))
	}
	switch {
	case errors.Is(err, errClient), errors.Is(err, social.ErrForbidden):
		return o.answerError(c, errStranger)
	case err != nil:
		return o.answerError(c, err)
	}
	return send(c, fiber.StatusOK, struct{}{})
}

// answerError answers a program. What is our fault goes the way of every fault of the client API.
func (o *OAuth) answerError(c *fiber.Ctx, err error) error {
	var p *problem
	if !errors.As(err, &p) {
		return o.API.Refuse(c, err)
	}
	if p.status == fiber.StatusUnauthorized {
		// A browser asks for a password when it sees Basic, so only who used it sees it.
		scheme := "Bearer"
		if _, _, used := basic(c.Get(fiber.HeaderAuthorization)); used {
			scheme = "Basic"
		}
		c.Set(fiber.HeaderWWWAuthenticate, fmt.Sprintf("%s realm=%q", scheme, o.URLs.Host()))
	}
	return send(c, p.status, clientapi.Error{Error: p.code, ErrorDescription: p.description})
}

func send(c *fiber.Ctx, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode the answer to %s: %w", c.Path(), err)
	}
	c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
	return c.Status(status).Send(body)
}
