package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"orrery/federation/policy"
)

const policiesHead = `# Policies

How one server spreads conversations is its policy: whom it tells, what it keeps, what it passes on, what it looks up, and
where its numbers come from. Every server has its own, so networks can be mixed. A scenario names one behind ` + "`runs`" + `
([language](scenario-language.md)), ` + "`orrery play run --policy NAME`" + ` puts all servers under one, and ` + "`orrery lab --policy NAME`" + ` and
` + "`orrery serve --policy NAME`" + ` start servers with one. An addition stands behind a plus: ` + "`mastodon+fedifetcher`" + `.

A policy is **hooks**, which answer with the rules of [rules.md](rules.md) and are proved by tables of tests, **knobs**, which an
operator or a scenario may set (` + "`with forwarding off`" + `), and **traits**, which belong to the program. What is modelled of each
program, and what is not, is told [below](#what-is-modelled). The tables are made from
[federation/policy](../federation/policy/policy.go) by ` + "`make generate`" + `; change the code, not the page.
`

// modelled is what a reader must know of each policy before believing a comparison.
const modelled = `
## What is modelled

Propagation is: who is sent what, in which form, signed how; what is accepted; what is fetched, when, and as whom; where counts
come from. Documents, texts and pages are Mastodon 4.1's but for what is said here, and apps see the same client API everywhere.

**mastodon-4.1**, **mastodon**: federation.md as a whole. Replies go to the author of what they answer and are passed on to that
person's followers if the document is signed.

**gotosocial** (§13.3.4): delivery to whom a post addresses and to followers; nothing passed on, no document signatures; every look-up
must be signed (secure mode); requests signed as hs2019, once more without the query where that is refused; keys with documents of
their own; ancestors looked up, and the whole thread below a post that becomes known, from any host, again when it is
opened after two hours; a post that somebody else carried is read at its origin. Posts say who may like, answer and boost them: everybody,
as GoToSocial's defaults are, or with ` + "`replies-from followers`" + ` only followers and whom the post names may answer. Then an answer is sent to
the server of who is answered alone, and waits; a follower's is allowed there at once (` + "`Accept`" + ` with the address of a ` + "`ReplyApproval`" + `), and
sent to everybody with ` + "`approvedBy`" + `; a stranger's is refused and deleted. Third servers of this policy keep such an answer only when that
address proves it. Not: approval by hand, rules for likes and boosts (both count as open to everybody, and those of others are not asked),
consent that is taken back, the newer ` + "`ReplyRequest`" + `, an answer to one that waits still, and a reply that comes before what it answers: it is
not judged later. An answer that waits is shown on its own server.

**misskey** (§13.3.5): every valid activity is kept, with an id of its actor's host; likes are reactions, told to the author and to
the followers of who likes, and counted by everybody who knows the post; document signatures are believed, and made for relays
alone; ancestors are looked up, nothing below. Not: a 401 or 403 tried again as a local follower; emojis other than a heart.

**pleroma** (§13.3.6): whom a reply answers is addressed; likes are addressed to the followers of who likes, the author and whom the
post addressed; no document signatures; a post that somebody else carried is read at its origin, or refused with 400 when the knob
` + "`carried`" + ` says ` + "`refuse`" + `, as newer versions do; ancestors and listed replies from any host, a hundred steps far. Not: deletions to
servers that only fetched a post.

**lemmy** (§13.3.1): every server has one community, ` + "`@community`" + `, in which all conversations of its people are begun as ` + "`Page`" + `s. Public answers
and likes go to the community's server, and the community announces each activity, as it is, to its followers, to who wrote in
the conversation, and to the followers of who began it: people follow people here, and the lab's graphs are made of that. What it
announces is believed. Every Page is announced once more by itself, for programs that know boosts alone. Counts are the same on every
server that has the conversation. Boosts are no matter of communities. Not: private communities, moderation by communities, down-votes,
the fifty latest posts on subscribing, ordered queues.

**hubzilla** (§13.3.2): who begins a public conversation owns it. Others tell the owner alone, who adds what is not of somebody blocked to
the history of the conversation, at ` + "`/threads/NUMBER`" + `, and sends the Add to followers and to all who wrote in it. An Add proves its author by
the same origin or the document signature, else what it brings is read at its origin. What did not come through the owner is not
taken. Who finds a conversation, or opens it, reads the history and fetches posts from their own servers. Programs that do not say
that they understand histories (FEP-844e) get what was written unwrapped, as the knob ` + "`compat-forward`" + ` says. In conversations that nobody
owns, begun by other programs, it behaves as misskey. Not: integrity proofs made here (document signatures are), histories of private
conversations, likes out of a history, deletion by the owner of what others wrote.

**+listeners** (§13.3.3): whoever reads a conversation, by a signed request, from a server without a follower of its owner, is told what
happens in it until the time of the knob ` + "`listeners-expire`" + ` has passed since, or until their inbox is gone.

**+fedifetcher** (§13.3.7): every ten minutes, or as the knob ` + "`external-pull`" + ` says, the origins of the posts that stand in somebody's
home, or that somebody here answered, are asked for their threads by the API that apps use, and what is new is searched for. A thread is
asked for once a minute in its first hour, every ten minutes on its first day, hourly then. Not: lists, bookmarks, favourites,
profiles of strangers; robots.txt; other APIs than Mastodon's, which all servers of a lab speak.

**relay** (§8.4): no server for people. A scenario may declare one (` + "`hub runs relay`" + `) and have others subscribe to it, and
` + "`--policy`" + ` leaves it as it is.

**+relay** (§8.4): the lab has one more server, ` + "`relay`" + `, to which the server subscribes. It passes on what is public: unchanged
when the document proves its author, else by an Announce. Outside a lab, subscribe with ` + "`orrery`" + `'s admin API instead.
`

