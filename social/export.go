package social

import (
	"context"
	"errors"
	"strconv"
	"strings"
)

// Export is everything of a kind that who has, as rows of a file that Import reads.
func (s *Imports) Export(ctx context.Context, who ID, kind ImportKind) ([][]string, error) {
	var rows [][]string
	add := func(target ID, cells func(address string) []string) error {
		a, err := s.Store.AccountByID(ctx, target)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err == nil {
			rows = append(rows, cells(s.full(a)))
		}
		return err
	}
	var err error
	switch kind {
	case ImportFollowing:
		have := func(p Page) ([]Follow, error) { return s.Store.Following(ctx, who, p) }
		err = throughPages(have, func(f Follow) ID { return f.ID }, func(f Follow) error {
			return add(f.TargetID, func(address string) []string {
				return []string{address, strconv.FormatBool(!f.HideBoosts), strconv.FormatBool(f.Notify), strings.Join(f.Languages, ", ")}
			})
		})
	case ImportBlocks:
		have := func(p Page) ([]Block, error) { return s.Store.Blocks(ctx, who, p) }
		err = throughPages(have, func(b Block) ID { return b.ID }, func(b Block) error {
			return add(b.TargetID, func(address string) []string { return []string{address} })
		})
	case ImportMutes:
		have := func(p Page) ([]Mute, error) { return s.Store.Mutes(ctx, who, p) }
		err = throughPages(have, func(m Mute) ID { return m.ID }, func(m Mute) error {
			return add(m.TargetID, func(address string) []string { return []string{address, strconv.FormatBool(m.HideNotifications)} })
		})
	case ImportDomains:
		have := func(p Page) ([]UserDomainBlock, error) { return s.Store.UserDomainBlocks(ctx, who, p) }
		err = throughPages(have, func(b UserDomainBlock) ID { return b.ID }, func(b UserDomainBlock) error {
			rows = append(rows, []string{b.Domain})
			return nil
		})
	case ImportBookmarks:
		have := func(p Page) ([]Bookmark, error) { return s.Store.Bookmarks(ctx, who, p) }
		err = throughPages(have, func(b Bookmark) ID { return b.ID }, func(b Bookmark) error {
			st, err := s.Store.StatusByID(ctx, b.StatusID)
			if err == nil {
				rows = append(rows, []string{st.URI})
			}
			return ignoreMissing(err)
		})
	case ImportLists:
		var lists []List
		if lists, err = s.Store.Lists(ctx, who); err != nil {
			return nil, err
		}
		for _, l := range lists {
			have := func(p Page) ([]ListMember, error) { return s.Store.ListMembers(ctx, l.ID, p) }
			err = errors.Join(err, throughPages(have, func(m ListMember) ID { return m.ID }, func(m ListMember) error {
				return add(m.AccountID, func(address string) []string { return []string{l.Title, address} })
			}))
		}
	default:
		return nil, ErrNotFound
	}
	return rows, err
}

// full is a's handle as it reads on any server.
func (s *Imports) full(a Account) string {
	if a.Local() {
		return a.Username + "@" + s.Host
	}
	return a.Acct()
}
