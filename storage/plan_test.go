package storage

import (
	"math"
	"strings"
	"testing"

	"orrery/activitylog"
	"orrery/social"
	"orrery/storage/storagetest"
)

// Lists that are read on every page walk one index, from the newest row down, whatever the size of the table.
func TestListsWalkAnIndex(t *testing.T) {
	t.Parallel()
	s := open(t, storagetest.SQLite(t), nil)
	ctx := t.Context()
	people(t, s)
	entries := make([]social.HomeEntry, 10_000)
	for i := range entries {
		entries[i] = social.HomeEntry{AccountID: social.ID(i%4 + 1), StatusID: social.ID(i + 1), Via: "follow"}
	}
	ok(t, s.InsertHome(ctx, entries))

	k := newKeyset(social.Page{Limit: 20})
	up := newKeyset(social.Page{Limit: 20, MinID: 1})
	bounds := []any{int64(1), int64(math.MaxInt64), int64(0), int64(20)}
	types := append([]any{}, bounds...)
	kinds := []social.NotificationType{social.NotifyMention}
	typed := notificationsQuery(&types, social.NotificationFilter{Types: kinds, Exclude: kinds}, k)
	logQuery := func(f activitylog.Filter) (string, []any) {
		var args []any
		q, _ := entriesQuery(&args, f)
		return q, args
	}
	plain, plainArgs := logQuery(activitylog.Filter{})
	searched, searchedArgs := logQuery(activitylog.Filter{Query: "x", Actor: "alice", Type: "Create(Note)", OnceFor: []string{"a"}, Outcome: "failed"})
	after, afterArgs := logQuery(activitylog.Filter{After: 1})
	since, sinceArgs := logQuery(activitylog.Filter{Since: 1, Outcome: "failed"})
	root, rootArgs := logQuery(activitylog.Filter{Root: 1})
	cause, causeArgs := logQuery(activitylog.Filter{Cause: 1})
	object, objectArgs := logQuery(activitylog.Filter{Object: "https://x.test/1"})
	public := func(onlyLocal, onlyRemote bool, k keyset) string {
		return publicQuery(&[]any{}, 0, social.PublicFilter{OnlyLocal: onlyLocal, OnlyRemote: onlyRemote}, k)
	}
	wantedArgs := []any{int64(math.MaxInt64), int64(0), int64(20)}
	wanted := publicQuery(&wantedArgs, 1, social.PublicFilter{}, k)
	for _, tt := range []struct {
		name, query string
		args        []any
		index       string
	}{
		{"home", homeQuery(k), bounds, "sqlite_autoindex_home_entries_1"},
		{"home further down", homeQuery(newKeyset(social.Page{Limit: 20, MaxID: 5000})), bounds, "sqlite_autoindex_home_entries_1"},
		{"home upwards", homeQuery(up), bounds, "sqlite_autoindex_home_entries_1"},
		{"public", public(false, false, k), bounds[1:], "statuses_public"},
		{"public upwards", public(false, false, up), bounds[1:], "statuses_public"},
		{"public, local", public(true, false, k), bounds[1:], "statuses_public_local"},
		{"public, remote", public(false, true, k), bounds[1:], "statuses_public"},
		{"public, for somebody", wanted, wantedArgs, "statuses_public"},
		{"notifications", notificationsQuery(&[]any{}, social.NotificationFilter{}, k), bounds, "notifications_by_account"},
		{"notifications of types", typed, types, "notifications_by_account"},
		{"log", plain, plainArgs, "sqlite_autoindex_exchanges_1"},
		{"log, searched", searched, searchedArgs, "sqlite_autoindex_exchanges_1"},
		{"log, newer", after, afterArgs, "sqlite_autoindex_exchanges_1"},
		{"log, since", since, sinceArgs, "exchanges_by_pos"},
		{"log, chain", root, rootArgs, "exchanges_by_root"},
		{"log, effects", cause, causeArgs, "exchanges_by_cause"},
		{"log, object", object, objectArgs, "exchanges_by_object"},
		{"facts", factsSinceQuery(&[]any{}, nil), []any{int64(0), int64(9)}, "sqlite_autoindex_facts_1"},
	} {
		steps, err := list(ctx, s, func(r scanner) (string, error) {
			var id, parent, unused int64
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, "EXPLAIN QUERY PLAN "+tt.query, tt.args...)
		ok(t, err)
		plan := strings.Join(steps, "\n")
		if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s reads too much:\n%s", tt.name, plan)
		}
		if !strings.Contains(plan, tt.index+" ") {
			t.Errorf("%s does not walk %s:\n%s", tt.name, tt.index, plan)
		}
	}
}
