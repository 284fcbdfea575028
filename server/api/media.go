package api

import (
	"bytes"
	"fmt"
	"io"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
	"orrery/social/media"
)

// file is an uploaded file, nil when there is none of that name.
func (r *request) file(name string) ([]byte, error) {
	form, err := r.MultipartForm()
	if err != nil || len(form.File[name]) == 0 {
		return nil, nil // no form at all, or without it
	}
	header := form.File[name][0]
	if header.Size > media.MaxVideoBytes {
		return nil, unprocessable("The file is too large: at most 99 MB are possible.")
	}
	f, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open the upload: %w", err)
	}
	defer f.Close()
	var content bytes.Buffer
	if _, err := io.Copy(&content, io.LimitReader(f, media.MaxVideoBytes)); err != nil {
		return nil, fmt.Errorf("read the upload: %w", err)
	}
	return content.Bytes(), nil
}

// uploadMedia keeps a file. What takes long is answered before it is made.
func (a *API) uploadMedia(r *request) error { return a.upload(r, false) }

// uploadMediaV1 is uploadMedia that always waits.
func (a *API) uploadMediaV1(r *request) error { return a.upload(r, true) }

func (a *API) upload(r *request, wait bool) error {
	content, err := r.file("file")
	if err != nil {
		return err
	}
	if content == nil {
		return unprocessable("Validation failed: File can't be blank")
	}
	thumbnail, err := r.file("thumbnail")
	if err != nil {
		return err
	}
	made, err := a.Media.Upload(r.ctx, r.viewer(), social.Upload{
		Content: content, Thumbnail: thumbnail, Description: r.params.text("description"), Focus: social.ParseFocus(r.params.text("focus")), Wait: wait,
	})
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if made.Processing != social.ProcessingDone {
		status = fiber.StatusAccepted
	}
	return sendJSON(r.Ctx, status, clientapi.FromAttachment(made, r.render()))
}

// showMedia says how far an upload is: 206 while it is made, 422 when it cannot be (behaviours.md §6).
func (a *API) showMedia(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	upload, err := a.Media.Unposted(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	switch upload.Processing {
	case social.ProcessingFailed:
		return unprocessable("The file could not be read: upload another.")
	case social.ProcessingQueued, social.ProcessingRunning:
		status = fiber.StatusPartialContent
	}
	return sendJSON(r.Ctx, status, clientapi.FromAttachment(upload, r.render()))
}

func (a *API) updateMedia(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	change := social.MediaChange{Description: r.params.given("description"), Focus: social.ParseFocus(r.params.text("focus"))}
	if change.Thumbnail, err = r.file("thumbnail"); err != nil {
		return err
	}
	upload, err := a.Media.Update(r.ctx, r.viewer(), id, change)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromAttachment(upload, r.render()))
}

func (a *API) deleteMedia(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := a.Media.Delete(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.empty()
}
