package activitylog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// Told is one fact in words, as a rung of the ladder that an activity climbs.
type Told struct {
	Mark   Mark
	Words  string
	Why    string // the rule's sentence, "" when the fact names no rule
	Source string // where the rule comes from
	Rule   rules.ID
}

// Mark says how a step went.
type Mark string

// Marks: it went well, it failed, or it does not count.
const (
	Yes     Mark = "yes"
	No      Mark = "no"
	Neither Mark = "neither"
)

// Tell says what f found or decided.
func Tell(f Fact, n Names) Told {
	t := Told{Mark: Yes, Rule: f.Rule}
	if r, ok := rules.Lookup(f.Rule); ok {
		t.Why, t.Source = r.Sentence, r.Source
	}
	one := []Fact{f}
	switch f.Kind {
	case observe.Verified{}.Kind():
		var v observe.Verified
		detail(one, &v)
		t.Words = "HTTP signature by " + n.Person(v.Owner) + " holds"
		if !v.OK {
			t.Mark, t.Words = No, "HTTP signature does not hold"
		}
	case observe.DocumentVerified{}.Kind():
		var v observe.DocumentVerified
		detail(one, &v)
		t.Words = "Written by " + n.Person(v.Author) + ", by the document’s own signature"
		if !v.OK {
			t.Mark, t.Words = No, "The document’s own signature proves nothing"
		}
	case observe.Decided{}.Kind():
		var v observe.Decided
		detail(one, &v)
		t.Mark, t.Words = decided(v.Outcome)
	case observe.Learned{}.Kind():
		var v observe.Learned
		detail(one, &v)
		t.Words = "Now known: " + n.post(v.Object) + quoted(v.Excerpt)
	case observe.Queued{}.Kind():
		var v observe.Queued
		detail(one, &v)
		t.Words = map[string]string{"deliver": "To be delivered to ", "forward": "To be passed on to ", "fetch": "To be fetched from ", "refollow": "To be followed anew at "}[v.What]
		t.Words = orText(t.Words, "To follow at ") + target(v.Target, n)
		if who, _ := people(v.For); who != "" && !n.Shy {
			t.Words += ", for " + who
		}
	case observe.Skipped{}.Kind():
		var v observe.Skipped
		detail(one, &v)
		t.Mark = Neither
		t.Words = map[string]string{"deliver": "Not delivered", "forward": "Not passed on", "fetch": "Not fetched"}[v.What]
		t.Words = orText(t.Words, "Left out: "+Plain(v.What, 40))
		if v.Target != "" {
			t.Words += ": " + target(v.Target, n)
		}
	case observe.Retried{}.Kind():
		var v observe.Retried
		detail(one, &v)
		t.Mark, t.Words = No, "The "+ordinal(v.Attempt)+" try did not succeed"
		if next, err := time.Parse(time.RFC3339Nano, v.NextAt); err == nil {
			t.Words += "; the next is on " + next.UTC().Format("2 January at 15:04:05") + " UTC"
		}
	case observe.Mended{}.Kind():
		var v observe.Mended
		detail(one, &v)
		t.Mark, t.Words = Neither, "Put right: who follows "+n.Person(v.Target)
		if who, _ := people(v.For); who != "" && !n.Shy {
			t.Words = "Put right: whether " + who + " follows " + n.Person(v.Target)
		}
	case observe.Availability{}.Kind():
		var v observe.Availability
		detail(one, &v)
		t.Mark, t.Words = No, n.Server(v.Host)+" is left out from now on"
		if v.Again {
			t.Mark, t.Words = Yes, n.Server(v.Host)+" is there again"
		}
	case observe.Faulted{}.Kind():
		var v observe.Faulted
		detail(one, &v)
		t.Mark, t.Words = Neither, faulted(v, n)
	case observe.Followed{}.Kind(), observe.Followed{Ended: true}.Kind():
		var v observe.Followed
		_ = json.Unmarshal(f.Detail, &v) // an unreadable fact names nobody, and says so
		t.Words = n.Person(v.Follower) + " follows " + n.Person(v.Target) + " from now on"
		if v.Ended {
			t.Mark, t.Words = Neither, n.Person(v.Follower)+" no longer follows "+n.Person(v.Target)
		}
	case observe.Reacted{}.Kind(), observe.Reacted{Ended: true}.Kind():
		var v observe.Reacted
		_ = json.Unmarshal(f.Detail, &v)
		t.Words = "Counted here: a " + Plain(v.What, 20) + " by " + n.Person(v.Actor)
		if v.Ended {
			t.Mark, t.Words = Neither, "No longer counted here: the "+Plain(v.What, 20)+" by "+n.Person(v.Actor)
		}
	case observe.Counted{}.Kind():
		var v observe.Counted
		detail(one, &v)
		t.Words = "Shown here as its own server counts: " + stated(v.Likes, "like") + " and " + stated(v.Boosts, "boost")
	case observe.Edited{}.Kind():
		t.Words = "A newer version is kept here from now on"
	case observe.Suspended{}.Kind(), observe.Suspended{Ended: true}.Kind():
		var v observe.Suspended
		_ = json.Unmarshal(f.Detail, &v)
		t.Mark, t.Words = No, "Suspended here from now on: "+n.Person(v.Account)
		if v.Ended {
			t.Mark, t.Words = Yes, "No longer suspended here: "+n.Person(v.Account)
		}
	case observe.Removed{}.Kind():
		t.Mark, t.Words = Neither, "No longer kept here: "+n.post(f.Object)
	default:
		t.Mark, t.Words = Neither, Plain(f.Kind, 60)
	}
	return t
}

