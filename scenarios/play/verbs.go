package play

import (
	"slices"
	"sync"
)

// Word is one row of the table of the language: a verb, a line or a condition. The parser takes its examples from it, the
// checker its lists of what there is, and the reference page its sections.
type Word struct {
	Group   string // one of Groups
	Word    string // what a reader looks for
	Shape   string // capitals stand for nouns and values, square brackets for what may be left away
	Says    string // one or two sentences
	Example string // one line that shows it; in Before and After is what makes it a story that holds
	Before  []string
	After   []string
}

// Groups are the kinds of words, in the order of the reference page.
var Groups = []string{"people", "servers", "faults", "waits", "checks", "conditions", "teaching"}

// Words is the table of the language.
func Words() []Word {
	return slices.Concat(ofPeople, ofServers, ofFaults, ofWaits, ofChecks, ofConditions, ofTeaching)
}

// What the parser asks the table for on every line, made once: a page with an editor parses at every key that is pressed.
var (
	verbs       = sync.OnceValue(func() []string { return wordsOf(ofPeople) })  // what a person can do
	serverVerbs = sync.OnceValue(func() []string { return wordsOf(ofServers) }) // what those who run a server can
	faultWords  = sync.OnceValue(func() []string { return wordsOf(ofFaults) })
	lineWords   = sync.OnceValue(func() []string { return wordsOf(ofChecks, ofWaits, ofTeaching, ofFaults) }) // what opens the other lines
	examples    = sync.OnceValue(func() map[string]string { return examplesOf(Words()) })
)

func wordsOf(tables ...[]Word) []string {
	var out []string
	for _, w := range slices.Concat(tables...) {
		if !slices.Contains(out, w.Word) {
			out = append(out, w.Word)
		}
	}
	return out
}

func examplesOf(table []Word) map[string]string {
	out := map[string]string{}
	for _, w := range slices.Backward(table) { // the first of several with one word counts
		out[w.Word] = "for example:  " + w.Example
	}
	return out
}

// example is a line that shows the word, for a hint.
func example(word string) string { return examples()[word] }

const tail = `[as NAME] [visibly VISIBILITY] [warning TEXT] [poll TEXT, TEXT [several] [for DURATION]]`

