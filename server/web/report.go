package web

import (
	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// reported is whom the form at hand is about.
func (w *Web) reported(c *fiber.Ctx) (social.Account, error) {
	target, err := id(c)
	if err != nil {
		return social.Account{}, err
	}
	return w.Store.AccountByID(c.UserContext(), target)
}

// about is the post that a report is about, 0 when it is about a person.
func about(c *fiber.Ctx) social.ID {
	status, _ := social.ParseID(field(c, "status"))
	return status
}

func reportedPosts(c *fiber.Ctx) []social.ID {
	if status := about(c); status != 0 {
		return []social.ID{status}
	}
	return nil
}

// reportForm asks what is wrong with an account.
func (w *Web) reportForm(c *fiber.Ctx) error {
	l, err := w.mine(c, "Report", "")
	if err != nil {
		return err
	}
	a, err := w.reported(c)
	if err != nil {
		return err
	}
	return w.draw(c, views.ReportPage(l, a, views.ReportForm{Status: about(c)}))
}

// report files the complaint and goes back to the profile.
func (w *Web) report(c *fiber.Ctx) error {
	l, err := w.mine(c, "Report", "")
	if err != nil {
		return err
	}
	a, err := w.reported(c)
	if err != nil {
		return err
	}
	f := views.ReportForm{Status: about(c), Category: social.ReportCategory(field(c, "category")), Comment: field(c, "comment"), Forward: field(c, "forward") != ""}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Flag", Actor: l.Viewer.URI, Object: a.URI})
	err = w.counted("reports", l.Viewer.ID, func() error {
		_, err := w.Moderation.Report(ctx, l.Viewer.ID, social.Complaint{
			TargetID: a.ID, StatusIDs: reportedPosts(c), Comment: f.Comment, Category: f.Category, Forward: f.Forward,
		})
		return err
	})
	done()
	if mendable(err) {
		f.Wrong = itself("category", "comment").wrong(c, "", err)
		return w.draw(c, views.ReportPage(l, a, f))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/@"+a.Acct(), fiber.StatusSeeOther)
}

// regard blocks or mutes somebody, or takes that back, and shows the page again without or with their posts.
func (w *Web) regard(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	a, err := w.reported(c)
	if err != nil {
		return err
	}
	me, kind := *l.Viewer, map[string]string{"block": "Block", "unblock": "Undo"}[c.Params("act")]
	ctx, done := c.UserContext(), func() {}
	if kind != "" { // nobody else hears of a mute
		ctx, done = w.act(ctx, activitylog.Summary{Type: kind, Actor: me.URI, Object: a.URI})
	}
	defer done()
	switch c.Params("act") {
	case "block":
		_, err = w.Blocks.Block(ctx, me.ID, a.ID)
	case "unblock":
		_, err = w.Blocks.Unblock(ctx, me.ID, a.ID)
	case "mute":
		_, err = w.Mutes.Mute(ctx, me.ID, a.ID, true, 0)
	case "unmute":
		_, err = w.Mutes.Unmute(ctx, me.ID, a.ID)
	}
	if err != nil {
		return w.refusedOn(c, l, a, err)
	}
	return w.back(c, "")
}
