package storage

import (
	"context"
	"encoding/json"
	"slices"

	"orrery/activitylog"
)

const factColumns = `f.pos, f.exchange_id, f.cause, f.root, f.at, f.kind, f.rule, f.object, f.detail`

func scanFact(r scanner) (activitylog.Fact, error) {
	var f activitylog.Fact
	var at int64
	var detail string
	err := r.Scan(&f.Pos, &f.Exchange, &f.Cause, &f.Root, &at, &f.Kind, &f.Rule, &f.Object, &detail)
	f.At = fromMicros(at)
	if detail != "" {
		f.Detail = json.RawMessage(detail)
	}
	return f, err
}

// maxFacts bounds one answer about an object: others decide how often they make something happen to it.
const maxFacts = 10_000

// FactsAbout implements activitylog.Source; of more than maxFacts, the newest.
func (s *Store) FactsAbout(ctx context.Context, object string) ([]activitylog.Fact, error) {
	const q = `
		SELECT ` + factColumns + `
		FROM facts f
		WHERE f.object = $1 AND f.object <> ''
		ORDER BY f.pos DESC
		LIMIT $2`
	out, err := list(ctx, s, scanFact, q, object, int64(maxFacts))
	slices.Reverse(out)
	return out, wrap(err, "facts about %s", object)
}

// FactsSince implements activitylog.Source.
func (s *Store) FactsSince(ctx context.Context, pos int64, kinds []string, limit int) ([]activitylog.Fact, error) {
	args := []any{pos, int64(max(limit, 0))}
	query := factsSinceQuery(&args, kinds)
	out, err := list(ctx, s, scanFact, query, args...)
	return out, wrap(err, "facts since %d", pos)
}

func factsSinceQuery(args *[]any, kinds []string) string {
	where := ""
	if len(kinds) > 0 {
		where = " AND f.kind IN (" + inWords(args, kinds) + ")"
	}
	return `
		SELECT ` + factColumns + `
		FROM facts f
		WHERE f.pos > $1` + where + `
		ORDER BY f.pos
		LIMIT $2`
}
