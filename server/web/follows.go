package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// actOnAccount does what the address says about somebody. After a follow htmx gets the top of the profile as it is now.
func (w *Web) actOnAccount(c *fiber.Ctx) error {
	switch c.Params("act") {
	case "block", "unblock", "mute", "unmute":
		return w.regard(c)
	case "report":
		return w.report(c)
	}
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	target, err := id(c)
	if err != nil {
		return err
	}
	a, err := w.Store.AccountByID(c.UserContext(), target)
	if err != nil {
		return err
	}
	activity, counts, do := "Follow", "follows", w.Follows.Follow
	switch c.Params("act") {
	case "follow":
	case "unfollow":
		activity, counts, do = "Undo", "", w.Follows.Unfollow
	default:
		return social.ErrNotFound
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: activity, Actor: l.Viewer.URI, Object: a.URI})
	err = w.counted(counts, l.Viewer.ID, func() error {
		_, err := do(ctx, l.Viewer.ID, target)
		return err
	})
	done()
	if err != nil {
		return w.refusedOn(c, l, a, err)
	}
	if !partial(c) {
		return w.back(c, "")
	}
	if a, err = w.Store.AccountByID(c.UserContext(), target); err != nil { // its counters changed
		return err
	}
	r, err := w.relationship(c, l.Viewer.ID, target)
	if err != nil {
		return err
	}
	return w.draw(c, views.ProfileHead(l, a, r, activity == "Follow"))
}

// refusedOn draws somebody's profile, for htmx the top of it, with why something was not done about them.
func (w *Web) refusedOn(c *fiber.Ctx, l views.Look, a social.Account, cause error) error {
	if !mendable(cause) || shown(a) != nil {
		return cause
	}
	l.Title, l.Wrong = a.Name(), blame{}.wrong(c, "profile", cause)
	if !partial(c) {
		return w.profilePage(c, l, a)
	}
	r, err := w.relationship(c, l.Viewer.ID, a.ID)
	if err != nil {
		return err
	}
	return w.draw(c, views.ProfileHead(l, a, r, false))
}

// requests lists who waits to follow the viewer.
func (w *Web) requests(c *fiber.Ctx) error {
	l, err := w.mine(c, "Follow requests", "requests")
	if err != nil {
		return err
	}
	follows, next, err := listed(c, func(p social.Page) ([]social.Follow, error) {
		return w.Store.FollowRequests(c.UserContext(), l.Viewer.ID, p)
	}, followID)
	if err != nil {
		return err
	}
	waiting, err := w.named(c, sides(follows, true))
	if err != nil {
		return err
	}
	return w.draw(c, views.RequestsPage(l, waiting, next))
}

// answerRequest lets a follower in or turns them away.
func (w *Web) answerRequest(c *fiber.Ctx) error {
	me, follower, err := w.deed(c)
	if err != nil {
		return err
	}
	a, err := w.Store.AccountByID(c.UserContext(), follower)
	if err != nil {
		return err
	}
	activity, do, said := "Accept", w.Follows.Authorize, " follows you now."
	switch c.Params("act") {
	case "authorize":
	case "reject":
		activity, do, said = "Reject", w.Follows.Refuse, " was turned away."
	default:
		return social.ErrNotFound
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: activity, Actor: me.URI, Object: a.URI})
	err = do(ctx, me.ID, follower)
	done()
	if errors.Is(err, social.ErrNotFound) {
		err, said = nil, " does not ask any more."
	}
	if err != nil {
		return err
	}
	if !partial(c) {
		return w.back(c, "")
	}
	return w.draw(c, views.Answered(a, a.Name()+said))
}
