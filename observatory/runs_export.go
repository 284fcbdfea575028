package observatory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/scenarios"
	"orrery/scenarios/runs"
)

// exports are the forms in which a run can be taken away, with what a browser is told of each.
var exports = []struct{ name, media, ext string }{
	{"json", fiber.MIMEApplicationJSONCharsetUTF8, ".json"},
	{"archive", fiber.MIMETextPlainCharsetUTF8, ".txtar"},
	{"html", fiber.MIMETextPlainCharsetUTF8, ".html"}, // saved, never shown: it has a look of its own
	{"mermaid", fiber.MIMETextPlainCharsetUTF8, ".md"},
	{"text", fiber.MIMETextPlainCharsetUTF8, ".txt"},
	{"junit", fiber.MIMETextPlainCharsetUTF8, ".xml"},
	{"tap", fiber.MIMETextPlainCharsetUTF8, ".tap"},
	{"play", fiber.MIMETextPlainCharsetUTF8, ".play"},
}

// export is GET …/runs/ID/export?format=.
func (o *Observatory) export(c *fiber.Ctx) error {
	s, err := o.run(c)
	if err != nil {
		return o.told(c, err)
	}
	if s.Phase != runs.Ended {
		return refuse(fiber.StatusConflict, "id", "The run has not ended; it can be exported when it has.")
	}
	format := strings.Clone(c.Query("format", "json"))
	var names []string
	for _, e := range exports {
		names = append(names, e.name)
	}
	i := slices.Index(names, format)
	if i < 0 {
		return refuse(fiber.StatusBadRequest, "format", "format is one of "+strings.Join(names, ", ")+".")
	}
	b, err := o.open(s.Run)
	if err != nil {
		return o.broken(c, err)
	}
	var out bytes.Buffer
	switch format {
	case "play":
		out.WriteString(s.Source)
	case "archive":
		err = o.archive(c, b, &out)
	default:
		err = scenarios.Write(&out, format, []scenarios.Result{b.outcome.Result}, true)
	}
	if err != nil {
		return o.broken(c, err)
	}
	c.Set(fiber.HeaderContentType, exports[i].media)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="run-%s%s"`, s.ID, exports[i].ext))
	return c.Send(out.Bytes())
}

// archive writes a run as one text: the script, what came of it, and every entry of its logs as JSON, one a line.
func (o *Observatory) archive(c *fiber.Ctx, b *book, out *bytes.Buffer) error {
	file := func(name string, body []byte) {
		fmt.Fprintf(out, "-- %s --\n%s", name, body)
		if len(body) > 0 && body[len(body)-1] != '\n' {
			out.WriteByte('\n')
		}
	}
	fmt.Fprintf(out, "A run of %s, kept by Orrery: policy %s, seed %d.\n", activitylog.Plain(b.run.Name, 100), b.outcome.Policy, b.run.Seed)
	file("run.play.txt", indented(b.run.Source))
	result, err := json.MarshalIndent(b.outcome, "", "  ")
	if err != nil {
		return err
	}
	file("result.json", result)
	for n, face := range b.faces {
		var lines bytes.Buffer
		encode := json.NewEncoder(&lines)
		names := face.Log.Names()
		f := activitylog.Filter{Limit: activitylog.MaxLimit}
		for {
			page, err := face.Log.Entries(c.UserContext(), f)
			if err != nil {
				return err
			}
			for _, e := range page {
				full, err := face.Log.Entry(c.UserContext(), e.Exchange.ID)
				if err != nil {
					return err
				}
				one := activitylog.FullOf(full, nil, names)
				one.Run = &b.id
				if err := encode.Encode(one); err != nil {
					return err
				}
			}
			if len(page) < f.Limit {
				break
			}
			f.Before = page[len(page)-1].Exchange.ID
		}
		name := "log.jsonl"
		if n > 0 {
			name = fmt.Sprintf("log-of-vary-%d.jsonl", n)
		}
		file(name, lines.Bytes())
	}
	return nil
}

// indented keeps a script whole inside an archive: its own attachments begin with "-- " too.
func indented(source string) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(source) {
		b.WriteString("  " + line)
	}
	return b.Bytes()
}

// exportPage is GET /lab/run/ID/export?format=, the same for who reads pages.
func (o *Observatory) exportPage(c *fiber.Ctx) error {
	err := o.export(c)
	if err == nil {
		return nil
	}
	return o.noRun(c, err)
}
