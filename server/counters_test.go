package server_test

import (
	"testing"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

func originTotals(likes, shares any) members {
	total := func(n any) any { return members{"type": "Collection", "totalItems": n} }
	return members{"likes": total(likes), "shares": total(shares)}
}

// shown are the boosts and likes that everybody here sees of the post.
func (w *world) shown(uri string) [2]int64 {
	w.t.Helper()
	s, err := w.in.Services.Store.StatusByURI(w.t.Context(), uri)
	w.must(err)
	return [2]int64{s.Boosts(), s.Favourites()}
}

// What the post's server counts is shown since 4.4, and moves with what happens here (federation.md §9.6).
func TestWhatTheOriginCounts(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		ctx := t.Context()
		s := followed(w)
		alice := w.here("alice")
		note := s.berta.note("1")
		uri := note["id"].(string)
		see := func(when string, is41, isIt [2]int64) {
			t.Helper()
			want := is41
			if current {
				want = isIt
			}
			if got := w.shown(uri); got != want {
				t.Errorf("%s: %d boosts and %d likes, want %d and %d", when, got[0], got[1], want[0], want[1])
			}
		}
		w.send(s.berta, s.berta.creates(with(note, originTotals(7, 3))))
		see("at first", [2]int64{0, 0}, [2]int64{3, 7})
		known, err := w.in.Services.Store.StatusByURI(ctx, uri)
		w.must(err)
		_, err = w.in.Services.Reactions.Favourite(ctx, alice.ID, known.ID)
		w.must(err)
		_, err = w.in.Services.Statuses.Boost(ctx, alice.ID, known.ID, social.Public)
		w.must(err)
		see("alice likes and boosts it", [2]int64{1, 1}, [2]int64{4, 8})
		w.send(s.berta, s.berta.announces("b1", uri))
		see("berta boosts it", [2]int64{2, 1}, [2]int64{5, 8})
		_, err = w.in.Services.Reactions.Unfavourite(ctx, alice.ID, known.ID)
		w.must(err)
		see("alice likes it no more", [2]int64{2, 0}, [2]int64{5, 7})

		updated := w.send(s.berta, s.berta.does("Update", "1", with(note, originTotals(20, 30))))
		see("an Update that changes no words", [2]int64{2, 0}, [2]int64{30, 20})
		want := rules.DropEditUndated
		if current {
			want = rules.AcceptCounts
		}
		if updated.entry.State.Rule != want {
			t.Errorf("the Update was decided by %s, want %s", updated.entry.State.Rule, want)
		}
		edit := members{"updated": "2026-01-01T12:01:00Z", "content": "<p>new</p>"}
		if e := w.send(s.berta, s.berta.does("Update", "2", with(with(note, originTotals(21, 31)), edit))); e.entry.State.Outcome != observe.Accepted {
			t.Errorf("the edit was %s", e.entry.State.Outcome)
		}
		see("an edit", [2]int64{2, 0}, [2]int64{31, 21})
		s.p.has(with(with(note, originTotals(22, -1)), speaks))
		w.searches("alice", uri)
		see("looked for, with a number that is none", [2]int64{2, 0}, [2]int64{31, 22})
	})
}

// Numbers that others state of a post written here mean nothing.
func TestNobodyElseCountsOurPosts(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		mine := w.say(w.here("alice"), "mine")
		w.must(w.in.Services.Store.SetOriginCounts(t.Context(), mine.ID, social.OriginCounts{Boosts: social.Claimed(99), Favourites: social.Claimed(99)}))
		w.send(s.berta, s.berta.does("Like", "1", mine.URI))
		if got := w.shown(mine.URI); got != [2]int64{0, 1} {
			t.Errorf("%d boosts and %d likes, want 0 and 1", got[0], got[1])
		}
	})
}
