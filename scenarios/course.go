package scenarios

import (
	"embed"
	"strings"
)

// The scenarios that come with Orrery, and course.txt, which says in which order they are best read. All of them pass.
//
//go:embed *.play course.txt
var shipped embed.FS

// Named is the source of a scenario. Name has no folder and no extension: "forwarded-reply". Group is the chapter of the
// course that it belongs to.
type Named struct{ Name, Group, Source string }

// Shipped lists the scenarios that come with Orrery, in the order of the course.
func Shipped() []Named {
	course, err := shipped.ReadFile("course.txt")
	if err != nil {
		return nil // it is embedded
	}
	var list []Named
	group := ""
	for line := range strings.Lines(string(course)) {
		name := strings.TrimSpace(line)
		switch {
		case name == "" || strings.HasPrefix(name, "#"):
		case line[0] != ' ':
			group = name
		default:
			src, err := shipped.ReadFile(name + ".play")
			if err != nil {
				continue // a test holds the course to the files
			}
			list = append(list, Named{name, group, string(src)})
		}
	}
	return list
}
