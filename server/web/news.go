package web

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/clientip"
	"orrery/internal/sse"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/views"
)

// Listener hears what comes into a timeline; server/stream's Page.
type Listener interface {
	// Next waits for an event, update, status.update or delete, and says which post it is about; false at the end.
	Next(stop <-chan struct{}) (event string, status social.ID, more bool)
	Close()
}

// timelines are those that go on by themselves, by what the address of their news calls them: the stream of the client API,
// and whether it is somebody's own.
var timelines = map[string]struct {
	stream string
	own    bool
}{
	"home": {"user", true}, "local": {"public:local", false}, "federated": {"public", false}, "tag": {"hashtag", false}, "list": {"list", true},
}

// news is GET /news?of=&tag=&list=&after=: the posts that come into a timeline, drawn as cards for who looks. First come those
// that came after the one that the page, or the last event, had; when they are too many to catch up with, it only says so.
func (w *Web) news(c *fiber.Ctx) error {
	of, tag := strings.Clone(c.Query("of")), richtext.NormalizeTag(plain(c.Query("tag")))
	line, known := timelines[of]
	list, isList := social.ParseID(c.Query("list"))
	if !known || w.Live == nil || (of == "tag") != richtext.ValidTag(tag) || (of == "list") != isList {
		return social.ErrNotFound
	}
	argument := tag
	l, err := w.look(c, "", "")
	if err != nil {
		return err
	}
	if line.own && l.Viewer == nil {
		return social.ErrUnauthorized
	}
	if of == "list" {
		if _, err := w.Store.ListByID(c.UserContext(), l.Viewer.ID, list); err != nil {
			return err
		}
		argument = list.String()
	}
	if c.Method() == fiber.MethodHead {
		return sse.Serve(c, sse.Options{}, nil)
	}
	after, ok := social.ParseID(c.Get("Last-Event-ID"))
	if !ok {
		after, _ = social.ParseID(c.Query("after"))
	}
	hear, err := w.Live(c.UserContext(), viewerID(l), clientip.Counted(clientip.Of(c)), line.stream, argument)
	if err != nil {
		return err
	}
	l.Filters = social.FilterPublic
	if line.own {
		l.Filters = social.FilterHome
	}
	n := &newsroom{Web: w, look: l, cookie: strings.Clone(c.Cookies(Cookie))}
	load := w.loader(context.Background(), viewerID(l), of, tag, list)
	return sse.Serve(c, sse.Options{OnEnd: func(error) { hear.Close() }}, func(s *sse.Stream) error {
		if err := n.catchUp(s, load, after); err != nil {
			return err
		}
		for {
			event, status, more := hear.Next(s.Done())
			if !more {
				return nil
			}
			if err := n.tell(s, event, status); err != nil {
				return err
			}
		}
	})
}

// loader lists a timeline as its page does.
func (w *Web) loader(ctx context.Context, viewer social.ID, of, tag string, list social.ID) func(social.Page) ([]social.StatusView, error) {
	switch of {
	case "home":
		return func(p social.Page) ([]social.StatusView, error) { return w.Reader.Home(ctx, viewer, p) }
	case "tag":
		return w.tagged(ctx, viewer, tag)
	case "list":
		return w.listPosts(ctx, viewer, list)
	}
	return w.public(ctx, viewer, of == "local")
}

// newsroom draws news for one page.
type newsroom struct {
	*Web
	look   views.Look
	cookie string
}

// catchUp tells what came between the page, which had after, and now.
func (n *newsroom) catchUp(s *sse.Stream, load func(social.Page) ([]social.StatusView, error), after social.ID) error {
	if after == 0 {
		return nil
	}
	missed, err := load(social.Page{SinceID: after, Limit: perPage})
	if err != nil {
		return err
	}
	if len(missed) == perPage {
		return s.Send("", "many", "There are more than fit here.")
	}
	for _, v := range slices.Backward(missed) {
		if err := n.draw(s, "post", v); err != nil {
			return err
		}
	}
	return nil
}

// tell passes an event on, if its viewer is still signed in and wants to see it.
func (n *newsroom) tell(s *sse.Stream, event string, status social.ID) error {
	if event == "delete" {
		return s.Send("", "gone", "s"+status.String())
	}
	ctx := context.Background()
	if n.look.Viewer != nil {
		if _, err := n.SignIns.Session(ctx, n.cookie); errors.Is(err, social.ErrUnauthorized) || errors.Is(err, social.ErrNotFound) {
			return sse.ErrEnded
		} else if err != nil {
			return err
		}
	}
	found, err := n.Reader.Wanted(ctx, viewerID(n.look), []social.ID{status})
	if err != nil || len(found) == 0 {
		return err
	}
	name := "post"
	if event == "status.update" {
		name = "changed"
	}
	return n.draw(s, name, found[0])
}

// draw sends the card of v, if the viewer's filters let it through. Only new posts have a place to go on from.
func (n *newsroom) draw(s *sse.Stream, event string, v social.StatusView) error {
	n.look.Now = n.Now()
	var html strings.Builder
	if err := views.StatusCard(n.look, v, "").Render(context.Background(), &html); err != nil {
		return err
	}
	if html.Len() == 0 { // a filter hides it
		return nil
	}
	id := ""
	if event == "post" {
		id = v.Status.ID.String()
	}
	return s.Send(id, event, html.String())
}
