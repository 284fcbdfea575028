package social

import "context"

// ConversationStore reads what belongs together by its conversation.
type ConversationStore interface {
	// InConversation are the public and unlisted posts of conversation, a URI, after minID, by id; no boosts.
	InConversation(ctx context.Context, conversation string, minID ID, limit int) ([]Status, error)
}
