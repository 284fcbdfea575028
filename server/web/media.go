package web

import (
	"fmt"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/social/media"
)

// attached uploads the files of a form and returns them behind those that an earlier attempt left. What is made slowly is
// waited for: the form has no other way to say that it is not done.
func (w *Web) attached(c *fiber.Ctx, owner social.ID) ([]social.ID, error) {
	form, err := c.MultipartForm()
	if err != nil {
		return nil, nil // a form without files
	}
	var ids []social.ID
	for _, word := range form.Value["media_ids"] {
		if id, ok := social.ParseID(word); ok {
			ids = append(ids, id)
		}
	}
	for i := range social.MaxAttachments {
		content, err := upload(c, "file"+strconv.Itoa(i))
		if err != nil {
			return ids, err
		}
		if content == nil {
			continue
		}
		var a social.Attachment
		err = w.counted("uploads", owner, func() (err error) {
			a, err = w.Media.Upload(c.UserContext(), owner, social.Upload{Content: content, Description: field(c, "description"+strconv.Itoa(i)), Wait: true})
			return err
		})
		if err != nil {
			return ids, err
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}

// upload is the content of a file in a form, nil when none was chosen.
func upload(c *fiber.Ctx, name string) ([]byte, error) {
	form, err := c.MultipartForm()
	if err != nil || len(form.File[name]) == 0 || form.File[name][0].Size == 0 {
		return nil, nil
	}
	f, err := form.File[name][0].Open()
	if err != nil {
		return nil, fmt.Errorf("open the upload: %w", err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, media.MaxVideoBytes+1))
}

// portray sets the pictures of a profile from its form.
func (w *Web) portray(c *fiber.Ctx, viewer social.Account) (p social.Portrait, err error) {
	if !w.Media.Takes() {
		return p, nil
	}
	if p.Avatar, err = upload(c, "avatar"); err != nil {
		return p, err
	}
	if p.Header, err = upload(c, "header"); err != nil {
		return p, err
	}
	p.NoAvatar, p.NoHeader = field(c, "no_avatar") != "", field(c, "no_header") != ""
	form, err := c.MultipartForm()
	if err != nil {
		return p, nil // a form without them
	}
	said := func(name, before string) *string {
		if words := field(c, name); form.Value[name] != nil && words != before {
			return &words
		}
		return nil
	}
	p.AvatarDescription = said("avatar_description", viewer.AvatarDescription)
	p.HeaderDescription = said("header_description", viewer.HeaderDescription)
	return p, nil
}
