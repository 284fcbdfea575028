package sqldb

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// bind gives parameter i, from 1, its argument. Texts are copied; they are given back when the rows are closed.
func (x *readRows) bind(i int32, arg any) error {
	switch arg.(type) {
	case int64, string, bool, []byte, nil:
	default:
		v, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return err
		}
		arg = v
	}
	tls, st := x.r.tls, x.st.handle
	var rc int32
	switch v := arg.(type) {
	case int64:
		rc = sqlite3.Xsqlite3_bind_int64(tls, st, i, v)
	case bool:
		n := int64(0)
		if v {
			n = 1
		}
		rc = sqlite3.Xsqlite3_bind_int64(tls, st, i, n)
	case float64:
		rc = sqlite3.Xsqlite3_bind_double(tls, st, i, v)
	case string:
		p, err := x.copied(v)
		if err != nil {
			return err
		}
		rc = sqlite3.Xsqlite3_bind_text(tls, st, i, p, int32(len(v)), 0)
	case []byte:
		if v == nil {
			rc = sqlite3.Xsqlite3_bind_null(tls, st, i)
			break
		}
		p, err := x.copied(string(v))
		if err != nil {
			return err
		}
		rc = sqlite3.Xsqlite3_bind_blob(tls, st, i, p, int32(len(v)), 0)
	case nil:
		rc = sqlite3.Xsqlite3_bind_null(tls, st, i)
	default:
		return fmt.Errorf("argument of parameter %d is a %T", i, arg)
	}
	if rc != sqlite3.SQLITE_OK {
		return x.r.fault(rc)
	}
	return nil
}

func (x *readRows) copied(s string) (uintptr, error) {
	p, err := libc.CString(s)
	if err == nil {
		x.bound = append(x.bound, p)
	}
	return p, err
}

var errNoRow = errors.New("Scan was called without a row: call Next first")

// Scan implements Rows. It converts as database/sql does, in what this program asks of it.
func (x *readRows) Scan(dest ...any) error {
	if !x.onRow {
		return errNoRow
	}
	if len(dest) != x.columns {
		return fmt.Errorf("a row has %d columns, and %d places to go", x.columns, len(dest))
	}
	for i, d := range dest {
		if err := x.scan(int32(i), d); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// scan reads column i into d. What nearly all columns are is read without a detour.
func (x *readRows) scan(i int32, d any) error {
	kind := sqlite3.Xsqlite3_column_type(x.r.tls, x.st.handle, i)
	switch d := d.(type) {
	case *int64:
		if kind == sqlite3.SQLITE_INTEGER {
			*d = sqlite3.Xsqlite3_column_int64(x.r.tls, x.st.handle, i)
			return nil
		}
	case *bool:
		if kind == sqlite3.SQLITE_INTEGER {
			*d = sqlite3.Xsqlite3_column_int64(x.r.tls, x.st.handle, i) != 0
			return nil
		}
	case *string:
		if kind == sqlite3.SQLITE_TEXT {
			*d = string(x.bytes(i))
			return nil
		}
	case sql.Scanner:
		return d.Scan(x.value(i, kind))
	case *any:
		*d = x.value(i, kind)
		return nil
	}
	to := reflect.ValueOf(d)
	if kind == sqlite3.SQLITE_INTEGER && to.Kind() == reflect.Pointer && to.Elem().Kind() == reflect.Int64 {
		to.Elem().SetInt(sqlite3.Xsqlite3_column_int64(x.r.tls, x.st.handle, i)) // an id
		return nil
	}
	return assign(to, x.value(i, kind))
}

// bytes are the text or blob in column i, until the next step.
func (x *readRows) bytes(i int32) []byte {
	p := sqlite3.Xsqlite3_column_blob(x.r.tls, x.st.handle, i)
	n := sqlite3.Xsqlite3_column_bytes(x.r.tls, x.st.handle, i)
	if p == 0 || n == 0 {
		return nil
	}
	// SQLite's memory is no memory of Go's, so it neither moves nor goes; vet cannot know that of a uintptr.
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), n)
}

// value is column i as a driver would give it.
func (x *readRows) value(i, kind int32) any {
	switch kind {
	case sqlite3.SQLITE_INTEGER:
		return sqlite3.Xsqlite3_column_int64(x.r.tls, x.st.handle, i)
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(x.r.tls, x.st.handle, i)
	case sqlite3.SQLITE_TEXT:
		return string(x.bytes(i))
	case sqlite3.SQLITE_BLOB:
		return append([]byte(nil), x.bytes(i)...)
	}
	return nil
}

// assign stores v in what d points to.
func assign(d reflect.Value, v any) error {
	if d.Kind() != reflect.Pointer || d.IsNil() {
		return fmt.Errorf("it goes to a %v, which is no pointer", d.Kind())
	}
	to := d.Elem()
	if to.Kind() == reflect.Pointer {
		if v == nil {
			to.SetZero()
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		return assign(to, v)
	}
	if to.Kind() == reflect.Slice && to.Type().Elem().Kind() == reflect.Uint8 {
		switch v := v.(type) {
		case nil:
			to.SetZero()
			return nil
		case []byte:
			to.SetBytes(v)
			return nil
		case string:
			to.SetBytes([]byte(v))
			return nil
		}
	}
	text := ""
	switch v := v.(type) {
	case int64:
		if to.CanInt() && !to.OverflowInt(v) {
			to.SetInt(v)
			return nil
		}
		if to.Kind() == reflect.Bool {
			to.SetBool(v != 0)
			return nil
		}
		text = strconv.FormatInt(v, 10)
	case float64:
		if to.CanFloat() {
			to.SetFloat(v)
			return nil
		}
		text = strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		text = v
	case []byte:
		text = string(v)
	case nil:
		return fmt.Errorf("NULL goes to a %v", to.Type())
	}
	return parse(to, text)
}

// parse stores in to what text says.
func parse(to reflect.Value, text string) error {
	var err error
	switch {
	case to.Kind() == reflect.String:
		to.SetString(text)
	case to.CanInt():
		var n int64
		if n, err = strconv.ParseInt(text, 10, to.Type().Bits()); err == nil {
			to.SetInt(n)
		}
	case to.CanUint():
		var n uint64
		if n, err = strconv.ParseUint(text, 10, to.Type().Bits()); err == nil {
			to.SetUint(n)
		}
	case to.CanFloat():
		var f float64
		if f, err = strconv.ParseFloat(text, to.Type().Bits()); err == nil {
			to.SetFloat(f)
		}
	default:
		err = fmt.Errorf("%q goes to a %v", text, to.Type())
	}
	return err
}
