package social

import (
	"context"
	"time"
)

// MaxAttachments is how many attachments of a post are kept (federation.md §3.5, §12.3).
const MaxAttachments = 4

// MaxDescription is how long the text instead of a picture may be, in characters (federation.md §3.5).
const MaxDescription = 10_000

// MediaKind is what an attachment is, in Mastodon's words.
type MediaKind string

// Kinds. A gifv is a film without sound that repeats; unknown is only linked to.
const (
	MediaUnknown MediaKind = "unknown"
	MediaImage   MediaKind = "image"
	MediaGIFV    MediaKind = "gifv"
	MediaVideo   MediaKind = "video"
	MediaAudio   MediaKind = "audio"
)

// Processing says how far an upload is. Remote attachments are done at once: nothing is downloaded.
type Processing string

// States of processing.
const (
	ProcessingDone    Processing = ""
	ProcessingQueued  Processing = "queued"
	ProcessingRunning Processing = "running"
	ProcessingFailed  Processing = "failed"
)

// Attachment is a picture, film or sound: uploaded here, or claimed by another server's post.
type Attachment struct {
	ID, AccountID ID
	StatusID      ID  // 0 while an upload has not been posted
	Place         int // order within the post, from 0; Replaced when an edit has taken it out
	Kind          MediaKind
	MediaType     string // MIME type as claimed or found
	// RemoteURL is where another server keeps it, RemotePreviewURL its small version; both "" for uploads.
	RemoteURL, RemotePreviewURL string
	// FileKey names the file kept here, PreviewKey its small version; "" when none is. URLs.File makes addresses of them.
	FileKey, PreviewKey string
	FileSize            int64
	Description         string // text instead of the picture
	Blurhash            string
	Meta                MediaMeta
	Processing          Processing
	CreatedAt           time.Time
}

// Replaced is the place of an attachment that an edit has taken out of its post; earlier versions of the post still show it.
const Replaced = -1

// MediaMeta is what is known about what an attachment shows; the zero value knows nothing.
type MediaMeta struct {
	Focus    *Focus   `json:"focus,omitempty"`
	Original Size     `json:"original,omitzero"`
	Small    Size     `json:"small,omitzero"`
	Colors   []string `json:"colors,omitempty"` // background, foreground, accent of audio, "#rrggbb"
}

// Focus is the point of a picture that must stay in sight, from -1 to 1 to the right and upwards.
type Focus struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Size of one version of a medium; 0 is unknown.
type Size struct {
	Width     int     `json:"width,omitempty"`      // pixels
	Height    int     `json:"height,omitempty"`     // pixels
	Duration  float64 `json:"duration,omitempty"`   // seconds
	FrameRate string  `json:"frame_rate,omitempty"` // "30/1"
	Bitrate   int     `json:"bitrate,omitempty"`    // bits per second
}

// AttachmentStore keeps attachments.
type AttachmentStore interface {
	InsertAttachment(ctx context.Context, a Attachment) error
	// UpdateAttachment replaces everything but account, status, place and date. ErrNotFound.
	UpdateAttachment(ctx context.Context, a Attachment) error
	AttachmentsByID(ctx context.Context, ids []ID) (map[ID]Attachment, error)
	// Attachments are those that statuses show now, in order.
	Attachments(ctx context.Context, statuses []ID) (map[ID][]Attachment, error)
	// SetAttachments makes ids what status shows, in that order; what it showed besides becomes Replaced. All of them must
	// belong to the status or to none, and to its author; others are left alone.
	SetAttachments(ctx context.Context, status ID, ids []ID) error
	// DetachAttachments takes the uploads that status shows, or showed, out of it and returns them, for others to post.
	DetachAttachments(ctx context.Context, status ID) ([]ID, error)
	DeleteAttachment(ctx context.Context, id ID) error
	// UnpostedAttachments were made before and belong to no post, at most limit, oldest first.
	UnpostedAttachments(ctx context.Context, before time.Time, limit int) ([]Attachment, error)
}
