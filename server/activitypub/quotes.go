package activitypub

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// authorizationLife is short, as consent may be taken back; pendingQuoteLife is that of a post whose quoted author will
// answer any moment (federation.md §1.7).
const (
	authorizationLife = 30 * time.Second
	pendingQuoteLife  = 5 * time.Second
)

// quoteAuthorization serves somebody's consent to a quote, as long as they consent (federation.md §2.1).
func (d *Documents) quoteAuthorization(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	id, _ := social.ParseID(c.Params("id"))
	if !isID(c.Params("id")) || !d.current() {
		return social.ErrNotFound
	}
	q, err := d.Store.QuoteByID(c.UserContext(), id)
	if err != nil {
		return err
	}
	if q.QuotedAccountID != a.ID || q.State != social.QuoteAccepted || q.ApprovalURI == "" {
		return social.ErrNotFound
	}
	quoting, err := d.Store.StatusByID(c.UserContext(), q.StatusID)
	if err != nil {
		return err
	}
	return d.document(c, authorizationLife, d.Writer.QuoteAuthorization(a, q, quoting))
}
