package activitypub

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
	"orrery/social"
)

// conversationItems is how many posts a page of a conversation lists (federation.md §2.3).
const conversationItems = 60

// conversation serves what is known here of a conversation that began here, with the first page in it.
func (d *Documents) conversation(c *fiber.Ctx) error {
	t, err := d.thread(c)
	if err != nil {
		return err
	}
	page, err := d.threadPage(c, t, 0)
	if err != nil {
		return err
	}
	if len(page.Get("items").([]string)) == 0 {
		return social.ErrNotFound // nothing of it is public: whether it ever was there is nobody's business
	}
	return d.document(c, documentLife, vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: t.uri},
		{Name: "type", Value: "Collection"},
		{Name: "attributedTo", Value: t.owner.URI},
		{Name: "first", Value: page},
	})
}

// conversationPage serves the posts after min_id.
func (d *Documents) conversationPage(c *fiber.Ctx) error {
	t, err := d.thread(c)
	if err != nil {
		return err
	}
	minID, _ := social.ParseID(c.Query("min_id"))
	page, err := d.threadPage(c, t, minID)
	if err != nil {
		return err
	}
	id := vocab.Object{{Name: "@context", Value: vocab.ActivityStreams}, {Name: "id", Value: t.page(minID)}}
	return d.document(c, documentLife, append(id, page...))
}

// thread is a conversation that began here: its address, and who began it.
type thread struct {
	uri   string
	owner social.Account
}

func (t thread) page(minID social.ID) string {
	if minID == 0 {
		return t.uri + "/items?page=true"
	}
	return fmt.Sprintf("%s/items?min_id=%d&page=true", t.uri, minID)
}

// thread reads the path. The numbers are those of the account and of its post, which may be gone.
func (d *Documents) thread(c *fiber.Ctx) (thread, error) {
	account, status, _ := strings.Cut(strings.TrimSuffix(c.Params("conversation"), ".json"), "-")
	owner, err := d.numbered(c, account)
	if err != nil {
		return thread{}, err
	}
	id, _ := social.ParseID(status)
	if !isID(status) {
		return thread{}, fmt.Errorf("no post can have the number %q: %w", status, social.ErrNotFound)
	}
	return thread{d.URLs.Context(owner, id), owner}, nil
}

// threadPage lists posts that everybody may see, by id, without an id of its own.
func (d *Documents) threadPage(c *fiber.Ctx, t thread, minID social.ID) (vocab.Object, error) {
	found, err := d.Store.InConversation(c.UserContext(), t.uri, minID, conversationItems)
	if err != nil {
		return nil, err
	}
	items := make([]string, len(found))
	for i, s := range found {
		items[i] = s.URI
	}
	page := vocab.Object{{Name: "type", Value: "CollectionPage"}}
	if len(found) == conversationItems {
		page = page.With("next", t.page(found[len(found)-1].ID))
	}
	return page.With("partOf", t.uri).With("items", items), nil
}
