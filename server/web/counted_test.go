package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"orrery/social"
)

// What the client API bounds is bounded on pages, too: a form is sent by a program as easily. What was typed is not lost.
func TestPages_are_counted_like_programs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	theirs, mine := s.post(bob, "Theirs"), s.post(alice, "Mine")
	var counted, back []string
	full := false
	s.web.Count = func(what string, who social.ID) (func(), error) {
		if who != alice.ID {
			t.Errorf("%s is counted for %d", what, who)
		}
		if full {
			return nil, social.ErrThrottled
		}
		counted = append(counted, what)
		return func() { back = append(back, what) }, nil
	}
	b := s.as(alice)
	deeds := []struct {
		path  string
		form  url.Values
		as    string
		fails url.Values // what nothing comes of, nil when there is no such
	}{
		{"/statuses", url.Values{"status": {"Hello"}}, "statuses", url.Values{"status": {""}}},
		{"/statuses/" + theirs.ID.String() + "/boost", nil, "statuses", nil},
		{"/statuses/" + theirs.ID.String() + "/unboost", nil, "deletes", nil},
		{"/accounts/" + bob.ID.String() + "/follow", nil, "follows", nil},
		{"/accounts/" + bob.ID.String() + "/report", url.Values{"comment": {"rude"}, "category": {"other"}}, "reports", url.Values{"category": {"none such"}}},
		{"/statuses/" + mine.ID.String() + "/delete", nil, "deletes", nil},
	}
	for _, d := range deeds {
		counted, back = nil, nil
		full = true
		if got := b.submit(d.path, d.form).is(429); d.form.Get("status") != "" && !strings.Contains(got.body, d.form.Get("status")) {
			t.Errorf("%s: what was typed is lost", d.path)
		}
		full = false
		if d.fails != nil {
			b.submit(d.path, d.fails).is(422)
			if !slices.Equal(back, []string{d.as}) {
				t.Errorf("%s: %q is taken back after a mistake, want %s", d.path, back, d.as)
			}
		}
		counted, back = nil, nil
		b.submit(d.path, d.form).is(303)
		if !slices.Equal(counted, []string{d.as}) || back != nil {
			t.Errorf("%s: counted as %q, %q taken back, want %s", d.path, counted, back, d.as)
		}
	}
	counted = nil
	for _, act := range []string{"favourite", "unfavourite", "bookmark", "unbookmark"} {
		b.submit("/statuses/"+theirs.ID.String()+"/"+act, nil).is(303)
	}
	b.submit("/accounts/"+bob.ID.String()+"/unfollow", nil).is(303)
	if counted != nil {
		t.Errorf("counted %q, want nothing", counted)
	}
}
