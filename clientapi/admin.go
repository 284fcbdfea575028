package clientapi

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"

	"orrery/social"
)

// AdminAccount is an account as those see it who run the server. This one keeps no network addresses of its people, so
// these are empty.
type AdminAccount struct {
	ID                     string    `json:"id"`
	Username               string    `json:"username"`
	Domain                 *string   `json:"domain"`
	CreatedAt              Time      `json:"created_at"`
	Email                  string    `json:"email"`
	IP                     *string   `json:"ip"`
	IPs                    []AdminIP `json:"ips"`
	Locale                 string    `json:"locale"`
	InviteRequest          *string   `json:"invite_request"`
	Role                   Role      `json:"role"`
	Confirmed              bool      `json:"confirmed"`
	Approved               bool      `json:"approved"`
	Disabled               bool      `json:"disabled"`
	Sensitized             bool      `json:"sensitized"`
	Silenced               bool      `json:"silenced"`
	Suspended              bool      `json:"suspended"`
	Account                Account   `json:"account"`
	CreatedByApplicationID string    `json:"created_by_application_id,omitempty"`
	InvitedByAccountID     string    `json:"invited_by_account_id,omitempty"`
}

// AdminIP is an address that somebody came from.
type AdminIP struct {
	IP     string `json:"ip"`
	UsedAt Time   `json:"used_at"`
}

// FromRole renders what somebody may do beyond posting.
func FromRole(role social.Role) Role {
	return Role{ID: role.ID(), Name: role.Label(), Permissions: rights(role), Highlighted: role.Staff()}
}

// FromPerson renders a for staff; u is the zero user for accounts of other servers.
func FromPerson(a social.Account, u social.User, r Render) AdminAccount {
	out := AdminAccount{
		ID: a.ID.String(), Username: a.Username, CreatedAt: Time{a.CreatedAt}, IPs: []AdminIP{}, Role: FromRole(u.Role),
		Sensitized: a.Sensitized(), Silenced: a.Silenced(), Suspended: a.Suspended(), Account: FromAccount(a, r),
	}
	if !a.Local() {
		out.Domain = &a.Domain
		return out
	}
	out.Locale, out.Confirmed, out.Approved, out.Disabled = cmp.Or(u.DefaultLanguage, "en"), true, !u.Pending, !u.DisabledAt.IsZero()
	out.Email, out.InviteRequest = u.Email, said(u.Reason)
	if u.AppID != 0 {
		out.CreatedByApplicationID = u.AppID.String()
	}
	return out
}

// AdminReport is a complaint as those see it who answer it.
type AdminReport struct {
	ID                   string        `json:"id"`
	ActionTaken          bool          `json:"action_taken"`
	ActionTakenAt        *Time         `json:"action_taken_at"`
	Category             string        `json:"category"`
	Comment              string        `json:"comment"`
	Forwarded            bool          `json:"forwarded"`
	CreatedAt            Time          `json:"created_at"`
	UpdatedAt            Time          `json:"updated_at"`
	Account              AdminAccount  `json:"account"`
	TargetAccount        AdminAccount  `json:"target_account"`
	AssignedAccount      *AdminAccount `json:"assigned_account"`
	ActionTakenByAccount *AdminAccount `json:"action_taken_by_account"`
	Statuses             []Status      `json:"statuses"`
	Rules                []Rule        `json:"rules"`
}

// FromComplaint renders rep; person finds who stands in it.
func FromComplaint(rep social.Report, person func(social.ID) *AdminAccount, statuses []Status, rules []Rule) AdminReport {
	out := AdminReport{
		ID: rep.ID.String(), ActionTaken: !rep.ClosedAt.IsZero(), Category: string(rep.Category), Comment: rep.Comment,
		Forwarded: rep.Forwarded, CreatedAt: Time{rep.CreatedAt}, UpdatedAt: Time{rep.UpdatedAt},
		AssignedAccount: person(rep.Assigned), ActionTakenByAccount: person(rep.ClosedBy), Statuses: statuses, Rules: rules,
	}
	if out.ActionTaken {
		out.ActionTakenAt = &Time{rep.ClosedAt}
	}
	if a := person(rep.AccountID); a != nil {
		out.Account = *a
	}
	if a := person(rep.TargetID); a != nil {
		out.TargetAccount = *a
	}
	return out
}

