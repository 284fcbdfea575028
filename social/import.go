package social

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// ImportKind is a list that people can bring with them and take away, in Mastodon's formats.
type ImportKind string

// Kinds of lists.
const (
	ImportFollowing ImportKind = "following"
	ImportBlocks    ImportKind = "blocks"
	ImportMutes     ImportKind = "mutes"
	ImportDomains   ImportKind = "domain_blocks"
	ImportBookmarks ImportKind = "bookmarks"
	ImportLists     ImportKind = "lists"
)

// ImportKinds are all, in the order in which people see them.
func ImportKinds() []ImportKind {
	return []ImportKind{ImportFollowing, ImportLists, ImportBlocks, ImportMutes, ImportDomains, ImportBookmarks}
}

// Import is one file that somebody brought and that is worked through.
type Import struct {
	ID, AccountID         ID
	Kind                  ImportKind
	FileName              string
	Overwrite             bool // what is not in the file goes
	Rows, Waiting, Failed int64
	CreatedAt             time.Time
	BegunAt, FinishedAt   time.Time // zero until it is so
}

// Done is how many rows were worked through.
func (i Import) Done() int64 { return i.Rows - i.Waiting }

// ImportRow is one row of a file. Problem says why nothing came of it, "" until it was tried.
type ImportRow struct {
	Place   int64
	Cells   []string // as ImportKind's header orders them
	Problem string
}

// ImportStore keeps imports with the rows that wait and those that failed. Lookups return ErrNotFound.
type ImportStore interface {
	InsertImport(ctx context.Context, i Import, rows []ImportRow) error
	ImportByID(ctx context.Context, id ID) (Import, error)
	// Imports are account's, newest first, at most limit.
	Imports(ctx context.Context, account ID, limit int) ([]Import, error)
	// ImportRows are those that wait, or that failed, by place, those behind after, at most limit.
	ImportRows(ctx context.Context, id ID, failed bool, after int64, limit int) ([]ImportRow, error)
	// FinishImportRow forgets a row, or keeps it with its problem.
	FinishImportRow(ctx context.Context, id ID, place int64, problem string) error
	// SetImport keeps when it was begun and finished.
	SetImport(ctx context.Context, i Import) error
	DeleteImport(ctx context.Context, account, id ID) error
}

// Bounds of imports.
const (
	MaxImportRows  = 20_000
	maxImports     = 10 // of one person at a time; the oldest finished one goes for the next
	maxImportCell  = 2_000
	importsAtOnce  = 3 // unfinished ones
	importStep     = 20
	importFileName = 100
)

// Imports work through lists that people bring. Safe for concurrent use.
type Imports struct {
	Store     Store
	Now       func() time.Time
	NewID     func() ID
	Follows   *Follows
	Blocks    *Blocks
	Mutes     *Mutes
	Lists     *Lists
	Reactions *Reactions
	Remote    Remote
	Host      string // domain of the handles here
	// Leave makes a job of the next rows of an import, in tx.
	Leave func(ctx context.Context, tx Tx, id ID) error
}

// Begin takes a file of who and leaves the work on it. Errors: ErrInvalid (not of that kind, empty, too long), ErrThrottled.
func (s *Imports) Begin(ctx context.Context, who ID, kind ImportKind, fileName string, file []byte, overwrite bool) (Import, error) {
	rows, err := readImport(kind, file)
	if err != nil {
		return Import{}, err
	}
	if name := []rune(strings.ToValidUTF8(fileName, "")); len(name) > importFileName {
		fileName = string(name[:importFileName])
	}
	i := Import{
		ID: s.NewID(), AccountID: who, Kind: kind, FileName: fileName, Overwrite: overwrite, Rows: int64(len(rows)), Waiting: int64(len(rows)),
		CreatedAt: s.Now().UTC().Truncate(time.Millisecond),
	}
	return i, s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		have, err := tx.Imports(ctx, who, maxImports+1)
		if err != nil {
			return err
		}
		busy := 0
		for n, x := range have {
			if x.FinishedAt.IsZero() {
				busy++
			} else if n >= maxImports-1 {
				if err := tx.DeleteImport(ctx, who, x.ID); err != nil {
					return err
				}
			}
		}
		if busy >= importsAtOnce {
			return &Error{Kind: ErrThrottled, Message: "Three files of yours are still worked on. Wait until one is done."}
		}
		if err := tx.InsertImport(ctx, i, rows); err != nil {
			return err
		}
		return s.Leave(ctx, tx, i.ID)
	})
}

// Work does the next rows of an import and leaves the rest. Doing rows twice does no harm, so a job may run again.
func (s *Imports) Work(ctx context.Context, id ID) error {
	i, err := s.Store.ImportByID(ctx, id)
	if err != nil || !i.FinishedAt.IsZero() {
		return ignoreMissing(err)
	}
	if i.BegunAt.IsZero() {
		if i.Overwrite {
			if err := s.clear(ctx, i); err != nil {
				return fmt.Errorf("make room for import %d: %w", id, err)
			}
		}
		i.BegunAt = s.Now()
		if err := s.Store.SetImport(ctx, i); err != nil {
			return err
		}
	}
	rows, err := s.Store.ImportRows(ctx, id, false, -1, importStep)
	if err != nil {
		return err
	}
	for _, row := range rows {
		problem, err := s.row(ctx, i, row.Cells)
		if err != nil {
			return fmt.Errorf("row %d of import %d: %w", row.Place, id, err)
		}
		if err := s.Store.FinishImportRow(ctx, id, row.Place, problem); err != nil {
			return err
		}
	}
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if len(rows) == importStep {
			return s.Leave(ctx, tx, id)
		}
		i.FinishedAt = s.Now()
		return tx.SetImport(ctx, i)
	})
}

// Failures are the rows of who's import that came to nothing.
func (s *Imports) Failures(ctx context.Context, who, id ID) (Import, []ImportRow, error) {
	i, err := s.Store.ImportByID(ctx, id)
	if err == nil && i.AccountID != who {
		err = fmt.Errorf("import %d of another account: %w", id, ErrNotFound)
	}
	if err != nil {
		return i, nil, err
	}
	rows, err := s.Store.ImportRows(ctx, id, true, -1, MaxImportRows)
	return i, rows, err
}

func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
