package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// blame leads from the field that an error names to the field of a form. What is not in it concerns the whole form.
type blame map[string]string

// wrong sets the status, and is the sentences, with which the form of that name comes back when err is why.
func (b blame) wrong(c *fiber.Ctx, form string, err error) views.Wrong {
	status, f := judge(err)
	c.Status(status)
	w := views.Wrong{Form: form, Fields: map[string]string{}}
	var all social.Problems
	var one *social.Error
	if !errors.As(err, &all) && errors.As(err, &one) {
		all = social.Problems{one}
	}
	for _, e := range all {
		// Some sentences begin as apps know them from Mastodon.
		sentence := strings.TrimSuffix(strings.TrimPrefix(e.Message, "Validation failed: "), ".") + "."
		if field, ok := b[e.Field]; ok && sentence != "." {
			w.Fields[field] = strings.TrimSpace(w.Fields[field] + " " + sentence)
		} else if sentence != "." {
			w.Whole = strings.TrimSpace(w.Whole + " " + sentence)
		}
	}
	if !w.Any() {
		w.Whole = f.Sentence
	}
	return w
}

// mendable reports whether who did something can do something about err, so that it is told where they did it. What is not
// there has no place to tell it, and a stranger has to sign in first. Nothing is wrong with nil.
func mendable(err error) bool {
	status, _ := judge(err)
	return status < fiber.StatusInternalServerError && status != fiber.StatusNotFound && status != fiber.StatusUnauthorized
}

// itself is the blame of a form whose fields have the names that errors know.
func itself(fields ...string) blame {
	b := blame{}
	for _, f := range fields {
		b[f] = f
	}
	return b
}
