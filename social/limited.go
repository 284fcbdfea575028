package social

import (
	"context"
	"slices"
)

// limited is the visibility that v is for a post of author: whoever is limited reaches no public timeline (federation.md §11).
func limited(author Account, v Visibility) Visibility {
	if author.Silenced() && v == Public {
		return Unlisted
	}
	return v
}

// limit finds whom the posts of limited people here name without being addressed to them. It asks nothing when nobody is
// limited, else once for each of them.
func (r *Reader) limit(ctx context.Context, l *loaded) error {
	named := map[ID][]ID{}
	for _, p := range l.posts {
		author := l.accounts[p.AccountID]
		if author == nil || !author.Local() || !author.Silenced() {
			continue
		}
		for _, m := range p.mentions {
			if !slices.Contains(named[author.ID], m.AccountID) {
				named[author.ID] = append(named[author.ID], m.AccountID)
			}
		}
	}
	for author, ids := range named {
		follow, err := r.Store.FollowedBy(ctx, author, ids)
		if err != nil {
			return err
		}
		strangers := map[ID]bool{}
		for _, id := range ids {
			if _, near := follow[id]; !near {
				strangers[id] = true
			}
		}
		if l.unaddressed == nil {
			l.unaddressed = map[ID]map[ID]bool{}
		}
		l.unaddressed[author] = strangers
	}
	return nil
}
