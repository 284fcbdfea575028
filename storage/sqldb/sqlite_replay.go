package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
)

// queryWriting runs a statement with RETURNING outside Tx. The writer cannot wait for the caller to read, so the rows
// are copied and given back through a small driver, which makes Scan convert exactly as it does for any other rows.
func (d *sqliteDB) queryWriting(ctx context.Context, text string, args []any) (Rows, error) {
	var c copied
	err := d.writer.do(ctx, func(tx Tx) error {
		rows, err := tx.Query(ctx, text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		if c.columns, err = rows.(*txRows).rows.Columns(); err != nil {
			return err
		}
		for rows.Next() {
			row, into := make([]driver.Value, len(c.columns)), make([]any, len(c.columns))
			for i := range row {
				into[i] = (*any)(&row[i])
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			c.rows = append(c.rows, row)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(&c)
	rows, err := db.QueryContext(ctx, "")
	if err != nil {
		db.Close()
		return nil, err
	}
	return &copiedRows{rows, db}, nil
}

// copiedRows close their database with themselves.
type copiedRows struct {
	*sql.Rows
	db *sql.DB
}

func (r *copiedRows) Close() {
	r.Rows.Close()
	r.db.Close()
}

func (r *copiedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

// copied is a database/sql driver whose every query answers the rows it holds, once.
type copied struct {
	columns []string
	rows    [][]driver.Value
}

var errCopied = errors.New("copied rows can only be read")

func (c *copied) Connect(context.Context) (driver.Conn, error) { return c, nil }
func (c *copied) Driver() driver.Driver                        { return c }
func (c *copied) Open(string) (driver.Conn, error)             { return c, nil }
func (c *copied) Begin() (driver.Tx, error)                    { return nil, errCopied }
func (c *copied) Prepare(string) (driver.Stmt, error)          { return nil, errCopied }
func (c *copied) Columns() []string                            { return c.columns }
func (c *copied) Close() error                                 { return nil }

func (c *copied) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return c, nil
}

func (c *copied) Next(dest []driver.Value) error {
	if len(c.rows) == 0 {
		return io.EOF
	}
	copy(dest, c.rows[0])
	c.rows = c.rows[1:]
	return nil
}
