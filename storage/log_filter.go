package storage

import (
	"math"
	"strings"

	"orrery/activitylog"
)

// entriesQuery is the text for f. upwards says that rows come oldest first and are to be turned.
func entriesQuery(args *[]any, f activitylog.Filter) (query string, upwards bool) {
	where := narrow(args, f)
	below, above := int64(f.Before), int64(f.After)
	if f.Before == 0 {
		below = math.MaxInt64
	}
	order := "x.id DESC"
	switch {
	case f.Since > 0:
		where = append(where, "x.pos > "+param(args, f.Since))
		order = "x.pos ASC"
	case f.After != 0 && f.Before == 0:
		order, upwards = "x.id ASC", true
	}
	// A bound on both columns would lead SQLite to walk the ids and to sort by position.
	if f.Since <= 0 || f.Before != 0 || f.After != 0 {
		where = append(where, "x.id < "+param(args, below), "x.id > "+param(args, above))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	return `
		SELECT ` + entryColumns + `
		FROM exchanges x
		WHERE ` + strings.Join(where, " AND ") + `
		ORDER BY ` + order + `
		LIMIT ` + param(args, int64(min(limit, 200))), upwards
}

// narrow returns the conditions of f but for its cursors. Conditions that repeat a partial index's own (`<> 0`) let the
// planners use it.
func narrow(args *[]any, f activitylog.Filter) []string {
	var where []string
	equal := func(column, value string) {
		if value != "" {
			where = append(where, column+" = "+param(args, value))
		}
	}
	equal("x.peer", f.Peer)
	equal("x.kind", f.Kind)
	equal("x.outcome", f.Outcome)
	// "Create(Note)" asks for the object's type too.
	activity, object, _ := strings.Cut(strings.TrimSuffix(f.Type, ")"), "(")
	equal("x.activity_type", activity)
	equal("x.object_type", object)
	if f.Actor != "" {
		where = append(where, named(args, f.Actor, "x.actor", "x.carrier", "x.author"))
	}
	if f.Object != "" {
		where = append(where, named(args, f.Object, "x.object"), "x.object <> ''")
	}
	if len(f.Directions) > 0 {
		where = append(where, "x.direction IN ("+inWords(args, f.Directions)+")")
	}
	if len(f.OnceFor) > 0 {
		where = append(where, "NOT (x.direction = 'in' AND x.peer IN ("+inWords(args, f.OnceFor)+"))")
	}
	if f.Cause != 0 {
		where = append(where, "x.cause = "+param(args, int64(f.Cause)), "x.cause <> 0")
	}
	if f.Root != 0 {
		where = append(where, "x.root = "+param(args, int64(f.Root)), "x.root <> 0")
	}
	if f.Query != "" {
		pattern := "%" + likeText(strings.ToLower(f.Query)) + "%"
		where = append(where, "x.haystack LIKE "+param(args, pattern)+` ESCAPE '\'`)
	}
	return where
}

// named matches columns of URIs with what a person types. A URI is itself. "alice" or "@alice" is every URI that ends in
// "/alice" and every known account of that name; "alice@host" is those on that host. Case does not matter for names.
func named(args *[]any, name string, columns ...string) string {
	if strings.Contains(name, "://") {
		return anyOf(columns, " = "+param(args, name))
	}
	user, host, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(name, "@")), "@")
	pattern, accounts := "%/"+likeText(user), "a.username_lower = "+param(args, user)
	if host != "" {
		pattern = "%://" + likeText(host) + pattern
		accounts += " AND a.domain = " + param(args, host)
	}
	like := param(args, pattern)
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = "lower(" + c + ") LIKE " + like + ` ESCAPE '\' OR ` + c +
			" IN (SELECT a.uri FROM accounts a WHERE " + accounts + ")"
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

func anyOf(columns []string, condition string) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c + condition
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}
