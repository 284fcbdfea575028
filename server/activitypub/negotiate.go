package activitypub

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// WantsDocument reports whether a request with this Accept header prefers JSON to a page (federation.md §1.7). Weights
// count first, then a type named over a wildcard, then the order. Nothing, or only wildcards, means a page, as in Mastodon.
func WantsDocument(accept string) bool {
	var document, page preference
	for i, r := range mediaRanges(accept) {
		switch r.name {
		case "application/activity+json", "application/ld+json", "application/json", "application/jrd+json", "text/x-json":
			document.consider(r.weight, 3, i)
		case "text/html", "application/xhtml+xml":
			page.consider(r.weight, 3, i)
		case "application/*":
			document.consider(r.weight, 2, i)
		case "text/*":
			page.consider(r.weight, 2, i)
		case "*/*":
			page.consider(r.weight, 1, i)
		}
	}
	return document.over(page)
}

// preference is the best that was said about one of the two. The zero value was not mentioned.
type preference struct {
	weight             float64
	precision, atPlace int
}

func (p *preference) consider(weight float64, precision, place int) {
	if r := (preference{weight, precision, place}); r.over(*p) {
		*p = r
	}
}

func (p preference) over(o preference) bool {
	switch {
	case p.weight != o.weight:
		return p.weight > o.weight
	case p.precision != o.precision:
		return p.weight > 0 && p.precision > o.precision
	}
	return p.weight > 0 && p.atPlace < o.atPlace
}

type mediaRange struct {
	name   string
	weight float64
}

// maxRanges bounds what one header may make us look at.
const maxRanges = 50

// mediaRanges splits an Accept header. Commas and semicolons inside quotes belong to a parameter: the profile of
// application/ld+json is an address in quotes.
func mediaRanges(accept string) []mediaRange {
	var out []mediaRange
	for _, part := range splitOutsideQuotes(accept, ',') {
		fields := splitOutsideQuotes(part, ';')
		r := mediaRange{name: strings.ToLower(strings.TrimSpace(fields[0])), weight: 1}
		if r.name == "" {
			continue
		}
		for _, f := range fields[1:] {
			name, value, _ := strings.Cut(f, "=")
			if strings.EqualFold(strings.TrimSpace(name), "q") {
				r.weight = weight(strings.TrimSpace(value))
			}
		}
		if out = append(out, r); len(out) == maxRanges {
			break
		}
	}
	return out
}

// weight reads a q-value; what is none counts as 0, so that nothing is won by writing nonsense.
func weight(s string) float64 {
	if strings.Trim(s, "0123456789.") != "" {
		return 0
	}
	q, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return min(q, 1)
}

func splitOutsideQuotes(s string, at byte) []string {
	var out []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == at && !quoted:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// asksForDocument is WantsDocument, and true for paths that end in ".json".
func asksForDocument(c *fiber.Ctx) bool {
	return strings.HasSuffix(c.Path(), ".json") || WantsDocument(c.Get(fiber.HeaderAccept))
}

// orRedirect sends a browser to the page and everybody else to the document.
func orRedirect(page func(c *fiber.Ctx) (string, error), document fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if asksForDocument(c) {
			return document(c)
		}
		to, err := page(c)
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderVary, "Origin, Accept")
		return c.Redirect(to, fiber.StatusMovedPermanently)
	}
}
