package activitylog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"orrery/federation/rules"
)

// Sentence says in one or two plain sentences what e is, who did it, why and how it ended. It uses what was recorded and
// the table of rules, and leaves out what neither tells: nothing is guessed.
func Sentence(e Entry, n Names) string {
	var s string
	switch x := e.Exchange; {
	case x.Direction == Local:
		s = didHere(x.Activity, n)
	case x.Direction == Out && x.Kind == Delivery:
		s = sent(e, n)
	case x.Direction == Out:
		s = lookedUp(e, n)
	case x.Kind == Delivery:
		s = received(e, n)
	default:
		s = served(e, n)
	}
	return upperFirstOfOthers(s)
}

// Title is the type of an entry as protocol people write it: "Create(Note)", or the kind of a look-up.
func Title(e Entry) string {
	a := e.Exchange.Activity
	switch {
	case e.Exchange.Kind != Delivery && e.Exchange.Direction != Local:
		return e.Exchange.Kind
	case a.Type == "":
		return "unreadable"
	case a.ObjectType != "":
		return Plain(a.Type, 40) + "(" + Plain(a.ObjectType, 40) + ")"
	}
	return Plain(a.Type, 40)
}

// didHere tells a local action.
func didHere(a Summary, n Names) string {
	who := n.Person(a.Actor)
	quote := quoted(a.Excerpt)
	switch a.Type {
	case "Create":
		if a.InReplyTo == "" {
			return who + " posted" + orText(quote, " something") + "."
		}
		if author, ok := n.AuthorOf(a.InReplyTo); ok {
			return who + " answered " + author + quote + "."
		}
		return who + " answered " + n.post(a.InReplyTo) + quote + "."
	case "Follow":
		return who + " asked to follow " + n.Person(a.Object) + "."
	case "View":
		return who + " opened " + n.post(a.Object) + "."
	case "Search":
		return who + " searched for " + Plain(a.Object, 80) + "."
	case "Announce":
		return who + " boosted " + n.post(a.Object) + "."
	case "Like":
		return who + " liked " + n.post(a.Object) + "."
	case "Delete":
		if a.Object == a.Actor {
			return who + " deleted their account."
		}
		if a.ObjectType == consentType {
			return who + " took their post out of one that quotes it."
		}
		return who + " deleted a post."
	case "Accept", "Reject":
		return who + map[string]string{"Accept": " accepted", "Reject": " refused"}[a.Type] + " a follow request."
	case "Undo":
		return who + " took back " + withdrawn(a.ObjectType) + "."
	case "Update":
		return who + " changed " + orText(map[bool]string{true: "their profile"}[isActor(a.ObjectType)], "a post") + "."
	case "Block":
		return who + " blocked " + n.Person(a.Object) + "."
	case "":
		return who + " did something."
	}
	return who + " did something of type “" + Plain(a.Type, 40) + "”."
}

// thing names an activity: "berta’s reply “Hello alice”".
func thing(a Summary, n Names) string {
	who := n.Person(a.Actor)
	switch a.Type {
	case "":
		return "something that cannot be read"
	case "Create":
		what := "post"
		switch {
		case a.ObjectType == "Question":
			what = "poll"
		case a.InReplyTo != "":
			what = "reply"
		case a.ObjectType != "" && a.ObjectType != "Note":
			what = Plain(a.ObjectType, 40)
		}
		return who + "’s " + what + quoted(a.Excerpt)
	case "Update":
		if isActor(a.ObjectType) {
			return who + "’s changed profile"
		}
		return who + "’s change of a post"
	case "Delete":
		if a.Object == a.Actor {
			return "the deletion of " + who + "’s account"
		}
		if a.ObjectType == consentType {
			return "word that " + who + " agrees to a quote no longer"
		}
		return "the deletion of a post by " + who
	case "Announce":
		return who + "’s boost of " + n.post(a.Object)
	case "Like":
		return who + "’s like of " + n.post(a.Object)
	case "Follow":
		return who + "’s request to follow " + n.Person(a.Object)
	case "Accept":
		return who + "’s yes to " + asked(a.ObjectType)
	case "Reject":
		return who + "’s no to " + asked(a.ObjectType)
	case "QuoteRequest":
		return who + "’s request to quote " + n.post(a.Object)
	case "Undo":
		return "word that " + who + " took back " + withdrawn(a.ObjectType)
	case "Block":
		return who + "’s block of " + n.Person(a.Object)
	case "Move":
		return "the move of " + who + "’s account"
	case "Flag":
		return "a report"
	}
	return "an activity of type “" + Plain(a.Type, 40) + "” by " + who
}

// consentType is what an author agrees to a quote with.
const consentType = "QuoteAuthorization"

// asked is what an answer of yes or no is to.
func asked(objectType string) string {
	if objectType == "QuoteRequest" {
		return "a request to quote a post"
	}
	return "a follow request"
}

func withdrawn(objectType string) string {
	switch objectType {
	case "Follow":
		return "a follow"
	case "Like":
		return "a like"
	case "Announce":
		return "a boost"
	case "Block":
		return "a block"
	}
	return "something"
}

func isActor(objectType string) bool {
	return slices.Contains([]string{"Person", "Service", "Group", "Organization", "Application"}, objectType)
}

func quoted(excerpt string) string {
	if text := Plain(excerpt, 80); text != "" {
		return " “" + text + "”"
	}
	return ""
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

var hereWord = regexp.MustCompile(`\b(here|Here)\b`)

// Clause is the sentence of a rule as the end of a sentence told from outside: "nobody there follows the author…".
func Clause(id rules.ID) string {
	r, ok := rules.Lookup(id)
	if !ok {
		return ""
	}
	s := hereWord.ReplaceAllString(strings.TrimSuffix(r.Sentence, "."), "there")
	first, size := utf8.DecodeRuneInString(s)
	if strings.HasPrefix(s, "Mastodon") || strings.HasPrefix(s, "JSON") {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

// people lists handles as names: "canon", "canon and blaine", "canon, blaine and others".
func people(handles []string) (names string, many bool) {
	var short []string
	for _, h := range handles {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(h, "acct:"), "@"), "@")
		if i := strings.LastIndexByte(name, '/'); i >= 0 {
			name = name[i+1:]
		}
		if name = Plain(name, longestWord); name != "" && !slices.Contains(short, name) {
			short = append(short, name)
		}
	}
	switch len(short) {
	case 0:
		return "", false
	case 1:
		return short[0], false
	case 2, 3:
		return strings.Join(short[:len(short)-1], ", ") + " and " + short[len(short)-1], true
	}
	return short[0] + ", " + short[1] + " and others", true
}

// upperFirstOfOthers begins a sentence with a capital unless it begins with a name, which is written as its owner does.
func upperFirstOfOthers(s string) string {
	for _, word := range []string{"somebody", "something", "a ", "an ", "the ", "word "} {
		if strings.HasPrefix(s, word) {
			return strings.ToUpper(s[:1]) + s[1:]
		}
	}
	return s
}

func answered(a *Answer) string { return fmt.Sprintf("%d", a.Status) }
