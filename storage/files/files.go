// Package files keeps media: in a folder, in memory for labs and tests, or (package s3) in a bucket.
//
// A newcomer's usual mistake is to take a key from a request as it is. Keys are made by social.Media; Valid says which
// strings can be one, and nothing else ever becomes a path.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"orrery/social"
)

var valid = regexp.MustCompile(`^[a-z]{1,16}/[0-9a-f]{2}/[0-9a-f]{32,64}(\.[a-z0-9]{2,4})?$`)

// Valid reports whether key can name a file.
func Valid(key string) bool { return valid.MatchString(key) }

func missing(key string) error { return fmt.Errorf("file %s: %w", key, social.ErrNotFound) }

// Folder keeps files in a folder of the disk.
type Folder struct{ root string }

// NewFolder returns a store in root, which is made when the first file is written.
func NewFolder(root string) *Folder { return &Folder{root} }

// Put implements social.Files. The file appears whole or not at all.
func (f *Folder) Put(_ context.Context, key string, content []byte) error {
	if !Valid(key) {
		return missing(key)
	}
	path := filepath.Join(f.root, filepath.FromSlash(key))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	t, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	_, err = t.Write(content)
	if err = errors.Join(err, t.Sync(), t.Close()); err == nil {
		err = os.Rename(t.Name(), path)
	}
	if err != nil {
		_ = os.Remove(t.Name())
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

// Open implements social.Files.
func (f *Folder) Open(_ context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if !Valid(key) {
		return nil, 0, missing(key)
	}
	file, err := os.Open(filepath.Join(f.root, filepath.FromSlash(key)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, missing(key)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open %s: %w", key, err)
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, 0, fmt.Errorf("open %s: %w", key, err)
	}
	return file, info.Size(), nil
}

// Delete implements social.Files.
func (f *Folder) Delete(_ context.Context, key string) error {
	if !Valid(key) {
		return nil
	}
	err := os.Remove(filepath.Join(f.root, filepath.FromSlash(key)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	return nil
}

// Memory keeps files as long as the process lives. The zero value is empty.
type Memory struct {
	mu    sync.Mutex
	files map[string][]byte
}

// Put implements social.Files.
func (m *Memory) Put(_ context.Context, key string, content []byte) error {
	if !Valid(key) {
		return missing(key)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.files == nil {
		m.files = map[string][]byte{}
	}
	m.files[key] = bytes.Clone(content)
	return nil
}

// Open implements social.Files.
func (m *Memory) Open(_ context.Context, key string) (io.ReadSeekCloser, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	content, ok := m.files[key]
	if !ok {
		return nil, 0, missing(key)
	}
	return nopCloser{bytes.NewReader(content)}, int64(len(content)), nil
}

// Delete implements social.Files.
func (m *Memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, key)
	return nil
}

// Len is how many files there are.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.files)
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }
