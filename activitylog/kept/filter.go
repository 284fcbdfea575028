package kept

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"orrery/activitylog"
)

// Entries implements activitylog.Source as the databases do.
func (s *source) Entries(_ context.Context, f activitylog.Filter) ([]activitylog.Entry, error) {
	var found []activitylog.Entry
	for _, e := range s.entries {
		if s.fits(e, f) {
			found = append(found, e)
		}
	}
	limit := activitylog.DefaultLimit
	if f.Limit > 0 {
		limit = min(f.Limit, activitylog.MaxLimit)
	}
	switch {
	case f.Since > 0:
		slices.SortStableFunc(found, func(a, b activitylog.Entry) int { return cmp.Compare(a.Pos, b.Pos) })
		return found[:min(limit, len(found))], nil
	case f.After != 0 && f.Before == 0:
		found = found[:min(limit, len(found))]
	default:
		found = found[max(0, len(found)-limit):]
	}
	found = slices.Clone(found)
	slices.Reverse(found)
	return found, nil
}

func (s *source) fits(e activitylog.Entry, f activitylog.Filter) bool {
	x, st := e.Exchange, e.State
	is := func(want, got string) bool { return want == "" || want == got }
	kind, object, _ := strings.Cut(strings.TrimSuffix(f.Type, ")"), "(")
	switch {
	case !is(f.Peer, x.Peer), !is(f.Kind, x.Kind), !is(f.Outcome, string(st.Outcome)),
		!is(kind, x.Activity.Type), !is(object, x.Activity.ObjectType),
		f.Since > 0 && e.Pos <= f.Since, f.Before != 0 && x.ID >= f.Before, f.After != 0 && x.ID <= f.After,
		f.Cause != 0 && x.Cause != f.Cause, f.Root != 0 && x.Root != f.Root,
		len(f.Directions) > 0 && !slices.Contains(f.Directions, x.Direction),
		x.Direction == activitylog.In && slices.Contains(f.OnceFor, x.Peer):
		return false
	case f.Actor != "" && !s.named(f.Actor, x.Activity.Actor, st.Carrier, st.Author), f.Object != "" && !s.named(f.Object, x.Activity.Object):
		return false
	}
	return f.Query == "" || strings.Contains(haystack(x), strings.ToLower(f.Query))
}

// haystack is what Filter.Query looks into.
func haystack(x activitylog.Exchange) string {
	a := x.Activity
	return strings.ToLower(strings.Join([]string{x.URL, a.ID, a.Actor, a.Object, a.Excerpt}, "\n"))
}

// named reports whether what a person types means one of uris: an address is itself; "alice" or "@alice" is every address
// that ends so and everybody who is called so, "alice@host" those on that host.
func (s *source) named(typed string, uris ...string) bool {
	if strings.Contains(typed, "://") {
		return slices.Contains(uris, typed)
	}
	user, host, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(typed, "@")), "@")
	return slices.ContainsFunc(uris, func(uri string) bool {
		u, err := url.Parse(strings.ToLower(uri))
		if uri == "" || err != nil || (host != "" && u.Host != host) {
			return false
		}
		return strings.HasSuffix(u.Path, "/"+user) || strings.EqualFold(s.names[uri], user)
	})
}
