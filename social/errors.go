package social

import "errors"

// Kinds of failure. Test with errors.Is; the server maps each to one HTTP status in one table.
var (
	ErrNotFound     = errors.New("not found")    // 404
	ErrInvalid      = errors.New("invalid")      // 422
	ErrForbidden    = errors.New("forbidden")    // 403
	ErrUnauthorized = errors.New("unauthorized") // 401
	ErrConflict     = errors.New("conflict")     // 409
	ErrThrottled    = errors.New("throttled")    // 429
)

// Error adds the sentence that a person may read to a kind. Any other error shows as "Internal error" and is logged.
type Error struct {
	Kind    error
	Field   string // form field or JSON name, when one is to blame
	Message string
	Code    string // what is wrong with Field, for apps: CodeTaken; "" when they are not told
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }
