package storage

import (
	"context"
	"time"

	"orrery/social"
)

func scanRemoteFile(r scanner) (social.RemoteFile, error) {
	var f social.RemoteFile
	var version string
	var at int64
	err := r.Scan(&f.Address, &version, &f.FileKey, &f.FileSize, &at)
	f.Version, f.FetchedAt = social.RemoteVersion(version), fromMillis(at)
	return f, err
}

// RemoteFile implements social.RemoteFileStore.
func (s *Store) RemoteFile(ctx context.Context, address string, v social.RemoteVersion) (social.RemoteFile, error) {
	const q = `
		SELECT address, version, file_key, file_size, fetched_at
		FROM remote_files
		WHERE address = $1 AND version = $2`
	f, err := scanRemoteFile(s.row(ctx, q, address, string(v)))
	return f, missing(err, "copy of %s", address)
}

// PutRemoteFile implements social.RemoteFileStore.
func (s *Store) PutRemoteFile(ctx context.Context, f social.RemoteFile) error {
	const q = `
		INSERT INTO remote_files (address, version, file_key, file_size, fetched_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (address, version) DO UPDATE
		SET file_key = excluded.file_key, file_size = excluded.file_size, fetched_at = excluded.fetched_at`
	_, err := s.exec(ctx, q, f.Address, string(f.Version), f.FileKey, f.FileSize, millis(f.FetchedAt))
	return wrap(err, "keep a copy of %s", f.Address)
}

// RemoteFilesSize implements social.RemoteFileStore.
func (s *Store) RemoteFilesSize(ctx context.Context) (int64, error) {
	const q = `
		SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT)
		FROM remote_files`
	var n int64
	err := s.row(ctx, q).Scan(&n)
	return n, wrap(err, "size of copies")
}

// OldRemoteFiles implements social.RemoteFileStore.
func (s *Store) OldRemoteFiles(ctx context.Context, before time.Time, limit int) ([]social.RemoteFile, error) {
	const q = `
		SELECT address, version, file_key, file_size, fetched_at
		FROM remote_files
		WHERE fetched_at < $1
		ORDER BY fetched_at, address, version
		LIMIT $2`
	out, err := list(ctx, s, scanRemoteFile, q, millis(before), int64(limit))
	return out, wrap(err, "old copies")
}

// DeleteRemoteFile implements social.RemoteFileStore.
func (s *Store) DeleteRemoteFile(ctx context.Context, address string, v social.RemoteVersion) error {
	const q = `
		DELETE FROM remote_files
		WHERE address = $1 AND version = $2`
	_, err := s.exec(ctx, q, address, string(v))
	return wrap(err, "forget a copy of %s", address)
}
