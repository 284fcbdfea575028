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
	var end func(ctx context.Context, actor, target ID) (Relationship, error)
	var have func(p Page) ([]edge, error)
	switch i.Kind {
	case ImportFollowing:
		end, have = s.Follows.Unfollow, edges(func(p Page) ([]Follow, error) { return s.Store.Following(ctx, who, p) }, func(f Follow) edge { return edge{f.ID, f.TargetID} })
	case ImportBlocks:
		end, have = s.Blocks.Unblock, edges(func(p Page) ([]Block, error) { return s.Store.Blocks(ctx, who, p) }, func(b Block) edge { return edge{b.ID, b.TargetID} })
	default:
		end, have = s.Mutes.Unmute, edges(func(p Page) ([]Mute, error) { return s.Store.Mutes(ctx, who, p) }, func(m Mute) edge { return edge{m.ID, m.TargetID} })
	}
	return eachEdge(have, func(e edge) error {
		a, err := s.Store.AccountByID(ctx, e.to)
		if err != nil || listed[strings.ToLower(a.Acct())] {
			return err
		}
		_, err = end(ctx, who, e.to)
		return err
	})
}

// key is how an address of a file is compared with Account.Acct.
func (s *Imports) key(address string) string {
	user, domain := s.address(address)
	if domain != "" {
		user += "@" + domain
	}
	return strings.ToLower(user)
}

// edge is one of a list of things about others: id is for paging.
type edge struct{ id, to ID }

func edges[T any](load func(Page) ([]T, error), of func(T) edge) func(Page) ([]edge, error) {
	return func(p Page) ([]edge, error) {
		page, err := load(p)
		out := make([]edge, len(page))
		for i, x := range page {
			out[i] = of(x)
		}
		return out, err
	}
}

// eachEdge does something for all, newest first.
func eachEdge(load func(Page) ([]edge, error), do func(edge) error) error {
	for p := (Page{Limit: 200}); ; {
		page, err := load(p)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return err
			}
		}
		if len(page) < p.Limit {
			return nil
		}
		p.MaxID = page[len(page)-1].id
	}
}

func (s *Imports) clearDomains(ctx context.Context, who ID, listed map[string]bool) error {
	for p := (Page{Limit: 200}); ; {
		page, err := s.Store.UserDomainBlocks(ctx, who, p)
		if err != nil {
			return err
		}
		for _, b := range page {
			if !listed[b.Domain] {
				if err := s.Blocks.UnblockDomain(ctx, who, b.Domain); err != nil {
					return err
				}
			}
		}
		if len(page) < p.Limit {
			return nil
		}
		p.MaxID = page[len(page)-1].ID
	}
}

func (s *Imports) clearBookmarks(ctx context.Context, who ID, listed map[string]bool) error {
	return eachEdge(edges(func(p Page) ([]Bookmark, error) { return s.Store.Bookmarks(ctx, who, p) }, func(b Bookmark) edge { return edge{b.ID, b.StatusID} }), func(e edge) error {
		st, err := s.Store.StatusByID(ctx, e.to)
		if err == nil && listed[strings.ToLower(st.URI)] {
			return nil
		}
		if err = ignoreMissing(err); err != nil {
			return err
		}
		return s.Store.DeleteBookmark(ctx, who, e.to)
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
		err := eachEdge(edges(func(p Page) ([]ListMember, error) { return s.Store.ListMembers(ctx, l.ID, p) }, func(m ListMember) edge { return edge{m.ID, m.AccountID} }), func(e edge) error {
			a, err := s.Store.AccountByID(ctx, e.to)
			if err != nil || members[strings.ToLower(a.Acct())] {
				return err
			}
			return s.Lists.Remove(ctx, who, l.ID, []ID{e.to})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
