package social

import "context"

// Subjects are what notifications of moderation are about; each is nil unless the notification is of that kind.
type Subjects struct {
	Report    *Report
	Target    *Account // whom the report is about
	Severance *Severance
	Warning   *Warning
}

// subjects fills in what those of vs are about that are about no post, and leaves out those whose subject is gone.
func (r *Reader) subjects(ctx context.Context, viewer ID, vs []NotificationView) ([]NotificationView, error) {
	var reports, severances, warnings []ID
	for _, v := range vs {
		switch n := v.Notification; n.Type {
		case NotifyReport:
			reports = append(reports, n.SubjectID)
		case NotifySevered:
			severances = append(severances, n.SubjectID)
		case NotifyWarning:
			warnings = append(warnings, n.SubjectID)
		}
	}
	if len(reports)+len(severances)+len(warnings) == 0 {
		return vs, nil
	}
	filed, err := r.Store.ReportsByID(ctx, reports)
	if err != nil {
		return nil, err
	}
	var about []ID
	for _, x := range filed {
		about = append(about, x.TargetID)
	}
	targets, err := r.Store.AccountsByID(ctx, about)
	if err != nil {
		return nil, err
	}
	ended, err := r.Store.Severances(ctx, viewer, severances)
	if err != nil {
		return nil, err
	}
	said, err := r.Store.WarningsByID(ctx, warnings)
	if err != nil {
		return nil, err
	}
	out := vs[:0]
	for _, v := range vs {
		switch n := v.Notification; n.Type {
		case NotifyReport:
			x, ok := filed[n.SubjectID]
			target, known := targets[x.TargetID]
			if !ok || !known {
				continue
			}
			v.Report, v.Target = &x, &target
		case NotifySevered:
			x, ok := ended[n.SubjectID]
			if !ok {
				continue
			}
			v.Severance = &x
		case NotifyWarning:
			x, ok := said[n.SubjectID]
			if !ok {
				continue
			}
			v.Warning = &x
		}
		out = append(out, v)
	}
	return out, nil
}

// Notification is one of what happened to viewer; ErrNotFound when it, or what it is about, is not there or out of sight.
func (r *Reader) Notification(ctx context.Context, viewer, id ID) (NotificationView, error) {
	n, err := r.Store.NotificationByID(ctx, viewer, id)
	if err != nil {
		return NotificationView{}, err
	}
	vs, err := r.notifications(ctx, viewer, []Notification{n})
	if err != nil {
		return NotificationView{}, err
	}
	if len(vs) == 0 {
		return NotificationView{}, ErrNotFound
	}
	return vs[0], nil
}
