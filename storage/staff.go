package storage

import (
	"context"
	"strings"

	"orrery/social"
)

// peopleStates are the conditions for states, of accounts a and their users u.
var peopleStates = map[social.PeopleState]string{
	social.PeopleActive:     "a.suspended_at = 0 AND a.deleted_at = 0",
	social.PeoplePending:    "u.pending",
	social.PeopleDisabled:   "u.disabled_at <> 0",
	social.PeopleSilenced:   "a.silenced_at <> 0",
	social.PeopleSuspended:  "(a.suspended_at <> 0 OR a.deleted_at <> 0)",
	social.PeopleSensitized: "a.sensitized_at <> 0",
}

// People implements social.StaffStore.
func (s *Store) People(ctx context.Context, f social.PeopleFilter, p social.Page) ([]social.Account, error) {
	k := newKeyset(p)
	args := []any{k.below, k.above, k.limit, int64(social.InstanceActorID)}
	where := ""
	also := func(condition string) { where += " AND " + condition }
	begins := func(column, text string) {
		also(`LOWER(` + column + `) LIKE ` + param(&args, likeText(strings.ToLower(text))+"%") + ` ESCAPE '\'`)
	}
	if f.Local {
		also("a.domain = ''")
	}
	if f.Remote {
		also("a.domain <> ''")
	}
	if condition, ok := peopleStates[f.State]; ok {
		also(condition)
	}
	if len(f.Roles) > 0 {
		also("u.role IN (" + inWords(&args, f.Roles) + ")")
	}
	if f.Username != "" {
		begins("a.username", f.Username)
	}
	if f.DisplayName != "" {
		begins("a.display_name", f.DisplayName)
	}
	if f.Email != "" {
		begins("u.email", f.Email)
	}
	if f.Domain != "" {
		also("a.domain = " + param(&args, strings.ToLower(f.Domain)))
	}
	out, err := list(ctx, s, scanAccount, `
		SELECT `+accountColumns+`
		FROM accounts a
		LEFT JOIN users u ON u.account_id = a.id
		WHERE a.id < $1 AND a.id > $2 AND a.id <> $4`+where+`
		ORDER BY a.id `+k.order+`
		LIMIT $3`, args...)
	return turn(k, out, wrap(err, "list people"))
}

// UsersOf implements social.StaffStore.
func (s *Store) UsersOf(ctx context.Context, accounts []social.ID) (map[social.ID]social.User, error) {
	out := make(map[social.ID]social.User, len(accounts))
	if len(accounts) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, func(r scanner) (social.User, error) {
		var u social.User
		var created, disabled int64
		var visibility, role string
		err := r.Scan(&u.AccountID, &created, &visibility, &u.DefaultLanguage, &disabled, &role, &u.Pending,
			&u.Email, &u.Reason, &u.AppID)
		u.CreatedAt, u.DefaultVisibility = fromMillis(created), social.Visibility(visibility)
		u.DisabledAt, u.Role = fromMillis(disabled), social.Role(role)
		return u, err
	}, `
		SELECT account_id, created_at, default_visibility, default_language, disabled_at, role, pending,
			email, reason, app_id
		FROM users
		WHERE account_id IN (`+inIDs(&args, accounts)+`)`, args...)
	for _, u := range found {
		out[u.AccountID] = u
	}
	return out, wrap(err, "load %d users", len(accounts))
}

// SetPending implements social.StaffStore.
func (s *Store) SetPending(ctx context.Context, account social.ID, pending bool) error {
	err := s.atomic(ctx, func(s *Store) error {
		const user = `
			UPDATE users
			SET pending = $2
			WHERE account_id = $1`
		n, err := s.exec(ctx, user, int64(account), pending)
		if err := touched(n, err, "answer"); err != nil {
			return err
		}
		const shown = `
			UPDATE accounts
			SET waiting = $2
			WHERE id = $1`
		_, err = s.exec(ctx, shown, int64(account), pending)
		return err
	})
	return wrap(err, "answer to %d, who waits", account)
}
