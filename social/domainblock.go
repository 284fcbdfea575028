package social

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// BlockDomain decides about another server. Its accounts are changed step by step afterwards. Errors: ErrInvalid,
// ErrConflict (there is such a block already).
func (m *Moderation) BlockDomain(ctx context.Context, by ID, b DomainBlock) (DomainBlock, error) {
	b.Domain = NormalDomain(b.Domain)
	if b.Severity == "" {
		b.Severity = SeveritySilence
	}
	if err := m.checkBlock(b); err != nil {
		return DomainBlock{}, err
	}
	b.ID, b.CreatedAt = m.NewID(), m.now()
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageFederation); err != nil {
			return err
		}
		if err := tx.InsertDomainBlock(ctx, b); err != nil {
			return err
		}
		if err := m.enforce(ctx, tx, b); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "create", "domain_block", b.ID, b.Domain)
	})
	m.Domains.Forget()
	if errors.Is(err, ErrConflict) {
		return b, &Error{Kind: ErrConflict, Field: "domain", Message: fmt.Sprintf("There is a block of %s already: change that one.", b.Domain)}
	}
	return b, err
}

func (m *Moderation) checkBlock(b DomainBlock) error {
	switch {
	case !validDomain(b.Domain):
		return &Error{Kind: ErrInvalid, Field: "domain", Message: fmt.Sprintf("%q is no domain: write it like example.org.", b.Domain)}
	case b.Domain == strings.ToLower(m.Domains.Own):
		return &Error{Kind: ErrInvalid, Field: "domain", Message: "A server cannot block itself."}
	case b.Severity != SeverityNoop && b.Severity != SeveritySilence && b.Severity != SeveritySuspend:
		return &Error{Kind: ErrInvalid, Field: "severity", Message: fmt.Sprintf("%q is no severity: choose noop, silence or suspend.", b.Severity)}
	}
	return nil
}

func validDomain(domain string) bool {
	return domain != "" && len(domain) <= 255 && !strings.ContainsAny(domain, "/@?# \t\r\n\x00")
}

// enforce leaves the work of a block that begins, changes or ends.
func (m *Moderation) enforce(ctx context.Context, tx Tx, b DomainBlock) error {
	c := Chore{Kind: ChoreBlock, Target: b.ID, Domain: b.Domain, Since: b.CreatedAt, At: m.now()}
	if b.Severity == SeveritySuspend {
		s := Severance{ID: m.NewID(), Kind: SeveredByDomainBlock, Target: b.Domain, CreatedAt: m.now()}
		if err := tx.InsertSeverance(ctx, s); err != nil {
			return err
		}
		c.Severance = s.ID
	}
	return tx.AppendChore(ctx, c)
}

// UpdateDomainBlock changes what b's row says; what follows from a lower severity is taken back. Domain and date stay.
func (m *Moderation) UpdateDomainBlock(ctx context.Context, by ID, b DomainBlock) (DomainBlock, error) {
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageFederation); err != nil {
			return err
		}
		before, err := tx.DomainBlockByID(ctx, b.ID)
		if err != nil {
			return err
		}
		b.Domain, b.CreatedAt = before.Domain, before.CreatedAt
		if err := m.checkBlock(b); err != nil {
			return err
		}
		if err := tx.UpdateDomainBlock(ctx, b); err != nil {
			return err
		}
		if b.Severity != before.Severity {
			if err := m.enforce(ctx, tx, b); err != nil {
				return err
			}
		}
		return m.did(ctx, tx, by, "update", "domain_block", b.ID, b.Domain)
	})
	m.Domains.Forget()
	return b, err
}

