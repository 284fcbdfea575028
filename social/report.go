package social

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Report is a complaint about an account, and some of its posts, for those who run this server.
type Report struct {
	ID        ID
	URI       string // of the Flag it came or goes by
	AccountID ID     // who complains: a person here, or an actor elsewhere
	TargetID  ID
	Comment   string
	Category  ReportCategory
	Forwarded bool     // another server is told
	ForwardTo []string // which: domains of the target and of those whom the posts answer
	StatusIDs []ID     // by id
	RuleIDs   []ID     // by id
	Assigned  ID       // the moderator who takes care of it; 0 for none
	ClosedAt  time.Time
	ClosedBy  ID
	CreatedAt time.Time
	UpdatedAt time.Time
}

// ReportCategory says what a complaint is about.
type ReportCategory string

// Categories.
const (
	ReportOther     ReportCategory = "other"
	ReportSpam      ReportCategory = "spam"
	ReportLegal     ReportCategory = "legal"
	ReportViolation ReportCategory = "violation" // of rules of this server
)

// How long a comment may be: typed here it is refused beyond, from elsewhere it is cut (federation.md §4.10, §16.3).
const (
	ReportCommentHere      = 1000
	ReportCommentElsewhere = 5000
)

// reportStatuses is how many posts one report may name.
const reportStatuses = 100

// ReportFiled is the event of a report that its maker wants the target's server to know. Subject is the target, Object the
// report.
const ReportFiled EventKind = "report.filed"

// NotifyReport tells moderators of a report: SubjectID.
const NotifyReport NotificationType = "admin.report"

// ReportFilter narrows a list of reports.
type ReportFilter struct {
	Resolved          bool // the closed ones; else the open ones
	AccountID, Target ID   // 0 for any
}

// InstanceRule is one of the rules that a server asks its people to keep.
type InstanceRule struct {
	ID         ID
	Text, Hint string
}

// ReportStore keeps reports and the rules they may name.
type ReportStore interface {
	InsertReport(ctx context.Context, r Report) error
	ReportByID(ctx context.Context, id ID) (Report, error)
	// UpdateReport sets category, rules, assignment and end.
	UpdateReport(ctx context.Context, r Report) error
	Reports(ctx context.Context, f ReportFilter, p Page) ([]Report, error)
	ReportsByID(ctx context.Context, ids []ID) (map[ID]Report, error)
	// ReportersOf are the remote accounts that filed a report about target, by id.
	ReportersOf(ctx context.Context, target ID) ([]Account, error)
	// StatusEvenDeleted are statuses of ids, those that are kept for a report only included.
	StatusEvenDeleted(ctx context.Context, ids []ID) (map[ID]Status, error)
	// HasFollowerOn and MentionsOn say which private statuses of target somebody on domain could see: as a follower, or named.
	HasFollowerOn(ctx context.Context, target ID, domain string) (bool, error)
	MentionsOn(ctx context.Context, statuses []ID, domain string) (map[ID]bool, error)
	// Staff are the people here with one of roles, by id.
	Staff(ctx context.Context, roles []Role) ([]ID, error)
	InstanceRules(ctx context.Context) ([]InstanceRule, error)
	InsertInstanceRule(ctx context.Context, r InstanceRule, place int64) error
	DeleteInstanceRule(ctx context.Context, id ID, at time.Time) error
}

// Complaint is what a person here says about somebody.
type Complaint struct {
	TargetID  ID
	StatusIDs []ID
	Comment   string
	Forward   bool
	// ForwardTo are the domains that are told: the target's, and of those whom the posts answer; with Forward alone it is
	// the target's.
	ForwardTo []string
	Category  ReportCategory
	RuleIDs   []ID
}

