// Package lockfile keeps two processes from using one folder at the same time.
//
// The lock belongs to the operating system: when the process that holds it ends, however it ends, the lock is gone, so
// there are no stale locks to clean up. The file itself stays and holds the pid of its last owner, for people to read.
// It does not protect against other machines on a network file system.
//
// What a newcomer gets wrong: deleting the file frees nothing and lets two processes lock two different files. Leave it.
package lockfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// ErrHeld means that somebody else has the lock. The error that wraps it says who, when that can be read.
var ErrHeld = errors.New("locked by another process")

// Lock is a lock that is held.
type Lock struct{ f *os.File }

// Acquire takes the lock at path, creating the file (not its folder) when needed. It never waits: a lock that is taken,
// by this process or another, is an error that wraps ErrHeld.
func Acquire(path string) (*Lock, error) {
	f, err := openLocked(path)
	if errors.Is(err, ErrHeld) {
		return nil, fmt.Errorf("lock %s: %w%s; stop it first, or choose another folder", path, ErrHeld, owner(path))
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if err := sign(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: write pid: %w", path, err)
	}
	return &Lock{f: f}, nil
}

// Release gives the lock back. Calling it again does nothing.
func (l *Lock) Release() error {
	if l.f == nil {
		return nil
	}
	f := l.f
	l.f = nil
	if err := f.Close(); err != nil { // closing the last descriptor is what unlocks
		return fmt.Errorf("release %s: %w", f.Name(), err)
	}
	return nil
}

func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// owner is " (pid 4711)", or nothing: the owner may not have signed yet.
func owner(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, 32))
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || pid <= 0 {
		return ""
	}
	return fmt.Sprintf(" (pid %d)", pid)
}
