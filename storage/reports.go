package storage

import (
	"context"
	"strings"
	"time"

	"orrery/social"
)

const reportColumns = `r.id, r.uri, r.account_id, r.target_id, r.comment, r.category, r.forwarded, r.forward_to, r.assigned, r.closed_at,
	r.closed_by, r.created_at, r.updated_at`

func scanReport(r scanner) (social.Report, error) {
	var x social.Report
	var category, forwardTo string
	var closed, created, updated int64
	err := r.Scan(&x.ID, &x.URI, &x.AccountID, &x.TargetID, &x.Comment, &category, &x.Forwarded, &forwardTo, &x.Assigned, &closed,
		&x.ClosedBy, &created, &updated)
	x.Category, x.ClosedAt, x.CreatedAt, x.UpdatedAt = social.ReportCategory(category), fromMillis(closed), fromMillis(created), fromMillis(updated)
	x.ForwardTo = strings.Fields(forwardTo)
	return x, err
}

// InsertReport implements social.ReportStore.
func (s *Store) InsertReport(ctx context.Context, x social.Report) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO reports (id, uri, account_id, target_id, comment, category, forwarded, forward_to, assigned, closed_at,
				closed_by, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
		_, err := s.exec(ctx, q, int64(x.ID), x.URI, int64(x.AccountID), int64(x.TargetID), x.Comment, string(x.Category),
			x.Forwarded, strings.Join(x.ForwardTo, " "), int64(x.Assigned), millis(x.ClosedAt), int64(x.ClosedBy), millis(x.CreatedAt), millis(x.UpdatedAt))
		if err != nil {
			return err
		}
		for _, id := range x.StatusIDs {
			const q = `
				INSERT INTO report_statuses (report_id, status_id)
				VALUES ($1, $2)`
			if _, err := s.exec(ctx, q, int64(x.ID), int64(id)); err != nil {
				return err
			}
		}
		return s.putReportRules(ctx, x)
	})
	return wrap(err, "insert report %d", x.ID)
}