var ofPeople = []Word{
	{Group: "people", Word: "posts", Shape: "PERSON posts TEXT " + tail,
		Says:    "Writes a post. VISIBILITY is public, unlisted, private or direct; it is public unless the line says otherwise. `as` names it for later lines.",
		Example: `alice posts "Shall we meet, @berta?" as p visibly private warning "Plans" poll "Yes", "No", "Perhaps" several for 2h`,
		After:   []string{`settle`, `expect p is on techhub, masto`, `expect p shows "Plans" on techhub`}},
	{Group: "people", Word: "replies", Shape: "PERSON replies to POST with TEXT " + tail,
		Says:    "Answers a post that the person's server knows.",
		Example: `berta replies to hello with "@alice Yes" as r1 visibly unlisted`,
		After:   []string{`settle`, `expect r1 is on academy`, `expect replies of hello: academy 1`}},
	{Group: "people", Word: "quotes", Shape: "PERSON quotes POST with TEXT " + tail,
		Says:    "Writes a post that shows another one. Only servers that know quotes can do it.",
		Example: `berta quotes hello with "Well said" as q`,
		After:   []string{`settle`, `expect q is on techhub`, `expect delivery QuoteRequest(hello) techhub -> academy`}},
	{Group: "people", Word: "boosts", Shape: "PERSON boosts POST [visibly VISIBILITY]",
		Says:    "Shows a post to one's own followers. A boost cannot be direct.",
		Example: `berta boosts hello`,
		After:   []string{`settle`, `expect boosts of hello: academy 1`}},
	{Group: "people", Word: "likes", Shape: "PERSON likes POST",
		Says:    "Likes a post.",
		Example: `berta likes hello`,
		After:   []string{`settle`, `expect likes of hello: academy 1, techhub 1`}},
	{Group: "people", Word: "undoes", Shape: "PERSON undoes boost|like of POST",
		Says:    "Takes a boost or a like back.",
		Example: `berta undoes like of hello`,
		Before:  []string{`berta likes hello`, `settle`},
		After:   []string{`settle`, `expect delivery Undo(hello) techhub -> academy`, `expect likes of hello: academy 0`}},
	{Group: "people", Word: "edits", Shape: "PERSON edits POST to TEXT [warning TEXT]",
		Says:    "Replaces what an own post says. Without a warning it has none afterwards.",
		Example: `alice edits hello to "Hello everybody"`,
		After:   []string{`settle`, `expect hello shows "everybody" on techhub`, `expect hello is edited on academy, techhub`}},
	{Group: "people", Word: "deletes", Shape: "PERSON deletes POST",
		Says:    "Deletes an own post.",
		Example: `alice deletes hello`,
		After:   []string{`settle`, `expect hello is deleted on academy, techhub`}},
	{Group: "people", Word: "votes", Shape: "PERSON votes for TEXT[, TEXT] in POST",
		Says:    "Chooses answers of a poll, by their words.",
		Example: `berta votes for "Tea" in p`,
		Before:  []string{`alice posts "What shall it be?" as p poll "Tea", "Coffee" for 1h`, `settle`},
		After:   []string{`settle`, `expect votes for "Tea" in p: academy 1`}},
	{Group: "people", Word: "pins", Shape: "PERSON pins POST",
		Says:    "Puts an own post on top of the profile.",
		Example: `alice pins hello`,
		After:   []string{`settle`, `expect hello is pinned on academy, techhub`}},
	{Group: "people", Word: "unpins", Shape: "PERSON unpins POST",
		Says:    "Takes a post from the top of the profile.",
		Example: `alice unpins hello`,
		Before:  []string{`alice pins hello`, `settle`},
		After:   []string{`settle`, `expect hello is not pinned on academy, techhub`}},
	{Group: "people", Word: "follows", Shape: "PERSON follows PERSON",
		Says:    "Follows somebody, or asks to when they are locked.",
		Example: `canon follows berta`,
		After:   []string{`settle`, `expect canon is following berta`}},
	{Group: "people", Word: "follows", Shape: "PERSON follows tag WORD",
		Says:    "Follows a hashtag: what the server learns of with it comes to the person's home.",
		Example: `dora follows tag cats`,
		After:   []string{`alice posts "Look: #cats" as p`, `settle`, `expect p is in home timeline of dora`}},
	{Group: "people", Word: "unfollows", Shape: "PERSON unfollows PERSON  |  PERSON unfollows tag WORD",
		Says:    "Ends a follow.",
		Example: `berta unfollows alice`,
		After:   []string{`settle`, `expect berta is not following alice`}},
	{Group: "people", Word: "accepts", Shape: "PERSON accepts PERSON",
		Says:    "Lets somebody follow who asked to. Only locked people are asked.",
		Example: `dora accepts berta`,
		Before:  []string{`berta follows dora`, `settle`, `expect berta is waiting for dora`},
		After:   []string{`settle`, `expect berta is following dora`}},
	{Group: "people", Word: "rejects", Shape: "PERSON rejects PERSON",
		Says:    "Refuses somebody who asked to follow.",
		Example: `dora rejects berta`,
		Before:  []string{`berta follows dora`, `settle`, `expect dora is asked by berta`},
		After:   []string{`settle`, `expect berta is not waiting for dora`}},
	{Group: "people", Word: "blocks", Shape: "PERSON blocks PERSON|SERVER",
		Says:    "Ends all follows between the two and hides each from the other; of a server, hides everybody who lives there.",
		Example: `alice blocks berta`,
		After:   []string{`settle`, `expect alice is blocking berta`, `expect berta is not following alice`}},
	{Group: "people", Word: "unblocks", Shape: "PERSON unblocks PERSON|SERVER",
		Says:    "Ends a block. Follows do not come back.",
		Example: `alice unblocks berta`,
		Before:  []string{`alice blocks berta`, `settle`},
		After:   []string{`settle`, `expect alice is not blocking berta`}},
	{Group: "people", Word: "mutes", Shape: "PERSON mutes PERSON",
		Says:    "Hides somebody's posts from oneself. Nobody is told.",
		Example: `alice mutes berta`,
		After:   []string{`settle`, `expect alice is muting berta`, `expect nothing sent by techhub`}},
	{Group: "people", Word: "unmutes", Shape: "PERSON unmutes PERSON",
		Says:    "Ends a mute.",
		Example: `alice unmutes berta`,
		Before:  []string{`alice mutes berta`},
		After:   []string{`expect alice is not muting berta`}},
	{Group: "people", Word: "moves", Shape: "PERSON moves to PERSON",
		Says:    "Makes another declared person the account that is used from now on: the new one names the old as an alias, and then the old one moves. Followers are asked to follow the new one.",
		Example: `alice moves to dora`,
		After:   []string{`settle`, `expect alice has moved to dora on academy, techhub`}},
	{Group: "people", Word: "opens", Shape: "PERSON opens POST",
		Says:    "Looks at the post's page with its thread; some servers fetch replies then.",
		Example: `canon opens hello`},
	{Group: "people", Word: "searches", Shape: "PERSON searches for POST|PERSON",
		Says:    "Pastes the post's address, or the person's handle, into the search box of their server, which fetches what it does not know.",
		Example: `canon searches for quiet`,
		Before:  []string{`berta posts "Nobody at masto follows me" as quiet`, `settle`, `expect quiet is not on masto`},
		After:   []string{`expect quiet is on masto`}},
	{Group: "people", Word: "sends", Shape: "PERSON sends ATTACHMENT to SERVER|PERSON [with FLAW]",
		Says: "Delivers an attachment of the file, byte for byte apart from the names in it, to the shared inbox of a server or the inbox of a person, signed as the person. " +
			"In the attachment {alice} is a person's address, {hello} a post's, {academy} the origin of a server and {now} the time. " +
			"FLAW makes the request wrong: wrong-signature, no-signature, wrong-digest, old-date, or foreign-key, which signs with the key of another and the name of the person.",
		Example: `berta sends like.json to academy with wrong-signature`,
		After:   []string{`expect answer to like.json is 401`, `berta sends like.json to alice`, `settle`, `expect answer to like.json is 202`, `expect likes of hello: academy 1`}},
}

