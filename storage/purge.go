package storage

import (
	"context"
	"fmt"

	"orrery/social"
)

// StatusesToPurge implements social.PurgeStore.
func (s *Store) StatusesToPurge(ctx context.Context, account social.ID, limit int) ([]social.Status, error) {
	const q = `
		SELECT ` + statusColumns + `
		FROM statuses s
		WHERE s.account_id = $1 AND (s.deleted_at = 0 OR NOT EXISTS (` + openReportNames + `))
		ORDER BY s.id
		LIMIT $2`
	out, err := list(ctx, s, scanStatus, q, int64(account), int64(limit))
	return out, wrap(err, "statuses of %d to purge", account)
}

// openReportNames is a query that has a row when an open report names the status s.
const openReportNames = `
	SELECT 1
	FROM report_statuses rs
	JOIN reports r ON r.id = rs.report_id
	WHERE rs.status_id = s.id AND r.closed_at = 0`

// FollowsOf implements social.PurgeStore.
func (s *Store) FollowsOf(ctx context.Context, account social.ID, limit int) ([]social.Follow, error) {
	const q = `
		SELECT ` + followColumns + `
		FROM follows f
		WHERE f.account_id = $1 OR f.target_id = $1
		ORDER BY f.id
		LIMIT $2`
	out, err := list(ctx, s, scanFollow, q, int64(account), int64(limit))
	return out, wrap(err, "follows of %d", account)
}

// FollowsBy implements social.FollowStore.
func (s *Store) FollowsBy(ctx context.Context, account social.ID, limit int) ([]social.Follow, error) {
	const q = `
		SELECT ` + followColumns + `
		FROM follows f
		WHERE f.account_id = $1
		ORDER BY f.id
		LIMIT $2`
	out, err := list(ctx, s, scanFollow, q, int64(account), int64(limit))
	return out, wrap(err, "follows by %d", account)
}

// FavouritesBy implements social.PurgeStore.
func (s *Store) FavouritesBy(ctx context.Context, account social.ID, limit int) ([]social.ID, error) {
	const q = `
		SELECT status_id
		FROM favourites
		WHERE account_id = $1
		ORDER BY id
		LIMIT $2`
	out, err := list(ctx, s, scanID, q, int64(account), int64(limit))
	return out, wrap(err, "what %d likes", account)
}

// forgotten are the rows that know an account by a column, beside follows, statuses and favourites, which go one by one
// because they are counted. Those with a key may be many and go in parts.
var forgotten = []struct{ table, column, key string }{
	{"home_entries", "account_id", "status_id"},
	{"notifications", "account_id", "id"},
	{"notifications", "from_id", "id"},
	{"status_mentions", "account_id", "status_id"},
	{"attachments", "file_key = '' AND account_id", "id"}, // uploads go with their files, by media.expire
	{"blocks", "account_id", ""}, {"blocks", "target_id", ""},
	{"mutes", "account_id", ""}, {"mutes", "target_id", ""},
	{"user_domain_blocks", "account_id", ""},
	{"conversation_mutes", "account_id", ""},
	{"account_notes", "account_id", ""}, {"account_notes", "target_id", ""},
	{"poll_votes", "account_id", ""},
	{"quotes", "account_id", ""},
	{"notification_policies", "account_id", ""},
	{"notification_permissions", "account_id", ""}, {"notification_permissions", "from_id", ""},
	{"notification_requests", "account_id", ""}, {"notification_requests", "from_id", ""},
	{"lists", "account_id", ""}, {"list_accounts", "account_id", ""},
	{"followed_tags", "account_id", ""},
	{"talks", "account_id", ""},
	{"pins", "account_id", ""}, {"featured_tags", "account_id", ""},
	{"bookmarks", "account_id", "id"},
	{"filters", "account_id", ""},
	{"markers", "account_id", ""},
	{"scheduled", "account_id", ""},
	{"endorsements", "account_id", ""}, {"endorsements", "target_id", ""},
	{"suppressions", "account_id", ""},
	{"idempotency_keys", "account_id", ""},
	{"sessions", "account_id", ""},
	{"tokens", "account_id", ""}, {"push_subscriptions", "account_id", ""},
	{"oauth_codes", "account_id", ""},
	{"users", "account_id", ""},
	{"severed", "account_id", ""},
	{"imports", "account_id", ""},
	{"announcement_reads", "account_id", ""}, {"announcement_reactions", "account_id", ""},
	{"suggestion_dismissals", "account_id", ""}, {"suggestion_dismissals", "target_id", ""},
	{"warnings", "target_id", ""},
}

// forgetStep is how many rows of one kind go at a time.
const forgetStep = 500

// ForgetAccount implements social.PurgeStore.
func (s *Store) ForgetAccount(ctx context.Context, account social.ID) (more bool, err error) {
	err = s.atomic(ctx, func(s *Store) error {
		for _, f := range forgotten {
			q := `
				DELETE FROM ` + f.table + `
				WHERE ` + f.column + ` = $1`
			if f.key != "" {
				q += fmt.Sprintf(` AND %[1]s IN (
					SELECT %[1]s
					FROM %[2]s
					WHERE %[3]s = $1
					LIMIT %[4]d)`, f.key, f.table, f.column, forgetStep)
			}
			n, err := s.exec(ctx, q, int64(account))
			if err != nil {
				return fmt.Errorf("forget in %s: %w", f.table, err)
			}
			more = more || f.key != "" && n == forgetStep
		}
		return nil
	})
	return more, wrap(err, "forget account %d", account)
}

// BlankAccount implements social.PurgeStore.
func (s *Store) BlankAccount(ctx context.Context, account social.ID) error {
	const q = `
		UPDATE accounts
		SET display_name = '', name_lower = '', note = '', fields = '', also_known_as = '', avatar_url = '', header_url = '',
			avatar_key = '', header_key = '', avatar_description = '', header_description = '', locked = FALSE, discoverable = FALSE,
			followers_count = 0, following_count = 0, statuses_count = 0, last_status_at = 0, fetched_at = 0
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(account))
	return touched(n, err, "blank account %d", account)
}

// EraseAccount implements social.PurgeStore.
func (s *Store) EraseAccount(ctx context.Context, account social.ID) error {
	const q = `
		DELETE FROM accounts
		WHERE id = $1 AND domain <> ''`
	n, err := s.exec(ctx, q, int64(account))
	return touched(n, err, "erase account %d", account)
}

// ReportedAccount implements social.PurgeStore.
func (s *Store) ReportedAccount(ctx context.Context, account social.ID) (bool, error) {
	var reported bool
	const q = `
		SELECT EXISTS (
			SELECT 1
			FROM reports
			WHERE target_id = $1 AND closed_at = 0)`
	err := s.row(ctx, q, int64(account)).Scan(&reported)
	return reported, wrap(err, "look for reports of %d", account)
}
