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
	DocumentSignature bool          // attach RsaSignature2017 to own public documents
	Forwarding        bool          // pass replies on
	RepliesEmbedded   int           // replies listed on the embedded page
	RepliesEveryone   bool          // list everybody's replies there, not only the author's
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
}

// KnobTable lists the knobs in alphabetical order.
func KnobTable() []Knob {
	onOff := []string{"on", "off"}
	return []Knob{
		{"clock", nil, true, "how far the server's clock is ahead, or behind with a minus", func(k *Knobs, v string) error { return setDuration(&k.Clock, v) }},
		{"document-signature", onOff, false, "sign public documents, so that others can pass them on", func(k *Knobs, v string) error { return setBool(&k.DocumentSignature, v) }},
		{"fetch-all", onOff, false, "fetch all replies when somebody opens the thread of a remote post", func(k *Knobs, v string) error { return setBool(&k.FetchAll, v) }},
		{"fetch-replies", nil, false, "how many listed replies are fetched when a post is first seen", func(k *Knobs, v string) error { return setInt(&k.FetchReplies, v) }},
		{"fetch-same-host", onOff, false, "fetch only replies that live on the post's own server", func(k *Knobs, v string) error { return setBool(&k.FetchSameHost, v) }},
		{"follower-sync", onOff, false, "compare with other servers who follows whom", func(k *Knobs, v string) error { return setBool(&k.FollowerSync, v) }},
		{"forwarding", onOff, false, "pass replies to local posts on to their author's followers", func(k *Knobs, v string) error { return setBool(&k.Forwarding, v) }},
		{"hidden-network", onOff, false, "tell how many follow somebody, but not who", func(k *Knobs, v string) error { return setBool(&k.HiddenNetwork, v) }},
		{"limited-federation", onOff, false, "speak only with servers that were allowed by name", func(k *Knobs, v string) error { return setBool(&k.LimitedFederation, v) }},
		{"page-cutoff", nil, false, "after how many replies no further page of a list is read, when a thread is opened", func(k *Knobs, v string) error { return setInt(&k.PageCutoff, v) }},
		{"replies-embedded", nil, false, "how many replies a post's document lists", func(k *Knobs, v string) error { return setInt(&k.RepliesEmbedded, v) }},
		{"replies-page", []string{"author", "everyone"}, false, "whose replies a post's document lists", func(k *Knobs, v string) error { return setWord(&k.RepliesEveryone, v, "everyone", "author") }},
		{"secure-mode", onOff, false, "show documents to signed requests only, and sign few of one's own", func(k *Knobs, v string) error { return setBool(&k.SecureMode, v) }},
	}
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

// Names lists the policies there are, the default first.
func Names() []string { return []string{"mastodon-4.1", "mastodon"} }

// Named returns the policy of that name; the error is a sentence that lists what is possible.
func Named(name string) (Policy, error) {
	switch name {
	case "mastodon-4.1":
		return Mastodon41(), nil
	case "mastodon":
		return Mastodon(), nil
	}
	return Policy{}, fmt.Errorf("there is no policy %q; choose from %s", name, strings.Join(Names(), ", "))
}
