package observatory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/internal/sse"
	"orrery/views"
)

// rowsShown is how many entries one page of the log reads.
const rowsShown = 100

// logPage is GET /lab/log.
func (o *Observatory) logPage(c *fiber.Ctx) error {
	p, err := o.readLog(c)
	if err != nil {
		return o.fail(c, err)
	}
	if p.Problem != "" {
		c.Status(fiber.StatusBadRequest)
	}
	return o.draw(c, views.Log(p))
}

// logRows is GET /lab/log/rows: only the rows, for a page that has the rest.
func (o *Observatory) logRows(c *fiber.Ctx) error {
	p, err := o.readLog(c)
	if err != nil {
		return o.fail(c, err)
	}
	return o.draw(c, views.LogRows(p.Folds, p.Reading))
}

func (o *Observatory) readLog(c *fiber.Ctx) (views.LogPage, error) {
	ctx, v := c.UserContext(), o.viewer(c)
	p := views.LogPage{Page: o.page(c, "Log", "log")}
	written, f, err := asked(c)
	p.Filter = o.preset(c, written, &f)
	for _, s := range o.Servers {
		p.Scopes = append(p.Scopes, s.Name)
	}
	p.Wires, p.Eyes = o.wires(), o.eyes()
	p.Reading.Names = o.names(v)
	hides, scoped := o.scope(c, written, &f)
	if err == nil {
		err = scoped
	}
	if problem := (*problem)(nil); errors.As(err, &problem) {
		p.Problem = problem.sentence
		return p, nil
	}
	o.onceEach(&f)
	f.Limit = rowsShown
	// The position is read first: what comes between the two is streamed, and may be sent twice, but is never missed.
	pos, err := o.Log.LastPosition(ctx)
	if err != nil {
		return p, err
	}
	f.Since = 0
	found, err := o.Log.Entries(ctx, f)
	if err != nil {
		return p, err
	}
	var seen []activitylog.Entry
	seen, p.Hidden = v.scoped(found, hides)
	if p.Reading.Taken, err = o.taken(ctx, seen); err != nil {
		return p, err
	}
	p.Folds = activitylog.FoldEntries(seen, o.setUp())
	p.Chips = o.chips(seen, p.Filter)
	if len(found) == f.Limit {
		older := p.Filter.Values()
		older.Set("before", found[len(found)-1].Exchange.ID.String())
		p.Older = views.LogAddress(o.place()+"/log", older)
	}
	if f.Before == 0 && o.above == nil {
		live := p.Filter.Values()
		live.Set("since", position(pos))
		p.Stream = views.LogAddress(o.place()+"/log/stream", live)
	}
	return p, nil
}

// preset takes a server's own page as its point of view, unless the reader chose one; "server=" is the whole lab.
func (o *Observatory) preset(c *fiber.Ctx, w views.LogFilter, f *activitylog.Filter) views.LogFilter {
	if w.Server != "" || w.Wire != "" || c.Context().QueryArgs().Has("server") {
		return w
	}
	for _, s := range o.Servers {
		if len(o.Servers) > 1 && strings.EqualFold(hostOf(s.Origin), c.Hostname()) {
			w.Server, f.Server = s.Name, s.Name
		}
	}
	return w
}

// onceEach lets the sender's entry stand for both sides when the whole lab is looked at.
func (o *Observatory) onceEach(f *activitylog.Filter) {
	if f.Server == "" && len(o.Servers) > 1 && len(f.Directions) == 0 { // on one wire, too
		f.OnceFor = o.Log.Hosts()
	}
}

func (o *Observatory) setUp() activitylog.ID {
	if o.Lab == nil {
		return 0
	}
	return o.Lab.SetUpUntil()
}

// taken finds how the other side recorded the deliveries among entries, where its log is here.
func (o *Observatory) taken(ctx context.Context, entries []activitylog.Entry) (map[activitylog.ID]activitylog.Entry, error) {
	all := map[activitylog.ID]activitylog.Entry{}
	if len(o.Servers) < 2 {
		return all, nil
	}
	for _, e := range entries {
		if e.Exchange.Direction != activitylog.Out || e.Exchange.Kind != activitylog.Delivery {
			continue
		}
		other, err := o.Log.Counterpart(ctx, e)
		if errors.Is(err, activitylog.ErrNoEntry) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all[e.Exchange.ID] = other
	}
	return all, nil
}

// chips counts the types among entries, most frequent first.
func (o *Observatory) chips(entries []activitylog.Entry, f views.LogFilter) []views.TypeChip {
	counts := map[string]int{}
	for _, e := range entries {
		if t := e.Exchange.Activity.Type; t != "" {
			counts[t]++
		}
	}
	var all []views.TypeChip
	for t, n := range counts {
		chip := views.TypeChip{Type: activitylog.Plain(t, 40), Count: n, Current: t == f.Type}
		g := f
		g.Type = t
		if chip.Current {
			g.Type = ""
		}
		chip.Href = views.LogAddress(o.place()+"/log", g.Values())
		all = append(all, chip)
	}
	slices.SortFunc(all, func(a, b views.TypeChip) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Type, b.Type))
	})
	return all[:min(len(all), 12)]
}

// rowStream is GET /lab/log/stream: the rows of a log page as they come and change.
func (o *Observatory) rowStream(c *fiber.Ctx) error {
	written, f, err := asked(c)
	if err != nil {
		return c.Status(fiber.StatusBadRequest).SendString(err.Error())
	}
	o.preset(c, written, &f)
	hides, err := o.scope(c, written, &f)
	if err != nil {
		return c.Status(fiber.StatusBadRequest).SendString(err.Error())
	}
	once := f
	o.onceEach(&once)
	v := o.viewer(c)
	names := o.names(v)
	return o.follow(c, f, cmp.Or(o.far, tooFar), func(s *sse.Stream, e activitylog.Entry) error {
		ctx, pos := context.Background(), e.Pos
		if len(once.OnceFor) > 0 && e.Exchange.Direction == activitylog.In {
			// The sender's row tells of both sides; it is sent again when the receiver knows more.
			sender, err := o.Log.Counterpart(ctx, e)
			if err != nil && !errors.Is(err, activitylog.ErrNoEntry) {
				return err
			}
			if err == nil {
				e = sender
			}
		}
		if e.Exchange.ID <= o.setUp() || !v.may(e) || hides(e) != "" {
			return nil
		}
		row, err := o.row(ctx, e, names)
		if err != nil {
			return err
		}
		return s.Send(position(pos), "entry", row)
	})
}

// row is the HTML of one live row; a look-up is a fold of one.
func (o *Observatory) row(ctx context.Context, e activitylog.Entry, names activitylog.Names) (string, error) {
	taken, err := o.taken(ctx, []activitylog.Entry{e})
	if err != nil {
		return "", err
	}
	var html strings.Builder
	folds := activitylog.FoldEntries([]activitylog.Entry{e}, 0)
	if err := views.LogRows(folds, views.Reading{Names: names, Taken: taken}).Render(ctx, &html); err != nil {
		return "", fmt.Errorf("draw entry %d: %w", e.Exchange.ID, err)
	}
	return html.String(), nil
}
