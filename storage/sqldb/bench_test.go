package sqldb_test

import (
	"sync/atomic"
	"testing"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

// BenchmarkTx writes one row a transaction, alone and 64 at once; a read is there for comparison.
func BenchmarkTx(b *testing.B) {
	for _, sync := range []string{"OFF", "NORMAL", "FULL"} {
		b.Run("sqlite-"+sync, func(b *testing.B) {
			db, err := sqldb.Open(b.Context(), storagetest.SQLite(b), sqldb.Options{Synchronous: sync})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			writeAndRead(b, db)
		})
	}
	b.Run("postgres", func(b *testing.B) { writeAndRead(b, storagetest.Open(b, storagetest.Postgres(b))) })
}

func writeAndRead(b *testing.B, db sqldb.DB) {
	exec(b, db, `CREATE TABLE t (id BIGINT PRIMARY KEY, text TEXT NOT NULL)`)
	var id atomic.Int64
	write := func(b *testing.B) {
		err := db.Tx(b.Context(), func(tx sqldb.Tx) error {
			_, err := tx.Exec(b.Context(), `INSERT INTO t (id, text) VALUES ($1, $2)`, id.Add(1), "a line of text")
			return err
		})
		if err != nil {
			b.Error(err)
		}
	}
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			write(b)
		}
	})
	b.Run("64 at once", func(b *testing.B) {
		before := db.Stats()
		b.SetParallelism(32) // times 2 cores
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				write(b)
			}
		})
		s := db.Stats()
		b.ReportMetric(float64(s.Functions-before.Functions)/float64(s.Commits-before.Commits), "functions/commit")
	})
	b.Run("read", func(b *testing.B) {
		var text string
		for b.Loop() {
			if err := db.QueryRow(b.Context(), `SELECT text FROM t WHERE id = $1`, 1).Scan(&text); err != nil {
				b.Fatal(err)
			}
		}
	})
}
