package social

import "context"

// Notify tells a person here what n says, about a post or, when about is nil, about themselves; about carries its mentions
// when n is a mention. It is the one door to notifications: who blocks or mutes the sender, blocks the sender's domain
// without following them, or muted the conversation, is not told (federation.md §10.5).
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
	return tx.InsertNotification(ctx, n)
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
