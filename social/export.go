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
		terms := map[ID]Follow{}
		err = eachEdge(edges(func(p Page) ([]Follow, error) { return s.Store.Following(ctx, who, p) }, func(f Follow) edge { terms[f.TargetID] = f; return edge{f.ID, f.TargetID} }), func(e edge) error {
			f := terms[e.to]
			return add(e.to, func(address string) []string {
				return []string{address, strconv.FormatBool(!f.HideBoosts), strconv.FormatBool(f.Notify), strings.Join(f.Languages, ", ")}
			})
		})
	case ImportBlocks:
		err = eachEdge(edges(func(p Page) ([]Block, error) { return s.Store.Blocks(ctx, who, p) }, func(b Block) edge { return edge{b.ID, b.TargetID} }), func(e edge) error {
			return add(e.to, func(address string) []string { return []string{address} })
		})
	case ImportMutes:
		hide := map[ID]bool{}
		err = eachEdge(edges(func(p Page) ([]Mute, error) { return s.Store.Mutes(ctx, who, p) }, func(m Mute) edge { hide[m.TargetID] = m.HideNotifications; return edge{m.ID, m.TargetID} }), func(e edge) error {
			return add(e.to, func(address string) []string { return []string{address, strconv.FormatBool(hide[e.to])} })
		})
	case ImportDomains:
		domains := map[ID]string{}
		err = eachEdge(edges(func(p Page) ([]UserDomainBlock, error) { return s.Store.UserDomainBlocks(ctx, who, p) }, func(b UserDomainBlock) edge { domains[b.ID] = b.Domain; return edge{b.ID, b.ID} }), func(e edge) error {
			rows = append(rows, []string{domains[e.id]})
			return nil
		})
	case ImportBookmarks:
		err = eachEdge(edges(func(p Page) ([]Bookmark, error) { return s.Store.Bookmarks(ctx, who, p) }, func(b Bookmark) edge { return edge{b.ID, b.StatusID} }), func(e edge) error {
			st, err := s.Store.StatusByID(ctx, e.to)
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
			err = errors.Join(err, eachEdge(edges(func(p Page) ([]ListMember, error) { return s.Store.ListMembers(ctx, l.ID, p) }, func(m ListMember) edge { return edge{m.ID, m.AccountID} }), func(e edge) error {
				return add(e.to, func(address string) []string { return []string{l.Title, address} })
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
