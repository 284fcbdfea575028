package web

import (
	"errors"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/social/richtext"
	"orrery/views"
)

// look is the page around what a handler draws, with the viewer when there is one.
func (w *Web) look(c *fiber.Ctx, title, place string) (views.Look, error) {
	l := w.stranger(c, title)
	l.Place = place
	viewer, err := w.viewer(c)
	if err != nil {
		return views.Look{}, err
	}
	if viewer != nil {
		l.Viewer = viewer
		u, err := w.Store.UserByAccount(c.UserContext(), viewer.ID)
		if err != nil && !errors.Is(err, social.ErrNotFound) {
			return views.Look{}, err
		}
		l.Staff = u.Role.Staff()
	}
	if w.Switcher != nil {
		for _, p := range w.Switcher(c.UserContext()) {
			p.Current = viewer != nil && p.Server == w.Info.Name && strings.EqualFold(p.Name, viewer.Username)
			l.People = append(l.People, p)
		}
	}
	return l, nil
}

// note is the text about an account: theirs came as HTML, ours is what was typed.
func (w *Web) note(a social.Account) string {
	if a.Local() {
		typed := richtext.Format(a.Note, richtext.Options{Version: w.Text, Origin: w.URLs.Origin, WithDomains: true})
		return w.pictured(w.homeward(typed, &social.StatusView{}), a.Emojis)
	}
	return w.pictured(w.Text.Sanitize(a.Note), a.Emojis)
}

// fieldValue is a line of an account's table, as note. Links in one's own are one's own.
func (w *Web) fieldValue(a social.Account, f social.Field) string {
	if a.Local() {
		typed := richtext.Format(f.Value, richtext.Options{Version: w.Text, Origin: w.URLs.Origin, SingleLine: true, WithDomains: true, RelMe: true})
		return w.pictured(w.homeward(typed, &social.StatusView{}), a.Emojis)
	}
	return w.pictured(w.Text.Sanitize(f.Value), a.Emojis)
}

// mine is look for pages that only somebody signed in has.
func (w *Web) mine(c *fiber.Ctx, title, place string) (views.Look, error) {
	l, err := w.look(c, title, place)
	if err == nil && l.Viewer == nil {
		err = social.ErrUnauthorized
	}
	return l, err
}

// stranger is the page for somebody unknown; it asks nothing of the database.
func (w *Web) stranger(_ *fiber.Ctx, title string) views.Look {
	l := views.Look{
		Page:   views.Page{Title: title, Server: w.Info.Name, Hue: views.Hue(w.Info.Name), InLab: w.Lab, Now: w.Now()},
		Host:   w.Info.Host,
		URLs:   w.URLs,
		Quotes: w.Quotes != nil,
		Attach: w.Media.Takes(), Films: w.Media.Takes() && w.Media.Maker.Films(),
		Words: w.words,
		Note:  w.note,
		Field: w.fieldValue,
		Brief: func(html string) string { return richtext.Excerpt(html, 140) },
	}
	if w.Servers != nil {
		l.Servers = w.Servers()
	}
	return l
}

// viewer is who is signed in, nil when nobody is. A session that is over counts as none, and so does one whose account
// is gone.
func (w *Web) viewer(c *fiber.Ctx) (*social.Account, error) {
	cookie := strings.Clone(c.Cookies(Cookie))
	if cookie == "" {
		return nil, nil
	}
	a, err := w.SignIns.Session(c.UserContext(), cookie)
	if errors.Is(err, social.ErrUnauthorized) || errors.Is(err, social.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// signedIn is viewer for actions.
func (w *Web) signedIn(c *fiber.Ctx) (social.Account, error) {
	a, err := w.viewer(c)
	if err != nil {
		return social.Account{}, err
	}
	if a == nil {
		return social.Account{}, social.ErrUnauthorized
	}
	return *a, nil
}

// deed is who does something, and the id in the path of what it is done to.
func (w *Web) deed(c *fiber.Ctx) (me social.Account, which social.ID, err error) {
	if me, err = w.signedIn(c); err != nil {
		return me, 0, err
	}
	which, err = id(c)
	return me, which, err
}

func viewerID(l views.Look) social.ID {
	if l.Viewer == nil {
		return 0
	}
	return l.Viewer.ID
}

func (w *Web) draw(c *fiber.Ctx, part templ.Component) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return part.Render(c.UserContext(), c.Response().BodyWriter())
}

// field reads a form's or a query's value. It is a copy, as Fiber uses its buffers again, and without what PostgreSQL
// refuses in text: bytes that are not UTF-8, and zero.
func field(c *fiber.Ctx, name string) string {
	value := c.FormValue(name)
	if c.Method() == fiber.MethodGet {
		value = c.Query(name)
	}
	return plain(value)
}

func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(strings.Clone(s), "\uFFFD"), "\x00", "")
}

// param reads a part of the path as a person meant it: "%40" is "@".
func param(c *fiber.Ctx, name string) string {
	value, err := url.PathUnescape(c.Params(name))
	if err != nil {
		return ""
	}
	return plain(value)
}

// id reads the id in the path; what is none does not exist.
func id(c *fiber.Ctx) (social.ID, error) {
	n, ok := social.ParseID(c.Params("id"))
	if !ok {
		return 0, social.ErrNotFound
	}
	return n, nil
}

func escape(s string) string { return url.QueryEscape(s) }
