package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Knobs are what an instance may set differently from its policy; the table below is the whole list (contracts.md 28).
type Knobs struct {
	CompatForward     bool          // hand on unwrapped what a program would not understand wrapped (§13.3.2)
	ThreadListeners   bool          // tell who reads a conversation what happens in it (§13.3.3)
	ListenersExpire   time.Duration // after not reading it for so long they are forgotten
	Carried           Carried       // what is made of an activity that somebody else carried
	ExternalPull      time.Duration // how often FediFetcher runs; 0: never (§13.3.7)
	DocumentSignature bool          // attach RsaSignature2017 to own public documents
	Forwarding        bool          // pass replies on
	RepliesEmbedded   int           // replies listed on the embedded page
	RepliesEveryone   bool          // list everybody's replies there, not only the author's
	RepliesFollowers  bool          // only followers of the author, and who is named, may answer posts of this server (§13.3.4)
	FetchReplies      int           // replies fetched at first sight
	FetchSameHost     bool          // only those on the post's own host
	FetchAll          bool          // fetch all replies when somebody opens a thread
	PageCutoff        int           // how many replies end the walk over the pages of one list
	FollowerSync      bool          // compare with others who follows whom, by followers-only posts (§8.7)
	HiddenNetwork     bool          // keep to oneself who follows whom
	SecureMode        bool          // show documents to signed requests only (§5.7)
	Clock             time.Duration // how far the instance's clock is ahead; negative when it is late
	LimitedFederation bool          // speak only with servers that were allowed by name (§11)
	BoostFallOff      int           // newest home entries searched for an earlier appearance of a boosted post
}

// Knob is one row of the table.
type Knob struct {
	Name   string
	Values []string // allowed words; nil for a number, or a time
	Span   bool     // a time: 5m, +5m, -2h
	Says   string
	set    func(k *Knobs, value string) error
	get    func(k Knobs) string
}

// KnobTable lists the knobs in alphabetical order.
func KnobTable() []Knob {
	words := []string{"on", "off"}
	return []Knob{
		{"carried", []string{"proof", "origin", "refuse"}, false, "what is made of an activity that somebody else carried: it proves itself, it is read at its origin, or it is refused", func(k *Knobs, v string) error { return setCarried(&k.Carried, v) }, func(k Knobs) string { return either(k.Carried == CarriedProof, "proof", string(k.Carried)) }},
		{"clock", nil, true, "how far the server's clock is ahead, or behind with a minus", func(k *Knobs, v string) error { return setDuration(&k.Clock, v) }, func(k Knobs) string { return span(k.Clock) }},
		{"compat-forward", words, false, "the owner of a conversation hands on unwrapped what programs without histories would not understand", func(k *Knobs, v string) error { return setBool(&k.CompatForward, v) }, func(k Knobs) string { return onOff(k.CompatForward) }},
		{"document-signature", words, false, "sign public documents, so that others can pass them on", func(k *Knobs, v string) error { return setBool(&k.DocumentSignature, v) }, func(k Knobs) string { return onOff(k.DocumentSignature) }},
		{"external-pull", nil, true, "how often FediFetcher asks the origins of posts for their threads; 0 for never", func(k *Knobs, v string) error { return setInterval(&k.ExternalPull, v) }, func(k Knobs) string { return span(k.ExternalPull) }},
		{"fetch-all", words, false, "fetch all replies when somebody opens the thread of a remote post", func(k *Knobs, v string) error { return setBool(&k.FetchAll, v) }, func(k Knobs) string { return onOff(k.FetchAll) }},
		{"fetch-replies", nil, false, "how many listed replies are fetched when a post is first seen", func(k *Knobs, v string) error { return setInt(&k.FetchReplies, v) }, func(k Knobs) string { return strconv.Itoa(k.FetchReplies) }},
		{"fetch-same-host", words, false, "fetch only replies that live on the post's own server", func(k *Knobs, v string) error { return setBool(&k.FetchSameHost, v) }, func(k Knobs) string { return onOff(k.FetchSameHost) }},
		{"follower-sync", words, false, "compare with other servers who follows whom", func(k *Knobs, v string) error { return setBool(&k.FollowerSync, v) }, func(k Knobs) string { return onOff(k.FollowerSync) }},
		{"forwarding", words, false, "pass replies to local posts on to their author's followers", func(k *Knobs, v string) error { return setBool(&k.Forwarding, v) }, func(k Knobs) string { return onOff(k.Forwarding) }},
		{"hidden-network", words, false, "tell how many follow somebody, but not who", func(k *Knobs, v string) error { return setBool(&k.HiddenNetwork, v) }, func(k Knobs) string { return onOff(k.HiddenNetwork) }},
		{"limited-federation", words, false, "speak only with servers that were allowed by name", func(k *Knobs, v string) error { return setBool(&k.LimitedFederation, v) }, func(k Knobs) string { return onOff(k.LimitedFederation) }},
		{"listeners-expire", nil, true, "after how long those who read a conversation are forgotten", func(k *Knobs, v string) error { return setInterval(&k.ListenersExpire, v) }, func(k Knobs) string { return span(k.ListenersExpire) }},
		{"page-cutoff", nil, false, "after how many replies no further page of a list is read, when a thread is opened", func(k *Knobs, v string) error { return setInt(&k.PageCutoff, v) }, func(k Knobs) string { return strconv.Itoa(k.PageCutoff) }},
		{"replies-embedded", nil, false, "how many replies a post's document lists", func(k *Knobs, v string) error { return setInt(&k.RepliesEmbedded, v) }, func(k Knobs) string { return strconv.Itoa(k.RepliesEmbedded) }},
		{"replies-from", []string{"everyone", "followers"}, false, "who may answer what people here write, where a program knows such a choice; who is named always may", func(k *Knobs, v string) error { return setWord(&k.RepliesFollowers, v, "followers", "everyone") }, func(k Knobs) string { return either(k.RepliesFollowers, "followers", "everyone") }},
		{"replies-page", []string{"author", "everyone"}, false, "whose replies a post's document lists", func(k *Knobs, v string) error { return setWord(&k.RepliesEveryone, v, "everyone", "author") }, func(k Knobs) string { return either(k.RepliesEveryone, "everyone", "author") }},
		{"secure-mode", words, false, "show documents to signed requests only, and sign few of one's own", func(k *Knobs, v string) error { return setBool(&k.SecureMode, v) }, func(k Knobs) string { return onOff(k.SecureMode) }},
		{"thread-listeners", words, false, "who reads a conversation without following its owner is told what happens in it", func(k *Knobs, v string) error { return setBool(&k.ThreadListeners, v) }, func(k Knobs) string { return onOff(k.ThreadListeners) }},
	}
}

