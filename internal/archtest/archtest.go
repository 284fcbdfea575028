// Package archtest keeps the architecture true: it fails when a package imports against the diagram of architecture.md §3,
// takes a library out of its home, keeps mutable state in a package variable, or reads time, network, logger or
// environment that should have come in as a field.
//
// The rules are the tables in table.go. Changing one is changing the design: say so in docs/architecture.md in the same
// commit. What the compiler and vet find is left to them; a package that does not compile is checked as far as it parses.
//
// What a newcomer gets wrong: test files are not checked. A test may import from above and sleep if it must; the rule is
// for what is shipped.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Violation is one broken rule.
type Violation struct {
	Pkg  string // without the module path
	What string // "imports x", "calls y", with the place when there is one
	Why  string // the sentence of the rule
}

func (v Violation) String() string { return v.Pkg + " " + v.What + ": " + v.Why }

// Package is what go list says of one package, as far as needed here.
type Package struct {
	ImportPath string
	Dir        string
	GoFiles    []string // without tests
	Imports    []string // of GoFiles
}

// name is the import path without the module: "federation/inbox".
func (p Package) name() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

// Check reads all packages of the module at root and returns what is against the rules, in order of packages.
func Check(root string) ([]Violation, error) {
	packages, err := list(root)
	if err != nil {
		return nil, err
	}
	var all []Violation
	for _, p := range packages {
		all = append(all, checkImports(p)...)
		files, err := parse(p)
		if err != nil {
			return nil, err
		}
		all = append(all, checkSource(p.name(), files)...)
	}
	return all, nil
}

func list(root string) ([]Package, error) {
	cmd := exec.Command("go", "list", "-e", "-deps=false", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", root, err, strings.TrimSpace(stderr.String()))
	}
	var packages []Package
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("read answer of go list: %w", err)
		}
		if len(p.GoFiles) > 0 { // else it has only tests, or only files for another build
			packages = append(packages, p)
		}
	}
}

func parse(p Package) ([]file, error) {
	var files []file
	for _, name := range p.GoFiles {
		if strings.HasSuffix(name, "_templ.go") {
			continue // generated
		}
		f, err := readFile(filepath.Join(p.Dir, name), nil)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// matches reports whether a package is meant by a name of the tables.
func matches(name, pkg string) bool {
	prefix, below := strings.CutSuffix(name, "...")
	if !below {
		return name == pkg
	}
	return strings.HasPrefix(pkg+"/", prefix)
}

func matchesAny(names []string, pkg string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return matches(name, pkg) })
}
