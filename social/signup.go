package social

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// EmailDomainBlock keeps people with an address at Domain from joining, or lets them wait for an answer.
type EmailDomainBlock struct {
	ID                ID
	Domain            string // lower case
	AllowWithApproval bool
	CreatedAt         time.Time
}

// EmailBlock keeps one person from joining again: Hash is EmailHash of their address, which is not kept itself.
type EmailBlock struct {
	ID        ID
	Hash      string
	CreatedAt time.Time
}

// IPSeverity says what somebody from a blocked network may not do, in Mastodon's words.
type IPSeverity string

// Severities of blocked networks.
const (
	IPApproval  IPSeverity = "sign_up_requires_approval"
	IPNoSignUp  IPSeverity = "sign_up_block"
	IPNoService IPSeverity = "no_access"
)

// IPBlock is what was decided about a network.
type IPBlock struct {
	ID        ID
	Network   string // "192.0.2.0/24"
	Severity  IPSeverity
	Comment   string
	ExpiresAt time.Time // zero: it does not end
	CreatedAt time.Time
}

// SignUpStore keeps who may not join. Lists are paged by id, newest first; inserting what is there is ErrConflict.
type SignUpStore interface {
	InsertEmailDomainBlock(ctx context.Context, b EmailDomainBlock) error
	EmailDomainBlockByID(ctx context.Context, id ID) (EmailDomainBlock, error)
	EmailDomainBlocks(ctx context.Context, p Page) ([]EmailDomainBlock, error)
	DeleteEmailDomainBlock(ctx context.Context, id ID) error

	InsertEmailBlock(ctx context.Context, b EmailBlock) error
	EmailBlockByID(ctx context.Context, id ID) (EmailBlock, error)
	EmailBlocksByHash(ctx context.Context, hash string) ([]EmailBlock, error)
	EmailBlocks(ctx context.Context, p Page) ([]EmailBlock, error)
	DeleteEmailBlock(ctx context.Context, id ID) error

	InsertIPBlock(ctx context.Context, b IPBlock) error
	// UpdateIPBlock sets everything but id and date.
	UpdateIPBlock(ctx context.Context, b IPBlock) error
	IPBlockByID(ctx context.Context, id ID) (IPBlock, error)
	IPBlocks(ctx context.Context, p Page) ([]IPBlock, error)
	DeleteIPBlock(ctx context.Context, id ID) error
}

// EmailHash is the SHA-256, in hex, of an address as its owner could not vary it: small letters, no dots and nothing from a
// "+" on before the "@". What Mastodon computes.
func EmailHash(address string) string {
	user, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	user, _, _ = strings.Cut(strings.ReplaceAll(user, ".", ""), "+")
	sum := sha256.Sum256([]byte(user + "@" + domain))
	return hex.EncodeToString(sum[:])
}

// keep makes one change by somebody with right, and its deed. taken is what is said when the same is there already.
func (m *Moderation) keep(ctx context.Context, by ID, right Right, d Deed, taken string, change func(ctx context.Context, tx Tx) error) error {
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := m.may(ctx, tx, by, right); err != nil {
			return err
		}
		if err := change(ctx, tx); err != nil {
			return err
		}
		return m.did(ctx, tx, by, d.Action, d.TargetType, d.TargetID, d.Target)
	})
	if errors.Is(err, ErrConflict) {
		return &Error{Kind: ErrInvalid, Message: taken}
	}
	return err
}

// BlockEmailDomain keeps people with an address at b.Domain from joining.
func (m *Moderation) BlockEmailDomain(ctx context.Context, by ID, b EmailDomainBlock) (EmailDomainBlock, error) {
	b.Domain = NormalDomain(b.Domain)
	if !validDomain(b.Domain) {
		return b, &Error{Kind: ErrInvalid, Field: "domain", Message: fmt.Sprintf("%q is no domain: write it like example.org.", b.Domain)}
	}
	b.ID, b.CreatedAt = m.NewID(), m.now()
	return b, m.keep(ctx, by, MayManageBlocks, Deed{Action: "create", TargetType: "email_domain_block", TargetID: b.ID, Target: b.Domain},
		"Addresses there are blocked already.", func(ctx context.Context, tx Tx) error { return tx.InsertEmailDomainBlock(ctx, b) })
}