func TestPoliciesPageIsTheTable(t *testing.T) {
	t.Parallel()
	says := fieldComments(t, "../federation/policy/traits.go", "Traits")
	var all []policy.Policy
	for _, name := range policy.Names() {
		p, err := policy.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	var b strings.Builder
	b.WriteString(policiesHead)
	header := func(title, first string) {
		fmt.Fprintf(&b, "\n## %s\n\n| %s |", title, first)
		for _, p := range all {
			fmt.Fprintf(&b, " %s |", p.Name)
		}
		fmt.Fprintf(&b, " meaning |\n|%s\n", strings.Repeat(" --- |", len(all)+2))
	}
	header("Knobs", "knob")
	for _, k := range policy.KnobTable() {
		fmt.Fprintf(&b, "| `%s` |", k.Name)
		for _, p := range all {
			fmt.Fprintf(&b, " %s |", k.Get(p.Knobs))
		}
		fmt.Fprintf(&b, " %s |\n", k.Says)
	}
	header("Traits", "trait")
	for i := range reflect.TypeFor[policy.Traits]().NumField() {
		name := reflect.TypeFor[policy.Traits]().Field(i).Name
		fmt.Fprintf(&b, "| %s |", name)
		for _, p := range all {
			fmt.Fprintf(&b, " %s |", word(reflect.ValueOf(p.Traits).Field(i)))
		}
		fmt.Fprintf(&b, " %s |\n", strings.TrimPrefix(says[name], name+" "))
	}
	b.WriteString("\n## Additions\n\n| addition | meaning |\n| --- | --- |\n")
	for _, a := range policy.Additions() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", a.Name, a.Says)
	}
	b.WriteString(modelled)
	if *update {
		if err := os.WriteFile("policies.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("policies.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/policies.md is not what federation/policy says: run go test ./docs -update")
	}
}

// word is the value of a trait as the table shows it; what is off is left empty.
func word(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.Bool && v.Bool():
		return "yes"
	case v.IsZero():
		return ""
	}
	return fmt.Sprint(v.Interface())
}

// fieldComments are the comments of a struct's fields, each on one line.
func fieldComments(t *testing.T, path, name string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != name {
			return true
		}
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			for _, ident := range f.Names {
				says[ident.Name] = strings.TrimSuffix(strings.Join(strings.Fields(f.Doc.Text()), " "), ".")
			}
		}
		return false
	})
	return says
}
