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

// The actions. As is nil when the script gives the post no name.
type (
	Posts struct {
		act
		Text    Text       `json:"text"`
		As      *PostRef   `json:"as,omitempty"`
		Visibly Visibility `json:"visibly,omitempty"`
	}
	Replies struct {
		act
		To      PostRef    `json:"to"`
		Text    Text       `json:"text"`
		As      *PostRef   `json:"as,omitempty"`
		Visibly Visibility `json:"visibly,omitempty"`
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
	// Searches pastes the post's address into the search box.
	Searches struct {
		act
		Post PostRef `json:"post"`
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
	// Show opens a view: diagram, matrix or map.
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
