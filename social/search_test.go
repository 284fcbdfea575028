package social_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

// elsewhere answers for other servers and notes what it was asked.
type elsewhere struct {
	account *social.Account
	status  social.ID
	err     error
	asked   []string
}

func (e *elsewhere) ByHandle(_ context.Context, user, domain string) (social.Account, error) {
	e.asked = append(e.asked, user+"@"+domain)
	if e.account == nil {
		return social.Account{}, errors.Join(e.err, fmt.Errorf("nobody: %w", social.ErrNotFound))
	}
	return *e.account, e.err
}

func (e *elsewhere) ByURL(_ context.Context, viewer social.ID, url string) (*social.Account, social.ID, error) {
	e.asked = append(e.asked, url)
	return e.account, e.status, e.err
}

func names(f social.Found) []string {
	out := []string{}
	for _, a := range f.Accounts {
		out = append(out, a.Acct())
	}
	for _, v := range f.Statuses {
		out = append(out, text(v))
	}
	for _, tag := range f.Tags {
		out = append(out, "#"+tag)
	}
	return out
}

func TestFind_what_is_known(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, _, berta := w.person(t, "alice"), w.person(t, "alicia"), w.stranger(t, "berta")
		w.post(t, alice, "#alpine #Alps")
		public := w.arrives(t, berta, social.Status{Content: "berta's"})
		hidden := w.arrives(t, berta, social.Status{Content: "hidden", Visibility: social.Private})
		w.Searches.Remote = &elsewhere{err: errors.New("must not be asked")}
		for _, tt := range []struct {
			q    string
			want []string
		}{
			{"alic", []string{"alice", "alicia"}},
			{"@alicia", []string{"alicia"}},
			{"ALICIA", []string{"alicia"}},
			{"alp", []string{"#alpine", "#alps"}},
			{"#alp", []string{"#alpine", "#alps"}},
			{"#ALPS", []string{"#alps"}},
			{"@berta@beta.test", []string{"berta@beta.test"}},
			{"acct:Berta@BETA.test", []string{"berta@beta.test"}},
			{"berta", []string{"berta@beta.test"}},
			{"nobody@nowhere.test", []string{}},
			{"user@host/../x", []string{}},
			{"@", []string{}},
			{"%", []string{}},
			{"a_ice", []string{}},
			{"'; DROP TABLE accounts; --", []string{}},
			{berta.URI, []string{"berta@beta.test"}},
			{" " + public.URI + " ", []string{"berta's"}},
			{hidden.URI, []string{}},
			{"https://beta.test/unknown", []string{}},
		} {
			got, err := w.Searches.Find(t.Context(), alice.ID, tt.q, false, 20)
			ok(t, err)
			if tt.q == "@" || tt.q == "%" { // whatever these find, it is not everything
				if len(got.Statuses) != 0 {
					t.Errorf("%q: got %v", tt.q, names(got))
				}
				continue
			}
			if diff := cmp.Diff(tt.want, names(got)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.q, diff)
			}
		}
		_, err := w.Searches.Find(t.Context(), alice.ID, "  ", false, 20)
		fails(t, "nothing", err, social.ErrInvalid)
		limited := must(w.Searches.Find(t.Context(), alice.ID, "alic", false, 1))(t)
		equal(t, "limit", len(limited.Accounts), 1)
	})
}

func TestFind_resolves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		public := w.arrives(t, berta, social.Status{Content: "public", URL: "https://beta.test/@berta/1"})
		hidden := w.arrives(t, berta, social.Status{Content: "hidden", Visibility: social.Private})
		boom := errors.New("the database is gone")
		for _, tt := range []struct {
			name, q string
			remote  elsewhere
			want    []string
			asked   string
			err     error
		}{
			{"a known handle may be stale", "@berta@beta.test", elsewhere{account: &berta}, []string{"berta@beta.test"}, "berta@beta.test", nil},
			{"an unknown one is, in small letters", "@New@Beta.TEST", elsewhere{account: &berta}, []string{"berta@beta.test"}, "New@beta.test", nil},
			{"one that nobody has", "new@beta.test", elsewhere{}, []string{}, "new@beta.test", nil},
			{"an address of a person", "https://beta.test/@berta", elsewhere{account: &berta}, []string{"berta@beta.test"}, "https://beta.test/@berta", nil},
			{"an address of a post", "https://beta.test/@berta/1", elsewhere{status: public.ID}, []string{"public"}, "https://beta.test/@berta/1", nil},
			{"of one that alice may not see", "https://beta.test/x", elsewhere{status: hidden.ID}, []string{}, "https://beta.test/x", nil},
			{"an address that does not answer", public.URI, elsewhere{err: fmt.Errorf("403: %w", social.ErrNotFound)}, []string{}, public.URI, nil},
			{"an address of nothing", "https://beta.test/nothing", elsewhere{}, []string{}, "https://beta.test/nothing", nil},
			{"a failure here", "https://beta.test/x", elsewhere{err: boom}, nil, "https://beta.test/x", boom},
			{"a failure here, by handle", "x@beta.test", elsewhere{account: &berta, err: boom}, nil, "x@beta.test", boom},
		} {
			w.Searches.Remote = &tt.remote
			got, err := w.Searches.Find(ctx, alice.ID, tt.q, true, 20)
			asked := ""
			if len(tt.remote.asked) > 0 {
				asked = tt.remote.asked[0]
			}
			equal(t, tt.name+": asked", asked, tt.asked)
			if tt.err != nil {
				fails(t, tt.name, err, tt.err)
				continue
			}
			ok(t, err)
			if diff := cmp.Diff(tt.want, names(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	})
}