// AdminDomainBlock is a decision about another server.
type AdminDomainBlock struct {
	ID             string  `json:"id"`
	Domain         string  `json:"domain"`
	Digest         string  `json:"digest"` // SHA-256 of the domain, in hex
	CreatedAt      Time    `json:"created_at"`
	Severity       string  `json:"severity"`
	RejectMedia    bool    `json:"reject_media"`
	RejectReports  bool    `json:"reject_reports"`
	PrivateComment *string `json:"private_comment"`
	PublicComment  *string `json:"public_comment"`
	Obfuscate      bool    `json:"obfuscate"`
}

// FromDecision renders b for staff.
func FromDecision(b social.DomainBlock) AdminDomainBlock {
	sum := sha256.Sum256([]byte(b.Domain))
	return AdminDomainBlock{
		ID: b.ID.String(), Domain: b.Domain, Digest: hex.EncodeToString(sum[:]), CreatedAt: Time{b.CreatedAt}, Severity: string(b.Severity),
		RejectMedia: b.RejectMedia, RejectReports: b.RejectReports, PrivateComment: said(b.PrivateComment), PublicComment: said(b.PublicComment),
		Obfuscate: b.Obfuscate,
	}
}

func said(comment string) *string {
	if comment == "" {
		return nil
	}
	return &comment
}

// ExistingDomainBlockError says that a server, or one above it, was decided about already.
type ExistingDomainBlockError struct {
	Error               string           `json:"error"`
	ExistingDomainBlock AdminDomainBlock `json:"existing_domain_block"`
}

// AdminDomainAllow lets a server in under limited federation.
type AdminDomainAllow struct {
	ID        string `json:"id"`
	Domain    string `json:"domain"`
	CreatedAt Time   `json:"created_at"`
}

// FromAllowance renders a.
func FromAllowance(a social.DomainAllow) AdminDomainAllow {
	return AdminDomainAllow{ID: a.ID.String(), Domain: a.Domain, CreatedAt: Time{a.CreatedAt}}
}

// AdminEmailDomainBlock keeps people with addresses at a domain from joining.
type AdminEmailDomainBlock struct {
	ID                string   `json:"id"`
	Domain            string   `json:"domain"`
	CreatedAt         Time     `json:"created_at"`
	History           []string `json:"history"` // of attempts to join, which are not counted: always empty
	AllowWithApproval bool     `json:"allow_with_approval"`
}

// FromEmailDomainBlock renders b.
func FromEmailDomainBlock(b social.EmailDomainBlock) AdminEmailDomainBlock {
	return AdminEmailDomainBlock{
		ID: b.ID.String(), Domain: b.Domain, CreatedAt: Time{b.CreatedAt}, History: []string{}, AllowWithApproval: b.AllowWithApproval,
	}
}

// AdminCanonicalEmailBlock keeps one person from joining again.
type AdminCanonicalEmailBlock struct {
	ID                 string `json:"id"`
	CanonicalEmailHash string `json:"canonical_email_hash"`
}

// FromEmailBlock renders b.
func FromEmailBlock(b social.EmailBlock) AdminCanonicalEmailBlock {
	return AdminCanonicalEmailBlock{ID: b.ID.String(), CanonicalEmailHash: b.Hash}
}

// AdminIPBlock is a decision about a network.
type AdminIPBlock struct {
	ID        string `json:"id"`
	IP        string `json:"ip"`
	Severity  string `json:"severity"`
	Comment   string `json:"comment"`
	CreatedAt Time   `json:"created_at"`
	ExpiresAt *Time  `json:"expires_at"`
}

// FromIPBlock renders b.
func FromIPBlock(b social.IPBlock) AdminIPBlock {
	out := AdminIPBlock{ID: b.ID.String(), IP: b.Network, Severity: string(b.Severity), Comment: b.Comment, CreatedAt: Time{b.CreatedAt}}
	if !b.ExpiresAt.IsZero() {
		out.ExpiresAt = &Time{b.ExpiresAt}
	}
	return out
}
