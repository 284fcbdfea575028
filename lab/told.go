package lab

import (
	"context"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"

	"orrery/social"
)

// Told is what a post of a lab says, as its author typed it.
type Told struct {
	Text, Warning string
	Poll          []string // its answers, nil without one
	Several       bool
	Quoted        string // the URI of the post that it quotes, "" when none
	// Before are its earlier texts, oldest first, as far as they are kept.
	Before []string
}

// Told reads a post from its own server; ok is false when it is not there any more.
func (l *Lab) Told(ctx context.Context, server, uri string) (t Told, ok bool, err error) {
	h := l.Host(server)
	if h == nil {
		return t, false, nil
	}
	s, err := h.Instance.Services.Store.StatusByURI(ctx, uri)
	if errors.Is(err, social.ErrNotFound) || err == nil && !s.DeletedAt.IsZero() {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("read post %s: %w", uri, err)
	}
	t = Told{Text: s.Source, Warning: s.SpoilerText}
	polls, err := h.Instance.Services.Store.Polls(ctx, []social.ID{s.ID})
	if err != nil {
		return t, false, fmt.Errorf("read poll of %s: %w", uri, err)
	}
	if p, there := polls[s.ID]; there {
		t.Poll, t.Several = p.Titles(), p.Multiple
	}
	quotes, err := h.Instance.Services.Store.Quotes(ctx, []social.ID{s.ID})
	if err != nil {
		return t, false, fmt.Errorf("read the quote of %s: %w", uri, err)
	}
	t.Quoted = quotes[s.ID].QuotedURI
	versions, err := h.Instance.Services.Store.Versions(ctx, s.ID)
	if err != nil {
		return t, false, fmt.Errorf("read earlier versions of %s: %w", uri, err)
	}
	for _, v := range versions {
		t.Before = append(t.Before, typed(v.Content))
	}
	return t, true, nil
}

// Shows reports whether a server shows a post to any of its people. One that it has is hidden from those whom its author blocks.
func (l *Lab) Shows(ctx context.Context, server, uri string) (bool, error) {
	h := l.Host(server)
	reader := social.Reader{Store: h.Instance.Services.Store}
	s, err := reader.Store.StatusByURI(ctx, uri)
	for _, p := range l.Plan.People {
		if err != nil {
			break
		}
		if p.Server != server {
			continue
		}
		var a social.Account
		if a, _, err = l.Account(ctx, p.Name); err != nil {
			return false, fmt.Errorf("look up %s: %w", p.Name, err)
		}
		if _, err = reader.Status(ctx, a.ID, s.ID); err == nil {
			return true, nil
		}
		if errors.Is(err, social.ErrNotFound) {
			err = nil
		}
	}
	if err == nil || errors.Is(err, social.ErrNotFound) {
		return false, nil
	}
	return false, fmt.Errorf("whom %s shows %s: %w", server, uri, err)
}

// Hidden reports whether a server hides an author's posts from one of its people, since the author blocks them.
func (l *Lab) Hidden(ctx context.Context, person, author string) (bool, error) {
	a, h, err := l.Account(ctx, person)
	if err != nil {
		return false, err
	}
	by, err := l.Seen(ctx, h.Name, author)
	if errors.Is(err, social.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s as %s sees them: %w", author, h.Name, err)
	}
	ties, err := h.Instance.Services.Store.Relationships(ctx, a.ID, []social.ID{by.ID})
	if err != nil {
		return false, fmt.Errorf("how %s stands to %s: %w", person, author, err)
	}
	for _, tie := range ties {
		if tie.HiddenFrom() {
			return true, nil
		}
	}
	return false, nil
}

var (
	aBreak = regexp.MustCompile(`<br ?/?>|</p><p>`)
	aTag   = regexp.MustCompile(`<[^>]*>`)
)

// typed is about what somebody typed to get such HTML.
func typed(content string) string {
	return strings.TrimSpace(html.UnescapeString(aTag.ReplaceAllString(aBreak.ReplaceAllString(content, "\n"), "")))
}
