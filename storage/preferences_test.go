package storage

import (
	"testing"

	"orrery/social"
)

// Who chose languages meets only posts in them on public timelines; a region of a language is that language.
func TestLanguages(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		said := map[social.ID]string{10: "en", 11: "de", 12: "", 13: "en-GB", 14: "e%", 15: "fr", 16: "% en %"}
		for id := social.ID(10); id <= 16; id++ {
			publish(t, s, post(id, berta, func(x *social.Status) { x.Language = said[id] }))
		}
		for _, who := range ids(alice, anna) {
			ok(t, s.InsertUser(ctx, social.User{AccountID: who, CreatedAt: noon, DefaultVisibility: social.Public}))
		}
		u := must(s.UserByAccount(ctx, alice))(t)
		for _, tt := range []struct {
			name   string
			chosen []string
			want   []social.ID
		}{
			{"none chosen", nil, ids(16, 15, 14, 13, 12, 11, 10)},
			{"one", []string{"en"}, ids(13, 10)},
			{"two", []string{"de", "en"}, ids(13, 11, 10)},
			{"a region only", []string{"en-GB"}, ids(13)},
			{"one that nobody writes", []string{"eo"}, ids()},
		} {
			u.Languages = tt.chosen
			ok(t, s.SetPreferences(ctx, u))
			same(t, tt.name+", kept", must(s.UserByAccount(ctx, alice))(t).Languages, tt.chosen)
			same(t, tt.name, append(ids(), must(s.PublicTimeline(ctx, alice, social.PublicFilter{}, social.Page{Limit: 20}))(t)...), append(ids(), tt.want...))
			same(t, tt.name+", for others", len(must(s.PublicTimeline(ctx, anna, social.PublicFilter{}, social.Page{Limit: 20}))(t)), 7)
			for id, language := range said {
				reads := false
				for _, want := range tt.want {
					reads = reads || want == id
				}
				same(t, tt.name+", "+language, must(s.NotReading(ctx, ids(alice, anna), language))(t)[alice], !reads)
			}
		}
	})
}
