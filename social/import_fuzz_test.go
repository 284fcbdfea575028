package social

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever file somebody brings: it is refused with a sentence, or becomes rows that are written and read again as they are.
func FuzzReadImport(f *testing.F) {
	for i, file := range []string{
		"Account address,Show boosts,Notify on new posts,Languages\na@b.test,true,false,\"de, en\"\n", "@a@b.test\n\n,,\na@B.test\n", "Account address,Hide notifications\na,\n",
		"#domain\nbad.test\n", "\ufeff#uri\nhttps://b.test/1\n", "List name,Account address\n\"a \"\"b\"\"\",c@d.test\n", "\"x\ny\",\r\n", "Languages,Account address\nen,a\n", " \ufeff0",
		"a" + strings.Repeat(" ", maxImportCell) + "b\n",
	} {
		f.Add(uint8(i), []byte(file))
	}
	f.Fuzz(func(t *testing.T, which uint8, file []byte) {
		kind := ImportKinds()[int(which)%len(ImportKinds())]
		rows, err := readImport(kind, file)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%s: an error that is nobody's mistake: %v", kind, err)
			}
			return
		}
		if len(rows) == 0 || len(rows) > MaxImportRows {
			t.Fatalf("%s: %d rows", kind, len(rows))
		}
		cells := make([][]string, len(rows))
		for i, r := range rows {
			if cells[i] = r.Cells; r.Place != int64(i) || len(r.Cells) != len(kind.Header()) {
				t.Fatalf("%s: row %d is %+v", kind, i, r)
			}
			for n, c := range r.Cells {
				if !utf8.ValidString(c) || strings.ContainsRune(c, 0) || n < kind.needed() && c == "" || utf8.RuneCountInString(c) > maxImportCell {
					t.Fatalf("%s: cell %q", kind, c)
				}
			}
		}
		var out bytes.Buffer
		if err := kind.WriteRows(&out, cells); err != nil {
			t.Fatal(err)
		}
		again, err := readImport(kind, out.Bytes())
		if err == nil && len(again) == len(rows) && !reflect.DeepEqual(again, rows) {
			t.Errorf("%s: written and read again it is %v, want %v", kind, again, rows)
		}
	})
}
