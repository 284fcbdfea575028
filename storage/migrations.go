package storage

import (
	"io/fs"
	"slices"
	"strings"
)

// migrationsFor are the migrations that an engine runs: those of both, and NNNN_name.DIALECT.sql where the two have no words in
// common, as for triggers.
type migrationsFor struct {
	fs.FS
	dialect string
}

// ReadDir implements fs.ReadDirFS.
func (m migrationsFor) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(m.FS, name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool {
		_, rest, _ := strings.Cut(e.Name(), ".")
		dialect, _, only := strings.Cut(rest, ".")
		return only && dialect != m.dialect
	}), err
}
