package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// blocks lists whom the viewer blocks.
func (w *Web) blocks(c *fiber.Ctx) error {
	k := views.KeptAway{Here: "/settings/blocks", Title: "People you block", Sentence: "They see nothing new of you, and you nothing of them.", Act: "unblock", Do: "Unblock"}
	return w.keptAway(c, k, func(me social.ID, p social.Page) ([]kept, error) {
		found, err := w.Store.Blocks(c.UserContext(), me, p)
		out := make([]kept, len(found))
		for i, b := range found {
			out[i] = kept{b.ID, b.TargetID, time.Time{}}
		}
		return out, err
	})
}

// mutes lists whom the viewer mutes.
func (w *Web) mutes(c *fiber.Ctx) error {
	k := views.KeptAway{Here: "/settings/mutes", Title: "People you mute", Sentence: "You see nothing of them. They do not know.", Act: "unmute", Do: "Unmute"}
	return w.keptAway(c, k, func(me social.ID, p social.Page) ([]kept, error) {
		found, err := w.Store.Mutes(c.UserContext(), me, p)
		out := make([]kept, len(found))
		for i, m := range found {
			out[i] = kept{m.ID, m.TargetID, m.ExpiresAt}
		}
		return out, err
	})
}

// kept is somebody whom one keeps away from, perhaps until a time.
type kept struct {
	id, target social.ID
	until      time.Time
}

func (w *Web) keptAway(c *fiber.Ctx, k views.KeptAway, load func(me social.ID, p social.Page) ([]kept, error)) error {
	l, err := w.mine(c, k.Title, "")
	if err != nil {
		return err
	}
	all, next, err := listed(c, func(p social.Page) ([]kept, error) { return load(l.Viewer.ID, p) }, func(x kept) social.ID { return x.id })
	if err != nil {
		return err
	}
	k.Until, k.Older = map[social.ID]time.Time{}, next
	ids := make([]social.ID, len(all))
	for i, x := range all {
		ids[i], k.Until[x.target] = x.target, x.until
	}
	if k.People, err = w.named(c, ids); err != nil {
		return err
	}
	return w.draw(c, views.KeptAwayPage(l, k))
}

// domains lists the servers that the viewer blocks.
func (w *Web) domains(c *fiber.Ctx) error {
	l, err := w.mine(c, "Servers you block", "")
	if err != nil {
		return err
	}
	return w.domainsPage(c, l, views.Wrong{})
}

func (w *Web) domainsPage(c *fiber.Ctx, l views.Look, wrong views.Wrong) error {
	all, next, err := listed(c, func(p social.Page) ([]social.UserDomainBlock, error) {
		return w.Store.UserDomainBlocks(c.UserContext(), l.Viewer.ID, p)
	}, func(b social.UserDomainBlock) social.ID { return b.ID })
	if err != nil {
		return err
	}
	return w.draw(c, views.DomainsPage(l, all, field(c, "domain"), wrong, next))
}

func (w *Web) changeDomain(c *fiber.Ctx) error {
	l, err := w.mine(c, "Servers you block", "")
	if err != nil {
		return err
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Block", Actor: l.Viewer.URI})
	defer done()
	domain := social.NormalDomain(field(c, "domain"))
	switch c.Params("act") {
	case "block":
		err = w.Blocks.BlockDomain(ctx, l.Viewer.ID, domain)
	case "unblock":
		err = w.Blocks.UnblockDomain(ctx, l.Viewer.ID, domain)
	default:
		err = social.ErrNotFound
	}
	if mendable(err) {
		return w.domainsPage(c, l, itself("domain").wrong(c, "", err))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/settings/domain_blocks", fiber.StatusSeeOther)
}
