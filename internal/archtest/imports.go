package archtest

import "strings"

// checkImports holds one package against the diagram, the homes of libraries, and the imports that are banned.
func checkImports(p Package) []Violation {
	pkg := p.name()
	r, ok := rowFor(pkg)
	if !ok {
		return []Violation{{pkg, "is not in the table", "add it to internal/archtest/table.go and docs/architecture.md, with what it may import"}}
	}
	var found []Violation
	for _, path := range p.Imports {
		why := ""
		if path == module || strings.HasPrefix(path, module+"/") {
			why = whyNotInternal(r, pkg, strings.TrimPrefix(path, module+"/"))
		} else {
			why = whyNotForeign(pkg, path)
		}
		if why != "" {
			found = append(found, Violation{pkg, "imports " + path, why})
		}
	}
	return found
}

func rowFor(pkg string) (row, bool) {
	best, found := row{}, false
	for _, r := range diagram {
		if matches(r.pkg, pkg) && (!found || len(r.pkg) > len(best.pkg)) {
			best, found = r, true
		}
	}
	return best, found
}

// whyNotInternal is the sentence against an import of this module, or empty.
func whyNotInternal(r row, pkg, imported string) string {
	if matchesAny(testSupport, imported) && !matchesAny(testSupport, pkg) {
		return imported + " is for tests; what is shipped does not import it"
	}
	if !matchesAny(r.may, imported) {
		return r.why + "; it may import " + listed(r.may)
	}
	return ""
}

// whyNotForeign is the sentence against an import from the standard library or another module, or empty.
func whyNotForeign(pkg, path string) string {
	for _, h := range homes {
		if matches(h.module+"/...", path) && !matchesAny(h.in, pkg) {
			return h.why + "; its home is " + listed(h.in)
		}
	}
	for _, b := range bans {
		if b.names == nil && b.pkg == path && b.concerns(pkg) {
			return b.why
		}
	}
	return ""
}

func (b ban) concerns(pkg string) bool {
	return (b.in == nil || matchesAny(b.in, pkg)) && !matchesAny(b.not, pkg) && !matchesAny(testSupport, pkg)
}

func listed(names []string) string {
	if len(names) == 0 {
		return "nothing of this module"
	}
	return strings.Join(names, ", ")
}
