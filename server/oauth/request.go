package oauth

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// request is what a program asks of a person (RFC 6749 §4.1.1, RFC 7636 §4.3).
type request struct {
	app       social.App
	redirect  string // one of app's
	state     string
	mode      string // query, fragment or form_post
	scopes    string
	challenge string
	force     bool // ask even if the answer is known
	wrong     *problem
	words     func(name string) string
}

// problem is what is told a program. The codes are RFC 6749's.
type problem struct {
	status            int
	code, description string
}

func (p *problem) Error() string { return p.code + ": " + p.description }

// distrust is a request that may not be answered where it says.
type distrust struct {
	status          int
	title, sentence string
}

func (d *distrust) Error() string { return d.title }

// names are the parameters of a request, in the order in which we write them.
var names = [...]string{"response_type", "client_id", "redirect_uri", "scope", "state", "response_mode", "code_challenge",
	"code_challenge_method", "force_login", "lang"}

// maxState bounds what is carried through two pages and an address.
const maxState = 4096

var sha256Base64 = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// read reads a request. The error is a *distrust until program and redirect URI are known to belong together; what else
// is wrong is in request.wrong. There is one language yet, so lang is read and kept, and changes nothing.
func (o *OAuth) read(c *fiber.Ctx) (request, error) {
	words, err := o.words(c)
	if err != nil {
		return request{}, err
	}
	r := request{words: words, mode: "query"}
	id := words("client_id")
	if id == "" {
		return r, &distrust{fiber.StatusBadRequest, "The app did not say which it is",
			"The address that you came by lacks its client_id. Start again from the app; if that does not help, tell its makers."}
	}
	r.app, err = o.Store.AppByClientID(c.UserContext(), id)
	if errors.Is(err, social.ErrNotFound) {
		return r, &distrust{fiber.StatusUnauthorized, "This app is not known here",
			"It may have registered on another server, or so long ago that it was forgotten. Remove this server from the app and add it anew."}
	}
	if err != nil {
		return r, err
	}
	redirect := words("redirect_uri")
	if !slices.Contains(r.app.RedirectURIs, redirect) {
		return r, &distrust{fiber.StatusBadRequest, "The app wants the answer sent elsewhere",
			"The redirect_uri is not one that the app registered here, so somebody else might be listening. Nothing was sent. Start again from the app."}
	}
	r.redirect = redirect
	r.check()
	return r, nil
}

// check fills in the rest and says in r.wrong what is wrong with it.
func (r *request) check() {
	bad := func(code, description string) { r.wrong = &problem{fiber.StatusBadRequest, code, description} }
	if r.state = r.words("state"); len(r.state) > maxState {
		r.state = ""
		bad("invalid_request", "state is longer than 4096 bytes.")
		return
	}
	if mode := r.words("response_mode"); mode != "" {
		r.mode = mode
	}
	if !slices.Contains([]string{"query", "fragment", "form_post"}, r.mode) {
		r.mode = "query"
		bad("invalid_request", "response_mode must be query, fragment or form_post.")
		return
	}
	r.force = !slices.Contains([]string{"", "0", "f", "false", "off"}, strings.ToLower(r.words("force_login")))
	r.challenge = r.words("code_challenge")
	switch method := r.words("code_challenge_method"); {
	case r.words("response_type") == "":
		bad("invalid_request", "response_type is missing; send response_type=code.")
	case r.words("response_type") != "code":
		bad("unsupported_response_type", "The only response_type here is code.")
	case r.challenge != "" && method != "S256":
		bad("invalid_request", "code_challenge_method must be S256; a plain challenge protects nothing.")
	case r.challenge != "" && !sha256Base64.MatchString(r.challenge):
		bad("invalid_request", "code_challenge must be a SHA-256 in base64url without padding: 43 characters.")
	}
	if r.wrong == nil {
		r.scopes, r.wrong = scopes(r.words("scope"), r.app)
	}
}

// scopes are those of list, which app must have registered for.
func scopes(list string, app social.App) (string, *problem) {
	asked := social.Scopes(list)
	if len(asked) == 0 {
		asked = []string{social.DefaultScope}
	}
	for _, scope := range asked {
		if !social.KnownScope(scope) {
			return "", &problem{fiber.StatusBadRequest, "invalid_scope", "There is a scope here that this server does not know."}
		}
		if !social.Covers(app.Scopes, scope) {
			return "", &problem{fiber.StatusBadRequest, "invalid_scope", "The app registered without the scope " + scope + "."}
		}
	}
	return strings.Join(asked, " "), nil
}

// query writes the request again, so that a form brings it back as it came: in a hidden field, browsers would change
// line ends in state.
func (r *request) query() string {
	var pairs [][2]string
	for _, name := range names {
		pairs = append(pairs, [2]string{name, r.words(name)})
	}
	return encode(pairs...)
}

// view is the request as pages show it.
func (r *request) view() views.AppRequest {
	return views.AppRequest{App: r.app.Name, Website: r.app.Website, Redirect: r.redirect, Scopes: strings.Fields(r.scopes), Query: r.query()}
}

// outOfBand reports whether the person carries the code.
func (r *request) outOfBand() bool { return r.redirect == social.OutOfBand }
