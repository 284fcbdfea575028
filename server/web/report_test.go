package web

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

// What one can do about somebody on their profile, without scripts.
func TestProfile_blocks_mutes_and_reports(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	berta := s.remote("berta", "techhub.localhost:8080", "Berta")
	b, path := s.as(alice), "/accounts/"+berta.ID.String()+"/"
	tie := func() social.Relationship {
		t.Helper()
		rs, err := s.web.Reader.Relationships(t.Context(), alice.ID, []social.ID{berta.ID})
		if err != nil {
			t.Fatal(err)
		}
		return rs[0]
	}
	b.submit(path+"mute", nil).is(303)
	if !tie().Muting {
		t.Error("mute does not")
	}
	b.submit(path+"block", nil).is(303)
	if !tie().Blocking {
		t.Error("block does not")
	}
	page := b.get("/@berta@techhub.localhost:8080").is(200)
	for _, act := range []string{"unmute", "unblock"} {
		if !strings.Contains(page.body, path+act) {
			t.Errorf("the profile offers no %s", act)
		}
		b.submit(path+act, nil).is(303)
	}
	if got := tie(); got.Muting || got.Blocking {
		t.Errorf("taken back, and still %+v", got)
	}
	b.get(path + "report").is(200)
	b.submit(path+"report", url.Values{"comment": {strings.Repeat("x", 1001)}}).is(422)
	b.submit(path+"report", url.Values{"comment": {"rude"}, "category": {"spam"}, "forward": {"1"}}).is(303)
	got, err := s.store.Reports(t.Context(), social.ReportFilter{}, social.Page{Limit: 5})
	if err != nil || len(got) != 1 || got[0].TargetID != berta.ID || got[0].Comment != "rude" || got[0].Category != social.ReportSpam || !got[0].Forwarded {
		t.Errorf("filed %+v (%v), want one report about berta that goes to her server too", got, err)
	}
	stranger := s.as(social.Account{})
	stranger.submit(path+"block", nil).is(401)
	if tie().Blocking {
		t.Error("a stranger blocks for alice")
	}
}
