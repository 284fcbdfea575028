package storage

import (
	"context"
	"strings"
	"time"

	"orrery/social"
)

// standingRow is a social.Standing as it is stored.
type standingRow struct {
	suspended, silenced, sensitized, deleted int64
	origin                                   string
}

func (r standingRow) read() social.Standing {
	return social.Standing{
		SuspendedAt: fromMillis(r.suspended), SuspensionOrigin: social.Origin(r.origin), SilencedAt: fromMillis(r.silenced),
		SensitizedAt: fromMillis(r.sensitized), DeletedAt: fromMillis(r.deleted),
	}
}

// SetStanding implements social.StandingStore.
func (s *Store) SetStanding(ctx context.Context, account social.ID, x social.Standing) error {
	const q = `
		UPDATE accounts
		SET suspended_at = $2, suspension_origin = $3, silenced_at = $4, sensitized_at = $5, deleted_at = $6
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(account), millis(x.SuspendedAt), string(x.SuspensionOrigin), millis(x.SilencedAt),
		millis(x.SensitizedAt), millis(x.DeletedAt))
	return touched(n, err, "set the standing of %d", account)
}

// SetMoved implements social.StandingStore.
func (s *Store) SetMoved(ctx context.Context, account, to social.ID, at time.Time) error {
	const q = `
		UPDATE accounts
		SET moved_to_id = $2, moved_at = CASE WHEN CAST($3 AS BIGINT) = 0 THEN moved_at ELSE CAST($3 AS BIGINT) END
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(account), int64(to), millis(at))
	return touched(n, err, "note the move of %d", account)
}

// MovedAt implements social.StandingStore.
func (s *Store) MovedAt(ctx context.Context, account social.ID) (time.Time, error) {
	var at int64
	const q = `
		SELECT moved_at
		FROM accounts
		WHERE id = $1`
	err := s.row(ctx, q, int64(account)).Scan(&at)
	return fromMillis(at), missing(err, "move of %d", account)
}

// SetRole implements social.StandingStore.
func (s *Store) SetRole(ctx context.Context, account social.ID, r social.Role) error {
	const q = `
		UPDATE users
		SET role = $2
		WHERE account_id = $1`
	n, err := s.exec(ctx, q, int64(account), string(r))
	return touched(n, err, "set the role of %d", account)
}

// SetDisabled implements social.StandingStore.
func (s *Store) SetDisabled(ctx context.Context, account social.ID, at time.Time) error {
	const q = `
		UPDATE users
		SET disabled_at = $2
		WHERE account_id = $1`
	n, err := s.exec(ctx, q, int64(account), millis(at))
	return touched(n, err, "disable the sign-in of %d", account)
}

// AccountsOf implements social.StandingStore.
func (s *Store) AccountsOf(ctx context.Context, domain string, after social.ID, limit int) ([]social.Account, error) {
	// The range is that of names which end in ".domain"; they have no index, so the few known domains are found first.
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.domain IN (
				SELECT DISTINCT d.domain
				FROM accounts d
				WHERE d.domain <> '' AND (d.domain = $1 OR d.domain LIKE $2 ESCAPE '\' OR d.domain LIKE $3 ESCAPE '\' OR d.domain LIKE $4 ESCAPE '\')
			)
			AND a.id > $5
		ORDER BY a.id
		LIMIT $6`
	below := likeText(strings.ToLower(domain))
	out, err := list(ctx, s, scanAccount, q, strings.ToLower(domain), "%."+below, below+":%", "%."+below+":%", int64(after), int64(limit))
	return out, wrap(err, "accounts of %s", domain)
}
