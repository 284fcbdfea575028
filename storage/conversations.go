package storage

import (
	"context"

	"orrery/social"
)

// InConversation implements social.ConversationStore.
func (s *Store) InConversation(ctx context.Context, conversation string, minID social.ID, limit int) ([]social.Status, error) {
	out, err := list(ctx, s, scanStatus, `
		SELECT `+statusColumns+`
		FROM statuses s
		WHERE s.conversation = $1 AND s.conversation <> '' AND s.id > $2 AND s.deleted_at = 0
			AND s.visibility IN ('public', 'unlisted')
			AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = s.account_id AND (a.suspended_at <> 0 OR a.deleted_at <> 0))
		ORDER BY s.id
		LIMIT $3`, conversation, int64(minID), int64(max(limit, 0)))
	return out, wrap(err, "conversation %s", conversation)
}
