package activitypub

import (
	"encoding/xml"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
)

// hostMeta says where WebFinger is, for those who do not expect it at its usual place (federation.md §1.3).
func (d *Documents) hostMeta(c *fiber.Ctx) error {
	if d.current() && asksForDocument(c) {
		return d.hostMetaJSON(c)
	}
	type link struct {
		Rel      string `xml:"rel,attr"`
		Template string `xml:"template,attr"`
	}
	body, err := xml.MarshalIndent(struct {
		XMLName xml.Name `xml:"http://docs.oasis-open.org/ns/xri/xrd-1.0 XRD"`
		Link    link
	}{Link: link{"lrdd", d.lookup()}}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode host-meta: %w", err)
	}
	publicFor(c, discoveryLife)
	c.Set(fiber.HeaderContentType, xrdType)
	return c.SendString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + string(body) + "\n")
}

func (d *Documents) hostMetaJSON(c *fiber.Ctx) error {
	publicFor(c, discoveryLife)
	return d.send(c, jrdType, vocab.Object{
		{Name: "links", Value: []vocab.Object{{{Name: "rel", Value: "lrdd"}, {Name: "template", Value: d.lookup()}}}},
	})
}

func (d *Documents) lookup() string { return d.URLs.Origin + "/.well-known/webfinger?resource={uri}" }
