package social

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"orrery/social/media"
)

// RemoteVersion is what a copy of another server's picture is for.
type RemoteVersion string

// Versions.
const (
	RemoteOriginal RemoteVersion = "original" // of an attachment
	RemoteSmall    RemoteVersion = "small"    // of an attachment
	RemoteAvatar   RemoteVersion = "avatar"
	RemoteHeader   RemoteVersion = "header"
	RemoteEmoji    RemoteVersion = "emoji"
	RemoteCard     RemoteVersion = "card"
)

// RemoteFile is a copy of another server's picture that is kept for a while.
type RemoteFile struct {
	Address   string
	Version   RemoteVersion
	FileKey   string // "" when the picture could not be had
	FileSize  int64
	FetchedAt time.Time
}

// RemoteFileStore keeps what is known of copies.
type RemoteFileStore interface {
	// RemoteFile is the copy of what lies at address. ErrNotFound.
	RemoteFile(ctx context.Context, address string, v RemoteVersion) (RemoteFile, error)
	// PutRemoteFile inserts f or replaces the copy of its address and version.
	PutRemoteFile(ctx context.Context, f RemoteFile) error
	// RemoteFilesSize is the size of all copies, in bytes.
	RemoteFilesSize(ctx context.Context) (int64, error)
	// OldRemoteFiles were fetched before, at most limit, oldest first.
	OldRemoteFiles(ctx context.Context, before time.Time, limit int) ([]RemoteFile, error)
	DeleteRemoteFile(ctx context.Context, address string, v RemoteVersion) error
}

// How long copies are kept, how much room they have, and when what could not be had is asked for again.
const (
	copiesFor   = 7 * 24 * time.Hour
	copiesRoom  = 2 << 30
	copiesAgain = time.Hour
	copiesStep  = 20 // how many are removed at a time
	copiesOnce  = 16 // how many are fetched at once: anybody may ask, and each may take as much memory as the largest picture
)

// Elsewhere keeps copies of the pictures of other servers that somebody here looks at. Safe for concurrent use.
type Elsewhere struct {
	Store   Store
	Media   *Media
	Domains *Domains
	Now     func() time.Time
	// Get reads what lies at address, at most limit bytes. It is called outside any transaction.
	Get func(ctx context.Context, address string, limit int64) ([]byte, error)
	// Room is how many bytes copies may take; 0 is two gibibytes.
	Room int64

	mu      sync.Mutex
	fetches map[string]chan struct{} // what is being fetched, by address
	slots   chan struct{}
}

// Copy is the key of a copy of what the server domain keeps at address. Nothing of servers whose media are rejected is
// fetched or shown. ErrNotFound when it cannot be had.
func (e *Elsewhere) Copy(ctx context.Context, address, domain string, v RemoteVersion) (string, error) {
	nothing := fmt.Errorf("copy of %s: %w", address, ErrNotFound)
	for _, host := range []string{domain, HostOf(address)} {
		if no, err := e.rejected(ctx, host); no || err != nil {
			return "", errors.Join(err, nothing)
		}
	}
	key, known, err := e.known(ctx, address, v)
	if known || err != nil {
		return key, err
	}
	done, mine := e.begin(address)
	if !mine {
		select {
		case <-done:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		if key, known, err = e.known(ctx, address, v); known || err != nil {
			return key, err
		}
		return "", nothing
	}
	defer e.end(address)
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return e.fetch(ctx, address, v)
}

// rejected reports whether pictures of host are not wanted.
func (e *Elsewhere) rejected(ctx context.Context, host string) (bool, error) {
	if refused, err := e.Domains.Refused(ctx, host); refused || err != nil {
		return refused, err
	}
	return e.Domains.RejectsMedia(ctx, host)
}

// known is the copy that there is. What could not be had within the last hour is ErrNotFound.
func (e *Elsewhere) known(ctx context.Context, address string, v RemoteVersion) (key string, known bool, err error) {
	f, err := e.Store.RemoteFile(ctx, address, v)
	switch {
	case errors.Is(err, ErrNotFound):
		return "", false, nil
	case err != nil:
		return "", false, err
	case f.FileKey != "":
		return f.FileKey, true, nil
	case f.FetchedAt.Add(copiesAgain).After(e.Now()):
		return "", true, fmt.Errorf("copy of %s, asked for lately: %w", address, ErrNotFound)
	}
	return "", false, nil
}

func (e *Elsewhere) begin(address string) (done chan struct{}, mine bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if done, ok := e.fetches[address]; ok {
		return done, false
	}
	if e.fetches == nil {
		e.fetches, e.slots = map[string]chan struct{}{}, make(chan struct{}, copiesOnce)
	}
	done = make(chan struct{})
	e.fetches[address] = done
	return done, true
}

func (e *Elsewhere) end(address string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.fetches[address])
	delete(e.fetches, address)
}

// shapes say how each version is made.
var shapes = map[RemoteVersion]media.Shape{RemoteAvatar: media.Avatar, RemoteHeader: media.Header, RemoteEmoji: media.Emoji}

