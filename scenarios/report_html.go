package scenarios

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed report.html
var reportHTML string

// page is a report that stands alone: one file, without scripts and without anything from elsewhere.
func page(w io.Writer, results []Result) error {
	t, err := template.New("report").Parse(reportHTML)
	if err != nil {
		return err
	}
	return t.Execute(w, results)
}
