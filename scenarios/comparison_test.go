package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"orrery/federation/policy"
	"orrery/internal/golden"
	"orrery/scenarios"
	"orrery/storage/storagetest/prepared"
)

// everyPolicy is what the comparison sets side by side: all policies, and the additions where they belong.
func everyPolicy() []string {
	return append(policy.Names(), "mastodon+fedifetcher", "mastodon+relay", "hubzilla+listeners")
}

// meanwhile gives those who look around from time to time a turn.
const meanwhile = `
step "Half an hour later"
  wait 30m
`

// What every policy makes of every scenario about replies, likes and boosts: how many of the pairs of a post and a server end
// with the post on the server, and what that took. To run them all takes two minutes of a processor, so that is done with
// -update; else four of them are held to the table. The page docs/comparison.md explains it and repeats its totals.
func TestComparison(t *testing.T) {
	t.Parallel()
	writing := flag.Lookup("update").Value.String() == "true"
	var names []string
	for _, s := range scenarios.Shipped() {
		chapter := s.Group[0] == '3' || s.Group[0] == '4'
		if writing && chapter || slices.Contains([]string{"forwarded-reply", "grandparent", "boost", "single-person"}, s.Name) {
			names = append(names, s.Name)
		}
	}
	costs := costsOf(t, names)
	if writing {
		golden.Text(t, "comparison", table(names, costs)+"\n"+totals(names, costs))
	}
	kept, err := os.ReadFile("testdata/comparison.golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if want := table([]string{n}, costs); !strings.Contains(string(kept), want) {
			t.Errorf("the table says otherwise; look at the difference that -update makes. Now it is:\n%s", want)
		}
	}
	page, err := os.ReadFile("../docs/comparison.md")
	if err != nil {
		t.Fatal(err)
	}
	if at := strings.Index(string(kept), "| policy "); at < 0 || !strings.Contains(string(page), string(kept[at:])) {
		t.Error("docs/comparison.md does not have the totals that end testdata/comparison.golden.txt")
	}
}

// costsOf runs scenarios under all policies.
func costsOf(t *testing.T, names []string) map[string]map[string]scenarios.Cost {
	t.Helper()
	costs := map[string]map[string]scenarios.Cost{}
	for _, p := range everyPolicy() {
		costs[p] = map[string]scenarios.Cost{}
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	for _, s := range scenarios.Shipped() {
		if !slices.Contains(names, s.Name) {
			continue
		}
		src, _, _ := strings.Cut(s.Source, "\nvary ")
		f := load(t, s.Name+".play", src+meanwhile)
		all.Go(func() {
			c, err := scenarios.Compare(t.Context(), f, everyPolicy(), scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) }})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, p := range c.Policies {
				costs[p.Policy][s.Name] = p.Cost
			}
		})
	}
	all.Wait()
	return costs
}

// table has a block for each scenario with a line for each policy.
func table(names []string, costs map[string]map[string]scenarios.Cost) string {
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "%s\n", n)
		for _, p := range everyPolicy() {
			c := costs[p][n]
			when := "never all of it everywhere"
			if c.Everyone != nil {
				when = fmt.Sprintf("everywhere after %.0f s", *c.Everyone)
			}
			fmt.Fprintf(&b, "  %-21s %2d of %2d pairs, %3.0f %%  %4d requests  %7d bytes  %s\n", p, c.Have, c.Pairs, 100*c.Share(), c.Requests, c.Bytes, when)
		}
	}
	return b.String()
}

// totals is a line of Markdown for each policy, over all scenarios.
func totals(names []string, costs map[string]map[string]scenarios.Cost) string {
	var b strings.Builder
	b.WriteString("| policy | pairs known | share | requests | kilobytes | scenarios that all servers know whole |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, p := range everyPolicy() {
		var sum scenarios.Cost
		whole := 0
		for _, n := range names {
			c := costs[p][n]
			sum.Have, sum.Pairs, sum.Requests, sum.Bytes = sum.Have+c.Have, sum.Pairs+c.Pairs, sum.Requests+c.Requests, sum.Bytes+c.Bytes
			if c.Have == c.Pairs {
				whole++
			}
		}
		fmt.Fprintf(&b, "| `%s` | %d of %d | %.0f %% | %d | %d | %d of %d |\n", p, sum.Have, sum.Pairs, 100*sum.Share(), sum.Requests, sum.Bytes/1000, whole, len(names))
	}
	return b.String()
}
