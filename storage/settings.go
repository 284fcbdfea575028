package storage

import (
	"context"
	"errors"

	"orrery/social"
)

// Setting implements social.SettingStore.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	const q = `
		SELECT value
		FROM settings
		WHERE name = $1`
	var value string
	err := missing(s.row(ctx, q, name).Scan(&value), "setting %s", name)
	if errors.Is(err, social.ErrNotFound) {
		return "", nil
	}
	return value, err
}

// PutSetting implements social.SettingStore.
func (s *Store) PutSetting(ctx context.Context, name, value string) error {
	const q = `
		INSERT INTO settings (name, value)
		VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	_, err := s.exec(ctx, q, name, value)
	return wrap(err, "set %s", name)
}

// UserByEmail implements social.SettingStore.
func (s *Store) UserByEmail(ctx context.Context, address string) (social.ID, error) {
	const q = `
		SELECT account_id
		FROM users
		WHERE email = $1 AND email <> ''`
	id, err := scanID(s.row(ctx, q, address))
	return id, missing(err, "user with an address")
}
