package stream

import (
	"context"

	"orrery/clientapi"
	"orrery/social"
)

// announce hands news of an announcement to all who watch their home. It is the same for all, without what a person did.
func (h *Hub) announce(ctx context.Context, n social.News) error {
	ws := h.watching(everybody)
	if len(ws) == 0 {
		return nil
	}
	if n.Kind == social.NewsWithdrawn {
		h.hand(ws, "announcement.delete", n.Subject.String())
		return nil
	}
	v, err := h.Announcements.View(ctx, 0, n.Subject)
	if err != nil {
		return err
	}
	if n.Kind == social.NewsAnnounced {
		return h.handEntity(ws, "announcement", clientapi.FromAnnouncement(v, h.Render(0)))
	}
	changed := clientapi.AnnouncementReaction{Name: n.Word, AnnouncementID: n.Subject.String()}
	for _, r := range v.Reactions {
		if r.Name == n.Word {
			changed.Count = r.Count
		}
	}
	return h.handEntity(ws, "announcement.reaction", changed)
}
