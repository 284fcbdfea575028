package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// file is one parsed source file.
type file struct {
	set     *token.FileSet
	ast     *ast.File
	imports map[string]string // local name → import path
}

// readFile parses path, or src in its place. What does not parse is the compiler's to report: the rest is checked.
func readFile(path string, src any) (file, error) {
	set := token.NewFileSet()
	// With object resolution, which go/parser calls deprecated: it tells a package variable from a local one of the same
	// name, and type-checking the whole module for that would take most of a minute.
	tree, err := parser.ParseFile(set, path, src, parser.ParseComments)
	if tree == nil {
		return file{}, fmt.Errorf("read %s: %w", path, err)
	}
	f := file{set: set, ast: tree, imports: map[string]string{}}
	for _, spec := range tree.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		f.imports[localName(spec, path)] = path
	}
	return f, nil
}

func localName(spec *ast.ImportSpec, path string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2] // …/fiber/v2
	}
	return last
}

// at is "(name.go:12)".
func (f file) at(n ast.Node) string {
	p := f.set.Position(n.Pos())
	return fmt.Sprintf("(%s:%d)", filepath.Base(p.Filename), p.Line)
}

// imported returns "time", "Now" for the expression time.Now, and false when the left side is no import.
func (f file) imported(e ast.Expr) (path, name string, ok bool) {
	sel, isSel := e.(*ast.SelectorExpr)
	if !isSel {
		return "", "", false
	}
	id, isID := sel.X.(*ast.Ident)
	if !isID || id.Obj != nil { // an Obj is a local thing that shadows the import
		return "", "", false
	}
	path, ok = f.imports[id.Name]
	return path, sel.Sel.Name, ok
}

// checkSource holds the files of one package against the rules about code.
func checkSource(pkg string, files []file) []Violation {
	var found []Violation
	for _, f := range files {
		found = append(found, checkInit(pkg, f)...)
		found = append(found, checkNames(pkg, f)...)
		found = append(found, checkSQL(pkg, f)...)
	}
	return append(found, checkVars(pkg, files)...)
}

func checkInit(pkg string, f file) []Violation {
	var found []Violation
	for _, d := range f.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			found = append(found, Violation{pkg, "has a func init " + f.at(fn), "nothing happens by being imported: make it a call that somebody can leave out"})
		}
	}
	return found
}

func checkNames(pkg string, f file) []Violation {
	var found []Violation
	ast.Inspect(f.ast, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		path, name, ok := f.imported(e)
		if !ok {
			return true
		}
		for _, b := range bans {
			if b.pkg == path && slices.Contains(b.names, name) && b.concerns(pkg) {
				found = append(found, Violation{pkg, fmt.Sprintf("uses %s.%s %s", path, name, f.at(n)), b.why})
			}
		}
		return true
	})
	return found
}

func checkSQL(pkg string, f file) []Violation {
	if matches(sqlHome, pkg) {
		return nil
	}
	var found []Violation
	ast.Inspect(f.ast, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if text, err := strconv.Unquote(lit.Value); err == nil && looksLikeSQL(text) {
			found = append(found, Violation{pkg, "has a string that begins like SQL " + f.at(n), "SQL stands in storage, in the function that runs it"})
		}
		return true
	})
	return found
}

func looksLikeSQL(text string) bool {
	text = strings.TrimSpace(text) + "\n"
	return slices.ContainsFunc(sqlStarts, func(start string) bool {
		rest, ok := strings.CutPrefix(text, start)
		return ok && strings.TrimSpace(rest) != "" && strings.ContainsRune(" \t\r\n", rune(rest[0]))
	})
}
