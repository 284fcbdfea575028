package observatory

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/views"
)

// longest bounds what a filter may ask for.
const longest = 2048

// asked is the filter of a request, as it was written and as the log takes it. The problem, a bad parameter, names its
// field. Pages and API read the same parameters.
func asked(c *fiber.Ctx) (views.LogFilter, activitylog.Filter, error) {
	q := func(name string) string { return strings.TrimSpace(strings.Clone(c.Query(name))) }
	w := views.LogFilter{
		Server: q("server"), Peer: q("peer"), Type: q("type"), Actor: q("actor"), Object: q("object"),
		Direction: q("direction"), Kind: q("kind"), Outcome: q("outcome"), Text: q("q"), As: q("as"), Wire: q("wire"),
	}
	f := activitylog.Filter{
		Server: w.Server, Peer: w.Peer, Type: w.Type, Actor: w.Actor, Object: w.Object,
		Kind: w.Kind, Outcome: w.Outcome, Query: w.Text,
	}
	for name, value := range map[string]string{"server": w.Server, "peer": w.Peer, "type": w.Type, "actor": w.Actor, "object": w.Object, "q": w.Text, "as": w.As, "wire": w.Wire} {
		if len(value) > longest || strings.ContainsRune(value, 0) {
			return w, f, refuse(fiber.StatusBadRequest, name, "The filter "+name+" is longer than an address can be, or is not text.")
		}
	}
	if w.Wire != "" {
		one, other, two := strings.Cut(w.Wire, ",")
		if !two || one == "" || other == "" || one == other {
			return w, f, refuse(fiber.StatusBadRequest, "wire", "wire is two servers with a comma, such as academy,masto.")
		}
		f.Wire = [2]string{one, other}
	}
	if w.Direction != "" {
		if err := oneOf("direction", w.Direction, "in", "out", "local"); err != nil {
			return w, f, err
		}
		f.Directions = []activitylog.Direction{activitylog.Direction(w.Direction)}
	}
	if err := oneOf("kind", w.Kind, "", activitylog.Delivery, activitylog.Fetch, activitylog.Key, activitylog.WebFinger,
		activitylog.NodeInfo, activitylog.Other, activitylog.Action); err != nil {
		return w, f, err
	}
	if err := oneOf("outcome", w.Outcome, "", "pending", "accepted", "dropped", "rejected", "failed"); err != nil {
		return w, f, err
	}
	before, err := decimal("before", q("before"))
	if err != nil {
		return w, f, err
	}
	after, err := decimal("after", q("after"))
	if err != nil {
		return w, f, err
	}
	f.Before, f.After = activitylog.ID(before), activitylog.ID(after)
	if f.Since, err = decimal("since", q("since")); err != nil {
		return w, f, err
	}
	if q("since") != "" {
		f.Since = max(f.Since, 1) // the log takes 0 for "not asked"; nothing is listed by its first position alone
	}
	if limit := q("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 || n > activitylog.MaxLimit {
			return w, f, refuse(fiber.StatusBadRequest, "limit", "limit is a number from 1 to 200.")
		}
		f.Limit = n
	}
	return w, f, nil
}

func oneOf(field, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	if words[0] == "" {
		words = words[1:]
	}
	return refuse(fiber.StatusBadRequest, field, field+" is one of "+strings.Join(words, ", ")+".")
}

func decimal(field, value string) (int64, error) {
	if value == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return 0, refuse(fiber.StatusBadRequest, field, field+" is a decimal number, as in the log's ids and positions.")
	}
	return n, nil
}

// entryID reads an id from an address; false when it is none.
func entryID(s string) (activitylog.ID, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return activitylog.ID(n), err == nil && n > 0
}
