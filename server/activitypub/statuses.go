package activitypub

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// status serves a note. A boost has no document of its own: it leads to what it boosts (federation.md §1.7).
func (d *Documents) status(c *fiber.Ctx) error {
	v, err := d.found(c)
	if err != nil {
		return err
	}
	if v.Boost != nil {
		original := v.Boost.Status.URL
		if original == "" {
			original = v.Boost.Status.URI
		}
		c.Set(fiber.HeaderVary, d.vary())
		return c.Redirect(original, fiber.StatusFound)
	}
	replies, err := d.around(c, &v)
	if err != nil {
		return err
	}
	return d.ofStatus(c, v, d.Writer.NoteDocument(v, replies))
}

// activity serves what announced a status: its Create, or a boost's Announce.
func (d *Documents) activity(c *fiber.Ctx) error {
	v, err := d.found(c)
	if err != nil {
		return err
	}
	if v.Boost != nil {
		return d.ofStatus(c, v, d.Writer.Announce(v))
	}
	replies, err := d.around(c, &v)
	if err != nil {
		return err
	}
	return d.ofStatus(c, v, d.Writer.Create(v, replies))
}

// around adds to the note v the conversation that it stands in and what whom it answers says to it, and gives its replies.
func (d *Documents) around(c *fiber.Ctx, v *social.StatusView) (translate.Replies, error) {
	if err := d.owned(c, v); err != nil {
		return translate.Replies{}, err
	}
	if err := d.approval(c, v); err != nil {
		return translate.Replies{}, err
	}
	return d.embedded(c.UserContext(), v.Status.ID)
}

func (d *Documents) ofStatus(c *fiber.Ctx, v social.StatusView, o vocab.Object) error {
	c.Set(fiber.HeaderLink, "<"+v.Status.URI+`>; rel="alternate"; type="application/activity+json"`)
	if !v.Status.Visibility.Distributable() {
		return d.private(c, o)
	}
	life := documentLife
	if q := v.Proper().Quote; q != nil && q.Quote.State == social.QuotePending {
		life = pendingQuoteLife
	}
	return d.document(c, life, o)
}

// statusPage is where a browser goes that came to a status.
func (d *Documents) statusPage(c *fiber.Ctx) (string, error) {
	profile, err := d.profilePage(c)
	return profile + "/" + c.Params("id"), err
}

// likes and shares say how many; only the current form has them.
func (d *Documents) likes(c *fiber.Ctx) error { return d.countOf(c, d.Writer.Likes) }

func (d *Documents) shares(c *fiber.Ctx) error { return d.countOf(c, d.Writer.Shares) }

func (d *Documents) countOf(c *fiber.Ctx, document func(s social.Status) vocab.Object) error {
	v, err := d.found(c)
	if err != nil {
		return err
	}
	if v.Boost != nil || !d.current() {
		return social.ErrNotFound
	}
	if !v.Status.Visibility.Distributable() {
		return d.private(c, document(v.Status))
	}
	return d.document(c, 0, document(v.Status))
}

// found is the local status in the path as the requester may see it. Whatever is wrong, the answer is ErrNotFound: for a
// deleted status too (federation.md §14.5/155).
func (d *Documents) found(c *fiber.Ctx) (social.StatusView, error) {
	text := strings.TrimSuffix(c.Params("id"), ".json")
	id, _ := social.ParseID(text)
	if !isID(text) {
		return social.StatusView{}, social.ErrNotFound
	}
	author, err := d.named(c)
	if err != nil {
		return social.StatusView{}, err
	}
	s, err := d.Store.StatusByID(c.UserContext(), id)
	if err != nil {
		return social.StatusView{}, err
	}
	if s.AccountID != author.ID {
		return social.StatusView{}, social.ErrNotFound
	}
	v, err := d.Reader.Status(c.UserContext(), 0, id)
	if err == nil {
		return v, d.notBlocked(c, v)
	}
	if !errors.Is(err, social.ErrNotFound) {
		return v, err
	}
	// Not for everybody. Only now it matters who asks, and finding out may mean fetching a key.
	viewer, err := d.requester(c)
	if err != nil {
		return social.StatusView{}, err
	}
	if viewer == nil {
		return social.StatusView{}, social.ErrNotFound
	}
	return d.Reader.Status(c.UserContext(), viewer.ID, id)
}

// notBlocked is ErrNotFound when somebody signs for a public status whom its author blocks (federation.md §10.4). Who does
// not sign, or not well, is anybody. Authors who block nobody cost one question.
func (d *Documents) notBlocked(c *fiber.Ctx, v social.StatusView) error {
	if c.Get("Signature") == "" {
		return nil
	}
	ctx := c.UserContext()
	if blocks, err := d.Store.BlocksAnybody(ctx, v.Author.ID); err != nil || !blocks {
		return err
	}
	viewer, err := d.requester(c)
	if err != nil || viewer == nil {
		return nil
	}
	_, err = d.Reader.Status(ctx, viewer.ID, v.Status.ID)
	return err
}

// isID reports whether s is an id as we write it: one status has one address.
func isID(s string) bool {
	id, ok := social.ParseID(s)
	return ok && id.String() == s
}
