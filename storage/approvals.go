package storage

import (
	"context"
	"strings"

	"orrery/social"
)

// PutReplyRule implements social.ApprovalStore.
func (s *Store) PutReplyRule(ctx context.Context, status social.ID, who []string) error {
	if len(who) == 0 {
		const q = `
			DELETE FROM reply_rules
			WHERE status_id = $1`
		_, err := s.exec(ctx, q, int64(status))
		return wrap(err, "forget who may answer %d", status)
	}
	const q = `
		INSERT INTO reply_rules (status_id, who)
		VALUES ($1, $2)
		ON CONFLICT (status_id) DO UPDATE
		SET who = excluded.who`
	_, err := s.exec(ctx, q, int64(status), strings.Join(who, "\n"))
	return wrap(err, "keep who may answer %d", status)
}

// ReplyRule implements social.ApprovalStore.
func (s *Store) ReplyRule(ctx context.Context, status social.ID) ([]string, error) {
	const q = `
		SELECT r.who
		FROM reply_rules r
		WHERE r.status_id = $1`
	var who string
	err := s.row(ctx, q, int64(status)).Scan(&who)
	return strings.Split(who, "\n"), missing(err, "who may answer %d", status)
}

// PutApproval implements social.ApprovalStore.
func (s *Store) PutApproval(ctx context.Context, a social.Approval) error {
	const q = `
		INSERT INTO reply_approvals (status_id, uri, waits)
		VALUES ($1, $2, $3)
		ON CONFLICT (status_id) DO UPDATE
		SET uri = excluded.uri, waits = excluded.waits`
	_, err := s.exec(ctx, q, int64(a.StatusID), a.URI, a.Waits)
	return wrap(err, "keep the approval of %d", a.StatusID)
}

// Approval implements social.ApprovalStore.
func (s *Store) Approval(ctx context.Context, reply social.ID) (social.Approval, error) {
	const q = `
		SELECT a.uri, a.waits
		FROM reply_approvals a
		WHERE a.status_id = $1`
	a := social.Approval{StatusID: reply}
	err := s.row(ctx, q, int64(reply)).Scan(&a.URI, &a.Waits)
	return a, missing(err, "approval of %d", reply)
}
