package clientapi

import (
	"cmp"
	"encoding/json"

	"orrery/social"
)

// Status is a post, or a boost of one.
type Status struct {
	ID                 string            `json:"id"`
	CreatedAt          Time              `json:"created_at"`
	InReplyToID        *string           `json:"in_reply_to_id"`
	InReplyToAccountID *string           `json:"in_reply_to_account_id"`
	Sensitive          bool              `json:"sensitive"`
	SpoilerText        string            `json:"spoiler_text"` // plain text
	Visibility         string            `json:"visibility"`
	Language           *string           `json:"language"`
	URI                string            `json:"uri"`
	URL                *string           `json:"url"`
	RepliesCount       int64             `json:"replies_count"`
	ReblogsCount       int64             `json:"reblogs_count"`
	FavouritesCount    int64             `json:"favourites_count"`
	QuotesCount        int64             `json:"quotes_count"`
	EditedAt           *Time             `json:"edited_at"`
	Content            string            `json:"content"`        // HTML
	Text               *string           `json:"text,omitempty"` // plain text; only in the answer to a deletion
	Reblog             *Status           `json:"reblog"`
	Application        *StatusApp        `json:"application,omitempty"`
	Account            Account           `json:"account"`
	MediaAttachments   []MediaAttachment `json:"media_attachments"`
	Mentions           []Mention         `json:"mentions"`
	Tags               []StatusTag       `json:"tags"`
	Emojis             []CustomEmoji     `json:"emojis"`
	TaggedCollections  []json.RawMessage `json:"tagged_collections"`
	Quote              *Quote            `json:"quote"`
	Card               *PreviewCard      `json:"card"`
	Poll               *Poll             `json:"poll"`
	QuoteApproval      Approval          `json:"quote_approval"`

	// What the viewer did; absent for anonymous ones.
	Favourited *bool           `json:"favourited,omitempty"`
	Reblogged  *bool           `json:"reblogged,omitempty"`
	Muted      *bool           `json:"muted,omitempty"`
	Bookmarked *bool           `json:"bookmarked,omitempty"`
	Pinned     *bool           `json:"pinned,omitempty"` // on one's own, where pinning is possible
	Filtered   *[]FilterResult `json:"filtered,omitempty"`
}

// StatusApp is the program that a status was written with.
type StatusApp struct {
	Name    string  `json:"name"`
	Website *string `json:"website"`
}

// Mention is somebody named in a status. URL is the href of the link in its content: apps find it by that.
type Mention struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	URL      string `json:"url"`
	Acct     string `json:"acct"`
}

// StatusTag is a hashtag in a status.
type StatusTag struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Context is the conversation around a status: from the root down to it, and its answers depth first.
type Context struct {
	Ancestors   []Status `json:"ancestors"`
	Descendants []Status `json:"descendants"`
}

// StatusSource is a status as it was typed.
type StatusSource struct {
	ID          string `json:"id"`
	Text        string `json:"text"`
	SpoilerText string `json:"spoiler_text"`
}

// FromStatus renders v. The wrapper of a boost has its own id and date and repeats the content.
func FromStatus(v social.StatusView, r Render) Status { return fromStatus(v, false, r) }

// fromStatus is FromStatus; inside another post, what v quotes is only named.
func fromStatus(v social.StatusView, inside bool, r Render) Status {
	s := v.Status
	out := Status{
		ID: s.ID.String(), CreatedAt: Time{s.CreatedAt}, EditedAt: timeOrNull(s.EditedAt),
		InReplyToID: id(s.ReplyToID), InReplyToAccountID: id(s.ReplyToAccountID),
		Sensitive: s.Sensitive, SpoilerText: s.SpoilerText, Visibility: visibility(s.Visibility), Language: orNull(s.Language),
		URI: s.URI, URL: orNull(page(s.URL)),
		RepliesCount: s.RepliesCount, ReblogsCount: s.Boosts(), FavouritesCount: s.Favourites(),
		Content: content(v.Proper().Status, r), Account: FromAccount(v.Author, r),
		MediaAttachments: each(v.Proper().Attachments, func(a social.Attachment) MediaAttachment { return FromAttachment(a, r) }),
		Emojis:           emojis(v.Proper().Emojis, r), TaggedCollections: []json.RawMessage{},
		Mentions:      each(v.Mentions, mention),
		Tags:          each(v.Tags, func(name string) StatusTag { return StatusTag{Name: name, URL: r.URLs.Tag(name)} }),
		QuoteApproval: quoteApproval(v, r), Quote: FromQuote(v, inside, r), QuotesCount: v.QuotesCount, Poll: FromPoll(v, r), Card: FromCard(v.Proper().Card, r),
	}
	if v.Boost != nil {
		inner := FromStatus(*v.Boost, r)
		out.Reblog = &inner
	}
	if r.Viewer != 0 {
		out.viewed(v, r)
	}
	return out
}

func (out *Status) viewed(v social.StatusView, r Render) {
	caught := filterResults(v, r)
	out.Favourited, out.Reblogged = &v.Viewer.Favourited, &v.Viewer.Boosted
	out.Muted, out.Bookmarked = &v.Viewer.Muted, &v.Viewer.Bookmarked
	out.Filtered = &caught
	if v.Author.ID == r.Viewer && v.Boost == nil && v.Status.Visibility != social.Direct && v.Status.Visibility != social.Limited {
		out.Pinned = &v.Viewer.Pinned
	}
}

// DeletedStatus is a status in the answer to its deletion: Text instead of Content, so that it can be written anew.
type DeletedStatus struct {
	Status
	Content *string `json:"content,omitempty"` // hides the one in Status
}

// FromDeleted renders v, which is deleted now.
func FromDeleted(v social.StatusView, r Render) DeletedStatus {
	out := DeletedStatus{Status: FromStatus(v, r)}
	out.Text = &v.Status.Source
	return out
}

// FromThread renders what Reader.Thread returned.
func FromThread(up, down []social.StatusView, r Render) Context {
	return Context{Ancestors: FromStatuses(up, r), Descendants: FromStatuses(down, r)}
}

// FromStatuses renders a page of statuses; never nil.
func FromStatuses(vs []social.StatusView, r Render) []Status {
	return each(vs, func(v social.StatusView) Status { return FromStatus(v, r) })
}

// FromAccounts renders a page of accounts; never nil.
func FromAccounts(as []social.Account, r Render) []Account {
	return each(as, func(a social.Account) Account { return FromAccount(a, r) })
}

// content was formatted here for local statuses; what others sent is cleaned when it is shown.
func content(s social.Status, r Render) string {
	if s.Local {
		return s.Content
	}
	return r.sanitize(s.Content)
}

// visibility hides limited behind the nearest word that apps know, as Mastodon does.
func visibility(v social.Visibility) string {
	if v == social.Limited {
		return string(social.Private)
	}
	return string(v)
}

func mention(a social.Account) Mention {
	return Mention{ID: a.ID.String(), Username: a.Username, URL: cmp.Or(page(a.URL), a.URI), Acct: acct(a)}
}
