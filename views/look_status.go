package views

import (
	"slices"
	"strconv"
	"strings"

	"orrery/social"
)

// Card is how one post stands on a page: "" in a list, "focused" as the subject of its page, "pinned" on top of a profile, "d1"
// to "d6" as a reply of that depth. Forms carry it, so that a card that is drawn again stands as it stood.
type Card string

// CardOf reads what a form carried; anything unknown is a card in a list.
func CardOf(s string) Card {
	if slices.Contains([]string{"focused", "pinned", "d1", "d2", "d3", "d4", "d5", "d6"}, s) {
		return Card(s)
	}
	return ""
}

// Thread is a post with what is above and below it.
type Thread struct {
	Above, Below []social.StatusView
	Focus        social.StatusView
	// HiddenAbove and HiddenBelow are how many posts are left out, as the page would be too long with them.
	HiddenAbove, HiddenBelow int
}

// longest is how many posts a page shows above or below its own.
const longest = 400

// Shorten leaves out what is furthest from the focus, so that a page of a conversation of thousands stays readable.
func (t Thread) Shorten() Thread {
	if more := len(t.Above) - longest; more > 0 {
		t.Above, t.HiddenAbove = t.Above[more:], more
	}
	if more := len(t.Below) - longest; more > 0 {
		t.Below, t.HiddenBelow = t.Below[:longest], more
	}
	return t
}

// Cards says for each post below how deep it stands in: direct answers are d1, and d6 is the deepest. Parents come before
// their children. What answers a post that is not shown stands as an answer to the focus.
func (t Thread) Cards() []Card {
	depths := make(map[social.ID]int, len(t.Below))
	cards := make([]Card, len(t.Below))
	for i, v := range t.Below {
		depth := min(depths[v.Status.ReplyToID]+1, 6)
		depths[v.Status.ID] = depth
		cards[i] = Card("d" + strconv.Itoa(depth))
	}
	return cards
}

// Draft is what a compose form holds.
type Draft struct {
	Text, SpoilerText string
	Visibility        social.Visibility
	Poll              *social.PollDraft
	ReplyTo           *social.StatusView
	Quote             *social.StatusView
	Media             []social.Attachment // of the post that is changed
	Uploads           []social.Attachment // kept for the next attempt
	Sensitive         bool                // show files only after a click
	At                string              // when it is to be published, as typed; "" is now
	Wrong             Wrong               // why the last attempt was refused
	Focus             bool                // put the cursor into the field
}

// ReplyDraft begins an answer to v by viewer: it names everybody who was in the conversation, and is no more public than
// what it answers.
func ReplyDraft(viewer social.Account, v social.StatusView, usual social.Visibility) Draft {
	proper := v.Proper()
	d := Draft{Visibility: usual, ReplyTo: proper, SpoilerText: proper.Status.SpoilerText}
	openness := []social.Visibility{social.Direct, social.Private, social.Unlisted, social.Public}
	if i := slices.Index(openness, proper.Status.Visibility); i < slices.Index(openness, usual) {
		d.Visibility = openness[max(i, 0)] // Limited counts as direct: we do not know to whom else it went
	}
	var b strings.Builder
	named := map[social.ID]bool{viewer.ID: true}
	for _, a := range append([]social.Account{proper.Author}, proper.Mentions...) {
		if !named[a.ID] {
			named[a.ID] = true
			b.WriteString("@" + a.Acct() + " ")
		}
	}
	d.Text = b.String()
	return d
}

// QuoteDraft begins a post by viewer that shows v inside.
func QuoteDraft(v social.StatusView, usual social.Visibility) Draft {
	return Draft{Visibility: usual, Quote: v.Proper(), Focus: true}
}

// unshown says why a quoted post is not shown.
func unshown(q *social.QuoteView) string {
	switch q.State {
	case social.QuotePending, social.QuoteAccepted:
		return "The author of the quoted post has not agreed to be quoted yet."
	case social.QuoteRejected:
		return "The author of the quoted post does not want to be quoted."
	case social.QuoteRevoked:
		return "The author of the quoted post took it out of this one."
	case social.QuoteDeleted:
		return "The quoted post was deleted."
	case social.QuoteBlockedAccount:
		return "The quoted post is by somebody whom you block."
	case social.QuoteBlockedDomain:
		return "The quoted post is from a server that you block."
	case social.QuoteMutedAccount:
		return "The quoted post is by somebody whom you mute."
	}
	return "The quoted post is not shown to you."
}

// quotable reports whether the viewer may quote v.
func (l Look) quotable(v *social.StatusView) bool {
	return l.Quotes && v.Viewer.Quoting != "" && v.Viewer.Quoting != social.QuoteDenied
}

// mediaName is what an attachment is, in a word.
func mediaName(k social.MediaKind) string {
	switch k {
	case social.MediaImage:
		return "Picture"
	case social.MediaVideo, social.MediaGIFV:
		return "Film"
	case social.MediaAudio:
		return "Sound"
	}
	return "File"
}

// choices are the visibilities a person can choose, widest first.
func choices() []social.Visibility {
	return []social.Visibility{social.Public, social.Unlisted, social.Private, social.Direct}
}

// boostable reports whether viewer may boost v: anybody what is public, its author also what followers see.
func (l Look) boostable(v *social.StatusView) bool {
	return v.Status.Visibility.Distributable() || v.Status.Visibility == social.Private && l.me(v.Author)
}

func (l Look) traced(v *social.StatusView) string {
	if l.me(v.Author) {
		return "Who can see this?"
	}
	return "How did this get here?"
}

// summary is a post on one line: its warning, or how it begins.
func (l Look) summary(v *social.StatusView) string {
	if v.Status.SpoilerText != "" {
		return v.Status.SpoilerText
	}
	if brief := l.Brief(v.Status.Content); brief != "" {
		return brief
	}
	return "A post without words"
}
