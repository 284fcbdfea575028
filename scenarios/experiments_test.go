package scenarios_test

import (
	"testing"

	"orrery/scenarios"
)

// graph is the one of the article's experiments (federation.md §13.1).
const graph = `
servers
  academy runs mastodon-4.1
  techhub runs mastodon-4.1
  masto runs mastodon-4.1

people
  alice on academy
  berta on techhub
  blaine on techhub
  canon on masto
`

// Every row of federation.md §13.1 and §13.2, column 4.1, that people can observe.
func TestExperiments(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"E0 a follow": graph + `
step "Berta follows"
  berta follows alice
  settle
  expect delivery Follow(alice) techhub -> academy signed by berta because deliver.follow-target
  expect delivery Accept(alice) academy -> techhub signed by alice because deliver.follower
  expect exactly 2 deliveries
`,
		"E1 and E2 a forwarded reply": graph + `
follows
  berta -> alice
  canon -> alice
step "E1"
  alice posts "P" as p
  settle
  expect delivery Create(p) academy -> techhub to shared inbox signed by alice because deliver.followers
  expect delivery Create(p) academy -> masto to shared inbox signed by alice because deliver.followers
  expect exactly 2 deliveries
  berta replies to p with "@alice R1" as r1
  settle
  expect delivery Create(r1) techhub -> academy to shared inbox signed by berta
  expect forward of Create(r1) academy -> masto signed by alice written by berta because forward.parent-followers
  expect exactly 4 deliveries
  expect r1 is on academy because accept.replies-to-known
  expect r1 is on masto because accept.relayed-by-followed
  expect r1 is on masto because learn.forwarded
step "E2"
  berta replies to p with "R2" as r2
  settle
  expect delivery Create(r2) techhub -> academy because deliver.parent-author
  expect forward of Create(r2) academy -> masto
  expect exactly 2 deliveries
  expect r2 is on academy, techhub, masto
`,
		"E3 the grandparent": graph + `
follows
  berta -> alice
  canon -> alice
step "Before"
  alice posts "P" as p
  settle
  berta replies to p with "@alice R1" as r1
  settle
step "E3"
  canon replies to r1 with "R3" as r3
  settle
  expect delivery Create(r3) masto -> techhub signed by canon because deliver.parent-author
  expect exactly 1 delivery
  expect r3 is on techhub because accept.replies-to-known
  expect no forward of Create(r3) because forward.nobody-left
  expect r3 is not on academy because why.no-route
step "E4"
  canon replies to r3 with "@alice R4" as r4
  settle
  expect delivery Create(r4) masto -> academy because deliver.mention
  expect delivery Create(r4) masto -> techhub because deliver.parent-author
  expect exactly 2 deliveries
  expect exactly 1 fetch academy -> masto of r3 because fetch.missing-ancestor
  expect r4 is on academy because accept.addressed
  expect r3 is on academy because learn.gap-filled
  expect r4 is not on techhub because drop.unrelated
  expect no forward of Create(r4) because forward.parent-not-local
  expect no forward of Create(r3)
  expect p, r1, r3, r4 are on masto
`,
		"E5 a boost": graph + `
follows
  berta -> alice
  blaine -> alice
  canon -> berta
step "1 to 4"
  alice posts "P" as p
  settle
  alice replies to p with "Ra" as ra
  settle
  blaine replies to p with "Rb" as rb
  settle
  expect delivery Create(p) academy -> techhub
  expect delivery Create(ra) academy -> techhub
  expect delivery Create(rb) techhub -> academy signed by blaine
  expect exactly 3 deliveries
  expect no forward of Create(rb) because forward.nobody-left
step "5 to 10"
  berta boosts p
  settle
  expect delivery Announce(p) techhub -> academy signed by berta because deliver.boosted-author
  expect delivery Announce(p) techhub -> masto to shared inbox signed by berta because deliver.followers
  expect exactly 2 deliveries
  expect exactly 1 fetch masto -> academy of p because fetch.announced-object
  expect exactly 1 fetch masto -> academy of ra because fetch.replies-first-sight
  expect exactly 0 fetches masto -> techhub of rb
  expect p, ra are on masto
  expect rb is not on masto because list.author-only
step "11: nothing in 4.1"
  wait 20m
  canon opens p
  settle
  expect exactly 0 deliveries
  expect exactly 0 fetches masto -> academy of p
  expect rb is not on masto
`,
		"E6 likes": graph + `
follows
  berta -> alice
  canon -> alice
step "E6"
  alice posts "P" as p
  settle
  alice likes p
  settle
  expect no delivery of Like(p)
  berta likes p
  settle
  expect delivery Like(p) techhub -> academy signed by berta because deliver.liked-author
  expect exactly 3 deliveries
  expect likes of p: academy 2, techhub 1, masto 0
`,
		"E7 boosts": graph + `
follows
  berta -> alice
  blaine -> alice
  canon -> berta
step "Before"
  alice posts "P" as p
  settle
step "E7"
  alice boosts p
  settle
  berta boosts p
  settle
  blaine boosts p
  settle
  canon boosts p
  settle
  expect delivery Announce(p) academy -> techhub to shared inbox signed by alice because deliver.followers
  expect delivery Announce(p) techhub -> academy signed by berta because deliver.boosted-author
  expect delivery Announce(p) techhub -> masto signed by berta because deliver.followers
  expect delivery Announce(p) techhub -> academy signed by blaine because deliver.boosted-author
  expect delivery Announce(p) masto -> academy signed by canon because deliver.boosted-author
  expect exactly 5 deliveries
  expect no forward of Announce(p)
  expect exactly 1 fetch masto -> academy of p because fetch.announced-object
  expect boosts of p: academy 4, techhub 3, masto 2
`,
		"a reply to a neighbour goes to the neighbour's followers": graph + `
follows
  canon -> berta
step "Blaine answers berta"
  berta posts "P" as p
  settle
  blaine replies to p with "R" as r
  settle
  expect delivery Create(r) techhub -> masto signed by blaine because deliver.parent-followers
  expect r is on masto because accept.replies-to-known
`,
		"a deletion is passed on where the reply was": graph + `
follows
  canon -> alice
  berta -> alice
step "Delete"
  alice posts "P" as p
  settle
  berta replies to p with "R" as r
  settle
  berta deletes r
  settle
  expect forward of Delete(r) academy -> masto signed by alice written by berta because forward.delete-to-sharers
  expect r is not on masto because accept.by-author
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holds(t, "experiment.play", "scenario \"Experiment\"\n"+src, scenarios.Options{})
		})
	}
}