// fetch makes copies. What is no picture leaves a row without a file, as does what cannot be reached.
func (e *Elsewhere) fetch(ctx context.Context, address string, v RemoteVersion) (string, error) {
	if err := e.trim(ctx); err != nil {
		return "", err
	}
	versions := map[RemoteVersion]media.Version{v: {}}
	content, err := e.Get(ctx, address, media.MaxImageBytes)
	var made media.Made
	if err == nil {
		made, err = e.Media.Maker.Make(ctx, content, shapes[v])
	}
	switch {
	case ctx.Err() != nil: // who asked went away; that says nothing of the picture
		return "", ctx.Err()
	case err != nil || made.Kind != "image":
		err = fmt.Errorf("copy of %s: %w (%v)", address, ErrNotFound, err)
	case v == RemoteOriginal || v == RemoteSmall:
		versions[RemoteOriginal], versions[RemoteSmall] = made.Original, made.Small
	default:
		versions[v] = made.Original
	}
	key := ""
	for name, version := range versions {
		kept, failed := e.Media.keep(ctx, "cache", version)
		if failed == nil {
			failed = e.Store.PutRemoteFile(ctx, RemoteFile{
				Address: address, Version: name, FileKey: kept, FileSize: int64(len(version.Content)), FetchedAt: e.Now(),
			})
		}
		if failed != nil {
			return "", failed
		}
		if name == v {
			key = kept
		}
	}
	return key, err
}

// trim removes some copies that are too old, or the oldest when they take too much room.
func (e *Elsewhere) trim(ctx context.Context) error {
	old, err := e.Store.OldRemoteFiles(ctx, e.Now().Add(-copiesFor), copiesStep)
	if err != nil {
		return err
	}
	room := e.Room
	if room == 0 {
		room = copiesRoom
	}
	if size, err := e.Store.RemoteFilesSize(ctx); err != nil {
		return err
	} else if size > room && len(old) == 0 {
		if old, err = e.Store.OldRemoteFiles(ctx, e.Now(), copiesStep); err != nil {
			return err
		}
	}
	for _, f := range old {
		if err := e.Store.DeleteRemoteFile(ctx, f.Address, f.Version); err != nil {
			return err
		}
		e.Media.forget(ctx, f.FileKey)
	}
	return nil
}

// Mark is what only who has seen address can write: it stands in the address of the copy, so that nobody finds pictures of
// posts that are not for them by counting.
func Mark(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:8])
}

// Copied is where the copy is found of what another server keeps at address and shows as a version of the row id, "" when
// there is none.
func (u URLs) Copied(id ID, v RemoteVersion, address string) string {
	if !u.Copies || HostOf(address) == "" {
		return ""
	}
	return u.Origin + "/media_proxy/" + id.String() + "/" + string(v) + "/" + Mark(address)
}

// Avatar is where a's picture is, here or as a copy; "" when there is none.
func (u URLs) Avatar(a Account) string {
	if a.AvatarKey != "" {
		return u.File(a.AvatarKey)
	}
	return u.Copied(a.ID, RemoteAvatar, a.AvatarURL)
}

// Header is Avatar for the broad picture on top of a's profile.
func (u URLs) Header(a Account) string {
	if a.HeaderKey != "" {
		return u.File(a.HeaderKey)
	}
	return u.Copied(a.ID, RemoteHeader, a.HeaderURL)
}

// valid reports whether v is one that there is: it came in an address.
func (v RemoteVersion) valid() bool {
	return slices.Contains([]RemoteVersion{RemoteOriginal, RemoteSmall, RemoteAvatar, RemoteHeader, RemoteEmoji, RemoteCard}, v)
}

// Shown is the key of the copy that the path /media_proxy/ID/VERSION/MARK means. mark "" is enough for what everybody may see.
// ErrNotFound.
func (e *Elsewhere) Shown(ctx context.Context, id ID, v RemoteVersion, mark string) (key string, err error) {
	address, domain, open, err := e.meant(ctx, id, v)
	if err != nil {
		return "", err
	}
	if HostOf(address) == "" || mark == "" && !open || mark != "" && mark != Mark(address) {
		return "", fmt.Errorf("copy %s of %d: %w", v, id, ErrNotFound)
	}
	return e.Copy(ctx, address, domain, v)
}

// meant is where the original lies, on which server's word, and whether everybody may see it.
func (e *Elsewhere) meant(ctx context.Context, id ID, v RemoteVersion) (address, domain string, open bool, err error) {
	if !v.valid() {
		return "", "", false, fmt.Errorf("version %q: %w", v, ErrNotFound)
	}
	switch v {
	case RemoteAvatar, RemoteHeader:
		a, err := e.Store.AccountByID(ctx, id)
		if v == RemoteAvatar {
			return a.AvatarURL, a.Domain, true, err
		}
		return a.HeaderURL, a.Domain, true, err
	case RemoteCard:
		c, err := e.Store.CardByID(ctx, id)
		return c.ImageURL, c.Host(), true, err
	case RemoteEmoji:
		m, err := e.Store.EmojiByID(ctx, id)
		return m.ImageURL, m.Domain, true, err
	}
	found, err := e.Store.AttachmentsByID(ctx, []ID{id})
	if err != nil {
		return "", "", false, err
	}
	a := found[id]
	author, err := e.Store.AccountByID(ctx, a.AccountID)
	if err != nil {
		return "", "", false, err
	}
	if a.StatusID != 0 {
		s, err := e.Store.StatusByID(ctx, a.StatusID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return "", "", false, err
		}
		open = err == nil && s.Visibility.Distributable()
	}
	return a.Pictured(v), author.Domain, open, nil
}

// Pictured is where another server keeps the picture that a shows in a version: films and sounds have only a small one.
func (a Attachment) Pictured(v RemoteVersion) string {
	switch {
	case a.Kind == MediaImage && (v == RemoteOriginal || a.RemotePreviewURL == ""):
		return a.RemoteURL
	case v == RemoteSmall:
		return a.RemotePreviewURL
	}
	return ""
}
