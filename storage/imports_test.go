package storage

import (
	"testing"

	"orrery/social"
)

func TestImports(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		i := social.Import{ID: 5, AccountID: alice, Kind: social.ImportBlocks, FileName: "f.csv", Overwrite: true, Rows: 2, Waiting: 2, CreatedAt: noon}
		ok(t, s.InsertImport(ctx, i, []social.ImportRow{{Place: 0, Cells: []string{"a", ""}}, {Place: 1, Cells: []string{"b"}}}))
		same(t, "import", must(s.ImportByID(ctx, 5))(t), i)
		rows := must(s.ImportRows(ctx, 5, false, -1, 1))(t)
		same(t, "rows", rows, []social.ImportRow{{Place: 0, Cells: []string{"a", ""}}})
		ok(t, s.FinishImportRow(ctx, 5, 0, ""))
		ok(t, s.FinishImportRow(ctx, 5, 1, "no"))
		ok(t, s.FinishImportRow(ctx, 5, 1, "no"))
		i.Waiting, i.Failed, i.BegunAt, i.FinishedAt = 0, 1, noon, noon
		ok(t, s.SetImport(ctx, i))
		same(t, "imports", must(s.Imports(ctx, alice, 5))(t), []social.Import{i})
		same(t, "failures", must(s.ImportRows(ctx, 5, true, -1, 5))(t), []social.ImportRow{{Place: 1, Cells: []string{"b"}, Problem: "no"}})
		fails(t, s.DeleteImport(ctx, berta, 5), social.ErrNotFound)
		ok(t, s.DeleteImport(ctx, alice, 5))
		_, err := s.ImportByID(ctx, 5)
		fails(t, err, social.ErrNotFound)
	})
}
