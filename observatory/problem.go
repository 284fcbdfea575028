package observatory

import (
	"errors"

	"github.com/gofiber/fiber/v2"
)

// problem is a request that cannot be answered, with a sentence for whoever made it.
type problem struct {
	status   int
	field    string // the parameter at fault, "" when none is
	sentence string
}

func (p *problem) Error() string { return p.sentence }

func refuse(status int, field, sentence string) *problem { return &problem{status, field, sentence} }

// sayJSON answers err as the API does: {"error":"sentence","field":null}. A nil err is passed on.
func sayJSON(c *fiber.Ctx, err error) error {
	var p *problem
	if err == nil || !errors.As(err, &p) {
		return err
	}
	var field *string
	if p.field != "" {
		field = &p.field
	}
	return c.Status(p.status).JSON(struct {
		Error string  `json:"error"`
		Field *string `json:"field"`
	}{p.sentence, field})
}
