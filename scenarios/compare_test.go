package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"orrery/internal/golden"
	"orrery/scenarios"
	"orrery/storage/storagetest/prepared"
)

// Two policies side by side: after the thread is opened, the newer one knows and counts more, and has asked more.
func TestCompare(t *testing.T) {
	t.Parallel()
	src := strings.Replace(small, "  canon -> alice\n", "  canon -> berta\n", 1) + `
step "A boost, and a look some time later"
  alice posts "Hello world" as hello
  settle
  berta replies to hello with "Hi" as r1
  berta likes hello
  settle
  berta boosts hello
  settle
  wait 20m
  canon opens hello
  settle
`
	c, err := scenarios.Compare(t.Context(), load(t, "compare.play", src), []string{"mastodon-4.1", "mastodon"},
		scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) }})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := scenarios.CompareText(&b, c); err != nil {
		t.Fatal(err)
	}
	golden.Text(t, "compare", b.String())
	golden.JSON(t, "compare", c)
	differs := slices.ContainsFunc(c.Differ, func(d scenarios.Difference) bool { return d.Post == "hello" && d.Server == "masto" })
	if !differs {
		t.Errorf("differences %+v, want that masto counts otherwise", c.Differ)
	}
	if old, current := c.Policies[0].Cost, c.Policies[1].Cost; old.Requests >= current.Requests || old.Pairs != 6 {
		t.Errorf("requests %d and %d of %d pairs, want more under the newer policy, and 6 pairs", old.Requests, current.Requests, old.Pairs)
	}
}
