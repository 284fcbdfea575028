// Package files serves the media that are kept here, and fetches those of other servers when somebody looks at them.
//
// A newcomer's usual mistake is to serve what a stranger sent as what it says it is. A file's type is that of its ending,
// from one list without anything that a browser would run; every answer says so twice, and is shut into a sandbox besides.
package files

import (
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/social"
	"orrery/social/media"
)

// Files serves one instance's media. Safe for concurrent use.
type Files struct {
	Kept      social.Files // nil: none are kept
	Elsewhere *social.Elsewhere
}

// Register adds the routes to r.
func (f *Files) Register(r fiber.Router) {
	r.Get("/system/*", f.kept)
	r.Get("/media_proxy/:id/:version/:mark?", f.copied)
}

// forEver is for what never changes under its name.
const forEver = "public, max-age=31536000, immutable"

// forADay is for copies: the picture may be another one then.
const forADay = "public, max-age=86400"

func (f *Files) kept(c *fiber.Ctx) error {
	return f.serve(c, strings.Clone(c.Params("*")), forEver)
}

// copied serves a copy of another server's picture, which is fetched when nobody has looked at it lately.
func (f *Files) copied(c *fiber.Ctx) error {
	id, ok := social.ParseID(c.Params("id"))
	if !ok || f.Kept == nil {
		return missing(c)
	}
	key, err := f.Elsewhere.Shown(c.UserContext(), id, social.RemoteVersion(strings.Clone(c.Params("version"))), c.Params("mark"))
	if errors.Is(err, social.ErrNotFound) {
		return missing(c)
	}
	if err != nil {
		return err
	}
	return f.serve(c, key, forADay)
}

// serve answers with the file key, or the part of it that was asked for. HEAD works, as the body is left out by fasthttp.
func (f *Files) serve(c *fiber.Ctx, key, cache string) error {
	kind, ok := media.TypeOf(strings.TrimPrefix(path.Ext(key), "."))
	if !ok || f.Kept == nil {
		return missing(c)
	}
	file, size, err := f.Kept.Open(c.UserContext(), key)
	if errors.Is(err, social.ErrNotFound) {
		return missing(c)
	}
	if err != nil {
		return err
	}
	harmless(c)
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderCacheControl, cache)
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+path.Base(key)+`"`)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	length := size
	if wanted := c.Get(fiber.HeaderRange); wanted != "" && !strings.Contains(wanted, ",") {
		from, to, err := fasthttp.ParseByteRange([]byte(wanted), int(size))
		if err != nil {
			_ = file.Close()
			c.Set(fiber.HeaderContentRange, "bytes */"+strconv.FormatInt(size, 10))
			return c.SendStatus(fiber.StatusRequestedRangeNotSatisfiable)
		}
		if _, err := file.Seek(int64(from), io.SeekStart); err != nil {
			_ = file.Close()
			return err
		}
		length = int64(to - from + 1)
		c.Set(fiber.HeaderContentRange, "bytes "+strconv.Itoa(from)+"-"+strconv.Itoa(to)+"/"+strconv.FormatInt(size, 10))
		c.Status(fiber.StatusPartialContent)
	}
	c.Context().SetBodyStream(part{io.LimitReader(file, length), file}, int(length))
	return nil
}

// part is what is sent of a file; it closes the file.
type part struct {
	io.Reader
	io.Closer
}

// harmless is said of everything that strangers gave us: it is what we say it is, it runs nothing, and others may show it.
func harmless(c *fiber.Ctx) {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox; frame-ancestors 'none'")
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
}

func missing(c *fiber.Ctx) error {
	harmless(c)
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(fiber.StatusNotFound).SendString("There is no such file here, or not any more.\n")
}
