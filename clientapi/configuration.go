package clientapi

import (
	"slices"

	"orrery/social"
)

// Configuration tells apps the limits. What is not served has the limit 0, so that apps do not offer it.
type Configuration struct {
	URLs struct {
		Streaming      string  `json:"streaming"`
		Status         *string `json:"status"`
		About          string  `json:"about"`
		PrivacyPolicy  *string `json:"privacy_policy"`
		TermsOfService *string `json:"terms_of_service"`
	} `json:"urls"`
	Vapid struct {
		PublicKey string `json:"public_key"`
	} `json:"vapid"`
	Accounts         AccountLimits `json:"accounts"`
	Statuses         StatusLimits  `json:"statuses"`
	MediaAttachments MediaLimits   `json:"media_attachments"`
	Polls            PollLimits    `json:"polls"`
	Translation      struct {
		Enabled bool `json:"enabled"`
	} `json:"translation"`
	TimelinesAccess struct {
		LiveFeeds         FeedAccess `json:"live_feeds"`
		HashtagFeeds      FeedAccess `json:"hashtag_feeds"`
		TrendingLinkFeeds FeedAccess `json:"trending_link_feeds"`
	} `json:"timelines_access"`
	LimitedFederation bool `json:"limited_federation"`
}

// AccountLimits are those of profiles.
type AccountLimits struct {
	MaxDisplayNameLength       int `json:"max_display_name_length"`
	MaxNoteLength              int `json:"max_note_length"`
	MaxAvatarDescriptionLength int `json:"max_avatar_description_length"`
	MaxHeaderDescriptionLength int `json:"max_header_description_length"`
	MaxFeaturedTags            int `json:"max_featured_tags"`
	MaxPinnedStatuses          int `json:"max_pinned_statuses"`
	MaxProfileFields           int `json:"max_profile_fields"`
	ProfileFieldNameLimit      int `json:"profile_field_name_limit"`
	ProfileFieldValueLimit     int `json:"profile_field_value_limit"`
}

// StatusLimits are those of posts.
type StatusLimits struct {
	MaxCharacters            int `json:"max_characters"`
	MaxMediaAttachments      int `json:"max_media_attachments"`
	CharactersReservedPerURL int `json:"characters_reserved_per_url"`
}

// MediaLimitsV1 are those of media, in the first version of the description.
type MediaLimitsV1 struct {
	SupportedMIMETypes  []string `json:"supported_mime_types"`
	ImageSizeLimit      int      `json:"image_size_limit"`
	ImageMatrixLimit    int      `json:"image_matrix_limit"`
	VideoSizeLimit      int      `json:"video_size_limit"`
	VideoFrameRateLimit int      `json:"video_frame_rate_limit"`
	VideoMatrixLimit    int      `json:"video_matrix_limit"`
}

// MediaLimits add what the second version has.
type MediaLimits struct {
	MediaLimitsV1
	DescriptionLimit int `json:"description_limit"`
}

// PollLimits are those of polls; durations in seconds.
type PollLimits struct {
	MaxOptions             int `json:"max_options"`
	MaxCharactersPerOption int `json:"max_characters_per_option"`
	MinExpiration          int `json:"min_expiration"`
	MaxExpiration          int `json:"max_expiration"`
}

// FeedAccess says who may read: public, authenticated, disabled.
type FeedAccess struct {
	Local  string `json:"local"`
	Remote string `json:"remote"`
}

// ConfigurationV1 is what the first version of the description has of it.
type ConfigurationV1 struct {
	Accounts struct {
		MaxFeaturedTags int `json:"max_featured_tags"`
	} `json:"accounts"`
	Statuses         StatusLimits  `json:"statuses"`
	MediaAttachments MediaLimitsV1 `json:"media_attachments"`
	Polls            PollLimits    `json:"polls"`
}

// Limits of social.Accounts.Update.
const (
	maxDisplayName = 30
	maxNote        = 500
)

// Limits of social/media.
const (
	maxImageBytes, maxVideoBytes   = 16 << 20, 99 << 20
	maxImagePixels, maxVideoPixels = 33_177_600, 8_294_400
	maxFrameRate                   = 120
)

// media are the limits of uploads; those of films are 0 where films are not taken.
func (s ServerInfo) media() MediaLimits {
	l := MediaLimits{MediaLimitsV1: MediaLimitsV1{SupportedMIMETypes: append([]string{}, s.MediaTypes...)}} // iterated by apps, so never null
	if len(s.MediaTypes) == 0 {
		return l
	}
	l.ImageSizeLimit, l.ImageMatrixLimit, l.DescriptionLimit = maxImageBytes, maxImagePixels, s.MaxMediaDescription
	if slices.Contains(s.MediaTypes, "video/mp4") {
		l.VideoSizeLimit, l.VideoMatrixLimit, l.VideoFrameRateLimit = maxVideoBytes, maxVideoPixels, maxFrameRate
	}
	return l
}

func (s ServerInfo) configuration(r Render) Configuration {
	var c Configuration
	c.URLs.Streaming, c.URLs.About = s.StreamingOrigin, r.URLs.Origin+"/about"
	c.Vapid.PublicKey = s.PushKey
	if s.Privacy {
		privacy := r.URLs.Origin + "/privacy-policy"
		c.URLs.PrivacyPolicy = &privacy
	}
	if s.Terms {
		terms := r.URLs.Origin + "/terms-of-service"
		c.URLs.TermsOfService = &terms
	}
	c.LimitedFederation = s.LimitedFederation
	c.Accounts = AccountLimits{
		MaxDisplayNameLength: maxDisplayName, MaxNoteLength: maxNote, MaxAvatarDescriptionLength: social.MaxPortraitDescription,
		MaxHeaderDescriptionLength: social.MaxPortraitDescription, MaxFeaturedTags: social.MaxFeaturedTags, MaxPinnedStatuses: social.MaxPins,
		MaxProfileFields: social.MaxFields, ProfileFieldNameLimit: social.MaxFieldLength, ProfileFieldValueLimit: social.MaxFieldLength,
	}
	c.Statuses = s.statusLimits()
	c.Polls = pollLimits()
	c.MediaAttachments = s.media()
	c.TimelinesAccess.LiveFeeds = FeedAccess{Local: "public", Remote: "public"}
	c.TimelinesAccess.HashtagFeeds = FeedAccess{Local: "public", Remote: "public"}
	c.TimelinesAccess.TrendingLinkFeeds = FeedAccess{Local: "public", Remote: "public"}
	return c
}
