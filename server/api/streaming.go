package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// Streams lets programs watch; server/stream implements it. name is a stream's as on a WebSocket, argument a hashtag or the
// id of a list. Both refuse by errors that have a status, and answer everything else themselves.
type Streams interface {
	// Follow answers with server-sent events.
	Follow(c *fiber.Ctx, token social.Token, name, argument string) error
	// Socket makes a WebSocket of the request. protocol is what it offered.
	Socket(c *fiber.Ctx, token social.Token, protocol, name, argument string) error
}

// streamRoutes are those that answer with a stream instead of JSON.
func (a *API) streamRoutes() []route {
	const statuses, notifications = "read read:statuses", "read read:notifications"
	return []route{
		{"GET", "/v1/streaming", open, "", a.socket},
		{"GET", "/v1/streaming/health", open, "", health},
		{"GET", "/v1/streaming/user", person, statuses, a.events("user")},
		{"GET", "/v1/streaming/user/notification", person, notifications, a.events("user:notification")},
		{"GET", "/v1/streaming/public", person, statuses, a.events("public")},
		{"GET", "/v1/streaming/public/local", person, statuses, a.events("public:local")},
		{"GET", "/v1/streaming/public/remote", person, statuses, a.events("public:remote")},
		{"GET", "/v1/streaming/hashtag", person, statuses, a.events("hashtag")},
		{"GET", "/v1/streaming/hashtag/local", person, statuses, a.events("hashtag:local")},
		{"GET", "/v1/streaming/list", person, statuses, a.events("list")},
		{"GET", "/v1/streaming/direct", person, statuses, a.events("direct")},
	}
}

// health is asked by programs before they stream.
func health(r *request) error {
	r.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	return r.SendString("OK")
}

// events answers with the stream called name.
func (a *API) events(name string) func(*request) error {
	return func(r *request) error {
		name := name
		if strings.HasPrefix(name, "public") && r.params.yes("only_media") {
			name += ":media"
		}
		return a.Streams.Follow(r.Ctx, *r.token, name, r.argument())
	}
}

// argument is the hashtag or list that a stream is asked of.
func (r *request) argument() string {
	if tag := r.params.text("tag"); tag != "" {
		return tag
	}
	return r.params.text("list")
}

// scopesOfStreams: a token without any of them can watch nothing.
const scopesOfStreams = "read read:statuses read:notifications"

// socket makes a WebSocket. Browsers can send the token only as parameter or as the protocol that they ask for. Everything
// else is no stream, and there is no other server to send it to.
func (a *API) socket(r *request) error {
	if !strings.EqualFold(r.Get(fiber.HeaderUpgrade), "websocket") {
		return errNoRoute
	}
	protocol, _, _ := strings.Cut(r.Get("Sec-WebSocket-Protocol"), ",")
	protocol = strings.TrimSpace(protocol)
	if protocol != "" && r.Get(fiber.HeaderAuthorization) == "" && r.params.text("access_token") == "" {
		r.params["access_token"] = []string{protocol}
	}
	if err := r.identify(route{access: person, scopes: scopesOfStreams}); err != nil {
		return err
	}
	name := r.params.text("stream")
	if strings.HasPrefix(name, "public") && !strings.HasSuffix(name, ":media") && r.params.yes("only_media") {
		name += ":media"
	}
	return a.Streams.Socket(r.Ctx, *r.token, protocol, name, r.argument())
}
