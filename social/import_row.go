package social

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// row does one row and says why nothing came of it, "" when something did. An error is ours: then it is tried again.
func (s *Imports) row(ctx context.Context, i Import, cells []string) (problem string, err error) {
	err = s.try(ctx, i, cells)
	var said *Error
	switch {
	case err == nil:
		return "", nil
	case errors.As(err, &said):
		return said.Message, nil
	case errors.Is(err, ErrNotFound):
		return "Nobody or nothing was found there.", nil
	case errors.Is(err, ErrForbidden):
		return "That is not possible.", nil
	}
	return "", err
}

func (s *Imports) try(ctx context.Context, i Import, cells []string) error {
	switch i.Kind {
	case ImportDomains:
		return s.Blocks.BlockDomain(ctx, i.AccountID, cells[0])
	case ImportBookmarks:
		return s.bookmark(ctx, i.AccountID, cells[0])
	}
	address := cells[0]
	if i.Kind == ImportLists {
		address = cells[1]
	}
	target, err := s.find(ctx, address)
	if err != nil {
		return err
	}
	switch i.Kind {
	case ImportFollowing:
		_, err = s.Follows.FollowAs(ctx, i.AccountID, target, terms(cells))
	case ImportBlocks:
		_, err = s.Blocks.Block(ctx, i.AccountID, target)
	case ImportMutes:
		_, err = s.Mutes.Mute(ctx, i.AccountID, target, yes(cells[1], true), 0)
	case ImportLists:
		err = s.enlist(ctx, i.AccountID, cells[0], target)
	default:
		err = fmt.Errorf("nobody imports %q", i.Kind)
	}
	return err
}

// find is whom an address means: "alice@example.org", or "alice" for somebody here.
func (s *Imports) find(ctx context.Context, address string) (ID, error) {
	user, domain := s.address(address)
	if user == "" {
		return 0, &Error{Kind: ErrInvalid, Message: "That is no address of a person."}
	}
	if domain == "" {
		a, err := s.Store.AccountByHandle(ctx, user, "")
		return a.ID, err
	}
	a, err := s.Remote.ByHandle(ctx, user, domain)
	return a.ID, err
}

// address is a handle as accounts are kept: in small letters but for the name, without the domain of this server.
func (s *Imports) address(address string) (user, domain string) {
	user, domain, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(address), "@"), "@")
	if domain = NormalDomain(domain); strings.EqualFold(domain, s.Host) {
		domain = ""
	}
	return user, domain
}

// terms are what a row says about a follow; what it leaves out is as usual.
func terms(cells []string) FollowTerms {
	boosts, notify := yes(cells[1], true), yes(cells[2], false)
	t := FollowTerms{Boosts: &boosts, Notify: &notify}
	if languages := strings.FieldsFunc(cells[3], func(r rune) bool { return r == ',' || r == ' ' }); len(languages) > 0 {
		t.Languages = &languages
	}
	return t
}

func yes(cell string, otherwise bool) bool {
	b, err := strconv.ParseBool(strings.ToLower(cell))
	if err != nil {
		return otherwise
	}
	return b
}

func (s *Imports) bookmark(ctx context.Context, who ID, address string) error {
	_, status, err := s.Remote.ByURL(ctx, who, address)
	if err == nil && status == 0 {
		err = ErrNotFound
	}
	if err == nil {
		_, err = s.Reactions.Bookmark(ctx, who, status)
	}
	return err
}

// enlist puts target into who's list of that name, which is made when there is none. Who is in a list is followed.
func (s *Imports) enlist(ctx context.Context, who ID, title string, target ID) error {
	list, err := s.list(ctx, who, title)
	if err != nil {
		return err
	}
	with, err := s.Store.ListsWith(ctx, who, target)
	if err != nil || slices.ContainsFunc(with, func(l List) bool { return l.ID == list.ID }) {
		return err
	}
	if target != who {
		if _, err := s.Follows.Follow(ctx, who, target); err != nil {
			return err
		}
	}
	return s.Lists.Add(ctx, who, list.ID, []ID{target})
}

func (s *Imports) list(ctx context.Context, who ID, title string) (List, error) {
	have, err := s.Store.Lists(ctx, who)
	if err != nil {
		return List{}, err
	}
	for _, l := range have {
		if l.Title == title {
			return l, nil
		}
	}
	return s.Lists.Create(ctx, who, List{Title: title})
}

func ignoreMissing(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
