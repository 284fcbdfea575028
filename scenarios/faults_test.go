package scenarios_test

import (
	"testing"

	"orrery/scenarios"
)

// Every fault stands in the log as a fact of the server that it begins at, and does what it says.
func TestFaults(t *testing.T) {
	t.Parallel()
	holds(t, "faults.play", small+`
step "A server is away"
  stop techhub
  alice posts "Away" as p1
  settle
  expect decision fault.stopped on techhub
  expect failed delivery Create(p1) academy -> techhub because deliver.retry
  start techhub
  wait 2m
  expect decision fault.started on techhub
  expect p1 is on techhub

step "A wire is cut, one way"
  cut academy -> masto
  alice posts "Cut" as p2
  canon likes p1
  settle
  expect decision fault.cut on academy
  expect no decision fault.cut on masto
  expect p2 is not on masto
  expect likes of p1: academy 1
  heal academy - masto
  expect decision fault.healed on academy
  expect decision fault.healed on masto
  wait 2m
  expect p2 is on masto

step "A wire is slow"
  slow academy -> techhub by 4s
  alice posts "Slow" as p3
  settle within 10s
  expect decision fault.slow on academy
  expect p3 is on techhub
  slow academy -> techhub by 20s
  alice posts "Too slow" as p4
  settle
  expect p4 is not on techhub
  expect failed delivery Create(p4) academy -> techhub
  heal academy -> techhub
  wait 2m
  expect p4 is on techhub

step "One message breaks off, another is lost"
  drop next Create on academy -> techhub
  lose next Create on academy -> masto
  alice posts "Once" as p5
  settle
  expect decision fault.drop-next on academy
  expect decision fault.lose-next on academy
  expect p5 is not on techhub, masto
  wait 12h
  expect p5 is on techhub
  expect p5 is not on masto

step "A clock is wrong"
  skew techhub by -13h
  berta likes p5
  settle
  expect decision fault.clock on techhub
  expect failed delivery Like(p5) techhub -> academy
  skew techhub by 0s
  wait 1h
  expect likes of p5: academy 1

step "A new key"
  rotate key of alice
  wait 1m
  expect decision fault.key-rotated on academy
  expect decision key.rotated on techhub
`, scenarios.Options{})
}

// What is wrong with a request that was made by hand is noticed, and what is right with it is taken.
func TestSendsByHand(t *testing.T) {
	t.Parallel()
	holds(t, "byhand.play", small+`
step "S"
  alice posts "Hello" as hello
  settle
  berta sends like.json to alice with wrong-signature
  expect answer to like.json is 401
  berta sends like.json to alice with foreign-key
  expect answer to like.json is 401
  berta sends like.json to alice with no-signature
  expect answer to like.json is 401
  berta sends like.json to alice with wrong-digest
  expect answer to like.json is 401
  berta sends like.json to alice with old-date
  expect answer to like.json is 401
  settle
  expect likes of hello: academy 0
  berta sends like.json to academy
  expect answer to like.json is 202
  expect decision deliver.by-hand on techhub
  settle
  expect likes of hello: academy 1

-- like.json --
{"@context": "https://www.w3.org/ns/activitystreams", "id": "{techhub}/likes/1", "type": "Like", "actor": "{berta}", "object": "{hello}"}
`, scenarios.Options{})
}

// People and follows of a vary hold in its run alone.
func TestVary_peopleAndFollows(t *testing.T) {
	t.Parallel()
	holds(t, "vary.play", small+`
step "S"
  alice posts "Hello" as hello
  settle
  expect hello is on masto, techhub

vary "Nobody on masto follows her"
  without canon -> alice
  expect hello is not on masto because why.no-route

vary "She lives elsewhere and somebody more follows"
  masto runs mastodon with forwarding off
  dora on masto locked
  without canon -> alice
  dora -> alice
  expect hello is in home timeline of dora
  expect hello is not in home timeline of canon
  dora likes hello
  settle
  expect alice is notified of like by dora about hello
`, scenarios.Options{})
}
