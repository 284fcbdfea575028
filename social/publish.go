package social

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"orrery/social/richtext"
)

// Statuses are the rules for posting, boosting and deleting, and for bringing posts to people. Safe for concurrent use.
type Statuses struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	URLs  URLs
	Text  richtext.Version
	// Resolve finds the account that a mention means, asking its server when nobody here knows it; ErrNotFound when
	// there is none. It is called before any transaction.
	Resolve func(ctx context.Context, user, domain string) (Account, error)
	// Conversation mints the URI of a new conversation.
	Conversation func(author Account, id ID, at time.Time) string
	// BoostFallOff is how many newest home entries are searched for an earlier appearance of a boosted post.
	BoostFallOff int
	// Quotes are the rules for quoting; nil when this instance knows no quotes.
	Quotes *Quotes
	// Approvals sends a reply to its addressee alone where only some people may answer, until they allow it.
	Approvals bool
	// Expire leaves in tx that an upload which a deleted post had is deleted at a time, if no post has it then; nil keeps it.
	Expire func(ctx context.Context, tx Tx, upload ID, at time.Time) error
	// Linked leaves work to read the page behind the link of a status that was kept or edited; given is the link that its
	// document names, "" for the first in its text. May be nil.
	Linked func(ctx context.Context, tx Tx, s Status, given string) error
	// Wrote is called, inside the transaction, with every new local status.
	Wrote func(ctx context.Context, author Account, s Status)
	// Told hears of boosts, edits and removals, of local and remote posts.
	Told Happened
}

// Publish stores d as author's status and records StatusPublished, in one transaction.
// Errors: ErrInvalid (nothing said, too long, unknown visibility), ErrNotFound (the post answered is gone or out of sight).
func (s *Statuses) Publish(ctx context.Context, author ID, d Draft) (Status, error) {
	if err := d.check(); err != nil {
		return Status{}, err
	}
	if d.IdempotencyKey != "" {
		if known, err := s.published(ctx, author, d.IdempotencyKey); err == nil || !errors.Is(err, ErrNotFound) {
			return known, err
		}
	}
	who, err := s.Store.AccountByID(ctx, author)
	if err != nil {
		return Status{}, err
	}
	d.Visibility = limited(who, d.Visibility)
	parent, err := s.parent(ctx, author, d.ReplyTo)
	if err != nil {
		return Status{}, err
	}
	quoted, err := s.quoted(ctx, author, &d)
	if err != nil {
		return Status{}, err
	}
	mentioned, err := s.mentioned(ctx, d.Text)
	if err != nil {
		return Status{}, err
	}
	media, err := draftMedia(ctx, s.Store, author, 0, d.MediaIDs)
	if err != nil {
		return Status{}, err
	}
	status, err := s.compose(ctx, who, d, parent, mentioned)
	if err != nil {
		return Status{}, err
	}
	if err := namesQuoted(status, quoted); err != nil {
		return Status{}, err
	}
	err = s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertStatus(ctx, status); err != nil {
			return err
		}
		if d.IdempotencyKey != "" {
			if err := tx.PutIdempotencyKey(ctx, author, d.IdempotencyKey, status.ID, s.Now()); err != nil {
				return err
			}
		}
		if err := attach(ctx, tx, status, media); err != nil {
			return err
		}
		if err := s.ask(ctx, tx, who, status, parent); err != nil {
			return err
		}
		if err := s.linked(ctx, tx, status, ""); err != nil {
			return err
		}
		if status.Poll != nil {
			if err := appendEnd(ctx, tx, status, *status.Poll, s.Now()); err != nil {
				return err
			}
		}
		if err := s.announce(ctx, tx, who, status); err != nil || quoted == nil {
			return err
		}
		return s.Quotes.Begin(ctx, tx, who, status, quoted)
	})
	if d.IdempotencyKey != "" && errors.Is(err, ErrConflict) { // the same request at the same moment was quicker
		return s.published(ctx, author, d.IdempotencyKey)
	}
	if err != nil {
		return Status{}, fmt.Errorf("publish for %s: %w", who.Acct(), err)
	}
	return status, nil
}

// published is what author published with key within the last hour.
func (s *Statuses) published(ctx context.Context, author ID, key string) (Status, error) {
	id, err := s.Store.StatusIDByIdempotencyKey(ctx, author, key, s.Now().Add(-time.Hour))
	if err != nil {
		return Status{}, err
	}
	return s.Store.StatusByID(ctx, id)
}

// announce tells the observer, the people here and, by an event, everybody else.
func (s *Statuses) announce(ctx context.Context, tx Tx, author Account, status Status) error {
	if s.Wrote != nil {
		s.Wrote(ctx, author, status)
	}
	if err := s.Distribute(ctx, tx, author, status); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: StatusPublished, Actor: author.ID, Subject: status.ID, At: s.Now()})
}

