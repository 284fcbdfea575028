package clientapi

// What a status may carry. The keys are always sent, also of what this instance does not make, and the client reads them from
// other servers.

// MediaAttachment is a picture, film or sound.
type MediaAttachment struct {
	ID               string     `json:"id"`
	Type             string     `json:"type"` // unknown, image, gifv, video, audio
	URL              *string    `json:"url"`
	PreviewURL       *string    `json:"preview_url"`
	RemoteURL        *string    `json:"remote_url"`
	PreviewRemoteURL *string    `json:"preview_remote_url"`
	TextURL          *string    `json:"text_url"`
	Meta             *MediaMeta `json:"meta"`
	Description      *string    `json:"description"`
	Blurhash         *string    `json:"blurhash"`
}

// MediaMeta says where the middle of a picture is and how large its versions are.
type MediaMeta struct {
	Focus    *Focus       `json:"focus,omitempty"`
	Original *MediaSize   `json:"original,omitempty"`
	Small    *MediaSize   `json:"small,omitempty"`
	Colors   *MediaColors `json:"colors,omitempty"`
}

// MediaColors are those of a player of sound, "#rrggbb".
type MediaColors struct {
	Background string `json:"background"`
	Foreground string `json:"foreground"`
	Accent     string `json:"accent"`
}

// Focus is a point, from -1 to 1 in both directions.
type Focus struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// MediaSize is the size of one version of a medium.
type MediaSize struct {
	Width     int     `json:"width,omitempty"`
	Height    int     `json:"height,omitempty"`
	Size      string  `json:"size,omitempty"` // "640x480"
	Aspect    float64 `json:"aspect,omitempty"`
	FrameRate string  `json:"frame_rate,omitempty"` // "30/1"
	Duration  float64 `json:"duration,omitempty"`   // seconds
	Bitrate   int     `json:"bitrate,omitempty"`
}

// Poll is a question with answers to choose from.
type Poll struct {
	ID          string        `json:"id"`
	ExpiresAt   *Time         `json:"expires_at"`
	Expired     bool          `json:"expired"`
	Multiple    bool          `json:"multiple"`
	VotesCount  int64         `json:"votes_count"`
	VotersCount *int64        `json:"voters_count"`
	Voted       *bool         `json:"voted,omitempty"`
	OwnVotes    *[]int        `json:"own_votes,omitempty"`
	Options     []PollOption  `json:"options"`
	Emojis      []CustomEmoji `json:"emojis"`
}

// PollOption is one answer; VotesCount is null while it is secret.
type PollOption struct {
	Title      string `json:"title"`
	VotesCount *int64 `json:"votes_count"`
}

// PreviewCard shows the page behind a link.
type PreviewCard struct {
	URL                string       `json:"url"`
	Title              string       `json:"title"`
	Description        string       `json:"description"`
	Type               string       `json:"type"` // link, photo, video, rich
	Authors            []CardAuthor `json:"authors"`
	AuthorName         string       `json:"author_name"`
	AuthorURL          string       `json:"author_url"`
	ProviderName       string       `json:"provider_name"`
	ProviderURL        string       `json:"provider_url"`
	HTML               string       `json:"html"`
	Width              int          `json:"width"`
	Height             int          `json:"height"`
	Image              *string      `json:"image"`
	EmbedURL           string       `json:"embed_url"`
	Blurhash           *string      `json:"blurhash"`
	PublishedAt        *string      `json:"published_at"`
	MissingAttribution *bool        `json:"missing_attribution"`
}

// CardAuthor is who wrote the page behind a link.
type CardAuthor struct {
	Name    string   `json:"name"`
	URL     string   `json:"url"`
	Account *Account `json:"account"`
}

// Quote is a status inside another; deeper down only its id.
type Quote struct {
	State          string  `json:"state"`
	QuotedStatus   *Status `json:"quoted_status"`
	QuotedStatusID *string `json:"quoted_status_id,omitempty"`
}
