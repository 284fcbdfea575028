package activitylog

import "errors"

// ErrNoEntry says that no log has an entry of that id.
var ErrNoEntry = errors.New("no such log entry")
