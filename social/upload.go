package social

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"orrery/social/media"
)

// UnpostedFor is how long an upload waits for a post.
const UnpostedFor = 24 * time.Hour

// Media are the rules for uploads. Safe for concurrent use.
type Media struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	Rand  io.Reader // names of files; safe for concurrent use
	Maker *media.Maker
	// Files is nil where nothing can be kept; then nothing is taken.
	Files Files
	// MaxDescription is how long the text instead of a picture may be, in characters.
	MaxDescription int
	// Process and Expire leave work in tx: to make what was uploaded, and to delete it at a time if no post has it then.
	Process func(ctx context.Context, tx Tx, id ID) error
	Expire  func(ctx context.Context, tx Tx, id ID, at time.Time) error
}

// Upload is what somebody sends.
type Upload struct {
	Content     []byte
	Thumbnail   []byte // of a film or sound; nil for none
	Description string
	Focus       *Focus
	Wait        bool // make it before returning, however long that takes
}

// Takes reports whether uploads are taken at all.
func (m *Media) Takes() bool { return m != nil && m.Files != nil }

// DescriptionLimit is how long a description may be, in characters.
func (m *Media) DescriptionLimit() int {
	if !m.Takes() {
		return 0
	}
	return m.MaxDescription
}

// Types are the MIME types that are taken.
func (m *Media) Types() []string {
	if !m.Takes() {
		return []string{}
	}
	return m.Maker.Types()
}

// Upload keeps what owner sends. A picture is made at once; a film or sound by a job, unless the sender waits for it.
// Errors: ErrInvalid.
func (m *Media) Upload(ctx context.Context, owner ID, u Upload) (Attachment, error) {
	if !m.Takes() {
		return Attachment{}, &Error{Kind: ErrInvalid, Field: "file", Message: "This server keeps no files: post without pictures, or ask who runs it."}
	}
	if err := m.Describable(u.Description); err != nil {
		return Attachment{}, err
	}
	if err := m.Maker.Check(u.Content); err != nil {
		return Attachment{}, refusal("file", err)
	}
	a := Attachment{
		ID: m.NewID(), AccountID: owner, Kind: MediaUnknown, Description: u.Description, Meta: MediaMeta{Focus: u.Focus.Within()}, CreatedAt: m.Now(),
	}
	slow := m.Maker.Slow(u.Content) && !u.Wait
	var err error
	if slow {
		a.Processing = ProcessingQueued
		if a.FileKey, err = m.key("incoming", ""); err == nil {
			err = m.Files.Put(ctx, a.FileKey, u.Content)
		}
	} else {
		a, err = m.make(ctx, a, u.Content)
	}
	if err == nil && u.Thumbnail != nil {
		a, err = m.thumbnail(ctx, a, u.Thumbnail)
	}
	if err != nil {
		m.forget(ctx, a.FileKey, a.PreviewKey)
		return Attachment{}, err
	}
	err = m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertAttachment(ctx, a); err != nil {
			return err
		}
		if slow {
			if err := m.Process(ctx, tx, a.ID); err != nil {
				return err
			}
		}
		return m.Expire(ctx, tx, a.ID, a.CreatedAt.Add(UnpostedFor))
	})
	if err != nil {
		m.forget(ctx, a.FileKey, a.PreviewKey)
		return Attachment{}, fmt.Errorf("upload of account %d: %w", owner, err)
	}
	return a, nil
}

// Unposted is owner's upload that no post has yet. ErrNotFound for any other.
func (m *Media) Unposted(ctx context.Context, owner, id ID) (Attachment, error) {
	return unposted(ctx, m.Store, owner, id)
}

func unposted(ctx context.Context, tx Tx, owner, id ID) (Attachment, error) {
	found, err := tx.AttachmentsByID(ctx, []ID{id})
	if err != nil {
		return Attachment{}, err
	}
	if a, ok := found[id]; ok && a.AccountID == owner && a.StatusID == 0 && a.RemoteURL == "" {
		return a, nil
	}
	return Attachment{}, fmt.Errorf("upload %d of account %d: %w", id, owner, ErrNotFound)
}

