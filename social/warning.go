package social

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Warning is what somebody was told when a moderator acted on them.
type Warning struct {
	ID        ID
	TargetID  ID
	Action    AccountAction
	Text      string
	ReportID  ID
	CreatedAt time.Time
}

// AccountAction is one thing that a moderator does to an account, in Mastodon's words.
type AccountAction string

// Actions.
const (
	ActionNone      AccountAction = "none" // a warning and nothing else
	ActionDisable   AccountAction = "disable"
	ActionSensitive AccountAction = "sensitive"
	ActionSilence   AccountAction = "silence"
	ActionSuspend   AccountAction = "suspend"
)

// NotifyWarning tells somebody that a moderator acted on them: SubjectID is the warning.
const NotifyWarning NotificationType = "moderation_warning"

// WarningStore keeps warnings.
type WarningStore interface {
	InsertWarning(ctx context.Context, w Warning) error
	WarningsByID(ctx context.Context, ids []ID) (map[ID]Warning, error)
}

// Act does one thing to an account and tells a person of this server, with text. A report that it answers is closed.
func (m *Moderation) Act(ctx context.Context, by, target ID, action AccountAction, text string, report ID) error {
	var err error
	switch action {
	case ActionNone:
		err = m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
			a, err := m.mayActOn(ctx, tx, by, target, MayManageReports)
			if err != nil {
				return err
			}
			return m.did(ctx, tx, by, "warn", "account", a.ID, "@"+a.Acct())
		})
	case ActionDisable:
		err = m.Disable(ctx, by, target)
	case ActionSensitive:
		err = m.Sensitize(ctx, by, target)
	case ActionSilence:
		err = m.Silence(ctx, by, target)
	case ActionSuspend:
		err = m.Suspend(ctx, by, target)
	default:
		return &Error{Kind: ErrInvalid, Field: "type", Message: fmt.Sprintf("%q is no action: choose none, disable, sensitive, silence or suspend.", action)}
	}
	if err != nil {
		return err
	}
	if err := m.warn(ctx, target, action, text, report); err != nil {
		return err
	}
	if report == 0 {
		return nil
	}
	_, err = m.ResolveReport(ctx, by, report)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func (m *Moderation) warn(ctx context.Context, target ID, action AccountAction, text string, report ID) error {
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.AccountByID(ctx, target)
		if err != nil || !a.Local() {
			return err
		}
		w := Warning{ID: m.NewID(), TargetID: target, Action: action, Text: text, ReportID: report, CreatedAt: m.now()}
		if err := tx.InsertWarning(ctx, w); err != nil {
			return err
		}
		return tx.InsertNotification(ctx, Notification{
			ID: m.NewID(), AccountID: target, FromID: target, Type: NotifyWarning, SubjectID: w.ID, CreatedAt: m.now(),
		})
	})
}
