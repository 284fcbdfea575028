package social

import "time"

// Session is one signed-in browser. Hash is the SHA-256 of the cookie, in hex.
type Session struct {
	Hash      string
	AccountID ID
	CreatedAt time.Time
	ExpiresAt time.Time
}

// App is a client program that asked for credentials.
type App struct {
	ID                         ID
	Name, Website              string
	ClientID, ClientSecretHash string
	RedirectURIs               []string
	Scopes                     string
	CreatedAt                  time.Time
}

// Token lets a client act. AccountID is 0 for an app token.
type Token struct {
	Hash      string
	AccountID ID
	AppID     ID
	Scopes    string // space-separated
	CreatedAt time.Time
}
