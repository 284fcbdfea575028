package ingest

import (
	"context"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// edit is s as its author's newer document n has it: what is said and shown, its warning, language, poll, tags and whom it names. All else
// stays, whatever n says: visibility, parent, author, dates (federation.md §4.2 step 4).
func (g *Ingest) edit(ctx context.Context, s social.Status, n vocab.Note, author social.Account, need Needed) (social.Status, error) {
	read := translate.Status(n, author, nil, nil, g.Now(), g.Statuses.Text)
	s.Content, s.SpoilerText, s.Sensitive, s.Language = read.Content, read.SpoilerText, read.Sensitive, read.Language
	s.EditedAt, s.Mentions, s.Tags, s.Poll = n.Updated, nil, nil, read.Poll
	if s.Poll != nil {
		s.Poll.StatusID, s.Poll.FetchedAt = s.ID, g.Now()
	}
	tag(&s, n, need)
	var err error
	s.Attachments, err = g.attachments(ctx, n, author)
	return s, err
}
