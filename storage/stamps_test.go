package storage

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"orrery/social"
	"orrery/storage/storagetest"
)

// Every table that says something of posts, or of how people here stand to others, either raises stamps or is known to show on
// no page. A new one belongs into the migration of its own triggers, or into this list.
func TestEveryTableRaisesStampsOrShowsNowhere(t *testing.T) {
	t.Parallel()
	elsewhere := strings.Fields(`
		account_keys announcement_reactions announcement_reads audit_log crawls external_checks featured_tags followed_tags home_entries
		idempotency_keys imports list_accounts lists markers notification_permissions notification_policies notification_requests notifications
		oauth_codes push_subscriptions reply_approvals reply_rules report_statuses reports scheduled sessions severed status_edits status_versions status_words statuses
		suggestion_dismissals suppressions talks thread_posts tokens tombstones users`)
	s := open(t, storagetest.SQLite(t), nil)
	tables, err := list(t.Context(), s, scanWord, `
		SELECT DISTINCT m.name
		FROM sqlite_master m
		JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name IN ('status_id', 'account_id')
			AND NOT EXISTS (SELECT 1 FROM sqlite_master x WHERE x.type = 'trigger' AND x.tbl_name = m.name AND x.name = m.name || '_stamp_insert')
		ORDER BY m.name`)
	ok(t, err)
	for _, name := range tables {
		if !slices.Contains(elsewhere, name) {
			t.Errorf("%s has no triggers that raise stamps", name)
		}
	}
}

func TestStamps(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		ok(t, s.InsertUser(ctx, social.User{AccountID: alice, CreatedAt: noon}))
		publish(t, s, post(9, alice), post(10, berta))
		now := func() social.Stamps {
			return must(s.Stamps(ctx, alice, ids(9, 10, 11), ids(alice, berta, 99)))(t)
		}
		was := now()
		raised := func(what string, do error, post, account, reader bool) {
			t.Helper()
			ok(t, do)
			is := now()
			same(t, what+": the stamp of the post is another", is.Statuses[10] != was.Statuses[10], post)
			same(t, what+": the stamp of the account is another", is.Accounts[berta] != was.Accounts[berta], account)
			same(t, what+": the stamp of the reader is another", is.Reader != was.Reader, reader)
			same(t, what+": the stamp of another post", is.Statuses[9], was.Statuses[9])
			if is.Statuses[10] < was.Statuses[10] || is.Accounts[berta] < was.Accounts[berta] || is.Reader < was.Reader {
				t.Errorf("%s: a stamp fell: %v, then %v", what, was, is)
			}
			was = is
		}
		same(t, "what is not there has none", len(was.Statuses)+len(was.Accounts), 4)
		same(t, "alice reads here", was.Known, true)
		same(t, "berta does not", must(s.Stamps(ctx, berta, nil, nil))(t).Known, false)
		raised("a like", s.InsertFavourite(ctx, social.Favourite{ID: 20, AccountID: alice, StatusID: 10, CreatedAt: noon}), true, false, true)
		raised("a follow", s.InsertFollow(ctx, social.Follow{ID: 21, AccountID: berta, TargetID: alice, URI: "f", Pending: true, CreatedAt: noon}), false, false, true)
		raised("a boost", s.InsertStatus(ctx, post(11, alice, boostOf(10))), true, false, true)
		was = now()
		raised("a profile", s.UpdateAccount(ctx, must(s.AccountByID(ctx, berta))(t)), false, true, false)
		raised("a mention", s.AddMention(ctx, 10, social.Mention{AccountID: carl}, social.Public), true, false, false)
		// What is undone raises nothing that anybody sees.
		_ = s.Tx(ctx, func(ctx context.Context, tx *Store) error {
			ok(t, tx.AddMention(ctx, 10, social.Mention{AccountID: anna}, social.Public))
			return errors.New("undone")
		})
		raised("nothing", nil, false, false, false)
		_, err := s.MarkDeleted(ctx, 10, noon)
		ok(t, err)
		_, there := now().Statuses[10]
		same(t, "what is deleted has none", there, false)
	})
}
