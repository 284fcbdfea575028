package server

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// archivePage is how many posts are read at once for an archive, so that one of many posts needs no more room than one of few.
const archivePage = 40

// archive writes everything of a's own as a zip file, in the form of Mastodon's archives: actor.json, outbox.json, likes.json,
// bookmarks.json and the files of posts and profile, which the documents name by their place in the archive.
func (i *Instance) archive(ctx context.Context, a social.Account, w io.Writer) error {
	if err := i.Services.Reader.Dress(ctx, &a); err != nil {
		return err
	}
	x := &archive{i: i, ctx: ctx, zip: zip.NewWriter(w), at: strings.NewReplacer(`"`+i.Services.URLs.Origin+"/system/", `"/`)}
	x.document("actor.json", i.writer().Actor(a))
	x.keep(a.AvatarKey)
	x.keep(a.HeaderKey)
	files := x.outbox(a)
	x.marks("likes.json", a, "likes.json", func(p social.Page) (ids, statuses []social.ID, err error) {
		found, err := i.Services.Store.FavouritesOf(ctx, a.ID, p)
		for _, f := range found {
			ids, statuses = append(ids, f.ID), append(statuses, f.StatusID)
		}
		return ids, statuses, err
	})
	x.marks("bookmarks.json", a, "bookmarks.json", func(p social.Page) (ids, statuses []social.ID, err error) {
		found, err := i.Services.Store.Bookmarks(ctx, a.ID, p)
		for _, b := range found {
			ids, statuses = append(ids, b.ID), append(statuses, b.StatusID)
		}
		return ids, statuses, err
	})
	for _, key := range files {
		x.keep(key)
	}
	if x.err != nil {
		return fmt.Errorf("archive of %s: %w", a.Acct(), x.err)
	}
	return x.zip.Close()
}

// archive is one that is being written. After a fault nothing more is.
type archive struct {
	i   *Instance
	ctx context.Context
	zip *zip.Writer
	at  *strings.Replacer // addresses of files here become places in the archive
	err error
}

func (x *archive) create(name string) io.Writer {
	if x.err != nil {
		return io.Discard
	}
	var w io.Writer
	if w, x.err = x.zip.Create(name); x.err != nil {
		return io.Discard
	}
	return w
}

func (x *archive) write(w io.Writer, text string) {
	if x.err == nil {
		_, x.err = io.WriteString(w, text)
	}
}

func (x *archive) json(v any) string {
	b, err := json.Marshal(v)
	if x.err == nil {
		x.err = err
	}
	return x.at.Replace(string(b))
}

func (x *archive) document(name string, v vocab.Object) { x.write(x.create(name), x.json(v)) }

// collection writes an ordered collection whose items each hands to add, and counts.
func (x *archive) collection(name string, a social.Account, id string, each func(add func(item any)) error) {
	w, n := x.create(name), 0
	x.write(w, `{"@context":`+x.json(vocab.ActivityStreams)+`,"id":`+x.json(id)+`,"type":"OrderedCollection","orderedItems":[`)
	err := each(func(item any) {
		if n > 0 {
			x.write(w, ",")
		}
		x.write(w, x.json(item))
		n++
	})
	if x.err == nil {
		x.err = err
	}
	x.write(w, fmt.Sprintf(`],"totalItems":%d,"attributedTo":%s}`, n, x.json(a.URI)))
}

// outbox writes all posts and boosts of a, the newest first, and returns the keys of their files.
func (x *archive) outbox(a social.Account) (files []string) {
	writer := x.i.writer()
	x.collection("outbox.json", a, "outbox.json", func(add func(any)) error {
		for p := (social.Page{Limit: archivePage}); x.err == nil; {
			views, err := x.i.Services.Reader.AccountTimeline(x.ctx, a.ID, a.ID, social.AccountFilter{}, p)
			if err != nil || len(views) == 0 {
				return err
			}
			for _, v := range views {
				if v.Boost != nil {
					add(writer.Announce(v))
					continue
				}
				add(writer.Create(v, translate.Replies{}))
				for _, m := range v.Attachments {
					files = append(files, m.FileKey)
				}
			}
			p.MaxID = views[len(views)-1].Status.ID
		}
		return nil
	})
	return files
}

// marks writes the addresses of posts that a marked.
func (x *archive) marks(name string, a social.Account, id string, load func(social.Page) (ids, statuses []social.ID, err error)) {
	x.collection(name, a, id, func(add func(any)) error {
		for p := (social.Page{Limit: archivePage}); x.err == nil; {
			ids, statuses, err := load(p)
			if err != nil || len(ids) == 0 {
				return err
			}
			found, err := x.i.Services.Store.StatusesByID(x.ctx, statuses)
			if err != nil {
				return err
			}
			for _, id := range statuses {
				if s, ok := found[id]; ok {
					add(s.URI)
				}
			}
			p.MaxID = ids[len(ids)-1]
		}
		return nil
	})
}

// keep copies a file. One that is gone is left out.
func (x *archive) keep(key string) {
	if key == "" || x.err != nil || x.i.world.Files == nil {
		return
	}
	f, _, err := x.i.world.Files.Open(x.ctx, key)
	if errors.Is(err, social.ErrNotFound) {
		return
	}
	if err != nil {
		x.err = err
		return
	}
	defer f.Close()
	w, err := x.zip.CreateHeader(&zip.FileHeader{Name: path.Clean(key), Method: zip.Store}) // they are compressed already
	if err == nil {
		_, err = io.Copy(w, f)
	}
	x.err = err
}
