package social

import (
	"context"
	"io"
)

// Files keeps the bytes of media, by keys that are made here and never by strangers. What a key names never changes, so that
// it may be kept by others for ever. Safe for concurrent use; it is never called inside a transaction.
type Files interface {
	Put(ctx context.Context, key string, content []byte) error
	// Open returns a file and how long it is. ErrNotFound.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error)
	// Delete removes a file. Removing what is gone already is no error.
	Delete(ctx context.Context, key string) error
}
