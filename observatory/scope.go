package observatory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/views"
)

// wires are the pairs of servers whose traffic can be looked at alone.
func (o *Observatory) wires() []string {
	var all []string
	for i, a := range o.Servers {
		for _, b := range o.Servers[i+1:] {
			all = append(all, a.Name+","+b.Name)
		}
	}
	return all
}

// eyes are the people with whose eyes the log can be read; only a lab shows one person what another sees, while it lives and
// in what is kept of its runs.
func (o *Observatory) eyes() []string {
	if o.above != nil {
		return o.people
	}
	if o.Lab == nil {
		return nil
	}
	var all []string
	for _, who := range o.Lab.People() {
		all = append(all, who.acct())
	}
	return all
}

// scope makes of the person in the filter what hides entries from them, and narrows f to their server. Without one, nothing
// is hidden. It does not say what the reader may see: that is may.
func (o *Observatory) scope(c *fiber.Ctx, w views.LogFilter, f *activitylog.Filter) (hides func(activitylog.Entry) string, err error) {
	hides = func(activitylog.Entry) string { return "" }
	if w.As == "" {
		return hides, nil
	}
	name, server, _ := strings.Cut(w.As, "@")
	if !slices.Contains(o.eyes(), w.As) {
		return hides, refuse(fiber.StatusBadRequest, "as", "as is a person of this log’s lab, such as alice@academy.")
	}
	a := activitylog.Academy{Server: server}
	followed := map[string]bool{}
	err = o.knowing(c.UserContext(), func(r *knowledge.Record) error {
		a.Actor = r.Person(name, server, o.Log.Names())
		for _, actor := range r.Followed(a.Actor) {
			followed[actor] = true
		}
		return nil
	})
	a.Follows = func(actor string) bool { return followed[actor] }
	f.Server, f.Wire = server, [2]string{}
	return a.Hides, err
}

// scoped keeps the entries that v may see and hides does not hide, and counts the others by reason, most frequent first.
func (v viewer) scoped(entries []activitylog.Entry, hides func(activitylog.Entry) string) (kept []activitylog.Entry, hidden []views.Hidden) {
	counts := map[string]int{}
	for _, e := range entries {
		reason := hides(e)
		if !v.may(e) {
			reason = "It is not public, and for those concerned alone."
		}
		if reason == "" {
			kept = append(kept, e)
			continue
		}
		counts[reason]++
	}
	for reason, n := range counts {
		hidden = append(hidden, views.Hidden{Reason: reason, Count: n})
	}
	slices.SortFunc(hidden, func(a, b views.Hidden) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return kept, hidden
}