// UnblockEmailDomain takes it back.
func (m *Moderation) UnblockEmailDomain(ctx context.Context, by ID, b EmailDomainBlock) error {
	return m.keep(ctx, by, MayManageBlocks, Deed{Action: "destroy", TargetType: "email_domain_block", TargetID: b.ID, Target: b.Domain},
		"", func(ctx context.Context, tx Tx) error { return tx.DeleteEmailDomainBlock(ctx, b.ID) })
}

// BlockEmail keeps whoever has an address with that hash from joining.
func (m *Moderation) BlockEmail(ctx context.Context, by ID, hash string) (EmailBlock, error) {
	b := EmailBlock{ID: m.NewID(), Hash: strings.ToLower(hash), CreatedAt: m.now()}
	if raw, err := hex.DecodeString(b.Hash); err != nil || len(raw) != sha256.Size {
		return b, &Error{Kind: ErrInvalid, Field: "canonical_email_hash", Message: "The hash must be 64 hexadecimal digits; or send the address."}
	}
	return b, m.keep(ctx, by, MayManageBlocks, Deed{Action: "create", TargetType: "canonical_email_block", TargetID: b.ID, Target: b.Hash},
		"That address is blocked already.", func(ctx context.Context, tx Tx) error { return tx.InsertEmailBlock(ctx, b) })
}

// UnblockEmail takes it back.
func (m *Moderation) UnblockEmail(ctx context.Context, by ID, b EmailBlock) error {
	return m.keep(ctx, by, MayManageBlocks, Deed{Action: "destroy", TargetType: "canonical_email_block", TargetID: b.ID, Target: b.Hash},
		"", func(ctx context.Context, tx Tx) error { return tx.DeleteEmailBlock(ctx, b.ID) })
}

// checkNetwork makes b's network what is kept: an address is a network of one.
func checkNetwork(b *IPBlock) error {
	network, err := netip.ParsePrefix(strings.TrimSpace(b.Network))
	if err != nil {
		var address netip.Addr
		if address, err = netip.ParseAddr(strings.TrimSpace(b.Network)); err == nil {
			network = netip.PrefixFrom(address, address.BitLen())
		}
	}
	switch {
	case err != nil:
		return &Error{Kind: ErrInvalid, Field: "ip", Message: fmt.Sprintf("%q is no address: write 192.0.2.1, or 192.0.2.0/24 for a network.", b.Network)}
	case b.Severity != IPApproval && b.Severity != IPNoSignUp && b.Severity != IPNoService:
		return &Error{Kind: ErrInvalid, Field: "severity", Message: fmt.Sprintf("%q is no severity: choose sign_up_requires_approval, sign_up_block or no_access.", b.Severity)}
	}
	b.Network = network.Masked().String()
	return nil
}

// BlockIP decides about a network.
func (m *Moderation) BlockIP(ctx context.Context, by ID, b IPBlock) (IPBlock, error) {
	if err := checkNetwork(&b); err != nil {
		return b, err
	}
	b.ID, b.CreatedAt = m.NewID(), m.now()
	return b, m.keep(ctx, by, MayManageBlocks, Deed{Action: "create", TargetType: "ip_block", TargetID: b.ID, Target: b.Network},
		"There is a decision about that network already: change that one.", func(ctx context.Context, tx Tx) error { return tx.InsertIPBlock(ctx, b) })
}

// UpdateIPBlock changes what was decided.
func (m *Moderation) UpdateIPBlock(ctx context.Context, by ID, b IPBlock) (IPBlock, error) {
	if err := checkNetwork(&b); err != nil {
		return b, err
	}
	return b, m.keep(ctx, by, MayManageBlocks, Deed{Action: "update", TargetType: "ip_block", TargetID: b.ID, Target: b.Network},
		"There is a decision about that network already: change that one.", func(ctx context.Context, tx Tx) error { return tx.UpdateIPBlock(ctx, b) })
}

// UnblockIP takes it back.
func (m *Moderation) UnblockIP(ctx context.Context, by ID, b IPBlock) error {
	return m.keep(ctx, by, MayManageBlocks, Deed{Action: "destroy", TargetType: "ip_block", TargetID: b.ID, Target: b.Network},
		"", func(ctx context.Context, tx Tx) error { return tx.DeleteIPBlock(ctx, b.ID) })
}
