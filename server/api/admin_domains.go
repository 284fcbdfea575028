package api

import (
	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) adminDomainBlocks(r *request) error {
	load := func(p social.Page) ([]social.DomainBlock, error) { return a.Store.DomainBlocks(r.ctx, p) }
	return paged(r, load, func(b social.DomainBlock) social.ID { return b.ID }, clientapi.FromDecision)
}

// decision is the domain block of the path.
func (a *API) decision(r *request) (social.DomainBlock, error) {
	id, err := r.id()
	if err != nil {
		return social.DomainBlock{}, err
	}
	return a.Store.DomainBlockByID(r.ctx, id)
}

func (a *API) adminDomainBlock(r *request) error {
	b, err := a.decision(r)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromDecision(b))
}

// readDecision changes b by what was sent.
func readDecision(r *request, b *social.DomainBlock) {
	if word := r.params.text("severity"); word != "" {
		b.Severity = social.Severity(word)
	}
	for name, field := range map[string]*bool{"reject_media": &b.RejectMedia, "reject_reports": &b.RejectReports, "obfuscate": &b.Obfuscate} {
		if yes := r.params.flag(name); yes != nil {
			*field = *yes
		}
	}
	for name, field := range map[string]*string{"private_comment": &b.PrivateComment, "public_comment": &b.PublicComment} {
		if text := r.params.given(name); text != nil {
			*field = *text
		}
	}
}

// adminBlockDomain decides about a server. What is no stricter than what holds for it already is refused with that.
func (a *API) adminBlockDomain(r *request) error {
	b := social.DomainBlock{Domain: social.NormalDomain(r.params.text("domain")), Severity: social.SeveritySilence}
	readDecision(r, &b)
	there, err := a.Domains.Block(r.ctx, b.Domain)
	if err != nil {
		return err
	}
	if there.ID != 0 && (there.Domain == b.Domain || !b.StricterThan(there)) {
		return sendJSON(r.Ctx, fiber.StatusUnprocessableEntity, clientapi.ExistingDomainBlockError{
			Error:               "Validation failed: there is a decision about this server, or one above it, that is as strict already",
			ExistingDomainBlock: clientapi.FromDecision(there),
		})
	}
	if b, err = a.Moderation.BlockDomain(r.ctx, r.viewer(), b); err != nil {
		return err
	}
	return r.json(clientapi.FromDecision(b))
}

func (a *API) adminChangeDomainBlock(r *request) error {
	b, err := a.decision(r)
	if err != nil {
		return err
	}
	readDecision(r, &b)
	if b, err = a.Moderation.UpdateDomainBlock(r.ctx, r.viewer(), b); err != nil {
		return err
	}
	return r.json(clientapi.FromDecision(b))
}

func (a *API) adminUnblockDomain(r *request) error {
	b, err := a.decision(r)
	if err != nil {
		return err
	}
	if _, err := a.Moderation.UnblockDomain(r.ctx, r.viewer(), b.ID); err != nil {
		return err
	}
	return r.json(clientapi.FromDecision(b))
}

func (a *API) adminDomainAllows(r *request) error {
	load := func(p social.Page) ([]social.DomainAllow, error) { return a.Store.DomainAllows(r.ctx, p) }
	return paged(r, load, func(x social.DomainAllow) social.ID { return x.ID }, clientapi.FromAllowance)
}

func (a *API) adminDomainAllow(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	allow, err := a.Store.DomainAllowByID(r.ctx, id)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAllowance(allow))
}

// adminAllowDomain lets a server in. One that is in already is shown as it is.
func (a *API) adminAllowDomain(r *request) error {
	domain := social.NormalDomain(r.params.text("domain"))
	all, err := a.Store.AllDomainAllows(r.ctx)
	if err != nil {
		return err
	}
	for _, allow := range all {
		if allow.Domain == domain {
			return r.json(clientapi.FromAllowance(allow))
		}
	}
	allow, err := a.Moderation.AllowDomain(r.ctx, r.viewer(), domain)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAllowance(allow))
}

func (a *API) adminDisallowDomain(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	allow, err := a.Moderation.DisallowDomain(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAllowance(allow))
}
