package policy

// Answering is how the author of a reply stands to the choice, of the author of what it answers, who may answer (§13.3.4).
type Answering string

// The zero value is a reply to what everybody may answer, or by somebody whom the post itself names.
const (
	AnswerFree     Answering = ""
	AnswerAllowed  Answering = "allowed"  // to a post of this instance, by somebody of whom only this instance knows that they may
	AnswerRefused  Answering = "refused"  // to a post of this instance, by somebody who may not
	AnswerProved   Answering = "proved"   // to a post elsewhere, and its author's server says that they may
	AnswerUnproved Answering = "unproved" // to a post elsewhere, and nothing says so
)