var ofServers = []Word{
	{Group: "servers", Word: "blocks", Shape: "SERVER blocks SERVER",
		Says:    "Those who run a server suspend another one: all follows end, nothing passes any more.",
		Example: `academy blocks techhub`,
		After:   []string{`settle`, `expect berta is not following alice`, `berta posts "Is anybody there?" as p`, `settle`, `expect p is not on academy`}},
	{Group: "servers", Word: "unblocks", Shape: "SERVER unblocks SERVER",
		Says:    "Lifts it. Follows do not come back.",
		Example: `academy unblocks techhub`,
		Before:  []string{`academy blocks techhub`, `settle`},
		After:   []string{`settle`, `expect berta is not suspended on academy`}},
	{Group: "servers", Word: "silences", Shape: "SERVER silences SERVER|PERSON",
		Says:    "Hides a person, or everybody of a server, from all who do not follow them.",
		Example: `academy silences berta`,
		After:   []string{`settle`, `berta posts "Hello" as p`, `settle`, `expect p is not in public timeline of dora`, `expect p is in home timeline of alice`}},
	{Group: "servers", Word: "unsilences", Shape: "SERVER unsilences SERVER|PERSON",
		Says:    "Lifts it.",
		Example: `academy unsilences berta`,
		Before:  []string{`academy silences berta`, `settle`},
		After:   []string{`settle`, `expect berta is not silenced on academy`}},
	{Group: "servers", Word: "suspends", Shape: "SERVER suspends PERSON",
		Says:    "Takes an account and all it wrote away: there, and if it lives there, a few seconds later elsewhere too.",
		Example: `techhub suspends berta`,
		After:   []string{`wait 1m`, `expect berta is suspended on techhub, academy`}},
	{Group: "servers", Word: "unsuspends", Shape: "SERVER unsuspends PERSON",
		Says:    "Gives the account back.",
		Example: `techhub unsuspends berta`,
		Before:  []string{`techhub suspends berta`, `settle`},
		After:   []string{`settle`, `expect berta is not suspended on techhub`}},
	{Group: "servers", Word: "subscribes", Shape: "SERVER subscribes to SERVER",
		Says:    "Asks a relay, a server whose policy is to be one, to pass public posts on.",
		Example: `academy subscribes to masto`,
		After:   []string{`settle`, `expect decision deliver.relay-subscription on academy`}},
	{Group: "servers", Word: "unsubscribes", Shape: "SERVER unsubscribes from SERVER",
		Says:    "Leaves the relay.",
		Example: `academy unsubscribes from masto`,
		Before:  []string{`academy subscribes to masto`, `settle`},
		After:   []string{`settle`}},
}

