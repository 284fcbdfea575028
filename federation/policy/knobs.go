package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Knobs are what an instance may set differently from its policy; the table below is the whole list (contracts.md 28).
type Knobs struct {
	DocumentSignature bool // attach RsaSignature2017 to own public documents
	Forwarding        bool // pass replies on
	RepliesEmbedded   int  // replies listed on the embedded page
	RepliesEveryone   bool // list everybody's replies there, not only the author's
	FetchReplies      int  // replies fetched at first sight
	FetchSameHost     bool // only those on the post's own host
	HiddenNetwork     bool // keep to oneself who follows whom
	LimitedFederation bool // speak only with servers that were allowed by name (§11)
	BoostFallOff      int  // newest home entries searched for an earlier appearance of a boosted post
}

// Knob is one row of the table.
type Knob struct {
	Name   string
	Values []string // allowed words; nil for a number
	Says   string
	set    func(k *Knobs, value string) error
}

// KnobTable lists the knobs in alphabetical order.
func KnobTable() []Knob {
	onOff := []string{"on", "off"}
	return []Knob{
		{"document-signature", onOff, "sign public documents, so that others can pass them on", func(k *Knobs, v string) error { return setBool(&k.DocumentSignature, v) }},
		{"fetch-replies", nil, "how many listed replies are fetched when a post is first seen", func(k *Knobs, v string) error { return setInt(&k.FetchReplies, v) }},
		{"fetch-same-host", onOff, "fetch only replies that live on the post's own server", func(k *Knobs, v string) error { return setBool(&k.FetchSameHost, v) }},
		{"forwarding", onOff, "pass replies to local posts on to their author's followers", func(k *Knobs, v string) error { return setBool(&k.Forwarding, v) }},
		{"hidden-network", onOff, "tell how many follow somebody, but not who", func(k *Knobs, v string) error { return setBool(&k.HiddenNetwork, v) }},
		{"limited-federation", onOff, "speak only with servers that were allowed by name", func(k *Knobs, v string) error { return setBool(&k.LimitedFederation, v) }},
		{"replies-embedded", nil, "how many replies a post's document lists", func(k *Knobs, v string) error { return setInt(&k.RepliesEmbedded, v) }},
		{"replies-page", []string{"author", "everyone"}, "whose replies a post's document lists", func(k *Knobs, v string) error { return setWord(&k.RepliesEveryone, v, "everyone", "author") }},
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
