package social

import "context"

// Notify tells a person here what n says, about a post or, when about is nil, about themselves; about carries its mentions
// when n is a mention. It is the one door to notifications: who blocks or mutes the sender, blocks the sender's domain
// without following them, or muted the conversation, is not told, and what the person's policy holds back waits in a request
// (federation.md §10.5).
func Notify(ctx context.Context, tx Tx, n Notification, about *Status) error {
	if n.FromID == n.AccountID {
		return nil
	}
	people := []ID{n.FromID}
	if n.Type == NotifyMention && about != nil {
		people = append(people, involved(*about, n)...)
	}
	ties, err := tx.Relationships(ctx, n.AccountID, people)
	if err != nil {
		return err
	}
	for _, tie := range ties {
		if tie.Blocking || tie.MutingNotifications || tie.ID == n.FromID && tie.DomainBlocking && !tie.Following {
			return nil
		}
	}
	if about != nil && about.Conversation != "" {
		muted, err := tx.MutedConversations(ctx, n.AccountID, []string{about.Conversation})
		if err != nil || muted[about.Conversation] {
			return err
		}
	}
	treatment, err := treat(ctx, tx, n, about, ties[n.FromID])
	if err != nil || treatment == TreatDrop {
		return err
	}
	n.Filtered = treatment == TreatFilter
	if n.GroupKey, err = group(ctx, tx, n); err != nil {
		return err
	}
	if err := tx.InsertNotification(ctx, n); err != nil || !n.Filtered {
		return err
	}
	return tx.PutNotificationRequest(ctx, NotificationRequest{
		ID: n.ID, AccountID: n.AccountID, FromID: n.FromID, LastStatusID: n.StatusID, CreatedAt: n.CreatedAt, UpdatedAt: n.CreatedAt,
	})
}

// involved are the others whom a mention brings to the person's eyes: those named beside them, and who is answered.
func involved(s Status, n Notification) []ID {
	var out []ID
	for _, m := range s.Mentions {
		if !m.Silent && m.AccountID != n.AccountID {
			out = append(out, m.AccountID)
		}
	}
	if s.ReplyToAccountID != 0 && s.ReplyToAccountID != n.AccountID {
		out = append(out, s.ReplyToAccountID)
	}
	return out
}