// UnblockDomain lifts a block. Accounts come back as far as they can; follows and posts do not.
func (m *Moderation) UnblockDomain(ctx context.Context, by, id ID) (DomainBlock, error) {
	var b DomainBlock
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageFederation); err != nil {
			return err
		}
		var err error
		if b, err = tx.DomainBlockByID(ctx, id); err != nil {
			return err
		}
		if err := tx.DeleteDomainBlock(ctx, id); err != nil {
			return err
		}
		b.Severity = SeverityNoop // of the rest of the work; what was is in the deed
		if err := m.enforce(ctx, tx, b); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "destroy", "domain_block", b.ID, b.Domain)
	})
	m.Domains.Forget()
	return b, err
}

// keepBlock brings the next accounts of the domain of c in line with its block as it is now: one that is gone counts as none.
// What a block does to an account takes the block's date, by which its end finds it again.
func (m *Moderation) keepBlock(ctx context.Context, tx Tx, c *Chore) (done bool, err error) {
	b, err := tx.DomainBlockByID(ctx, c.Target)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	accounts, err := tx.AccountsOf(ctx, c.Domain, c.After, purgeStep)
	if err != nil {
		return false, err
	}
	for _, a := range accounts {
		c.After = a.ID
		if a.Gone() {
			continue
		}
		before := a.Standing
		if err := m.fit(ctx, tx, &a, b.Severity, *c); err != nil {
			return false, err
		}
		if a.Standing == before {
			continue
		}
		if err := m.stands(ctx, tx, before, a); err != nil {
			return false, err
		}
	}
	return len(accounts) < purgeStep, nil
}

// fit makes the standing of a what a block of that severity, made at c.Since, wants. Decisions about a alone stay.
func (m *Moderation) fit(ctx context.Context, tx Tx, a *Account, severity Severity, c Chore) error {
	if a.SilencedAt.Equal(c.Since) && severity != SeveritySilence {
		a.SilencedAt = time.Time{}
	}
	if a.SuspendedAt.Equal(c.Since) && severity != SeveritySuspend {
		if err := m.unsuspend(ctx, tx, a); err != nil {
			return err
		}
	}
	switch {
	case severity == SeveritySilence && a.SilencedAt.IsZero():
		a.SilencedAt = c.Since
	case severity == SeveritySuspend && a.SuspensionOrigin != OriginLocal:
		a.SuspendedAt, a.SuspensionOrigin = c.Since, OriginLocal
		return tx.AppendChore(ctx, Chore{Kind: ChorePurge, Account: a.ID, Since: c.Since, At: m.now(), Told: true, Severance: c.Severance})
	}
	return nil
}

// AllowDomain lets a server in under limited federation; DisallowDomain takes it back.
func (m *Moderation) AllowDomain(ctx context.Context, by ID, domain string) (DomainAllow, error) {
	a := DomainAllow{ID: m.NewID(), Domain: NormalDomain(domain), CreatedAt: m.now()}
	if !validDomain(a.Domain) {
		return a, &Error{Kind: ErrInvalid, Field: "domain", Message: fmt.Sprintf("%q is no domain: write it like example.org.", domain)}
	}
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageFederation); err != nil {
			return err
		}
		if err := tx.InsertDomainAllow(ctx, a); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "create", "domain_allow", a.ID, a.Domain)
	})
	m.Domains.Forget()
	if errors.Is(err, ErrConflict) {
		return a, &Error{Kind: ErrConflict, Field: "domain", Message: fmt.Sprintf("%s is allowed already.", a.Domain)}
	}
	return a, err
}

// DisallowDomain takes an allowance back.
func (m *Moderation) DisallowDomain(ctx context.Context, by, id ID) (DomainAllow, error) {
	var a DomainAllow
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, MayManageFederation); err != nil {
			return err
		}
		var err error
		if a, err = tx.DomainAllowByID(ctx, id); err != nil {
			return err
		}
		if err := tx.DeleteDomainAllow(ctx, id); err != nil {
			return err
		}
		return m.did(ctx, tx, by, "destroy", "domain_allow", a.ID, a.Domain)
	})
	m.Domains.Forget()
	return a, err
}
