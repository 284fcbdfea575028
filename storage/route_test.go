package storage

import (
	"errors"
	"testing"
	"time"

	"orrery/social"
)

// People and posts of this instance are found by every address that leads to them; boosts and other servers' by theirs only.
func TestFindingByPath(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		s.urls = social.URLs{Origin: "https://academy.test"}
		people(t, s)
		publish(t, s, post(10, alice), post(11, berta), post(12, alice, boostOf(10)))
		for uri, want := range map[string]social.ID{
			"https://academy.test/users/ALICE": alice, "https://academy.test/@alice": alice, "https://academy.test/ap/users/1": alice,
			"https://academy.test/ap/users/3": 0, "https://academy.test/@nobody": 0, "https://academy.test/@alice/10": 0,
			"https://techhub.test/users/BERTA": 0, "https://techhub.test/@berta": 0,
		} {
			a, err := s.AccountByURI(ctx, uri)
			if a.ID != want || (want == 0) != errors.Is(err, social.ErrNotFound) {
				t.Errorf("AccountByURI(%s): got %d, %v, want %d", uri, a.ID, err, want)
			}
			if all := must(s.AccountsByURI(ctx, []string{uri}))(t); all[uri].ID != want {
				t.Errorf("AccountsByURI(%s): got %v, want %d", uri, all, want)
			}
		}
		for uri, want := range map[string]social.ID{
			"https://academy.test/s/10": 10, "https://academy.test/@alice/10": 10, "https://academy.test/users/alice/statuses/10": 10,
			"https://academy.test/ap/users/1/statuses/10": 10, "https://academy.test/@anna/10": 0, "https://academy.test/@alice/11": 0,
			"https://academy.test/@alice/12": 0, "https://academy.test/@alice/99": 0, "https://academy.test/@alice": 0,
			"https://techhub.test/@berta/11": 0,
		} {
			x, err := s.StatusByURI(ctx, uri)
			if x.ID != want || (want == 0) != errors.Is(err, social.ErrNotFound) {
				t.Errorf("StatusByURI(%s): got %d, %v, want %d", uri, x.ID, err, want)
			}
		}
	})
}

func TestCountPeople(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, berta))
		count := func(since time.Time, want int64) {
			t.Helper()
			same(t, "people since "+since.String(), must(s.CountPeople(ctx, since))(t), want)
		}
		count(time.Time{}, 2)
		count(noon, 1)
		count(noon.Add(time.Hour), 0)
		ok(t, s.SetStanding(ctx, alice, social.Standing{SuspendedAt: noon, SuspensionOrigin: social.OriginLocal}))
		count(time.Time{}, 1)
		same(t, "replies of a suspended author", len(must(s.SelfReplies(ctx, 10, 0, 60))(t)), 0)
	})
}
