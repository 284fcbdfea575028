package storage

import (
	"testing"
	"time"

	"orrery/social"
)

// Every measure and every dimension is SQL that both engines read, and knows its days from others.
func TestMeasures(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		day := time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC)
		at := func(days, hours int) social.ID {
			return social.ID(firstID(day.AddDate(0, 0, days).Add(time.Duration(hours) * time.Hour)))
		}
		tagged := func(x *social.Status) { x.Tags, x.Language = []string{"sky"}, "de" }
		publish(t, s, post(at(0, 1), alice, tagged), post(at(0, 2), berta, tagged), post(at(1, 1), alice, tagged), post(at(9, 1), alice, tagged),
			post(at(1, 2), alice, replyTo(at(0, 2), berta)))
		ok(t, s.InsertFavourite(ctx, social.Favourite{ID: 900, AccountID: alice, StatusID: at(0, 2), URI: "f", CreatedAt: day.Add(time.Hour)}))
		counted := func(name, subject string) (got []int64) {
			t.Helper()
			days, total, known, err := s.Measured(ctx, name, subject, day, day.AddDate(0, 0, 1))
			ok(t, err)
			if !known {
				t.Errorf("%s is no measure", name)
			}
			for _, d := range days {
				if d.Day.Before(day) || d.Day.After(day.AddDate(0, 0, 1)) {
					t.Errorf("%s counts %s", name, d.Day)
				}
				got = append(got, d.Count)
			}
			return append(got, total)
		}
		bertas := must(s.AccountByID(ctx, berta))(t).Domain
		for name, want := range map[string][]int64{
			"active_users": {1, 1, 1}, "interactions": {1, 1, 2},
			"tag_uses": {2, 1, 3}, "tag_accounts": {2, 1, 2}, "tag_servers": {2, 1, 2},
		} {
			same(t, name, counted(name, "sky"), want)
		}
		same(t, "of another hashtag", counted("tag_uses", "sea"), []int64{0})
		same(t, "posts of a server", counted("instance_statuses", bertas), []int64{1, 1})
		for name := range measures() {
			counted(name, bertas)
		}
		for name := range shares() {
			_, known, err := s.Shares(ctx, name, "sky", day, day, 9)
			if ok(t, err); !known {
				t.Errorf("%s is no dimension", name)
			}
		}
		got, _, err := s.Shares(ctx, "tag_languages", "sky", day, day.AddDate(0, 0, 1), 9)
		ok(t, err)
		same(t, "languages", got, []social.Share{{Key: "de", Count: 3}})
		for _, unknown := range []string{"", "nonsense", "'; DROP TABLE users; --"} {
			_, _, known, err := s.Measured(ctx, unknown, "", day, day)
			_, shared, err2 := s.Shares(ctx, unknown, "", day, day, 1)
			if known || shared || err != nil || err2 != nil {
				t.Errorf("%q is known: %v, %v; %v, %v", unknown, known, shared, err, err2)
			}
		}
		_, err = s.Cohorts(ctx, day, day)
		ok(t, err)
		if a, b, err := s.CountFollows(ctx, alice, bertas); a+b != 0 || err != nil {
			t.Errorf("follows between them: %d, %d, %v", a, b, err)
		}
	})
}

func TestTagDecisions(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice, func(x *social.Status) { x.Tags = []string{"sky", "sea"} }))
		d := social.TagDecision{Tag: "sea", Display: "Sea", Unlisted: true}
		ok(t, s.PutTagDecision(ctx, d))
		d.Barred = true
		ok(t, s.PutTagDecision(ctx, d))
		ok(t, s.PutTagDecision(ctx, social.TagDecision{Tag: "unused"}))
		same(t, "decisions", must(s.TagDecisions(ctx, []string{"sky", "sea"}))(t), map[string]social.TagDecision{"sea": d})
		same(t, "none asked for", len(must(s.TagDecisions(ctx, nil))(t)), 0)
		same(t, "known", len(must(s.KnownTags(ctx))(t)), 3)
		same(t, "found", must(s.SearchTags(ctx, "s", 9))(t), []string{"sky"})
		same(t, "hosts", len(must(s.KnownHosts(ctx))(t)), 0)
	})
}
