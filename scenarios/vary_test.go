package scenarios_test

import (
	"errors"
	"strings"
	"testing"

	"orrery/scenarios"
)

// A vary may add servers: with people of their own, or a relay. They are in its run alone.
func TestVary_addsServers(t *testing.T) {
	t.Parallel()
	src := small + `
step "S"
  alice posts "Hello" as p
  settle
  expect p is on masto

vary "Somebody elsewhere reads along"
  fourth runs gotosocial
  dora   on fourth
  dora -> alice
  observe p is on fourth
  dora replies to p with "@alice From afar" as r
  settle
  observe r is on academy, fourth
  observe r is not on masto

vary "A relay"
  hub runs relay
  academy subscribes to hub
  settle
  alice posts "To everybody" as q
  settle
  observe delivery Create(q) academy -> hub because deliver.relay

vary "Nothing else"
  observe exactly 1 delivery
`
	src = strings.Replace(src, "dora   on", "dora on", 1)
	res := perform(t, "s.play", src, scenarios.Options{})
	if res.Passed || len(res.Varies) != 3 || !res.Varies[0].Passed || !res.Varies[1].Passed {
		t.Errorf("want the varies with another server to hold:\n%s", report(t, res, true))
	}
	if found := res.Varies[2].Lines[0].Found; !strings.HasPrefix(found, "2 ") {
		t.Errorf("without them alice's post is delivered %q, want 2", found)
	}
	_, err := scenarios.Run(t.Context(), load(t, "s.play", src), scenarios.Options{Limits: scenarios.Limits{Servers: 3}})
	var limit *scenarios.LimitError
	if !errors.As(err, &limit) || limit.Line != 20 || !strings.Contains(limit.What, "3 servers") {
		t.Errorf("got %v, want the limit of 3 servers in line 20", err)
	}
}
