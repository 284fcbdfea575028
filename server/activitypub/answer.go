package activitypub

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
)

// Content types of answers.
const (
	activityType = vocab.ContentType + "; charset=utf-8"
	jrdType      = "application/jrd+json; charset=utf-8"
	jsonType     = "application/json; charset=utf-8"
	xrdType      = "application/xrd+xml; charset=utf-8"
)

// How long answers may be kept (federation.md §1.1, §1.4, §1.6, §1.7).
const (
	discoveryLife     = 72 * time.Hour
	failedLookupLife  = 3 * time.Minute
	nodeInfoLife      = 30 * time.Minute
	instanceActorLife = 10 * time.Minute
	documentLife      = 3 * time.Minute
	outboxPageLife    = time.Minute
)

// send writes v as JSON.
func (d *Documents) send(c *fiber.Ctx, contentType string, v any) error {
	body, err := vocab.Encode(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", c.Path(), err)
	}
	c.Set(fiber.HeaderContentType, contentType)
	return c.Send(body)
}

// document sends a document that anybody may keep for life, unless the request carried what the answer varies with.
func (d *Documents) document(c *fiber.Ctx, life time.Duration, o vocab.Object) error {
	c.Set(fiber.HeaderVary, d.vary())
	publicFor(c, life)
	if c.Get(fiber.HeaderCookie) != "" || d.SecureMode {
		c.Set(fiber.HeaderCacheControl, "private, no-store")
	}
	return d.send(c, activityType, o)
}

// private sends a document that is for the requester alone.
func (d *Documents) private(c *fiber.Ctx, o vocab.Object) error {
	c.Set(fiber.HeaderVary, d.vary())
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return d.send(c, activityType, o)
}

func (d *Documents) vary() string {
	if d.SecureMode {
		return "Accept, Accept-Language, Cookie, Signature"
	}
	return "Accept, Accept-Language, Cookie"
}

func publicFor(c *fiber.Ctx, life time.Duration) {
	c.Set(fiber.HeaderCacheControl, fmt.Sprintf("max-age=%d, public", int(life.Seconds())))
}

func errorBody(sentence string) vocab.Object {
	return vocab.Object{{Name: "error", Value: sentence}}
}
