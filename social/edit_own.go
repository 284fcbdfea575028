package social

import (
	"context"
	"fmt"
	"time"
)

// StatusEdited is an Event: Object is when, in milliseconds. A later edit is told instead when it is not the status' date.
const StatusEdited EventKind = "status.edited"

// Edit makes actor's own status say what d says, as a whole: what d leaves out goes, the language alone stays. Visibility
// and parent stay, whatever d says. An edit that changes nothing is none. Errors: ErrNotFound (also when it is
// somebody else's, or a boost), ErrInvalid.
func (s *Statuses) Edit(ctx context.Context, actor, id ID, d Draft) (Status, error) {
	d.Visibility = Public // is not asked for
	if err := s.keepQuoteLink(ctx, id, &d); err != nil {
		return Status{}, err
	}
	if err := d.check(); err != nil {
		return Status{}, err
	}
	who, err := s.Store.AccountByID(ctx, actor)
	if err != nil {
		return Status{}, err
	}
	mentioned, err := s.mentioned(ctx, d.Text)
	if err != nil {
		return Status{}, err
	}
	media, err := draftMedia(ctx, s.Store, actor, id, d.MediaIDs)
	if err != nil {
		return Status{}, err
	}
	fresh, err := s.compose(ctx, who, d, nil, mentioned)
	if err != nil {
		return Status{}, err
	}
	var edited Status
	err = s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		old, err := tx.StatusByID(ctx, id)
		if err != nil {
			return err
		}
		if old.AccountID != actor || old.BoostOfID != 0 {
			return fmt.Errorf("status %d of another account: %w", id, ErrNotFound)
		}
		edited, err = s.edit(ctx, tx, who, old, fresh, changed(media, d.MediaChanges))
		return err
	})
	if err != nil {
		return Status{}, fmt.Errorf("edit %d for %s: %w", id, who.Acct(), err)
	}
	return edited, nil
}

// edit gives old the words, poll and mentions of fresh, and shows media.
func (s *Statuses) edit(ctx context.Context, tx Tx, author Account, old, fresh Status, media []Attachment) (Status, error) {
	before, err := versionNow(ctx, tx, old, old.CreatedAt)
	if err != nil {
		return old, err
	}
	polled, err := s.editPoll(ctx, tx, old, fresh.Poll)
	if err != nil {
		return old, err
	}
	shown, err := showOwn(ctx, tx, old, media)
	if err != nil {
		return old, err
	}
	edited := old
	edited.Source, edited.Content, edited.SpoilerText, edited.Sensitive = fresh.Source, fresh.Content, fresh.SpoilerText, fresh.Sensitive
	if fresh.Language != "" {
		edited.Language = fresh.Language
	}
	if !polled && !shown && edited.Source == old.Source && edited.SpoilerText == old.SpoilerText && edited.Sensitive == old.Sensitive && edited.Language == old.Language {
		return old, nil
	}
	edited.Tags, edited.Mentions, edited.Poll, edited.ObjectType = fresh.Tags, fresh.Mentions, fresh.Poll, fresh.ObjectType
	edited.EditedAt = s.Now().Truncate(time.Millisecond)
	if err := keepAddressed(ctx, tx, &edited); err != nil {
		return old, err
	}
	if err := tx.UpdateStatus(ctx, edited); err != nil {
		return old, err
	}
	s.Told.tell(ctx, Happening{Kind: Edited, Status: edited, At: edited.EditedAt})
	if err := s.relinked(ctx, tx, edited); err != nil {
		return old, err
	}
	if err := remember(ctx, tx, before, edited); err != nil {
		return old, err
	}
	if err := tellEdited(ctx, tx, author, edited); err != nil {
		return old, err
	}
	if err := s.notifyMentioned(ctx, tx, author, edited); err != nil {
		return old, err
	}
	if err := s.notifyBoosters(ctx, tx, author, edited); err != nil {
		return old, err
	}
	if err := s.notifyQuoters(ctx, tx, author, edited); err != nil {
		return old, err
	}
	return edited, tx.AppendEvent(ctx, Event{
		Kind: StatusEdited, Actor: author.ID, Subject: edited.ID, Object: ID(edited.EditedAt.UnixMilli()), At: s.Now(),
	})
}

// editPoll gives a local status another poll, or none, and reports whether that is a change. Another question begins with no
// votes.
func (s *Statuses) editPoll(ctx context.Context, tx Tx, old Status, p *Poll) (changed bool, err error) {
	polls, err := tx.Polls(ctx, []ID{old.ID})
	if err != nil {
		return false, err
	}
	var known *Poll
	if k, ok := polls[old.ID]; ok {
		known = &k
	}
	if known == nil && p == nil {
		return false, nil
	}
	if p != nil {
		p.StatusID = old.ID
	}
	if err := tx.ReplacePoll(ctx, old.ID, p); err != nil || p == nil {
		return true, err
	}
	return !known.SameQuestion(p), appendEnd(ctx, tx, old, *p, s.Now())
}

// keepAddressed leaves whom the status names no more addressed, silently.
func keepAddressed(ctx context.Context, tx Tx, edited *Status) error {
	before, err := tx.Mentions(ctx, []ID{edited.ID})
	if err != nil {
		return err
	}
	named := map[ID]bool{}
	for _, m := range edited.Mentions {
		named[m.AccountID] = true
	}
	for _, m := range before[edited.ID] {
		if !named[m.AccountID] {
			edited.Mentions = append(edited.Mentions, Mention{AccountID: m.AccountID, Silent: true})
		}
	}
	return nil
}
