package clientapi

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"orrery/social"
)

// Report is a complaint as its maker sees it.
type Report struct {
	ID            string   `json:"id"`
	ActionTaken   bool     `json:"action_taken"`
	ActionTakenAt *Time    `json:"action_taken_at"`
	Category      string   `json:"category"`
	Comment       string   `json:"comment"`
	Forwarded     bool     `json:"forwarded"`
	CreatedAt     Time     `json:"created_at"`
	StatusIDs     []string `json:"status_ids"`
	CollectionIDs []string `json:"collection_ids"`
	RuleIDs       []string `json:"rule_ids"`
	TargetAccount Account  `json:"target_account"`
}

// FromReport renders rep, which is about target.
func FromReport(rep social.Report, target social.Account, r Render) Report {
	out := Report{
		ID: rep.ID.String(), ActionTaken: !rep.ClosedAt.IsZero(), Category: string(rep.Category), Comment: rep.Comment,
		Forwarded: rep.Forwarded, CreatedAt: Time{rep.CreatedAt}, StatusIDs: []string{}, CollectionIDs: []string{}, RuleIDs: []string{},
		TargetAccount: FromAccount(target, r),
	}
	if out.ActionTaken {
		out.ActionTakenAt = &Time{rep.ClosedAt}
	}
	for _, id := range rep.StatusIDs {
		out.StatusIDs = append(out.StatusIDs, id.String())
	}
	for _, id := range rep.RuleIDs {
		out.RuleIDs = append(out.RuleIDs, id.String())
	}
	return out
}

// FromRules renders the rules of the server.
func FromRules(rules []social.InstanceRule) []Rule {
	out := make([]Rule, 0, len(rules))
	for _, x := range rules {
		out = append(out, Rule{ID: x.ID.String(), Text: x.Text, Hint: x.Hint, Translations: map[string]RuleTranslation{}})
	}
	return out
}

// DomainBlock is what everybody may know of a decision about another server.
type DomainBlock struct {
	Domain   string `json:"domain"`
	Digest   string `json:"digest"` // SHA-256 of the domain, in hex
	Severity string `json:"severity"`
	Comment  string `json:"comment,omitempty"`
}

// FromDomainBlock renders b, whose name is made unreadable when it asks for that.
func FromDomainBlock(b social.DomainBlock) DomainBlock {
	sum := sha256.Sum256([]byte(b.Domain))
	out := DomainBlock{Domain: b.Domain, Digest: hex.EncodeToString(sum[:]), Severity: string(b.Severity), Comment: b.PublicComment}
	if b.Obfuscate {
		out.Domain = obfuscated(b.Domain)
	}
	return out
}

// obfuscated keeps the outer quarters of a name and its dots.
func obfuscated(domain string) string {
	from, to := len(domain)/4, len(domain)-len(domain)/4
	var b strings.Builder
	for i, r := range domain {
		if i >= from && i < to && r != '.' {
			r = '*'
		}
		b.WriteRune(r)
	}
	return b.String()
}