// MediaChange is what may be said anew of an upload; nil leaves as it is.
type MediaChange struct {
	Description *string
	Focus       *Focus
	Thumbnail   []byte
}

// Update changes owner's upload that no post has yet. Errors: ErrNotFound, ErrInvalid.
func (m *Media) Update(ctx context.Context, owner, id ID, c MediaChange) (Attachment, error) {
	a, err := m.Unposted(ctx, owner, id)
	if err != nil {
		return Attachment{}, err
	}
	return m.change(ctx, m.Store, a, c)
}

func (m *Media) change(ctx context.Context, tx Tx, a Attachment, c MediaChange) (Attachment, error) {
	before := a.PreviewKey
	if c.Description != nil {
		if err := m.Describable(*c.Description); err != nil {
			return Attachment{}, err
		}
		a.Description = *c.Description
	}
	if c.Focus != nil {
		a.Meta.Focus = c.Focus.Within()
	}
	if c.Thumbnail != nil {
		var err error
		if a, err = m.thumbnail(ctx, a, c.Thumbnail); err != nil {
			return Attachment{}, err
		}
	}
	if err := tx.UpdateAttachment(ctx, a); err != nil {
		return Attachment{}, err
	}
	if before != a.PreviewKey {
		m.forget(ctx, before)
	}
	return a, nil
}

// Delete removes owner's upload that no post has. ErrNotFound.
func (m *Media) Delete(ctx context.Context, owner, id ID) error {
	a, err := m.Unposted(ctx, owner, id)
	if err != nil {
		return err
	}
	return m.remove(ctx, a)
}

// Expired deletes the upload id if no post has it.
func (m *Media) Expired(ctx context.Context, id ID) error {
	found, err := m.Store.AttachmentsByID(ctx, []ID{id})
	if err != nil {
		return err
	}
	a, ok := found[id]
	if !ok || a.StatusID != 0 {
		return nil
	}
	scheduled, err := m.Store.Schedules(ctx, id)
	if err != nil {
		return err
	}
	if scheduled { // a post that is to come shows it
		return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
			return m.Expire(ctx, tx, id, m.Now().Add(UnpostedFor))
		})
	}
	return m.remove(ctx, a)
}

// remove forgets a row, then its files: a crash between the two leaves files that nobody can find, never a row without files.
func (m *Media) remove(ctx context.Context, a Attachment) error {
	if err := m.Store.DeleteAttachment(ctx, a.ID); err != nil {
		return err
	}
	if m.Files == nil {
		return nil
	}
	for _, key := range []string{a.FileKey, a.PreviewKey} {
		if key != "" {
			if err := m.Files.Delete(ctx, key); err != nil {
				return fmt.Errorf("delete files of upload %d: %w", a.ID, err)
			}
		}
	}
	return nil
}

// Made makes the upload id, which waits for it. It may be called again for what is made already.
func (m *Media) Made(ctx context.Context, id ID) error {
	found, err := m.Store.AttachmentsByID(ctx, []ID{id})
	if err != nil {
		return err
	}
	a, ok := found[id]
	if !ok || a.Processing == ProcessingDone || a.Processing == ProcessingFailed {
		return nil
	}
	raw := a.FileKey
	content, err := m.read(ctx, raw)
	if err != nil {
		return err
	}
	made, err := m.make(ctx, a, content)
	if refused := (*media.Refused)(nil); errors.As(err, &refused) || errors.Is(err, ErrInvalid) {
		made, err = a, nil
		made.Processing, made.FileKey = ProcessingFailed, ""
	}
	if err != nil {
		return err
	}
	err = m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		now, err := unposted(ctx, tx, a.AccountID, id)
		if err != nil {
			return err
		}
		made.Description, made.Meta.Focus = now.Description, now.Meta.Focus // said in the meantime
		if now.PreviewKey != "" {
			made.PreviewKey = now.PreviewKey
		}
		return tx.UpdateAttachment(ctx, made)
	})
	if errors.Is(err, ErrNotFound) { // deleted in the meantime
		m.forget(ctx, made.FileKey, made.PreviewKey)
		err = nil
	}
	if err == nil {
		m.forget(ctx, raw)
	}
	return err
}

