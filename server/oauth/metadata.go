package oauth

import (
	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
)

// metadata is RFC 8414's document with Mastodon's members (federation.md §1.5). Phanpy uses PKCE only if it says S256.
type metadata struct {
	Issuer                string   `json:"issuer"` // ends in a slash
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	UserinfoEndpoint      string   `json:"userinfo_endpoint"`
	Scopes                []string `json:"scopes_supported"`
	ResponseTypes         []string `json:"response_types_supported"`
	ResponseModes         []string `json:"response_modes_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	AuthMethods           []string `json:"token_endpoint_auth_methods_supported"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
	ServiceDocumentation  string   `json:"service_documentation"`
	AppRegistration       string   `json:"app_registration_endpoint"`
}

func (o *OAuth) metadata(c *fiber.Ctx) error {
	origin := o.URLs.Origin
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Response().Header.Del(fiber.HeaderPragma)
	return send(c, fiber.StatusOK, metadata{
		Issuer:                o.issuer(),
		AuthorizationEndpoint: origin + "/oauth/authorize",
		TokenEndpoint:         origin + "/oauth/token",
		RevocationEndpoint:    origin + "/oauth/revoke",
		UserinfoEndpoint:      origin + "/oauth/userinfo",
		Scopes:                social.AllScopes(),
		ResponseTypes:         []string{"code"},
		ResponseModes:         []string{"query", "fragment", "form_post"},
		GrantTypes:            []string{"authorization_code", "client_credentials"},
		AuthMethods:           []string{"client_secret_basic", "client_secret_post"},
		ChallengeMethods:      []string{"S256"},
		ServiceDocumentation:  "https://docs.joinmastodon.org/",
		AppRegistration:       origin + "/api/v1/apps",
	})
}

// issuer names this server; it ends in a slash, as Mastodon's does.
func (o *OAuth) issuer() string { return o.URLs.Origin + "/" }

// userinfo is what OpenID Connect calls the claims of a person.
type userinfo struct {
	Issuer            string `json:"iss"`
	Subject           string `json:"sub"` // the actor's URI
	Name              string `json:"name"`
	PreferredUsername string `json:"preferred_username"`
	Profile           string `json:"profile"`
	Picture           string `json:"picture"`
}

// userinfo is GET and POST /oauth/userinfo. It takes the scope profile and no other: read does not cover it.
func (o *OAuth) userinfo(c *fiber.Ctx) error {
	a, err := o.API.Person(c, "profile")
	if err != nil {
		return o.API.Refuse(c, err)
	}
	shown := clientapi.FromAccount(a, o.Render)
	return send(c, fiber.StatusOK, userinfo{
		Issuer: o.issuer(), Subject: a.URI, Name: a.Name(), PreferredUsername: a.Username, Profile: shown.URL, Picture: shown.Avatar,
	})
}
