package activitypub

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/federation/inbox"
	"orrery/federation/vocab"
)

// TooLarge is the name of the user value that marks a request whose body was longer than activitylog.MaxBody; the body
// then holds one byte more than that.
const TooLarge = "orrery.body-too-large"

// IsInbox reports whether path is one that activities are delivered to, as loosely as the router takes it.
func IsInbox(path string) bool {
	path = strings.TrimSuffix(strings.ToLower(path), "/")
	return path == "/inbox" || path == "/actor/inbox" || (strings.HasPrefix(path, "/users/") || strings.HasPrefix(path, "/ap/users/")) && strings.HasSuffix(path, "/inbox")
}

// Inboxes takes deliveries.
type Inboxes struct {
	Inbox    *inbox.Inbox
	Recorder *activitylog.Recorder
	Scheme   string
	Now      func() time.Time
	Log      *slog.Logger
}

// Register adds the shared inbox, the instance's and everybody's own.
func (in *Inboxes) Register(app fiber.Router) {
	app.Post("/inbox", in.post)
	app.Post("/actor/inbox", in.post)
	app.Post("/users/:name/inbox", in.post)
	app.Post("/ap/users/:number/inbox", in.post)
}

// post records a delivery, has it judged and answers. What was let in is durable, with its exchange, before the answer.
func (in *Inboxes) post(c *fiber.Ctx) error {
	started := in.Now()
	x := ExchangeOf(c, in.Scheme, started)
	doc, err := vocab.Decode(x.Body.Bytes) // once: the log and the judgement read the same
	if x.Kind = activitylog.Delivery; err != nil {
		x.Activity = activitylog.Summarize(x.Body.Bytes) // which may make more of it
	} else {
		x.Activity = activitylog.SummaryOf(doc)
	}
	ctx, received := in.Recorder.Receive(c.UserContext(), x)

	judged, verdict := in.Inbox.Judge(ctx, inbox.Delivery{
		Request: RequestOf(c, in.Scheme), Document: doc, Exchange: received.ID(), Personal: c.Params("name"), Number: c.Params("number"), TooLarge: c.Locals(TooLarge) != nil, From: sender(c),
	})
	in.answer(c, received, verdict, started)
	if judged != nil {
		if err := in.Inbox.Take(ctx, judged); err != nil {
			in.Log.ErrorContext(ctx, "take delivery", "url", x.URL, "err", err)
			in.answer(c, received, inbox.Verdict{Status: http.StatusServiceUnavailable, Reason: "This server cannot take it now. Try again later."}, started)
		}
	}
	return in.finish(ctx, c, received)
}

func (in *Inboxes) answer(c *fiber.Ctx, received *activitylog.Received, v inbox.Verdict, started time.Time) {
	c.Response().ResetBody()
	c.Response().Header.Del(fiber.HeaderContentType)
	c.Status(v.Status)
	if v.Status >= http.StatusBadRequest {
		told := map[string]string{"error": v.Reason}
		if v.SignedString != "" {
			told["signed_string"], told["signature"] = v.SignedString, v.Signature
		}
		body, err := json.Marshal(told)
		if err == nil {
			c.Response().SetBody(body)
			c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
		}
	}
	now := in.Now()
	Stamp(c, now)
	received.Answer(AnswerOf(c, now.Sub(started)))
}

func (in *Inboxes) finish(ctx context.Context, c *fiber.Ctx, received *activitylog.Received) error {
	if err := received.Finish(); err != nil {
		in.Log.ErrorContext(ctx, "record delivery", "err", err)
		c.Response().ResetBody()
		c.Status(http.StatusServiceUnavailable)
		Stamp(c, in.Now())
	}
	return nil
}