// make turns content into the files of a.
func (m *Media) make(ctx context.Context, a Attachment, content []byte) (Attachment, error) {
	made, err := m.Maker.Make(ctx, content, media.Attached)
	if err != nil {
		return a, refusal("file", err)
	}
	a.Kind, a.Blurhash, a.Processing = MediaKind(made.Kind), made.Blurhash, ProcessingDone
	a.MediaType, a.FileSize = made.Original.Type, int64(len(made.Original.Content))
	a.Meta.Original, a.Meta.Small = sizeOf(made.Original), sizeOf(made.Small)
	a.FileKey = ""
	if a.FileKey, err = m.keep(ctx, "media", made.Original); err != nil {
		return a, err
	}
	if a.PreviewKey == "" {
		a.PreviewKey, err = m.keep(ctx, "media", made.Small)
	}
	return a, err
}

// thumbnail makes picture the small version of a, which must be a film or a sound.
func (m *Media) thumbnail(ctx context.Context, a Attachment, picture []byte) (Attachment, error) {
	if a.Kind == MediaImage {
		return a, nil // a picture is its own
	}
	made, err := m.Maker.Make(ctx, picture, media.Attached)
	if err != nil {
		return a, refusal("thumbnail", err)
	}
	if a.PreviewKey, err = m.keep(ctx, "media", made.Small); err != nil {
		return a, err
	}
	a.Meta.Small, a.Blurhash = sizeOf(made.Small), made.Blurhash
	return a, nil
}

// keep writes one version under a new name; "" for a version that there is not.
func (m *Media) keep(ctx context.Context, folder string, v media.Version) (string, error) {
	if v.Content == nil {
		return "", nil
	}
	key, err := m.key(folder, media.Ending(v.Type))
	if err != nil {
		return "", err
	}
	return key, m.Files.Put(ctx, key, v.Content)
}

// key is a name that nobody can guess. Without an ending the file is never served.
func (m *Media) key(folder, ending string) (string, error) {
	var random [16]byte
	if _, err := io.ReadFull(m.Rand, random[:]); err != nil {
		return "", fmt.Errorf("name a file: %w", err)
	}
	name := hex.EncodeToString(random[:])
	if ending != "" {
		name += "." + ending
	}
	return folder + "/" + name[:2] + "/" + name, nil
}