func (s *Store) putReportRules(ctx context.Context, x social.Report) error {
	const clear = `
		DELETE FROM report_rules
		WHERE report_id = $1`
	if _, err := s.exec(ctx, clear, int64(x.ID)); err != nil {
		return err
	}
	for _, id := range x.RuleIDs {
		const q = `
			INSERT INTO report_rules (report_id, rule_id)
			VALUES ($1, $2)`
		if _, err := s.exec(ctx, q, int64(x.ID), int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// UpdateReport implements social.ReportStore.
func (s *Store) UpdateReport(ctx context.Context, x social.Report) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			UPDATE reports
			SET category = $2, assigned = $3, closed_at = $4, closed_by = $5, updated_at = $6
			WHERE id = $1`
		n, err := s.exec(ctx, q, int64(x.ID), string(x.Category), int64(x.Assigned), millis(x.ClosedAt), int64(x.ClosedBy), millis(x.UpdatedAt))
		if err == nil && n == 0 {
			err = social.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.putReportRules(ctx, x)
	})
	return wrap(err, "update report %d", x.ID)
}

// ReportByID implements social.ReportStore.
func (s *Store) ReportByID(ctx context.Context, id social.ID) (social.Report, error) {
	found, err := s.ReportsByID(ctx, []social.ID{id})
	if err != nil {
		return social.Report{}, err
	}
	x, ok := found[id]
	if !ok {
		return x, missing(social.ErrNotFound, "report %d", id)
	}
	return x, nil
}

// ReportsByID implements social.ReportStore.
func (s *Store) ReportsByID(ctx context.Context, ids []social.ID) (map[social.ID]social.Report, error) {
	out := make(map[social.ID]social.Report, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, scanReport, `
		SELECT `+reportColumns+`
		FROM reports r
		WHERE r.id IN (`+inIDs(&args, ids)+`)`, args...)
	if err == nil {
		err = s.reportLists(ctx, found)
	}
	for _, x := range found {
		out[x.ID] = x
	}
	return out, wrap(err, "load %d reports", len(ids))
}

// Reports implements social.ReportStore.
func (s *Store) Reports(ctx context.Context, f social.ReportFilter, p social.Page) ([]social.Report, error) {
	k := newKeyset(p)
	args := []any{k.below, k.above, k.limit}
	where := "r.closed_at = 0"
	if f.Resolved {
		where = "r.closed_at <> 0"
	}
	if f.AccountID != 0 {
		where += " AND r.account_id = " + param(&args, int64(f.AccountID))
	}
	if f.Target != 0 {
		where += " AND r.target_id = " + param(&args, int64(f.Target))
	}
	out, err := list(ctx, s, scanReport, `
		SELECT `+reportColumns+`
		FROM reports r
		WHERE r.id < $1 AND r.id > $2 AND `+where+`
		ORDER BY r.id `+k.order+`
		LIMIT $3`, args...)
	if err == nil {
		err = s.reportLists(ctx, out)
	}
	return turn(k, out, wrap(err, "list reports"))
}

// reportLists fills in which statuses and rules the reports name.
func (s *Store) reportLists(ctx context.Context, reports []social.Report) error {
	if len(reports) == 0 {
		return nil
	}
	at := map[social.ID]*social.Report{}
	var ids []social.ID
	for i := range reports {
		at[reports[i].ID] = &reports[i]
		ids = append(ids, reports[i].ID)
	}
	var args []any
	statuses, err := list(ctx, s, scanReportedPart, `
		SELECT report_id, status_id
		FROM report_statuses
		WHERE report_id IN (`+inIDs(&args, ids)+`)
		ORDER BY status_id`, args...)
	if err != nil {
		return err
	}
	for _, p := range statuses {
		at[p.report].StatusIDs = append(at[p.report].StatusIDs, p.id)
	}
	args = nil
	broken, err := list(ctx, s, scanReportedPart, `
		SELECT report_id, rule_id
		FROM report_rules
		WHERE report_id IN (`+inIDs(&args, ids)+`)
		ORDER BY rule_id`, args...)
	for _, p := range broken {
		at[p.report].RuleIDs = append(at[p.report].RuleIDs, p.id)
	}
	return err
}

// reportedPart is one thing that a report names.
type reportedPart struct{ report, id social.ID }

func scanReportedPart(r scanner) (reportedPart, error) {
	var n reportedPart
	err := r.Scan(&n.report, &n.id)
	return n, err
}

// ReportersOf implements social.ReportStore.
func (s *Store) ReportersOf(ctx context.Context, target social.ID) ([]social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.domain <> '' AND a.id IN (SELECT r.account_id FROM reports r WHERE r.target_id = $1)
		ORDER BY a.id`
	out, err := list(ctx, s, scanAccount, q, int64(target))
	return out, wrap(err, "who reported %d", target)
}

// StatusEvenDeleted implements social.ReportStore.
func (s *Store) StatusEvenDeleted(ctx context.Context, ids []social.ID) (map[social.ID]social.Status, error) {
	out := make(map[social.ID]social.Status, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, scanStatus, `
		SELECT `+statusColumns+`
		FROM statuses s
		WHERE s.id IN (`+inIDs(&args, ids)+`)`, args...)
	for _, x := range found {
		out[x.ID] = x
	}
	return out, wrap(err, "load %d statuses, deleted or not", len(ids))
}

// HasFollowerOn implements social.ReportStore.
func (s *Store) HasFollowerOn(ctx context.Context, target social.ID, domain string) (bool, error) {
	var found bool
	const q = `
		SELECT EXISTS (
			SELECT 1
			FROM follows f
			JOIN accounts a ON a.id = f.account_id
			WHERE f.target_id = $1 AND NOT f.pending AND a.domain = $2)`
	err := s.row(ctx, q, int64(target), strings.ToLower(domain)).Scan(&found)
	return found, wrap(err, "followers of %d on %s", target, domain)
}

// MentionsOn implements social.ReportStore.
func (s *Store) MentionsOn(ctx context.Context, statuses []social.ID, domain string) (map[social.ID]bool, error) {
	if len(statuses) == 0 {
		return map[social.ID]bool{}, nil
	}
	args := []any{strings.ToLower(domain)}
	found, err := setOf(ctx, s, scanID, `
		SELECT DISTINCT m.status_id
		FROM status_mentions m
		JOIN accounts a ON a.id = m.account_id
		WHERE a.domain = $1 AND m.status_id IN (`+inIDs(&args, statuses)+`)`, args...)
	return found, wrap(err, "who is named on %s", domain)
}

// Staff implements social.ReportStore.
func (s *Store) Staff(ctx context.Context, roles []social.Role) ([]social.ID, error) {
	var args []any
	out, err := list(ctx, s, scanID, `
		SELECT account_id
		FROM users
		WHERE role IN (`+inWords(&args, roles)+`) AND disabled_at = 0
		ORDER BY account_id`, args...)
	return out, wrap(err, "list staff")
}

// InstanceRules implements social.ReportStore.
func (s *Store) InstanceRules(ctx context.Context) ([]social.InstanceRule, error) {
	const q = `
		SELECT id, text, hint
		FROM instance_rules
		WHERE deleted_at = 0
		ORDER BY place, id`
	out, err := list(ctx, s, func(r scanner) (social.InstanceRule, error) {
		var x social.InstanceRule
		err := r.Scan(&x.ID, &x.Text, &x.Hint)
		return x, err
	}, q)
	return out, wrap(err, "list the rules of the server")
}

// InsertInstanceRule implements social.ReportStore.
func (s *Store) InsertInstanceRule(ctx context.Context, r social.InstanceRule, place int64) error {
	const q = `
		INSERT INTO instance_rules (id, text, hint, place, deleted_at)
		VALUES ($1, $2, $3, $4, 0)`
	_, err := s.exec(ctx, q, int64(r.ID), r.Text, r.Hint, place)
	return wrap(err, "add a rule of the server")
}

// DeleteInstanceRule implements social.ReportStore.
func (s *Store) DeleteInstanceRule(ctx context.Context, id social.ID, at time.Time) error {
	const q = `
		UPDATE instance_rules
		SET deleted_at = $2
		WHERE id = $1 AND deleted_at = 0`
	n, err := s.exec(ctx, q, int64(id), millis(at))
	return touched(n, err, "remove rule %d of the server", id)
}
