package social

import "strings"

// Codes of what is wrong with a value, in Mastodon's words for apps.
const (
	CodeBlank     = "ERR_BLANK"
	CodeTooLong   = "ERR_TOO_LONG"
	CodeTooShort  = "ERR_TOO_SHORT"
	CodeInvalid   = "ERR_INVALID"
	CodeTaken     = "ERR_TAKEN"
	CodeReserved  = "ERR_RESERVED"
	CodeBlocked   = "ERR_BLOCKED"
	CodeAccepted  = "ERR_ACCEPTED"
	CodeInclusion = "ERR_INCLUSION"
)

// Problems is everything that is wrong with what somebody sent, so that they can mend it at once. Never empty as an error.
type Problems []*Error

func (p Problems) Error() string {
	words := make([]string, len(p))
	for i, e := range p {
		words[i] = strings.TrimSuffix(e.Message, ".")
	}
	return strings.Join(words, ". ") + "."
}

// Unwrap says that they are ErrInvalid.
func (p Problems) Unwrap() error { return ErrInvalid }
