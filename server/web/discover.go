package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// maxPlace bounds how far a list that is paged by places is walked: what comes before is read anew each time.
const maxPlace = 10_000

// place is where in such a list the page begins; anything that is no place asks for the beginning.
func place(c *fiber.Ctx) int {
	n, err := strconv.Atoi(c.Query("offset"))
	if err != nil || n < 0 || n > maxPlace {
		return 0
	}
	return n
}

// after is one page of a list that begins at the page's place and may be longer, and the address of the page after it.
func after[T any](c *fiber.Ctx, rest []T) ([]T, string) {
	next := place(c) + perPage
	if len(rest) <= perPage || next > maxPlace {
		return rest[:min(len(rest), perPage)], ""
	}
	query, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		query = url.Values{}
	}
	query.Set("offset", strconv.Itoa(next))
	return rest[:perPage], plain(c.Path()) + "?" + query.Encode()
}

func (w *Web) trendingPosts(c *fiber.Ctx) error {
	return explored(w, c, views.ExplorePosts, func(l views.Look) ([]social.ID, error) { return w.Trends.Statuses(c.UserContext(), false) },
		func(l views.Look, x *views.Explore, ids []social.ID) (err error) {
			x.Posts, err = w.Reader.Wanted(c.UserContext(), viewerID(l), ids)
			return err
		})
}

func (w *Web) trendingTags(c *fiber.Ctx) error {
	return explored(w, c, views.ExploreTags, func(l views.Look) ([]string, error) { return w.Trends.Tags(c.UserContext(), false) },
		func(l views.Look, x *views.Explore, tags []string) (err error) {
			x.Tags, err = w.Trends.TagViews(c.UserContext(), viewerID(l), tags)
			return err
		})
}

func (w *Web) trendingLinks(c *fiber.Ctx) error {
	return explored(w, c, views.ExploreLinks, func(l views.Look) ([]social.ID, error) { return w.Trends.Links(c.UserContext(), false) },
		func(l views.Look, x *views.Explore, ids []social.ID) (err error) {
			x.Links, err = w.Trends.LinkViews(c.UserContext(), ids)
			return err
		})
}

// linkPosts is the posts that link to a page that trends; of others nobody is told who links to them.
func (w *Web) linkPosts(c *fiber.Ctx) error {
	which, err := id(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	trending, err := w.Trends.Links(ctx, false)
	if err != nil {
		return err
	}
	if !slices.Contains(trending, which) {
		return social.ErrNotFound
	}
	links, err := w.Trends.LinkViews(ctx, []social.ID{which})
	if err != nil {
		return err
	}
	if len(links) == 0 {
		return social.ErrNotFound
	}
	card := links[0].Card
	l, err := w.look(c, cmp.Or(card.Title, card.Host()), "explore")
	if err != nil {
		return err
	}
	l.Filters = social.FilterPublic
	t := views.Timeline{
		Title: "Posts with a link", Sentence: "Public posts that link to this page and reached this server.", About: &card,
		EmptyTitle: "No posts to show", EmptySentence: "Those that link to this page are not for you to see.", EmptyHref: views.ExploreLinks, EmptyDo: "Back to the links",
	}
	t.Posts, t.Older, err = listed(c, func(p social.Page) ([]social.StatusView, error) {
		ids, err := w.Store.LinkTimeline(ctx, viewerID(l), card.ID, p)
		if err != nil {
			return nil, err
		}
		return w.Reader.Wanted(ctx, viewerID(l), ids)
	}, statusID)
	if err != nil {
		return err
	}
	return w.draw(c, views.TimelinePage(l, t))
}

// explored is one page of something that trends: list gives all of it, the strongest first, load what is shown of a page.
func explored[T any](w *Web, c *fiber.Ctx, here string, list func(views.Look) ([]T, error), load func(views.Look, *views.Explore, []T) error) error {
	l, err := w.look(c, "Explore", "explore")
	if err != nil {
		return err
	}
	all, err := list(l)
	if err != nil {
		return err
	}
	l.Filters = social.FilterPublic
	x := views.Explore{Here: here}
	page, next := after(c, all[min(place(c), len(all)):])
	x.Older = next
	if err := load(l, &x, page); err != nil {
		return err
	}
	return w.draw(c, views.ExplorePage(l, x))
}

// suggestions shows whom the viewer may want to follow.
func (w *Web) suggestions(c *fiber.Ctx) error {
	l, err := w.mine(c, "Explore", "explore")
	if err != nil {
		return err
	}
	x := views.Explore{Here: views.ExplorePeople}
	if x.People, err = social.Suggestions(c.UserContext(), w.Reader, l.Viewer.ID, perPage); err != nil {
		return err
	}
	return w.draw(c, views.ExplorePage(l, x))
}

// dismissSuggestion keeps somebody from being suggested again.
func (w *Web) dismissSuggestion(c *fiber.Ctx) error {
	me, target, err := w.deed(c)
	if err != nil {
		return err
	}
	if _, err := w.Store.AccountByID(c.UserContext(), target); err != nil {
		return err
	}
	if err := w.Store.DismissSuggestion(c.UserContext(), me.ID, target); err != nil {
		return err
	}
	if partial(c) {
		return nil // htmx takes the line away
	}
	return c.Redirect(views.ExplorePeople, fiber.StatusSeeOther)
}

// directory lists people who want to be found.
func (w *Web) directory(c *fiber.Ctx) error {
	l, err := w.look(c, "Directory", "explore")
	if err != nil {
		return err
	}
	d := views.Directory{Local: field(c, "local") != "", Newest: field(c, "order") == "new"}
	ids, err := w.Store.Directory(c.UserContext(), viewerID(l), d.Local, d.Newest, place(c), perPage+1)
	if err != nil {
		return err
	}
	ids, d.Older = after(c, ids)
	found, err := w.Store.AccountsByID(c.UserContext(), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if a, ok := found[id]; ok {
			d.People = append(d.People, a)
		}
	}
	return w.draw(c, views.DirectoryPage(l, d))
}
