package play

import "fmt"

// Line is one line of a step or vary: an action, a wait, an *Assertion or a teaching line. String returns it in canonical form,
// without comments.
type Line interface {
	fmt.Stringer
	Position() (line, column int)
	row() *Row
}

// Action is something a person does. Actor is who.
type Action interface {
	Line
	Actor() PersonRef
}

// act is what all actions share.
type act struct {
	Row
	Who PersonRef `json:"who"`
}

// Actor returns who acts.
func (a *act) Actor() PersonRef { return a.Who }

// Visibility of a post as written. The empty one means public.
type Visibility string

// The visibilities, as Mastodon's client API calls them.
const (
	Public   Visibility = "public"
	Unlisted Visibility = "unlisted"
	Private  Visibility = "private"
	Direct   Visibility = "direct"
)

// The actions.
type (
	Posts struct {
		act
		Text Text `json:"text"`
		manner
	}
	Replies struct {
		act
		To   PostRef `json:"to"`
		Text Text    `json:"text"`
		manner
	}
	Quotes struct {
		act
		Post PostRef `json:"post"`
		Text Text    `json:"text"`
		manner
	}
	// Edits replaces what a post says. Without a Warning it has none afterwards.
	Edits struct {
		act
		Post    PostRef `json:"post"`
		Text    Text    `json:"text"`
		Warning *Text   `json:"warning,omitempty"`
	}
	Boosts struct {
		act
		Post    PostRef    `json:"post"`
		Visibly Visibility `json:"visibly,omitempty"` // direct is refused by Check
	}
	Likes struct {
		act
		Post PostRef `json:"post"`
	}
	// Undoes takes back What, "boost" or "like".
	Undoes struct {
		act
		What string  `json:"what"`
		Post PostRef `json:"post"`
	}
	Deletes struct {
		act
		Post PostRef `json:"post"`
	}
	Follows struct {
		act
		Whom PersonRef `json:"whom"`
	}
	Unfollows struct {
		act
		Whom PersonRef `json:"whom"`
	}
	// Opens looks at the post's page with its thread.
	Opens struct {
		act
		Post PostRef `json:"post"`
	}
	// Searches pastes the address of a post, or the handle of a person, into the search box.
	Searches struct {
		act
		For AnyRef `json:"for"`
	}
	// Votes chooses answers of the poll in Post.
	Votes struct {
		act
		For  []Text  `json:"for"`
		Post PostRef `json:"post"`
	}
	// Pins puts an own post on top of the profile, or with the kind "unpins", takes it away.
	Pins struct {
		act
		Post PostRef `json:"post"`
	}
	// Regards is what one person does about another. Kind says what: blocks, unblocks, mutes, unmutes, accepts or rejects.
	// Whom is a server only for blocks and unblocks.
	Regards struct {
		act
		Whom AnyRef `json:"whom"`
	}
	// FollowsTag follows a hashtag, or with the kind "unfollows-tag", no longer.
	FollowsTag struct {
		act
		Tag Ref `json:"tag"`
	}
	// Moves makes To the account that Who uses from now on; To names Who as an alias first.
	Moves struct {
		act
		To PersonRef `json:"to"`
	}
	// Sends posts an attachment, as it stands there, to the inbox of a server or person, signed by Who unless Flaw says
	// otherwise.
	Sends struct {
		act
		Attachment Ref    `json:"attachment"`
		To         AnyRef `json:"to"`
		Flaw       string `json:"flaw,omitempty"` // one of Flaws
	}
)

// manner is how a post is written: what follows its text.
type manner struct {
	As      *PostRef   `json:"as,omitempty"` // nil when nothing refers to it
	Visibly Visibility `json:"visibly,omitempty"`
	Warning *Text      `json:"warning,omitempty"`
	Poll    *Poll      `json:"poll,omitempty"`
}

// Poll is the question that a post asks. It is open for a day when For is 0.
type Poll struct {
	Node
	Options []Text   `json:"options"`
	Several bool     `json:"several,omitempty"` // several answers may be chosen
	For     Duration `json:"for,omitzero"`
}

// Flaws are what can be wrong with a request that a person sends.
var Flaws = []string{"wrong-signature", "no-signature", "wrong-digest", "old-date", "foreign-key"}

// Governs is what those who run a server do. Kind says what: blocks, unblocks (a server), silences, unsilences (a server or
// person), suspends, unsuspends (a person), subscribes, unsubscribes (a relay).
type Governs struct {
	Row
	By   ServerRef `json:"by"`
	Whom AnyRef    `json:"whom"`
}

// The faults: what goes wrong with servers and between them.
type (
	// Stop takes a server down; with the kind "start", up again.
	Stop struct {
		Row
		Server ServerRef `json:"server"`
	}
	// Link is what happens to the wire between two servers: cut, heal, slow (By), drop or lose (the next Activity).
	Link struct {
		Row
		From     ServerRef `json:"from"`
		To       ServerRef `json:"to"`
		OneWay   bool      `json:"one_way,omitempty"`
		By       Duration  `json:"by,omitzero"`
		Activity string    `json:"activity,omitempty"` // or "fetch"
	}
	// Skew sets how far a server's clock is ahead of the others, or behind them.
	Skew struct {
		Row
		Server ServerRef `json:"server"`
		By     Ref       `json:"by"` // +5m, -2h, 0s
	}
	// Rotate gives a person a new key.
	Rotate struct {
		Row
		Person PersonRef `json:"person"`
	}
)

// The waits. Within is 0 when the script sets no limit.
type (
	Settle struct {
		Row
		Within Duration `json:"within,omitzero"`
	}
	Wait struct {
		Row
		For Duration `json:"for"`
	}
)

// The teaching lines.
type (
	Say struct {
		Row
		Text Text `json:"text"`
	}
	Predict struct {
		Row
		Question Text   `json:"question"`
		Answer   Answer `json:"answer"`
	}
	// Show opens a view: diagram, matrix, map or log.
	Show struct {
		Row
		View string `json:"view"`
	}
	Look struct {
		Row
		At AnyRef `json:"at"`
	}
)

// Answer is what a prediction should have been. Exactly one of the fields is set.
type Answer struct {
	Node
	YesNo  *bool    `json:"yesno,omitempty"`
	Number *int     `json:"number,omitempty"`
	Names  []AnyRef `json:"names,omitempty"`
	Text   *Text    `json:"text,omitempty"`
}
