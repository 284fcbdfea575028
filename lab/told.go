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
	versions, err := h.Instance.Services.Store.Versions(ctx, s.ID)
	if err != nil {
		return t, false, fmt.Errorf("read earlier versions of %s: %w", uri, err)
	}
	for _, v := range versions {
		t.Before = append(t.Before, typed(v.Content))
	}
	return t, true, nil
}

var (
	aBreak = regexp.MustCompile(`<br ?/?>|</p><p>`)
	aTag   = regexp.MustCompile(`<[^>]*>`)
)

// typed is about what somebody typed to get such HTML.
func typed(content string) string {
	return strings.TrimSpace(html.UnescapeString(aTag.ReplaceAllString(aBreak.ReplaceAllString(content, "\n"), "")))
}
