package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
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

// compared are the scenarios about how posts, likes and boosts spread: replies, likes and boosts, and what could be improved.
func compared() []scenarios.Named {
	return slices.DeleteFunc(scenarios.Shipped(), func(s scenarios.Named) bool { return !strings.ContainsRune("347", rune(s.Group[0])) })
}

// What every policy makes of every such scenario: how many of the pairs of a post and a server end with the post on the server,
// and what that took. To run them all takes two minutes of a processor, so that is done with -update; else each scenario is held
// to the table under one of the ten policies, so that every policy has its turn. The page docs/comparison.md explains the table
// and repeats its totals.
func TestComparison(t *testing.T) {
	t.Parallel()
	all := flag.Lookup("update").Value.String() == "true"
	under := func(scenario int) []string {
		var some []string
		for i, p := range everyPolicy() {
			if all || (scenario+i)%10 == 0 {
				some = append(some, p)
			}
		}
		return some
	}
	costs := costsOf(t, under)
	if all {
		golden.Text(t, "comparison", table(costs)+"\n"+totals(costs))
	}
	raw, err := os.ReadFile("testdata/comparison.golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	kept := string(raw)
	for n, s := range compared() {
		_, block, _ := strings.Cut("\n"+kept, "\n"+s.Name+"\n")
		rows := slices.Collect(strings.Lines(block))
		rows = rows[:min(len(rows), len(everyPolicy()))]
		for _, p := range under(n) {
			if want := row(p, costs[p][s.Name]); !slices.Contains(rows, want) {
				t.Errorf("the table says otherwise of %s; look at the difference that -update makes. Now it is:\n%s", s.Name, want)
			}
		}
	}
	page, err := os.ReadFile("../docs/comparison.md")
	if err != nil {
		t.Fatal(err)
	}
	if at := strings.Index(kept, "| policy "); at < 0 || !strings.Contains(string(page), kept[at:]) {
		t.Error("docs/comparison.md does not have the totals that end testdata/comparison.golden.txt")
	}
}

// costsOf runs each of the scenarios compared under some policies.
func costsOf(t *testing.T, under func(scenario int) []string) map[string]map[string]scenarios.Cost {
	t.Helper()
	costs := map[string]map[string]scenarios.Cost{}
	for _, p := range everyPolicy() {
		costs[p] = map[string]scenarios.Cost{}
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	for n, s := range compared() {
		src, _, _ := strings.Cut(s.Source, "\nvary ")
		f := load(t, s.Name+".play", src+meanwhile)
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			c, err := scenarios.Compare(t.Context(), f, under(n), scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) }})
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

// table has a block for each scenario with a row for each policy.
func table(costs map[string]map[string]scenarios.Cost) string {
	var b strings.Builder
	for _, s := range compared() {
		fmt.Fprintf(&b, "%s\n", s.Name)
		for _, p := range everyPolicy() {
			b.WriteString(row(p, costs[p][s.Name]))
		}
	}
	return b.String()
}

func row(policy string, c scenarios.Cost) string {
	when := "never all of it everywhere"
	if c.Everyone != nil {
		when = fmt.Sprintf("everywhere after %.0f s", *c.Everyone)
	}
	return fmt.Sprintf("  %-21s %2d of %2d pairs, %3.0f %%  %4d requests  %7d bytes  %s\n", policy, c.Have, c.Pairs, 100*c.Share(), c.Requests, c.Bytes, when)
}

// totals is a line of Markdown for each policy, over all scenarios.
func totals(costs map[string]map[string]scenarios.Cost) string {
	var b strings.Builder
	b.WriteString("| policy | pairs known | share | requests | kilobytes | scenarios that all servers know whole |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, p := range everyPolicy() {
		var sum scenarios.Cost
		whole := 0
		for _, c := range costs[p] {
			sum.Have, sum.Pairs, sum.Requests, sum.Bytes = sum.Have+c.Have, sum.Pairs+c.Pairs, sum.Requests+c.Requests, sum.Bytes+c.Bytes
			if c.Have == c.Pairs {
				whole++
			}
		}
		fmt.Fprintf(&b, "| `%s` | %d of %d | %.0f %% | %d | %d | %d of %d |\n", p, sum.Have, sum.Pairs, 100*sum.Share(), sum.Requests, sum.Bytes/1000, whole, len(costs[p]))
	}
	return b.String()
}
