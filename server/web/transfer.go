package web

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// imports shows which files the viewer brought and how far they are, with the form for the next.
func (w *Web) imports(c *fiber.Ctx) error {
	l, err := w.mine(c, "Import", "")
	if err != nil {
		return err
	}
	return w.importsPage(c, l, views.Import{})
}

func (w *Web) importsPage(c *fiber.Ctx, l views.Look, f views.Import) error {
	all, err := w.Store.Imports(c.UserContext(), l.Viewer.ID, 10)
	if err != nil {
		return err
	}
	return w.draw(c, views.ImportPage(l, f, all))
}

func (w *Web) beginImport(c *fiber.Ctx) error {
	l, err := w.mine(c, "Import", "")
	if err != nil {
		return err
	}
	f := views.Import{Kind: social.ImportKind(field(c, "type")), Overwrite: field(c, "mode") == "overwrite"}
	file, err := upload(c, "data")
	if err != nil {
		return err
	}
	name := ""
	if form, err := c.MultipartForm(); err == nil && len(form.File["data"]) > 0 {
		name = plain(form.File["data"][0].Filename)
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Import", Actor: l.Viewer.URI})
	_, err = w.Imports.Begin(ctx, l.Viewer.ID, f.Kind, name, file, f.Overwrite)
	done()
	if mendable(err) {
		f.Wrong = itself("type", "data").wrong(c, "", err)
		return w.importsPage(c, l, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/settings/imports", fiber.StatusSeeOther)
}

// failures gives the rows of an import that came to nothing, so that they can be mended and brought again.
func (w *Web) failures(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	which, err := id(c)
	if err != nil {
		return err
	}
	i, rows, err := w.Imports.Failures(c.UserContext(), l.Viewer.ID, which)
	if err != nil {
		return err
	}
	cells := make([][]string, len(rows))
	for n, r := range rows {
		cells[n] = r.Cells
	}
	return sendCSV(c, i.Kind, string(i.Kind)+"_failures.csv", cells)
}

// exports shows what the viewer can take along.
func (w *Web) exports(c *fiber.Ctx) error {
	l, err := w.mine(c, "Export", "")
	if err != nil {
		return err
	}
	return w.draw(c, views.ExportPage(l))
}

// export gives one list, under the names that Mastodon gives.
func (w *Web) export(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	for _, kind := range social.ImportKinds() {
		if file := views.ExportFile(kind); file == c.Params("file") {
			rows, err := w.Imports.Export(c.UserContext(), l.Viewer.ID, kind)
			if err != nil {
				return err
			}
			return sendCSV(c, kind, file, rows)
		}
	}
	return social.ErrNotFound
}

func sendCSV(c *fiber.Ctx, kind social.ImportKind, name string, rows [][]string) error {
	var b bytes.Buffer
	if err := kind.WriteRows(&b, rows); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Send(b.Bytes())
}

// archive sends everything of the viewer's own. It is written while it is sent and kept nowhere, so it needs no room and is
// never old; a fault on the way leaves a file that no program takes for whole.
func (w *Web) archive(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	if w.Archive == nil {
		return social.ErrNotFound
	}
	me, log, path, ctx := *l.Viewer, w.Log, strings.Clone(c.Path()), context.WithoutCancel(c.UserContext())
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="archive-%s-%s.zip"`, me.Username, w.Now().UTC().Format("2006-01-02")))
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Context().SetBodyStreamWriter(func(out *bufio.Writer) {
		if err := w.Archive(ctx, me, io.Writer(out)); err != nil && log != nil {
			log.LogAttrs(ctx, slog.LevelError, "archive failed", slog.String("path", path), slog.Any("error", err))
		}
	})
	return nil
}
