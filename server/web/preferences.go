package web

import (
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/social/richtext"
	"orrery/views"
)

func (w *Web) preferences(c *fiber.Ctx) error {
	l, err := w.mine(c, "Preferences", "")
	if err != nil {
		return err
	}
	u, err := w.Store.UserByAccount(c.UserContext(), l.Viewer.ID)
	if err != nil {
		return err
	}
	return w.draw(c, views.PreferencesPage(l, u, views.Wrong{}))
}

func (w *Web) savePreferences(c *fiber.Ctx) error {
	l, err := w.mine(c, "Preferences", "")
	if err != nil {
		return err
	}
	language := strings.TrimSpace(field(c, "language"))
	typed, err := w.Store.UserByAccount(c.UserContext(), l.Viewer.ID)
	if err != nil {
		return err
	}
	change := func(u *social.User) {
		u.DefaultVisibility, u.DefaultSensitive = social.Visibility(field(c, "visibility")), field(c, "sensitive") != ""
		u.ExpandMedia, u.ExpandSpoilers, u.AutoplayGIFs = field(c, "expand_media"), field(c, "expand_spoilers") != "", field(c, "autoplay_gifs") != ""
		if language != "" {
			u.DefaultLanguage = language
		}
		u.Languages = strings.FieldsFunc(field(c, "languages"), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	}
	change(&typed)
	if language != "" && !social.ValidLanguage(language) {
		err = &social.Error{Kind: social.ErrInvalid, Field: "language", Message: "That is no code of a language: write it as en, de or pt-BR."}
	} else {
		_, err = w.Accounts.Prefer(c.UserContext(), l.Viewer.ID, change)
	}
	if mendable(err) {
		wrong := blame{"source[privacy]": "visibility", "language": "language", "expand_media": "expand_media", "languages": "languages"}.wrong(c, "", err)
		return w.draw(c, views.PreferencesPage(l, typed, wrong))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/settings/preferences", fiber.StatusSeeOther)
}

func (w *Web) followedTags(c *fiber.Ctx) error {
	l, err := w.mine(c, "Hashtags you follow", "")
	if err != nil {
		return err
	}
	return w.tagsPage(c, l, views.Wrong{})
}

func (w *Web) tagsPage(c *fiber.Ctx, l views.Look, wrong views.Wrong) error {
	tags, next, err := listed(c, func(p social.Page) ([]social.FollowedTag, error) {
		return w.Store.FollowedTags(c.UserContext(), l.Viewer.ID, p)
	}, func(t social.FollowedTag) social.ID { return t.ID })
	if err != nil {
		return err
	}
	return w.draw(c, views.TagsPage(l, tags, field(c, "tag"), wrong, next))
}

// changeTag follows a hashtag or takes that back.
func (w *Web) changeTag(c *fiber.Ctx) error {
	l, err := w.mine(c, "Hashtags you follow", "")
	if err != nil {
		return err
	}
	tag := richtext.NormalizeTag(trimTag(field(c, "tag")))
	if !richtext.ValidTag(tag) {
		c.Status(fiber.StatusUnprocessableEntity)
		return w.tagsPage(c, l, views.Wrong{Fields: map[string]string{"tag": "That is no hashtag: use letters, digits and underscores, and not digits alone."}})
	}
	switch c.Params("act") {
	case "follow":
		err = w.Store.FollowTag(c.UserContext(), social.FollowedTag{ID: w.Follows.NewID(), AccountID: l.Viewer.ID, Tag: tag, CreatedAt: w.Now()})
	case "unfollow":
		err = w.Store.UnfollowTag(c.UserContext(), l.Viewer.ID, tag)
	default:
		err = social.ErrNotFound
	}
	if err != nil {
		return err
	}
	return c.Redirect("/settings/tags", fiber.StatusSeeOther)
}

func trimTag(word string) string {
	for len(word) > 0 && (word[0] == '#' || word[0] == ' ') {
		word = word[1:]
	}
	return word
}

// scheduled lists the viewer's posts that are to come.
func (w *Web) scheduled(c *fiber.Ctx) error {
	l, err := w.mine(c, "Scheduled posts", "")
	if err != nil {
		return err
	}
	all, next, err := listed(c, func(p social.Page) ([]social.Scheduled, error) {
		return w.Store.ScheduledOf(c.UserContext(), l.Viewer.ID, p)
	}, func(s social.Scheduled) social.ID { return s.ID })
	if err != nil {
		return err
	}
	return w.draw(c, views.ScheduledPage(l, all, next))
}

func (w *Web) deleteScheduled(c *fiber.Ctx) error {
	me, which, err := w.deed(c)
	if err != nil {
		return err
	}
	if err := w.Store.DeleteScheduled(c.UserContext(), me.ID, which); err != nil {
		return err
	}
	return c.Redirect("/settings/scheduled", fiber.StatusSeeOther)
}
