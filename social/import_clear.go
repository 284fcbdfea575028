package social

import (
	"context"
	"strings"
)

// clear takes away what the file of i does not list. It may run again: what is gone is gone.
func (s *Imports) clear(ctx context.Context, i Import) error {
	rows, err := s.Store.ImportRows(ctx, i.ID, false, -1, MaxImportRows)
	if err != nil {
		return err
	}
	who := i.AccountID
	switch i.Kind {
	case ImportLists:
		return s.clearLists(ctx, who, rows)
	case ImportDomains, ImportBookmarks:
		listed := map[string]bool{}
		for _, r := range rows {
			listed[strings.ToLower(r.Cells[0])] = true
		}
		if i.Kind == ImportDomains {
			return s.clearDomains(ctx, who, listed)
		}
		return s.clearBookmarks(ctx, who, listed)
	}
	listed := map[string]bool{}
	for _, r := range rows {
		listed[s.key(r.Cells[0])] = true
	}
	endUnlisted := func(target ID, end func(ctx context.Context, actor, target ID) (Relationship, error)) error {
		a, err := s.Store.AccountByID(ctx, target)
		if err != nil || listed[strings.ToLower(a.Acct())] {
			return err
		}
		_, err = end(ctx, who, target)
		return err
	}
	switch i.Kind {
	case ImportFollowing:
		have := func(p Page) ([]Follow, error) { return s.Store.Following(ctx, who, p) }
		return throughPages(have, func(f Follow) ID { return f.ID }, func(f Follow) error { return endUnlisted(f.TargetID, s.Follows.Unfollow) })
	case ImportBlocks:
		have := func(p Page) ([]Block, error) { return s.Store.Blocks(ctx, who, p) }
		return throughPages(have, func(b Block) ID { return b.ID }, func(b Block) error { return endUnlisted(b.TargetID, s.Blocks.Unblock) })
	}
	have := func(p Page) ([]Mute, error) { return s.Store.Mutes(ctx, who, p) }
	return throughPages(have, func(m Mute) ID { return m.ID }, func(m Mute) error { return endUnlisted(m.TargetID, s.Mutes.Unmute) })
}

// key is how an address of a file is compared with Account.Acct.
func (s *Imports) key(address string) string {
	user, domain := s.address(address)
	if domain != "" {
		user += "@" + domain
	}
	return strings.ToLower(user)
}

func (s *Imports) clearDomains(ctx context.Context, who ID, listed map[string]bool) error {
	have := func(p Page) ([]UserDomainBlock, error) { return s.Store.UserDomainBlocks(ctx, who, p) }
	return throughPages(have, func(b UserDomainBlock) ID { return b.ID }, func(b UserDomainBlock) error {
		if listed[b.Domain] {
			return nil
		}
		return s.Blocks.UnblockDomain(ctx, who, b.Domain)
	})
}

func (s *Imports) clearBookmarks(ctx context.Context, who ID, listed map[string]bool) error {
	have := func(p Page) ([]Bookmark, error) { return s.Store.Bookmarks(ctx, who, p) }
	return throughPages(have, func(b Bookmark) ID { return b.ID }, func(b Bookmark) error {
		st, err := s.Store.StatusByID(ctx, b.StatusID)
		if err == nil && listed[strings.ToLower(st.URI)] {
			return nil
		}
		if err = ignoreMissing(err); err != nil {
			return err
		}
		return s.Store.DeleteBookmark(ctx, who, b.StatusID)
	})
}

// clearLists deletes the lists that the file does not name, and takes out of the others who is not in them there.
func (s *Imports) clearLists(ctx context.Context, who ID, rows []ImportRow) error {
	listed := map[string]map[string]bool{}
	for _, r := range rows {
		if listed[r.Cells[0]] == nil {
			listed[r.Cells[0]] = map[string]bool{}
		}
		listed[r.Cells[0]][s.key(r.Cells[1])] = true
	}
	have, err := s.Store.Lists(ctx, who)
	if err != nil {
		return err
	}
	for _, l := range have {
		members := listed[l.Title]
		if members == nil {
			if err := s.Store.DeleteList(ctx, who, l.ID); err != nil {
				return err
			}
			continue
		}
		in := func(p Page) ([]ListMember, error) { return s.Store.ListMembers(ctx, l.ID, p) }
		err := throughPages(in, func(m ListMember) ID { return m.ID }, func(m ListMember) error {
			a, err := s.Store.AccountByID(ctx, m.AccountID)
			if err != nil || members[strings.ToLower(a.Acct())] {
				return err
			}
			return s.Lists.Remove(ctx, who, l.ID, []ID{m.AccountID})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
