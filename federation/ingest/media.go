package ingest

import (
	"context"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// attachments are what is kept of n's media. Of a server whose media are refused they are links that nobody here follows
// unless they choose to (federation.md §11).
func (g *Ingest) attachments(ctx context.Context, n vocab.Note, author social.Account) ([]social.Attachment, error) {
	kept := translate.Attachments(n, author)
	if len(kept) == 0 {
		return nil, nil
	}
	refused, err := g.Domains.RejectsMedia(ctx, author.Domain)
	if err != nil || !refused {
		return kept, err
	}
	for i := range kept {
		kept[i].Kind, kept[i].RemotePreviewURL = social.MediaUnknown, ""
		g.Observer.Observe(ctx, observe.Skipped{Rule: rules.LimitMedia, What: "fetch", Target: kept[i].RemoteURL})
	}
	return kept, nil
}

// pictures leaves out those of a, if those of its server are refused. That must not be guessed: when it cannot be found out
// they are left out too, until a is read again.
func (g *Ingest) pictures(ctx context.Context, a *social.Account) {
	if refused, err := g.Domains.RejectsMedia(ctx, a.Domain); err != nil || refused {
		a.AvatarURL, a.HeaderURL, a.AvatarDescription, a.HeaderDescription = "", "", "", ""
	}
}
