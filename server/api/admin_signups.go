package api

import (
	"time"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) adminEmailDomainBlocks(r *request) error {
	load := func(p social.Page) ([]social.EmailDomainBlock, error) { return a.Store.EmailDomainBlocks(r.ctx, p) }
	return paged(r, load, func(b social.EmailDomainBlock) social.ID { return b.ID }, clientapi.FromEmailDomainBlock)
}

func (a *API) emailDomainBlock(r *request) (social.EmailDomainBlock, error) {
	id, err := r.id()
	if err != nil {
		return social.EmailDomainBlock{}, err
	}
	return a.Store.EmailDomainBlockByID(r.ctx, id)
}

func (a *API) adminEmailDomainBlock(r *request) error {
	b, err := a.emailDomainBlock(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromEmailDomainBlock(b))
}

func (a *API) adminBlockEmailDomain(r *request) error {
	b, err := a.Moderation.BlockEmailDomain(r.ctx, r.viewer(), social.EmailDomainBlock{
		Domain: r.params.text("domain"), AllowWithApproval: r.params.yes("allow_with_approval"),
	})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromEmailDomainBlock(b))
}

func (a *API) adminUnblockEmailDomain(r *request) error {
	b, err := a.emailDomainBlock(r)
	if err != nil {
		return err
	}
	if err := a.Moderation.UnblockEmailDomain(r.ctx, r.viewer(), b); err != nil {
		return err
	}
	return r.json(clientapi.FromEmailDomainBlock(b))
}

func (a *API) adminEmailBlocks(r *request) error {
	load := func(p social.Page) ([]social.EmailBlock, error) { return a.Store.EmailBlocks(r.ctx, p) }
	return paged(r, load, func(b social.EmailBlock) social.ID { return b.ID }, clientapi.FromEmailBlock)
}

func (a *API) emailBlock(r *request) (social.EmailBlock, error) {
	id, err := r.id()
	if err != nil {
		return social.EmailBlock{}, err
	}
	return a.Store.EmailBlockByID(r.ctx, id)
}

func (a *API) adminEmailBlock(r *request) error {
	b, err := a.emailBlock(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromEmailBlock(b))
}

// adminBlockEmail takes an address, or its hash where the address is not known.
func (a *API) adminBlockEmail(r *request) error {
	hash := r.params.text("canonical_email_hash")
	if address := r.params.text("email"); address != "" {
		hash = social.EmailHash(address)
	}
	b, err := a.Moderation.BlockEmail(r.ctx, r.viewer(), hash)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromEmailBlock(b))
}

func (a *API) adminUnblockEmail(r *request) error {
	b, err := a.emailBlock(r)
	if err != nil {
		return err
	}
	if err := a.Moderation.UnblockEmail(r.ctx, r.viewer(), b); err != nil {
		return err
	}
	return r.json(clientapi.FromEmailBlock(b))
}

// adminTestEmail lists the blocks that would meet an address.
func (a *API) adminTestEmail(r *request) error {
	address := r.params.text("email")
	if address == "" {
		return missing("email")
	}
	found, err := a.Store.EmailBlocksByHash(r.ctx, social.EmailHash(address))
	if err != nil {
		return err
	}
	out := []clientapi.AdminCanonicalEmailBlock{}
	for _, b := range found {
		out = append(out, clientapi.FromEmailBlock(b))
	}
	return r.json(out)
}

func (a *API) adminIPBlocks(r *request) error {
	load := func(p social.Page) ([]social.IPBlock, error) { return a.Store.IPBlocks(r.ctx, p) }
	return paged(r, load, func(b social.IPBlock) social.ID { return b.ID }, clientapi.FromIPBlock)
}

func (a *API) ipBlock(r *request) (social.IPBlock, error) {
	id, err := r.id()
	if err != nil {
		return social.IPBlock{}, err
	}
	return a.Store.IPBlockByID(r.ctx, id)
}

func (a *API) adminIPBlock(r *request) error {
	b, err := a.ipBlock(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromIPBlock(b))
}

// readIPBlock changes b by what was sent. expires_in counts from now, in seconds; empty is for ever.
func (a *API) readIPBlock(r *request, b *social.IPBlock) error {
	if ip := r.params.text("ip"); ip != "" {
		b.Network = ip
	}
	if severity := r.params.text("severity"); severity != "" {
		b.Severity = social.IPSeverity(severity)
	}
	if comment := r.params.given("comment"); comment != nil {
		b.Comment = *comment
	}
	if r.params.given("expires_in") == nil {
		return nil
	}
	seconds, err := r.params.number("expires_in", 0)
	if b.ExpiresAt = (time.Time{}); seconds > 0 {
		b.ExpiresAt = a.Now().UTC().Truncate(time.Millisecond).Add(time.Duration(seconds) * time.Second)
	}
	return err
}

func (a *API) adminBlockIP(r *request) error {
	var b social.IPBlock
	if err := a.readIPBlock(r, &b); err != nil {
		return err
	}
	b, err := a.Moderation.BlockIP(r.ctx, r.viewer(), b)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromIPBlock(b))
}

func (a *API) adminChangeIPBlock(r *request) error {
	b, err := a.ipBlock(r)
	if err != nil {
		return err
	}
	if err := a.readIPBlock(r, &b); err != nil {
		return err
	}
	if b, err = a.Moderation.UpdateIPBlock(r.ctx, r.viewer(), b); err != nil {
		return err
	}
	return r.json(clientapi.FromIPBlock(b))
}

func (a *API) adminUnblockIP(r *request) error {
	b, err := a.ipBlock(r)
	if err != nil {
		return err
	}
	if err := a.Moderation.UnblockIP(r.ctx, r.viewer(), b); err != nil {
		return err
	}
	return r.json(clientapi.FromIPBlock(b))
}
