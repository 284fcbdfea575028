package clientapi

import (
	"strings"

	"orrery/social"
)

// Application is a client program.
type Application struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Website      *string  `json:"website"`
	Scopes       []string `json:"scopes"`
	RedirectURI  string   `json:"redirect_uri"` // all of them, one a line
	RedirectURIs []string `json:"redirect_uris"`
	VapidKey     string   `json:"vapid_key"`
}

// CredentialApplication is a client program as it is told once, with its secret.
type CredentialApplication struct {
	Application
	ClientID              string `json:"client_id"`
	ClientSecret          string `json:"client_secret"`
	ClientSecretExpiresAt int64  `json:"client_secret_expires_at"` // 0 is never
}

// Token is the right to act, as OAuth hands it out.
type Token struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	Scope       string `json:"scope"`
	CreatedAt   int64  `json:"created_at"` // Unix seconds
}

// Error is the body of every answer of 400 and above.
type Error struct {
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description,omitempty"`
}

// ValidationError is the body where values are wrong and apps are told which.
type ValidationError struct {
	Error   string                   `json:"error"`
	Details map[string][]ErrorDetail `json:"details"`
}

// ErrorDetail is one thing that is wrong with a value.
type ErrorDetail struct {
	Error       string `json:"error"` // social.CodeTaken
	Description string `json:"description"`
}

// UnexpectedMentions is the answer to a post that mentions others than were allowed.
type UnexpectedMentions struct {
	Error              string    `json:"error"`
	UnexpectedAccounts []Account `json:"unexpected_accounts"`
}

// FromApp renders a.
func FromApp(a social.App) Application {
	return Application{
		ID: a.ID.String(), Name: a.Name, Website: orNull(a.Website), Scopes: each(strings.Fields(a.Scopes), strings.Clone),
		RedirectURI: strings.Join(a.RedirectURIs, "\n"), RedirectURIs: each(a.RedirectURIs, strings.Clone),
	}
}

// FromNewApp renders a with its secret.
func FromNewApp(a social.App, secret string) CredentialApplication {
	return CredentialApplication{Application: FromApp(a), ClientID: a.ClientID, ClientSecret: secret}
}

// FromToken renders t, whose secret is bearer.
func FromToken(bearer string, t social.Token) Token {
	return Token{AccessToken: bearer, TokenType: "Bearer", Scope: t.Scopes, CreatedAt: t.CreatedAt.Unix()}
}
