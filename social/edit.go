package social

import "context"

// ReceiveEdit makes the remote status old what its author's server says it is now. Whom the text names no more stays
// addressed, silently. It counts as an edit, with a date, and people are told, when words, warning, attachments or, as requoted says, its quote are other ones; changed
// reports that (federation.md §4.2 step 4, §10.1).
func (s *Statuses) ReceiveEdit(ctx context.Context, tx Tx, author Account, old, edited Status, requoted bool) (changed bool, err error) {
	if err := keepAddressed(ctx, tx, &edited); err != nil {
		return false, err
	}
	before, err := versionNow(ctx, tx, old, old.CreatedAt)
	if err != nil {
		return false, err
	}
	media, err := s.editAttachments(ctx, tx, old, edited.Attachments)
	if err != nil {
		return false, err
	}
	polled, err := s.repoll(ctx, tx, edited)
	if err != nil {
		return false, err
	}
	changed = media || polled || requoted || s.Text.Sanitize(old.Content) != s.Text.Sanitize(edited.Content) || old.SpoilerText != edited.SpoilerText
	if !changed {
		edited.EditedAt = old.EditedAt
	}
	if err := tx.UpdateStatus(ctx, edited); err != nil || !changed {
		return changed, err
	}
	s.Told.tell(ctx, Happening{Kind: Edited, Status: edited, At: edited.EditedAt})
	if err := s.relinked(ctx, tx, edited); err != nil {
		return changed, err
	}
	if err := remember(ctx, tx, before, edited); err != nil {
		return changed, err
	}
	if err := tellEdited(ctx, tx, author, edited); err != nil {
		return changed, err
	}
	if err := s.notifyMentioned(ctx, tx, author, edited); err != nil {
		return changed, err
	}
	if err := s.notifyBoosters(ctx, tx, author, edited); err != nil {
		return changed, err
	}
	return changed, s.notifyQuoters(ctx, tx, author, edited)
}

// repoll gives a remote status the poll of its newer version and reports whether the question is another, or came, or went.
func (s *Statuses) repoll(ctx context.Context, tx Tx, edited Status) (another bool, err error) {
	polls, err := tx.Polls(ctx, []ID{edited.ID})
	if err != nil {
		return false, err
	}
	var old *Poll
	if p, ok := polls[edited.ID]; ok {
		old = &p
	}
	switch same := old.SameQuestion(edited.Poll); {
	case same && old == nil:
		return false, nil
	case same:
		return false, tx.UpdateTallies(ctx, *edited.Poll)
	}
	return true, tx.ReplacePoll(ctx, edited.ID, edited.Poll)
}

// notifyBoosters tells the people here who boosted a status that it is another now; the newest change replaces the telling
// of earlier ones.
func (s *Statuses) notifyBoosters(ctx context.Context, tx Tx, author Account, edited Status) error {
	boosters, err := tx.BoostedBy(ctx, edited.ID, Page{Limit: 200})
	if err != nil {
		return err
	}
	people, err := tx.AccountsByID(ctx, boosters)
	if err != nil {
		return err
	}
	for _, id := range boosters {
		if a, ok := people[id]; !ok || !a.Local() || id == author.ID {
			continue
		}
		if err := tx.DeleteNotificationsBetween(ctx, id, author.ID, NotifyUpdate, edited.ID); err != nil {
			return err
		}
		n := Notification{ID: s.NewID(), AccountID: id, FromID: author.ID, Type: NotifyUpdate, StatusID: edited.ID, CreatedAt: s.Now()}
		if err := Notify(ctx, tx, n, &edited); err != nil {
			return err
		}
	}
	return nil
}