func (m *Media) read(ctx context.Context, key string) ([]byte, error) {
	f, size, err := m.Files.Open(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	defer f.Close()
	if size > media.MaxVideoBytes {
		return nil, fmt.Errorf("open %s: %d bytes are more than was ever written", key, size)
	}
	return io.ReadAll(f)
}

// forget deletes files that nothing names any more. One that cannot be deleted now is of no consequence but for its room.
func (m *Media) forget(ctx context.Context, keys ...string) {
	for _, key := range keys {
		if key != "" {
			_ = m.Files.Delete(context.WithoutCancel(ctx), key)
		}
	}
}

// Describable is nil when text is short enough to stand for a file. Errors: ErrInvalid.
func (m *Media) Describable(text string) error {
	if n := utf8.RuneCountInString(text); n > m.MaxDescription {
		return &Error{Kind: ErrInvalid, Field: "description",
			Message: fmt.Sprintf("The description is %d characters too long: at most %d are possible.", n-m.MaxDescription, m.MaxDescription)}
	}
	return nil
}

// refusal is err for a person, when it is theirs.
func refusal(field string, err error) error {
	if refused := (*media.Refused)(nil); errors.As(err, &refused) {
		return &Error{Kind: ErrInvalid, Field: field, Message: refused.Sentence}
	}
	return err
}

func sizeOf(v media.Version) Size {
	return Size{Width: v.Width, Height: v.Height, Duration: v.Duration, FrameRate: v.FrameRate, Bitrate: v.Bitrate}
}

// Within is f with both numbers from -1 to 1; nil stays nil.
func (f *Focus) Within() *Focus {
	if f == nil {
		return nil
	}
	return &Focus{X: max(-1, min(1, f.X)), Y: max(-1, min(1, f.Y))}
}

// draftMedia are the uploads that author wants in one post, in order. Errors: ErrInvalid.
func draftMedia(ctx context.Context, tx Tx, author, status ID, ids []ID) ([]Attachment, error) {
	if len(ids) > MaxAttachments {
		return nil, &Error{Kind: ErrInvalid, Field: "media_ids", Message: fmt.Sprintf("A post can have at most %d files: leave some out.", MaxAttachments)}
	}
	found, err := tx.AttachmentsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Attachment, 0, len(ids))
	for _, id := range ids {
		a, ok := found[id]
		switch {
		case slices.ContainsFunc(out, func(x Attachment) bool { return x.ID == id }):
			continue
		case !ok || a.AccountID != author || a.StatusID != 0 && a.StatusID != status:
			return nil, &Error{Kind: ErrInvalid, Field: "media_ids", Message: "There is no such upload, or it is in another post already: upload the file again."}
		case a.Processing == ProcessingFailed:
			return nil, &Error{Kind: ErrInvalid, Field: "media_ids", Message: "A file could not be read: upload another."}
		case a.Processing != ProcessingDone:
			return nil, &Error{Kind: ErrInvalid, Field: "media_ids", Message: "A file is still being worked on: try again in a moment."}
		}
		out = append(out, a)
	}
	alone := func(a Attachment) bool { return a.Kind == MediaVideo || a.Kind == MediaGIFV || a.Kind == MediaAudio }
	if len(out) > 1 && slices.ContainsFunc(out, alone) {
		return nil, &Error{Kind: ErrInvalid, Field: "media_ids", Message: "A film or sound goes alone: post it without other files."}
	}
	return out, nil
}

// attach gives uploads to a status, in tx. Another post may have taken one at the same moment: then it is ErrInvalid.
func attach(ctx context.Context, tx Tx, status Status, as []Attachment) error {
	if len(as) == 0 {
		return nil
	}
	ids := make([]ID, len(as))
	for i, a := range as {
		ids[i] = a.ID
	}
	if err := tx.SetAttachments(ctx, status.ID, ids); err != nil {
		return err
	}
	shown, err := tx.Attachments(ctx, []ID{status.ID})
	if err == nil && len(shown[status.ID]) != len(ids) {
		err = &Error{Kind: ErrInvalid, Field: "media_ids", Message: "A file was put into another post at the same moment: upload it again."}
	}
	return err
}

// detach takes the uploads of a status that goes out of it, to be deleted after keep.
func (s *Statuses) detach(ctx context.Context, tx Tx, status Status, keep time.Duration) error {
	if !status.Local || s.Expire == nil {
		return nil
	}
	ids, err := tx.DetachAttachments(ctx, status.ID)
	for _, id := range ids {
		if err == nil {
			err = s.Expire(ctx, tx, id, s.Now().Add(keep))
		}
	}
	return err
}

// ParseFocus reads "x,y"; nil when it is none.
func ParseFocus(s string) *Focus {
	x, y, ok := strings.Cut(s, ",")
	var f Focus
	if _, err := fmt.Sscan(x, &f.X); err != nil || !ok {
		return nil
	}
	if _, err := fmt.Sscan(y, &f.Y); err != nil || f.X != f.X || f.Y != f.Y {
		return nil
	}
	return f.Within()
}