// Report files a complaint by who. Errors: ErrNotFound, ErrInvalid.
func (m *Moderation) Report(ctx context.Context, who ID, c Complaint) (Report, error) {
	switch {
	case len([]rune(c.Comment)) > ReportCommentHere:
		return Report{}, &Error{Kind: ErrInvalid, Field: "comment", Message: "The comment is too long: at most 1,000 characters are possible."}
	case len(c.StatusIDs) > reportStatuses:
		return Report{}, &Error{Kind: ErrInvalid, Field: "status_ids", Message: "A report can name at most a hundred posts."}
	case c.TargetID == who:
		return Report{}, &Error{Kind: ErrInvalid, Field: "account_id", Message: "You cannot report yourself."}
	}
	if len(c.RuleIDs) > 0 {
		c.Category = ReportViolation
	}
	r := Report{
		ID: m.NewID(), URI: m.MintURI(), AccountID: who, TargetID: c.TargetID, Comment: c.Comment, Category: c.Category,
		RuleIDs: sortedIDs(c.RuleIDs), CreatedAt: m.now(), UpdatedAt: m.now(),
	}
	if !slices.Contains([]ReportCategory{"", ReportOther, ReportSpam, ReportLegal, ReportViolation}, r.Category) {
		return Report{}, &Error{Kind: ErrInvalid, Field: "category", Message: fmt.Sprintf("%q is no category: choose other, spam, legal or violation.", c.Category)}
	}
	if r.Category == "" {
		r.Category = ReportOther
	}
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		target, err := tx.AccountByID(ctx, c.TargetID)
		if err != nil {
			return err
		}
		if r.StatusIDs, err = m.about(ctx, tx, who, target, c.StatusIDs); err != nil {
			return err
		}
		if c.Forward {
			if r.ForwardTo = c.ForwardTo; len(r.ForwardTo) == 0 && !target.Local() {
				r.ForwardTo = []string{target.Domain}
			}
		}
		r.Forwarded = len(r.ForwardTo) > 0
		return m.file(ctx, tx, r)
	})
	return r, err
}

// about are those of ids that are posts of target and that who may see.
func (m *Moderation) about(ctx context.Context, tx Tx, who ID, target Account, ids []ID) ([]ID, error) {
	views, err := (&Reader{Store: tx}).Statuses(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	var out []ID
	for _, v := range views {
		if v.Author.ID == target.ID {
			out = append(out, v.Status.ID)
		}
	}
	return sortedIDs(out), nil
}

func sortedIDs(ids []ID) []ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// file keeps r and tells the moderators, and the target's server when r says so.
func (m *Moderation) file(ctx context.Context, tx Tx, r Report) error {
	if err := tx.InsertReport(ctx, r); err != nil {
		return err
	}
	staff, err := tx.Staff(ctx, StaffRoles(MayManageReports))
	if err != nil {
		return err
	}
	for _, id := range staff {
		n := Notification{ID: m.NewID(), AccountID: id, FromID: r.AccountID, Type: NotifyReport, SubjectID: r.ID, CreatedAt: m.now()}
		if err := tx.InsertNotification(ctx, n); err != nil {
			return err
		}
	}
	if !r.Forwarded {
		return nil
	}
	return tx.AppendEvent(ctx, Event{Kind: ReportFiled, Actor: InstanceActorID, Subject: r.TargetID, Object: r.ID, URI: r.URI, At: m.now()})
}

// ReceiveReport files a complaint that came from elsewhere: by reporter, about target and those of statuses that are
// target's and that somebody on the reporter's server could see (federation.md §4.10).
func (m *Moderation) ReceiveReport(ctx context.Context, tx Tx, reporter, target Account, statuses []Status, comment, uri string) (Report, error) {
	if r := []rune(comment); len(r) > ReportCommentElsewhere {
		comment = string(r[:ReportCommentElsewhere])
	}
	r := Report{
		ID: m.NewID(), URI: uri, AccountID: reporter.ID, TargetID: target.ID, Comment: comment, Category: ReportOther,
		CreatedAt: m.now(), UpdatedAt: m.now(),
	}
	follower, err := tx.HasFollowerOn(ctx, target.ID, reporter.Domain)
	if err != nil {
		return r, err
	}
	var ids, named []ID
	for _, s := range statuses {
		switch {
		case s.AccountID != target.ID:
		case s.Visibility.Distributable(), s.Visibility == Private && follower:
			ids = append(ids, s.ID)
		default:
			named = append(named, s.ID)
		}
	}
	seen, err := tx.MentionsOn(ctx, named, reporter.Domain)
	if err != nil {
		return r, err
	}
	for _, id := range named {
		if seen[id] {
			ids = append(ids, id)
		}
	}
	if ids = sortedIDs(ids); len(ids) > reportStatuses {
		ids = ids[:reportStatuses]
	}
	r.StatusIDs = ids
	return r, m.file(ctx, tx, r)
}

// report changes one report by somebody who may, with the deed.
func (m *Moderation) report(ctx context.Context, by, id ID, action string, edit func(r *Report)) (Report, error) {
	var r Report
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageReports); err != nil {
			return err
		}
		var err error
		if r, err = tx.ReportByID(ctx, id); err != nil {
			return err
		}
		edit(&r)
		r.UpdatedAt = m.now()
		if err := tx.UpdateReport(ctx, r); err != nil {
			return err
		}
		return m.did(ctx, tx, by, action, "report", r.ID, "#"+strconv.FormatInt(int64(r.ID), 10))
	})
	return r, err
}

