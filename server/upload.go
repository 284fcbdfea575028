package server

import (
	"bytes"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/social/media"
)

// maxUpload is how large a form with files may be: one film, or four pictures, and the words beside them.
const maxUpload = media.MaxVideoBytes + 1<<20

// uploadPatience is how long sending one may take.
const uploadPatience = 10 * time.Minute

// upload reports whether the request is a form with files that is larger than other requests may be. It is left to be read by
// who handles it, straight to the disk; the connection is closed afterwards, because nobody knows whether all was read.
func upload(ctx *fasthttp.RequestCtx) bool {
	length := ctx.Request.Header.ContentLength()
	if length <= activitylog.MaxBody || length > maxUpload || !takesFiles(strings.TrimSuffix(string(ctx.Path()), "/")) ||
		!bytes.HasPrefix(ctx.Request.Header.ContentType(), []byte("multipart/form-data")) {
		return false
	}
	if conn := ctx.Conn(); conn != nil {
		_ = conn.SetReadDeadline(ctx.Time().Add(uploadPatience))
	}
	ctx.SetConnectionClose()
	return true
}

func takesFiles(path string) bool {
	switch path {
	case "/api/v2/media", "/api/v1/media", "/api/v1/accounts/update_credentials", "/api/v1/profile", "/statuses", "/settings/profile":
		return true
	}
	return strings.HasPrefix(path, "/api/v1/media/") || strings.HasPrefix(path, "/statuses/") && strings.HasSuffix(path, "/edit")
}

// packed reports whether a form is compressed. Nobody sends such, and unpacking has no bound.
func packed(ctx *fasthttp.RequestCtx) bool {
	return len(ctx.Request.Header.Peek("Content-Encoding")) > 0 &&
		bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(ctx.Request.Header.ContentType())), []byte("multipart/"))
}
