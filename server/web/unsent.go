package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/views"
)

// unsent is the form that was sent, without passwords. Of a form that is read from the disk nothing is kept: nobody is known
// for whom it would be read.
func unsent(c *fiber.Ctx) views.Unsent {
	u := views.Unsent{To: strings.Clone(c.Path())}
	keep := func(name, value string) {
		if name = plain(name); !strings.HasSuffix(name, "password") {
			u.Fields = append(u.Fields, views.Typed{Name: name, Value: plain(value)})
		}
	}
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		c.Context().PostArgs().VisitAll(func(name, value []byte) { keep(string(name), string(value)) })
		return u
	}
	u.Files = true
	if c.Context().Request.IsBodyStream() {
		return u
	}
	form, err := c.MultipartForm()
	if err != nil {
		return u
	}
	u.Files = len(form.File) > 0
	for _, name := range slices.Sorted(maps.Keys(form.Value)) {
		for _, value := range form.Value[name] {
			keep(name, value)
		}
	}
	return u
}
