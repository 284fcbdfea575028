package web

import (
	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

func (w *Web) notifications(c *fiber.Ctx) error {
	l, err := w.mine(c, "Notifications", "notifications")
	if err != nil {
		return err
	}
	l.Filters = social.FilterNotifications
	var types []social.NotificationType
	mentions := c.Query("only") == "mentions"
	if mentions {
		types = []social.NotificationType{social.NotifyMention}
	}
	all, next, err := listed(c, func(p social.Page) ([]social.NotificationView, error) {
		return w.Reader.Notifications(c.UserContext(), l.Viewer.ID, social.NotificationFilter{Types: types}, p)
	}, func(n social.NotificationView) social.ID { return n.Notification.ID })
	if err != nil {
		return err
	}
	return w.draw(c, views.NotificationsPage(l, mentions, all, next))
}
