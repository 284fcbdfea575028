package social_test

import (
	"strings"
	"testing"

	"orrery/social"
)

// What PostgreSQL cannot keep must not become an internal error there, and nothing else on SQLite.
func TestStrangeBytesAreOrdinaryInput(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice := w.person(t, "alice")
		for _, strange := range []string{"a\x00b", "a\xffb", "\xc3", "\u202e\u2028\ufeff", "'; DROP TABLE statuses; --", "%_\\"} {
			s := w.post(t, alice, "x "+strange, func(d *social.Draft) {
				d.SpoilerText, d.Language, d.IdempotencyKey = strange, strange, strange
			})
			kept := must(w.Store.StatusByID(ctx, s.ID))(t)
			equal(t, "source", kept.Source, readable(s.Source))
			equal(t, "warning", kept.SpoilerText, readable(s.SpoilerText))
			_, err := w.Accounts.Update(ctx, alice.ID, social.Profile{DisplayName: &strange, Note: &strange})
			ok(t, err)
			_, err = w.Searches.Find(ctx, alice.ID, "x"+strange, false, 5)
			ok(t, err)
			_, err = w.Searches.Find(ctx, alice.ID, "@x"+strange+"@beta.test", false, 5)
			ok(t, err)
			_, err = w.Searches.Find(ctx, alice.ID, "https://beta.test/"+strange, false, 5)
			ok(t, err)
			_, err = w.SignIns.SignIn(ctx, "alice"+strange, "x", "10.0.0.1")
			fails(t, "sign in", err, social.ErrUnauthorized)
		}
	})
}

// readable is s as storage keeps it, alike on both engines.
func readable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
