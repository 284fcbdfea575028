package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/social/richtext"
)

// A channel is a stream that somebody asks for: what programs call it, and the keys under which its news come.
type channel struct {
	name []string // with its argument, as the program wrote it
	keys []string
}

// id tells the channels of a listener apart.
func (c channel) id() string { return strings.Join(c.name, " ") }

// Keys of what concerns one account or feed.
func home(feed social.ID) string     { return "home " + feed.String() }
func notes(account social.ID) string { return "notes " + account.String() }
func talks(account social.ID) string { return "talks " + account.String() }
func own(account social.ID) string   { return "own " + account.String() }

// everybody is the key of what concerns all who are signed in.
const everybody = "everybody"

// tagged is the key of a hashtag, in posts from here only or from anywhere.
func tagged(name, tag string) string { return name + " " + tag }

// Refused is why a stream cannot be had: a sentence with the status of HTTP that fits.
type Refused struct {
	Status  int
	Message string
}

func (r *Refused) Error() string { return r.Message }

// HTTPStatus is the status of the answer.
func (r *Refused) HTTPStatus() int { return r.Status }

func refuse(status int, format string, args ...any) error {
	return &Refused{status, fmt.Sprintf(format, args...)}
}

// publicChannels are those that have neither owner nor argument; each is its own key.
var publicChannels = []string{"public", "public:media", "public:local", "public:local:media", "public:remote", "public:remote:media"}

// channel finds the stream called name for the owner of token. argument is a hashtag or the id of a list.
func (h *Hub) channel(ctx context.Context, token social.Token, name, argument string) (channel, error) {
	me := token.AccountID
	statuses, notifications := has(token, "read:statuses"), has(token, "read:notifications")
	if name == "user:notification" {
		statuses = notifications
	}
	if !statuses {
		return channel{}, refuse(fiber.StatusForbidden, "The access token does not cover the stream %s.", name)
	}
	c := channel{name: []string{name}}
	switch {
	case name == "user":
		c.keys = []string{home(me), own(me), everybody}
		if notifications {
			c.keys = append(c.keys, notes(me))
		}
	case name == "user:notification":
		c.keys = []string{notes(me)}
	case name == "direct":
		c.keys = []string{talks(me)}
	case slices.Contains(publicChannels, name):
		c.keys = []string{name}
	case name == "hashtag" || name == "hashtag:local":
		tag := richtext.NormalizeTag(strings.TrimPrefix(argument, "#"))
		if tag == "" {
			return c, refuse(fiber.StatusBadRequest, "Missing tag: say which hashtag to watch.")
		}
		c.name, c.keys = append(c.name, argument), []string{tagged(name, tag)}
	case name == "list":
		id, ok := social.ParseID(argument)
		if !ok {
			return c, refuse(fiber.StatusBadRequest, "Missing list: say the id of the list to watch.")
		}
		if _, err := h.Store.ListByID(ctx, me, id); errors.Is(err, social.ErrNotFound) {
			return c, refuse(fiber.StatusUnauthorized, "There is no list %s of yours.", id)
		} else if err != nil {
			return c, err
		}
		c.name, c.keys = append(c.name, id.String()), []string{home(id)}
	default:
		return c, refuse(fiber.StatusBadRequest, "There is no stream of that name.")
	}
	return c, nil
}

// has reports whether token covers scope, or all of reading.
func has(token social.Token, scope string) bool {
	scopes := strings.Fields(token.Scopes)
	return slices.Contains(scopes, "read") || slices.Contains(scopes, scope)
}
