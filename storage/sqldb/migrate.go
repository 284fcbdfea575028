package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrate uses a connection of its own, so it must not be called while the same process writes through d.
func (d *sqliteDB) Migrate(ctx context.Context, files fs.FS) error {
	db, err := d.pool(1, false)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", d.path, err)
	}
	defer db.Close()
	m := migration{
		name: d.path, db: db, dialect: goose.DialectSQLite3, log: d.log,
		table:  `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`,
		backup: func(ctx context.Context, version int64) error { return d.backup(ctx, db, version) },
	}
	return m.run(ctx, files)
}

// backup copies the file to FILE.bak-VERSION, or …-2, …-3 if that is taken: an older copy is never overwritten.
func (d *sqliteDB) backup(ctx context.Context, db *sql.DB, version int64) error {
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s.bak-%d", d.path, version)
		if n > 1 {
			to = fmt.Sprintf("%s-%d", to, n)
		}
		// Made by us, empty, because VACUUM INTO would let everybody read it.
		f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			err = f.Close()
		}
		if err == nil {
			_, err = db.ExecContext(ctx, "VACUUM INTO $1", to)
		}
		if err != nil {
			return fmt.Errorf("copy to %s before changing the schema: make room in that folder and start again: %w", to, err)
		}
		d.log.Info("copied the database before changing its schema", slog.String("copy", to), slog.Int64("version", version))
		return nil
	}
}

// Migrate holds a session lock, so several processes may start at once.
func (d *postgresDB) Migrate(ctx context.Context, files fs.FS) error {
	name := d.pool.Config().ConnConfig.Database
	// Asked for every second (the shortest goose knows), for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	db := stdlib.OpenDBFromPool(d.pool)
	defer db.Close()
	m := migration{
		name: name, db: db, dialect: goose.DialectPostgres, log: d.log,
		table:   `SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('goose_db_version')`,
		backup:  func(context.Context, int64) error { return nil },
		options: []goose.ProviderOption{goose.WithSessionLocker(locker)},
	}
	return m.run(ctx, files)
}

// migration is what differs between the engines.
type migration struct {
	name    string
	db      *sql.DB
	dialect goose.Dialect
	log     *slog.Logger
	table   string // counts goose's version table
	backup  func(ctx context.Context, version int64) error
	options []goose.ProviderOption
}

func (m migration) run(ctx context.Context, files fs.FS) error {
	p, err := goose.NewProvider(m.dialect, m.db, files, append(m.options,
		goose.WithLogger(goose.NopLogger()),
		goose.WithDisableGlobalRegistry(true),
	)...)
	if err != nil {
		return fmt.Errorf("migrate %s: read the migrations: %w", m.name, err)
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	// Asked without goose, which would make its table first.
	version, err := m.version(ctx)
	if err != nil {
		return fmt.Errorf("migrate %s: read the schema version: %w", m.name, err)
	}
	if version > newest {
		return fmt.Errorf("open database %s: %w: its schema has version %d and this one knows %d: use the newer program, or another database", m.name, ErrNewer, version, newest)
	}
	if version > 0 && version < newest {
		if err := m.backup(ctx, version); err != nil {
			return fmt.Errorf("migrate %s: %w", m.name, err)
		}
	}
	// Also when nothing seems to be left: goose refuses a file that came in below a version already applied.
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate %s from version %d to %d: %w", m.name, version, newest, err)
	}
	if len(done) == 0 {
		return nil
	}
	m.log.Info("changed the schema of the database", slog.String("database", m.name), slog.Int64("from", version), slog.Int64("to", newest))
	return nil
}

// version is the newest migration that was applied, 0 if none.
func (m migration) version(ctx context.Context) (v int64, err error) {
	var tables int
	if err = m.db.QueryRowContext(ctx, m.table).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	err = m.db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&v)
	return v, err
}