func (d *Draft) check() error {
	d.SpoilerText = strings.TrimSpace(d.SpoilerText)
	if strings.TrimSpace(d.Text) == "" && d.SpoilerText != "" && d.Quote == 0 && d.QuoteURL == "" {
		d.Text, d.SpoilerText = d.SpoilerText, ""
	}
	if strings.TrimSpace(d.Text) == "" && len(d.MediaIDs) == 0 && d.Quote == 0 && d.QuoteURL == "" {
		return &Error{Kind: ErrInvalid, Field: "status", Message: "Say something first: the post is empty."}
	}
	if d.Poll != nil && len(d.MediaIDs) > 0 {
		return &Error{Kind: ErrInvalid, Field: "media_ids", Message: "A post has either a poll or files: leave one of them out."}
	}
	if d.Poll != nil {
		if err := d.Poll.check(); err != nil {
			return err
		}
	}
	if d.QuotePolicy != "" {
		if err := d.QuotePolicy.check(); err != nil {
			return err
		}
	}
	if n := richtext.Length(d.SpoilerText, d.Text); n > richtext.MaxLength {
		return &Error{Kind: ErrInvalid, Field: "status",
			Message: fmt.Sprintf("The post is %d characters too long: at most %d are possible.", n-richtext.MaxLength, richtext.MaxLength)}
	}
	switch d.Visibility {
	case "":
		d.Visibility = Public
	case Public, Unlisted, Private, Direct:
	default:
		return &Error{Kind: ErrInvalid, Field: "visibility",
			Message: fmt.Sprintf("%q is no visibility: choose public, unlisted, private or direct.", d.Visibility)}
	}
	return nil
}

func (s *Statuses) parent(ctx context.Context, author, id ID) (*Status, error) {
	if id == 0 {
		return nil, nil
	}
	v, err := (&Reader{Store: s.Store}).Status(ctx, author, id)
	if errors.Is(err, ErrNotFound) {
		return nil, &Error{Kind: ErrNotFound, Field: "in_reply_to_id",
			Message: "The post you are answering does not exist here any more, or you may not see it."}
	}
	if err != nil {
		return nil, err
	}
	return &v.Proper().Status, nil
}

// mention is a mention as typed and whom it means.
type mention struct {
	user, domain string
	account      Account
}

func (s *Statuses) mentioned(ctx context.Context, text string) ([]mention, error) {
	var found []mention
	for _, e := range richtext.Scan(text) {
		if e.Kind != richtext.Mention {
			continue
		}
		a, err := s.Resolve(ctx, e.User, e.Domain)
		if errors.Is(err, ErrNotFound) {
			continue // stays text
		}
		if err != nil {
			return nil, err
		}
		found = append(found, mention{e.User, e.Domain, a})
	}
	return found, nil
}

// compose makes the row of a new local status.
func (s *Statuses) compose(ctx context.Context, author Account, d Draft, parent *Status, mentioned []mention) (Status, error) {
	id, now := s.NewID(), s.Now()
	resolve := func(user, domain string) (richtext.Account, bool) {
		for _, m := range mentioned {
			if m.user == user && m.domain == domain {
				return richtext.Account{URL: m.account.URL, User: m.account.Username, Domain: m.account.Domain}, true
			}
		}
		return richtext.Account{}, false
	}
	text := richtext.Canonical(d.Text, resolve)
	status := Status{
		ID: id, URI: s.URLs.Status(author, id), URL: s.URLs.StatusPage(author, id), AccountID: author.ID,
		Visibility: d.Visibility, Source: text, SpoilerText: d.SpoilerText,
		Sensitive: d.Sensitive || d.SpoilerText != "", Language: d.Language, ObjectType: "Note", Local: true, CreatedAt: now,
		Content: richtext.Format(text, richtext.Options{Version: s.Text, Origin: s.URLs.Origin, QuoteURL: d.QuoteURL, Mention: func(u, dom string) (richtext.Account, bool) {
			for _, m := range mentioned {
				if strings.EqualFold(m.account.Username, u) && m.account.Domain == dom {
					return richtext.Account{URL: m.account.URL, User: m.account.Username, Domain: m.account.Domain}, true
				}
			}
			return resolve(u, dom)
		}}),
		Conversation: s.Conversation(author, id, now),
	}
	switch {
	case s.Quotes == nil:
		status.QuotePolicy = QuotableByNobody
	case d.QuotePolicy != "":
		status.QuotePolicy = d.QuotePolicy
	default:
		status.QuotePolicy = QuotableByAll
	}
	if d.Poll != nil {
		status.Poll, status.ObjectType = d.Poll.poll(id, now), "Question"
	}
	for _, m := range mentioned {
		if !slices.ContainsFunc(status.Mentions, func(x Mention) bool { return x.AccountID == m.account.ID }) {
			status.Mentions = append(status.Mentions, Mention{AccountID: m.account.ID})
		}
	}
	for _, e := range richtext.Scan(text) {
		if e.Kind == richtext.Hashtag && !slices.Contains(status.Tags, e.Normalized) {
			status.Tags = append(status.Tags, e.Normalized)
		}
	}
	if err := s.unbarred(ctx, status.Tags); err != nil {
		return Status{}, err
	}
	if parent != nil {
		status.ReplyToID, status.ReplyToURI = parent.ID, parent.URI
		status.ReplyToAccountID = AnsweredAccount(author.ID, *parent)
		if parent.Conversation != "" {
			status.Conversation = parent.Conversation
		}
	}
	return status, nil
}

// AnsweredAccount is whom a reply by author to parent answers: the parent's author, but in one's own thread whoever the
// thread answered, so that they go on receiving it (federation.md §8.2).
func AnsweredAccount(author ID, parent Status) ID {
	if parent.AccountID == author && parent.ReplyToAccountID != 0 {
		return parent.ReplyToAccountID
	}
	return parent.AccountID
}