var ofFaults = []Word{
	{Group: "faults", Word: "stop", Shape: "stop SERVER",
		Says:    "The server is down: it answers nobody and does nothing. People on it can do nothing either.",
		Example: `stop techhub`,
		After:   []string{`alice posts "Is anybody there?" as p`, `settle`, `expect failed delivery Create(p) academy -> techhub`, `start techhub`, `wait 2m`, `expect p is on techhub`}},
	{Group: "faults", Word: "start", Shape: "start SERVER",
		Says:    "The server is up again and takes its work up where it was.",
		Example: `start techhub`,
		Before:  []string{`stop techhub`},
		After:   []string{`alice posts "Welcome back" as p`, `settle`, `expect p is on techhub`}},
	{Group: "faults", Word: "cut", Shape: "cut SERVER - SERVER  |  cut SERVER -> SERVER",
		Says:    "No request passes between the two, or with the arrow, none that the first one makes.",
		Example: `cut academy - techhub`,
		After:   []string{`alice posts "Can you hear me?" as p`, `settle`, `expect p is on masto`, `expect p is not on techhub`}},
	{Group: "faults", Word: "heal", Shape: "heal SERVER - SERVER  |  heal SERVER -> SERVER",
		Says:    "Ends cut, slow, drop and lose on the link. What was tried in vain is tried again by schedule.",
		Example: `heal academy - techhub`,
		Before:  []string{`cut academy - techhub`, `alice posts "Can you hear me?" as p`, `settle`},
		After:   []string{`wait 5m`, `expect p is on techhub`}},
	{Group: "faults", Word: "slow", Shape: "slow SERVER - SERVER by DURATION  |  slow SERVER -> SERVER by DURATION",
		Says:    "Every request on the link takes that long. From 10s on the caller gives up waiting and tries again by schedule.",
		Example: `slow academy -> techhub by 3s`,
		After:   []string{`alice posts "Patience" as p`, `settle`, `expect p is on techhub`}},
	{Group: "faults", Word: "drop", Shape: "drop next KIND on SERVER - SERVER  |  … SERVER -> SERVER",
		Says:    "The next delivery of that kind on the link fails on its way, or with `fetch`, the next GET. The sender notices.",
		Example: `drop next Create on academy -> techhub`,
		After:   []string{`alice posts "Try again" as p`, `settle`, `expect p is not on techhub`, `wait 2m`, `expect p is on techhub`}},
	{Group: "faults", Word: "lose", Shape: "lose next KIND on SERVER - SERVER  |  … SERVER -> SERVER",
		Says:    "The next delivery of that kind is answered as if it had been taken, and never arrives. Nobody notices.",
		Example: `lose next Create on academy -> techhub`,
		After:   []string{`alice posts "Gone for good" as p`, `settle`, `wait 1h`, `expect p is not on techhub`, `expect p is on masto`}},
	{Group: "faults", Word: "skew", Shape: "skew SERVER by DURATION",
		Says:    "Sets how far the server's clock is ahead of the others (+13h), or behind them (-2h). 0s puts it right.",
		Example: `skew techhub by -13h`,
		After:   []string{`berta likes hello`, `settle`, `expect failed delivery Like(hello) techhub -> academy`}},
	{Group: "faults", Word: "rotate", Shape: "rotate key of PERSON",
		Says:    "Gives the person a new key. Servers that kept the old one must notice.",
		Example: `rotate key of berta`,
		After:   []string{`settle`, `berta likes hello`, `settle`, `expect likes of hello: academy 1`}},
}

var ofWaits = []Word{
	{Group: "waits", Word: "settle", Shape: "settle [within DURATION]",
		Says:    "Waits until every server has done what is due, and fails if that takes longer. Before it, nothing that people did has left their server.",
		Example: `settle within 30s`,
		Before:  []string{`alice posts "One more" as p`},
		After:   []string{`expect p is on techhub`}},
	{Group: "waits", Word: "wait", Shape: "wait DURATION",
		Says:    "Lets time pass, and what falls due in it happens. It costs no real time.",
		Example: `wait 15m`},
}

var ofChecks = []Word{
	{Group: "checks", Word: "expect", Shape: "expect CONDITION [overall] [because RULE]",
		Says:    "Fails the run when the condition does not hold, or when another rule decided it. `overall` lets counts and absences look at the whole run instead of the step.",
		Example: `expect delivery Create(hello) academy -> techhub signed by alice because deliver.followers`},
	{Group: "checks", Word: "observe", Shape: "observe CONDITION [overall] [because RULE]",
		Says:    "Notes whether the condition holds. Inside a vary it decides, as expect does.",
		Example: `observe hello is on masto`},
}

var ofTeaching = []Word{
	{Group: "teaching", Word: "say", Shape: "say TEXT", Says: "Tells the reader something.",
		Example: `say "Two servers have it now."`},
	{Group: "teaching", Word: "predict", Shape: "predict TEXT = ANSWER",
		Says:    "Asks the reader before it happens. ANSWER is yes, no, a number, a text in quotes, or names with commas.",
		Example: `predict "Which servers will show it?" = academy, techhub`},
	{Group: "teaching", Word: "show", Shape: "show diagram|matrix|map|log",
		Says:    "Opens a view: who asked whom in this step, who knows which post, who follows whom, or the entries of this step.",
		Example: `show matrix`},
	{Group: "teaching", Word: "look", Shape: "look at NAME",
		Says:    "Points at a post, a person or a server.",
		Example: `look at hello`},
}