// Check says what is wrong with a value, in a sentence; nil when Set would take it.
func (k Knob) Check(value string) error { return k.set(&Knobs{}, value) }

// Get is how the knob stands, as Set would be told it.
func (k Knob) Get(knobs Knobs) string { return k.get(knobs) }

func either(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

func onOff(b bool) string { return either(b, "on", "off") }

// span is d without what is nought: 10m, 1h30m, 0.
func span(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Set changes one knob. The error is a sentence that lists what is possible.
func (p *Policy) Set(name, value string) error {
	table := KnobTable()
	i := slices.IndexFunc(table, func(k Knob) bool { return k.Name == name })
	if i < 0 {
		names := make([]string, len(table))
		for i, k := range table {
			names[i] = k.Name
		}
		return fmt.Errorf("there is no knob %q; there are %s", name, strings.Join(names, ", "))
	}
	if err := table[i].set(&p.Knobs, value); err != nil {
		return fmt.Errorf("knob %s: %w", name, err)
	}
	return nil
}

func setBool(b *bool, v string) error { return setWord(b, v, "on", "off") }

func setWord(b *bool, v, yes, no string) error {
	if v != yes && v != no {
		return fmt.Errorf("%q is neither %q nor %q", v, yes, no)
	}
	*b = v == yes
	return nil
}

// maxClock keeps dates within what can be kept and read.
const maxClock = 366 * 24 * time.Hour

func setDuration(d *time.Duration, v string) error {
	parsed, err := time.ParseDuration(v)
	if err != nil || parsed.Abs() > maxClock {
		return fmt.Errorf("%q is no time such as 5m or -2h, of a year at most", v)
	}
	*d = parsed
	return nil
}

// minInterval keeps what is done again and again from being all that is done.
const minInterval = time.Minute

func setInterval(d *time.Duration, v string) error {
	var parsed time.Duration
	if err := setDuration(&parsed, v); err != nil {
		return err
	}
	if parsed != 0 && parsed < minInterval {
		return fmt.Errorf("%q is less than a minute", v)
	}
	*d = parsed
	return nil
}

// Carried says what is made of an activity whose request somebody other than its actor signed.
type Carried string

// The zero value asks the document to prove its author, by a signature or an integrity proof of its own.
const (
	CarriedProof   Carried = ""
	CarriedOrigin  Carried = "origin" // what it is about is read at its own server instead
	CarriedRefused Carried = "refuse" // it is answered 400
)

func setCarried(c *Carried, v string) error {
	switch v {
	case "proof":
		*c = CarriedProof
	case "origin", "refuse":
		*c = Carried(v)
	default:
		return fmt.Errorf("%q is neither \"proof\", \"origin\" nor \"refuse\"", v)
	}
	return nil
}

// Secure reports whether documents are shown to signed requests only: a server that chooses whom to speak with must know
// who asks (federation.md §5.7).
func (k Knobs) Secure() bool { return k.SecureMode || k.LimitedFederation }

func setInt(n *int, v string) error {
	i, err := strconv.Atoi(v)
	if err != nil || i < 0 || i > 500 {
		return fmt.Errorf("%q is no number from 0 to 500", v)
	}
	*n = i
	return nil
}