// AssignReport gives a report to the moderator by; UnassignReport takes it from whoever has it.
func (m *Moderation) AssignReport(ctx context.Context, by, id ID) (Report, error) {
	return m.report(ctx, by, id, "assigned_to_self", func(r *Report) { r.Assigned = by })
}

// UnassignReport takes a report from whoever has it.
func (m *Moderation) UnassignReport(ctx context.Context, by, id ID) (Report, error) {
	return m.report(ctx, by, id, "unassigned", func(r *Report) { r.Assigned = 0 })
}

// ResolveReport closes a report. What was kept only for it goes.
func (m *Moderation) ResolveReport(ctx context.Context, by, id ID) (Report, error) {
	r, err := m.report(ctx, by, id, "resolve", func(r *Report) { r.ClosedAt, r.ClosedBy = m.now(), by })
	if err != nil {
		return r, err
	}
	return r, m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error { return m.sweep(ctx, tx, r) })
}

// sweep removes posts that only r kept, and the account if it is gone and nothing else is about it.
func (m *Moderation) sweep(ctx context.Context, tx Tx, r Report) error {
	kept, err := tx.StatusEvenDeleted(ctx, r.StatusIDs)
	if err != nil {
		return err
	}
	for _, id := range r.StatusIDs {
		s, ok := kept[id]
		if !ok || s.DeletedAt.IsZero() {
			continue
		}
		if err := tx.PurgeStatus(ctx, id); err != nil {
			return err
		}
	}
	a, err := tx.AccountByID(ctx, r.TargetID)
	if errors.Is(err, ErrNotFound) || err == nil && (!a.Gone() || a.Local()) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.AppendChore(ctx, Chore{Kind: ChorePurge, Account: a.ID, Since: a.DeletedAt, At: m.now(), Erase: true})
}

// ReopenReport opens a closed report again.
func (m *Moderation) ReopenReport(ctx context.Context, by, id ID) (Report, error) {
	return m.report(ctx, by, id, "reopen", func(r *Report) { r.ClosedAt, r.ClosedBy = time.Time{}, 0 })
}

// UpdateReport changes what a report is about.
func (m *Moderation) UpdateReport(ctx context.Context, by, id ID, category ReportCategory, ruleIDs []ID) (Report, error) {
	return m.report(ctx, by, id, "update", func(r *Report) {
		if category != "" {
			r.Category = category
		}
		if ruleIDs != nil {
			r.RuleIDs = sortedIDs(ruleIDs)
		}
	})
}

// AddRule gives the server one more rule, at the end.
func (m *Moderation) AddRule(ctx context.Context, by ID, text, hint string) (InstanceRule, error) {
	r := InstanceRule{ID: m.NewID(), Text: strings.TrimSpace(text), Hint: strings.TrimSpace(hint)}
	if r.Text == "" {
		return r, &Error{Kind: ErrInvalid, Field: "text", Message: "Write the rule first: it is empty."}
	}
	return r, m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageRules); err != nil {
			return err
		}
		if err := tx.InsertInstanceRule(ctx, r, int64(r.ID)); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "create", "rule", r.ID, r.Text)
	})
}

// RemoveRule takes a rule away. Reports that name it keep it.
func (m *Moderation) RemoveRule(ctx context.Context, by, id ID) error {
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageRules); err != nil {
			return err
		}
		if err := tx.DeleteInstanceRule(ctx, id, m.now()); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "destroy", "rule", id, "")
	})
}
