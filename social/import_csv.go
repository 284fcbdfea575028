package social

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Header is the first line of a file of that kind, in Mastodon's words; the first column is the one that must be there.
func (k ImportKind) Header() []string {
	switch k {
	case ImportFollowing:
		return []string{"Account address", "Show boosts", "Notify on new posts", "Languages"}
	case ImportBlocks:
		return []string{"Account address"}
	case ImportMutes:
		return []string{"Account address", "Hide notifications"}
	case ImportDomains:
		return []string{"#domain"}
	case ImportBookmarks:
		return []string{"#uri"}
	case ImportLists:
		return []string{"List name", "Account address"}
	}
	return nil
}

// headed reports whether files of that kind begin with their header when they are written. All may when they are read.
func (k ImportKind) headed() bool { return k == ImportFollowing || k == ImportMutes }

// needed is how many cells a row must have.
func (k ImportKind) needed() int {
	if k == ImportLists {
		return 2
	}
	return 1
}

// readImport reads a file, with or without a header, in whatever order that names the columns. Each row once.
func readImport(kind ImportKind, file []byte) ([]ImportRow, error) {
	header := kind.Header()
	bad := func(format string, args ...any) error {
		return &Error{Kind: ErrInvalid, Field: "data", Message: fmt.Sprintf(format, args...)}
	}
	if header == nil {
		return nil, &Error{Kind: ErrInvalid, Field: "type", Message: "Say what the file lists: choose a kind."}
	}
	file = bytes.ReplaceAll(file, []byte("\ufeff"), nil) // at its beginning it marks the encoding; within it nobody sees it
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return nil, bad("The file is no text. Choose the CSV file that the other server gave you.")
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	order, seen := []int(nil), map[string]bool{}
	var rows []ImportRow
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, bad("The file cannot be read as CSV from line %d on: %s.", 1+len(rows), errors.Unwrap(err))
		}
		if first {
			if order = columns(record, header); order != nil {
				if order[0] < 0 || kind.needed() > 1 && order[1] < 0 {
					return nil, bad("The file lists something else: a column %q is missing.", header[0])
				}
				continue
			}
		}
		cells := arranged(record, order, len(header))
		if slices.Contains(cells[:kind.needed()], "") {
			continue
		}
		if key := strings.ToLower(strings.TrimPrefix(strings.Join(cells[:kind.needed()], "\n"), "@")); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		if len(rows) == MaxImportRows {
			return nil, bad("The file has more than %d rows: split it.", MaxImportRows)
		}
		rows = append(rows, ImportRow{Place: int64(len(rows)), Cells: cells})
	}
	if len(rows) == 0 {
		return nil, bad("There is nothing in the file.")
	}
	return rows, nil
}

// columns says where each column of header stands in record, -1 for nowhere; nil when record is no header of any kind.
func columns(record, header []string) []int {
	known := false
	for _, kind := range ImportKinds() {
		for _, name := range kind.Header() {
			known = known || len(record) > 0 && strings.EqualFold(strings.TrimSpace(record[0]), name)
		}
	}
	if !known {
		return nil
	}
	order := make([]int, len(header))
	for i, name := range header {
		order[i] = slices.IndexFunc(record, func(cell string) bool { return strings.EqualFold(strings.TrimSpace(cell), name) })
	}
	return order
}

// arranged are the cells of a record in the order of the header, "" where there is none.
func arranged(record []string, order []int, n int) []string {
	cells := make([]string, n)
	for i := range cells {
		at := i
		if order != nil {
			at = order[i]
		}
		if at >= 0 && at < len(record) {
			cells[i] = strings.TrimSpace(cut(strings.TrimSpace(record[at]), maxImportCell))
		}
	}
	return cells
}

// WriteRows writes rows as a file of that kind.
func (k ImportKind) WriteRows(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	if k.headed() {
		if err := out.Write(k.Header()); err != nil {
			return err
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s: %w", k, err)
	}
	return nil
}