// faulted is what a scenario made go wrong, in words.
func faulted(v observe.Faulted, n Names) string {
	var words string
	switch v.Rule {
	case rules.FaultStopped:
		return "This server was stopped"
	case rules.FaultStarted:
		return "This server was started again"
	case rules.FaultClock:
		return "The clock of this server is wrong by " + Plain(v.By, 20)
	case rules.FaultKeyRotated:
		return n.Person(v.Person) + " has a new key"
	case rules.FaultCut:
		words = "The wire was cut"
	case rules.FaultHealed:
		words = "The wire was put right"
	case rules.FaultSlow:
		words = "The wire takes " + Plain(v.By, 20)
	case rules.FaultDrop:
		words = "The next " + Plain(v.What, 20) + " will break off"
	case rules.FaultLose:
		words = "The next " + Plain(v.What, 20) + " will be lost"
	default:
		return Plain(string(v.Rule), 60)
	}
	return words + ": to " + n.Server(v.Peer)
}

func decided(o observe.Outcome) (Mark, string) {
	switch o {
	case observe.Accepted:
		return Yes, "Kept"
	case observe.Dropped:
		return Neither, "Dropped"
	case observe.Rejected:
		return No, "Refused"
	case observe.Failed:
		return No, "Could not be judged"
	}
	return Neither, "Not decided yet"
}

// stated is how many of something a server states.
func stated(n *int64, what string) string {
	switch {
	case n == nil:
		return "no number of " + what + "s"
	case *n == 1:
		return "1 " + what
	}
	return strconv.FormatInt(*n, 10) + " " + what + "s"
}

// target is a host, or what an address belongs to.
func target(uri string, n Names) string {
	if !strings.Contains(uri, "://") {
		return n.Server(uri)
	}
	return n.ServerOf(uri)
}

// Checked is everything that was found about an HTTP signature, as the "verified" fact keeps it.
type Checked struct {
	Rule          rules.ID   `json:"-"`
	OK            bool       `json:"-"`
	Owner         string     `json:"-"`
	Dialect       string     `json:"dialect"`
	KeyID         string     `json:"key_id"`
	Algorithm     string     `json:"algorithm"`
	Covered       []Part     `json:"covered"`
	SigningString string     `json:"signing_string"`
	Form          string     `json:"form"`
	Created       *time.Time `json:"created"`
	Expires       *time.Time `json:"expires"`
	Margin        *int64     `json:"margin_seconds"` // inside the time window; negative is outside
	Digest        *Digest    `json:"digest"`
	Error         string     `json:"error"`
}

// Part is one signed name with the value that the request has for it.
type Part struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Present bool   `json:"present"`
}

// Digest is the digest that a request gives and the one that its body has, both base64.
type Digest struct {
	Algorithm string `json:"algorithm"`
	Given     string `json:"given"`
	Computed  string `json:"computed"`
	Match     bool   `json:"match"`
}

// SignatureOf reads the newest check of e's HTTP signature; false when none was made.
func SignatureOf(e Entry) (Checked, bool) {
	var stored struct {
		Rule   rules.ID        `json:"rule"`
		KeyID  string          `json:"key_id"`
		Owner  string          `json:"owner"`
		OK     bool            `json:"ok"`
		Report json.RawMessage `json:"report"`
	}
	found := false
	for _, f := range e.Facts {
		if f.Kind == (observe.Verified{}).Kind() && json.Unmarshal(f.Detail, &stored) == nil {
			found = true
		}
	}
	if !found {
		return Checked{}, false
	}
	var c Checked
	_ = json.Unmarshal(stored.Report, &c) // a fact without a report still has a verdict
	c.Rule, c.OK, c.Owner = stored.Rule, stored.OK, stored.Owner
	if c.KeyID == "" {
		c.KeyID = stored.KeyID
	}
	return c, true
}

// DocumentSignatureOf reads the newest check of the document's own signature; false when none was made.
func DocumentSignatureOf(e Entry) (observe.DocumentVerified, bool) {
	var v observe.DocumentVerified
	ok := detail(e.Facts, &v)
	return v, ok
}

// DigestOf is the SHA-256 of the bytes kept, in base64 as the Digest header writes it.
func DigestOf(c Content) string {
	sum := sha256.Sum256(c.Bytes)
	return base64.StdEncoding.EncodeToString(sum[:])
}
