package pull

import (
	"context"
	"fmt"

	"orrery/federation/rules"
	"orrery/social"
)

// Poll reads the poll of another server again, for viewer, who looks at it (federation.md §9.7).
func (p *Pull) Poll(ctx context.Context, viewer social.ID, s social.Status) error {
	if _, err := p.Ingest.Reread(ctx, s.URI, viewer, rules.FetchPoll, rules.LearnFetched); err != nil {
		return fmt.Errorf("poll %s: %w", s.URI, err)
	}
	return nil
}
