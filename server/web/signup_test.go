package web

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

func TestSignUp(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stranger := s.as(social.Account{})
	if page := stranger.get("/auth/sign_up").is(200); len(page.all("[action=/auth/sign_up]")) != 0 || !strings.Contains(page.body, "Nobody can join") {
		t.Error("a closed server offers a form")
	}
	stranger.submit("/auth/sign_up", url.Values{"username": {"dora"}, "password": {"correct horse"}, "agreement": {"1"}}).is(403)
	open := func(mode social.RegistrationMode) {
		t.Helper()
		if err := s.web.Moderation.SetRegistration(t.Context(), social.InstanceActorID, social.Registration{Mode: mode, ReasonRequired: true}); err != nil {
			t.Fatal(err)
		}
	}
	open(social.RegistrationsForAll)
	if page := stranger.get("/auth/sign_in").is(200); !strings.Contains(page.body, "/auth/sign_up") {
		t.Error("sign-in does not lead to joining")
	}
	stranger.get("/auth/sign_up").is(200).one("[action=/auth/sign_up]")
	wrong := stranger.submit("/auth/sign_up", url.Values{"username": {"a b"}, "password": {"short"}}).is(422)
	if got := texts(wrong.all(".complaint")); len(got) != 4 {
		t.Errorf("what is wrong: %q, want a sentence, name, password and rules", got)
	}
	joined := stranger.submit("/auth/sign_up", url.Values{"username": {"dora"}, "password": {"correct horse"}, "agreement": {"1"}}).is(303)
	if joined.header.Get("Location") != "/home" || !strings.Contains(joined.header.Get("Set-Cookie"), Cookie) {
		t.Errorf("dora goes to %q with %q", joined.header.Get("Location"), joined.header.Get("Set-Cookie"))
	}
	open(social.RegistrationsByHand)
	waiting := stranger.submit("/auth/sign_up", url.Values{"username": {"eve"}, "password": {"correct horse"}, "agreement": {"1"}, "reason": {"stars"}}).is(200)
	if !strings.Contains(waiting.body, "You have asked to join") {
		t.Errorf("eve reads %s", waiting.body)
	}
	stranger.get("/@eve").is(404)
	if said := stranger.submit("/auth/sign_in", url.Values{"username": {"eve"}, "password": {"correct horse"}}).is(403); !strings.Contains(said.body, "pending approval") {
		t.Error("eve is not told that she has to wait")
	}
}
