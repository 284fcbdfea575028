package sqldb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// checkFile makes path if it is missing, readable by its owner only because keys and private posts will be in it, and
// says plainly what is in the way: SQLite itself says "unable to open database file (14)" to all of it.
func checkFile(path string) error {
	dir := filepath.Dir(path)
	if st, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("open database %s: the folder %s does not exist: make it, or choose another place: %w", path, dir, err)
	} else if err != nil {
		return fmt.Errorf("open database %s: the folder %s cannot be used: choose another place: %w", path, dir, err)
	} else if !st.IsDir() {
		return fmt.Errorf("open database %s: %s is a file where a folder is needed: choose another place", path, dir)
	}
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		return fmt.Errorf("open database %s: this is a folder: give the name of a file in it", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open database %s: the file cannot be written: check who owns it and its folder, or choose another place: %w", path, err)
	}
	return f.Close()
}

// explainOpen turns SQLite's answer to the first connection into a sentence.
func explainOpen(path string, err error) error {
	switch code := primaryCode(err); code {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("open database %s: %w: choose another file, or move this one away and start anew (%w)", path, ErrNotDB, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("open database %s: the file is damaged: restore it from a backup (%w)", path, err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("open database %s: another process is using it: stop that one first (%w)", path, err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("open database %s: SQLite must also write files beside it: make the folder %s writable, or choose another place (%w)", path, filepath.Dir(path), err)
	}
	return fmt.Errorf("open database %s: %w", path, err)
}

// IsUnique reports a violated primary key or unique constraint.
func (d *sqliteDB) IsUnique(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return false
}

// primaryCode is SQLite's result code without its extension, or 0.
func primaryCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}
